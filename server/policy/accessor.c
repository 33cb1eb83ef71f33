/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a function of the page may ask of a partner's facts: the object `p`.
 * Each accessor notes the first later day on which its own answer could be
 * another, so that the answer as a whole is known to hold until then. Work that
 * the instruction count does not see is charged to the same budget. */
#include <lauxlib.h>

#include "policy/exact.h"
#include "policy/inside.h"

/* What one call reads. */
struct reading {
    const struct question *question;
    const struct schema *schema;
    const struct series *series; /* the declared one */
    struct selection selection;
    struct pair where[LABELS_MAX];
};

static struct policy *policy_of(lua_State *L)
{
    return lua_touserdata(L, lua_upvalueindex(1));
}

static const char *name_of(lua_State *L)
{
    return lua_tostring(L, lua_upvalueindex(2));
}

/* Raises "program.lua:31: p.sum: <text>". */
static _Noreturn void refuse(lua_State *L, const char *text)
{
    words_push_where(L);
    lua_pushfstring(L, "%s: p.%s: %s", lua_tostring(L, -1), name_of(L), text);
    lua_error(L);
    die("lua_error returned");
}

static struct question *question_of(lua_State *L)
{
    struct question *question = policy_of(L)->question;
    if (!question)
        refuse(L, "facts are known only while a question is answered");
    return question;
}

static void note(struct question *question, int32_t horizon)
{
    if (horizon < question->horizon)
        question->horizon = horizon;
    if (horizon < question->earliest)
        question->earliest = horizon;
}

static struct str text_argument(lua_State *L, int arg, const char *expected)
{
    struct str text = {NULL, 0};
    if (lua_isuserdata(L, arg))
        refuse(L, "write it with a point, not with a colon");
    if (lua_type(L, arg) != LUA_TSTRING)
        refuse(L, expected);
    text.at = lua_tolstring(L, arg, &text.len);
    return text;
}

static _Noreturn void refuse_where(lua_State *L)
{
    refuse(L, "where: expected labels, such as { class = \"license\" }");
}

/* Reads the key and the value on the top. False where one is no text. */
static bool read_pair(lua_State *L, struct pair *pair)
{
    *pair = (struct pair){0};
    if (lua_type(L, -2) != LUA_TSTRING || lua_type(L, -1) != LUA_TSTRING)
        return false;
    pair->name.at = lua_tolstring(L, -2, &pair->name.len);
    pair->value.at = lua_tolstring(L, -1, &pair->value.len);
    return true;
}

/* The texts stay the argument's. A table has no order, so all of it is looked
 * at before anything is said of it. */
static void read_where(lua_State *L, int arg, struct reading *reading)
{
    size_t n = 0;
    bool good = true;
    reading->selection.where = reading->where;
    if (lua_isnoneornil(L, arg))
        return;
    if (lua_type(L, arg) != LUA_TTABLE)
        refuse_where(L);
    sandbox_charge_walk(L);
    sandbox_push_contents(L, arg);
    int contents = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, contents); lua_pop(L, 1)) {
        struct pair pair;
        sandbox_charge(L, 1);
        good = read_pair(L, &pair) && good;
        if (n < LABELS_MAX)
            reading->where[n] = pair;
        n++;
    }
    lua_pop(L, 1);
    if (!good)
        refuse_where(L);
    if (n > LABELS_MAX)
        refuse(L, "where: too many labels");
    reading->selection.nwhere = n;
}

static _Noreturn void no_series(lua_State *L, const struct schema *schema,
                                struct str path, enum series_kind kind)
{
    size_t n = 0;
    struct str *known =
        lua_newuserdatauv(L, (schema->nseries + 1) * sizeof *known, 0);
    for (size_t i = 0; i < schema->nseries; i++)
        if (schema->series[i].kind == kind)
            known[n++] = schema->series[i].path;
    struct str near = str_nearest(path, known, n);
    lua_pushlstring(L, path.at, path.len < 64 ? path.len : 64);
    lua_pushlstring(L, near.at ? near.at : "", near.len);
    lua_pushfstring(L, "\"%s\": no such series of %s%s%s%s",
                    lua_tostring(L, -2),
                    kind == SERIES_AMOUNT ? "amounts" : "terms",
                    near.len ? "; did you mean " : "; declare it in facts",
                    lua_tostring(L, -1), near.len ? "?" : "");
    refuse(L, lua_tostring(L, -1));
}

static void read_series(lua_State *L, struct reading *reading,
                        enum series_kind kind)
{
    const struct policy *policy = policy_of(L);
    *reading = (struct reading){.question = question_of(L),
                                .schema = &policy->plan.program.schema};
    struct str path =
        text_argument(L, 1, "expected a series, such as \"revenue\"");
    reading->series = schema_series(reading->schema, path, kind);
    if (!reading->series)
        no_series(L, reading->schema, path, kind);
    reading->selection.path = path;
}

/* Every fact that may have to be looked at. */
static void charge(lua_State *L, const struct reading *reading)
{
    const struct record *record = reading->question->record;
    size_t n = 0;
    if (reading->series->kind == SERIES_TERM)
        n = record_terms(record);
    else if (reading->selection.nwhere > 0)
        n = record_amounts(record);
    sandbox_charge(L, 16 + n);
}

static void read_window(lua_State *L, int arg, struct window *window)
{
    const struct plan *plan = &policy_of(L)->plan;
    struct str words =
        text_argument(L, arg, "expected a window, such as \"last 12 months\"");
    if (!window_parse(words, window))
        refuse(L, "no such window; known: \"calendar year\", \"quarter\", "
                  "\"month\", \"last 12 months\", \"last 90 days\", \"ever\"");
    if (window->kind == WINDOW_PROGRAM_YEAR) {
        window->year_month = plan->year_month;
        window->year_day = plan->year_day;
    }
}

/* p.sum(series, window, where) */
static int access_sum(lua_State *L)
{
    struct reading reading;
    struct window window;
    struct measure measure;
    struct question *question = question_of(L);
    read_series(L, &reading, SERIES_AMOUNT);
    read_window(L, 2, &window);
    read_where(L, 3, &reading);
    charge(L, &reading);
    reading.selection.unit = reading.series->unit;
    bool ok = measure_sum(question->record, &reading.selection, &window,
                          question->day, &measure);
    note(question, measure.horizon);
    if (!ok)
        refuse(L, "the sum is out of range");
    exact_push(L, measure.value, reading.series->decimals);
    return 1;
}

/* p.count(series, window, where) */
static int access_count(lua_State *L)
{
    struct reading reading;
    struct window window;
    struct measure measure;
    struct question *question = question_of(L);
    read_series(L, &reading, SERIES_AMOUNT);
    read_window(L, 2, &window);
    read_where(L, 3, &reading);
    charge(L, &reading);
    bool ok = measure_count(question->record, &reading.selection, &window,
                            question->day, &measure);
    note(question, measure.horizon);
    if (!ok)
        refuse(L, "the count is out of range");
    lua_pushinteger(L, measure.value);
    return 1;
}

/* p.people(series, where) */
static int access_people(lua_State *L)
{
    struct reading reading;
    struct measure measure;
    struct question *question = question_of(L);
    read_series(L, &reading, SERIES_TERM);
    read_where(L, 2, &reading);
    charge(L, &reading);
    measure_people(question->record, &reading.selection, question->day,
                   &measure);
    note(question, measure.horizon);
    lua_pushinteger(L, measure.value);
    return 1;
}

/* p.total(series, where) */
static int access_total(lua_State *L)
{
    struct reading reading;
    struct measure measure;
    struct question *question = question_of(L);
    read_series(L, &reading, SERIES_TERM);
    read_where(L, 2, &reading);
    charge(L, &reading);
    reading.selection.unit = reading.series->unit;
    bool ok = measure_total(question->record, &reading.selection, question->day,
                            &measure);
    note(question, measure.horizon);
    if (!ok)
        refuse(L, "the total is out of range");
    exact_push(L, measure.value, reading.series->decimals);
    return 1;
}

/* p.holds(series, where), p.holds(series, id, where) */
static int access_holds(lua_State *L)
{
    struct reading reading;
    struct measure measure;
    struct question *question = question_of(L);
    bool has_id = lua_type(L, 2) == LUA_TSTRING;
    struct str id = {NULL, 0};
    read_series(L, &reading, SERIES_TERM);
    if (has_id)
        id = text_argument(L, 2, "expected an id");
    read_where(L, has_id ? 3 : 2, &reading);
    charge(L, &reading);
    measure_holds(question->record, &reading.selection, id, question->day,
                  &measure);
    note(question, measure.horizon);
    lua_pushboolean(L, measure.value != 0);
    return 1;
}

static _Noreturn void no_attribute(lua_State *L, const struct schema *schema,
                                   struct str name)
{
    struct str near =
        str_nearest(name, schema->attributes, schema->nattributes);
    lua_pushlstring(L, name.at, name.len < 64 ? name.len : 64);
    lua_pushlstring(L, near.at ? near.at : "", near.len);
    lua_pushfstring(L, "\"%s\": no such attribute%s%s%s", lua_tostring(L, -2),
                    near.len ? "; did you mean " : "; declare it in facts",
                    lua_tostring(L, -1), near.len ? "?" : "");
    refuse(L, lua_tostring(L, -1));
}

/* p.attribute(name) -> a text, or nil */
static int access_attribute(lua_State *L)
{
    struct question *question = question_of(L);
    const struct schema *schema = &policy_of(L)->plan.program.schema;
    struct str name =
        text_argument(L, 1, "expected an attribute, such as \"kind\"");
    int32_t until = DAY_NEVER;
    if (!schema_has_attribute(schema, name))
        no_attribute(L, schema, name);
    sandbox_charge(L, 16);
    struct str value =
        record_attribute_on(question->record, name, question->day, &until);
    note(question, until == DAY_NEVER ? DAY_NEVER : until + 1);
    if (value.len)
        lua_pushlstring(L, value.at, value.len);
    else
        lua_pushnil(L);
    return 1;
}

static int32_t day_argument(lua_State *L)
{
    int32_t day;
    struct str text =
        text_argument(L, 1, "expected a day, such as \"2026-03-31\"");
    if (!day_parse(text, &day))
        refuse(L, "expected an existing day, such as \"2026-03-31\"");
    return day;
}

/* p.before(day): is the day asked about before that one? */
static int access_before(lua_State *L)
{
    struct question *question = question_of(L);
    int32_t day = day_argument(L);
    if (question->day < day)
        note(question, day);
    lua_pushboolean(L, question->day < day);
    return 1;
}

/* p.since(day): is it that day, or after it? */
static int access_since(lua_State *L)
{
    struct question *question = question_of(L);
    int32_t day = day_argument(L);
    if (question->day < day)
        note(question, day);
    lua_pushboolean(L, question->day >= day);
    return 1;
}

/* p.day -> "2026-06-30": tomorrow it is another. */
static int push_day(lua_State *L)
{
    char text[DAY_TEXT];
    struct question *question = question_of(L);
    struct str day = day_text(question->day, text);
    note(question, question->day + 1);
    lua_pushlstring(L, day.at, day.len);
    return 1;
}

static const luaL_Reg accessors[] = {
    {"sum", access_sum},       {"count", access_count},
    {"people", access_people}, {"total", access_total},
    {"holds", access_holds},   {"attribute", access_attribute},
    {"before", access_before}, {"since", access_since},
};

static int no_accessor(lua_State *L)
{
    struct str known[COUNT_OF(accessors) + 1] = {[COUNT_OF(accessors)] =
                                                     STR("day")};
    struct str word = {NULL, 0};
    if (lua_type(L, 2) == LUA_TSTRING)
        word.at = lua_tolstring(L, 2, &word.len);
    for (size_t i = 0; i < COUNT_OF(accessors); i++)
        known[i] = str_of(accessors[i].name);
    struct str near = str_nearest(word, known, COUNT_OF(known));
    words_push_where(L);
    lua_pushlstring(L, word.at ? word.at : "", word.len < 64 ? word.len : 64);
    lua_pushlstring(L, near.at ? near.at : "", near.len);
    lua_pushfstring(L, "%s: p.%s: no such accessor%s%s%s", lua_tostring(L, -3),
                    lua_tostring(L, -2), near.len ? "; did you mean p." : "",
                    lua_tostring(L, -1), near.len ? "?" : "");
    return lua_error(L);
}

/* __index; upvalues: the policy, "day", the functions by name. */
static int object_index(lua_State *L)
{
    lua_settop(L, 2);
    if (lua_rawequal(L, 2, lua_upvalueindex(2)))
        return push_day(L);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL)
        return 1;
    return no_accessor(L);
}

static int object_newindex(lua_State *L)
{
    words_push_where(L);
    lua_pushfstring(L, "%s: p cannot be changed", lua_tostring(L, -1));
    return lua_error(L);
}

/* Pushes the table of accessors; each knows the policy and its own name. */
static void push_accessors(lua_State *L, struct policy *policy)
{
    lua_createtable(L, 0, COUNT_OF(accessors));
    for (size_t i = 0; i < COUNT_OF(accessors); i++) {
        lua_pushlightuserdata(L, policy);
        lua_pushstring(L, accessors[i].name);
        lua_pushcclosure(L, accessors[i].func, 2);
        lua_setfield(L, -2, accessors[i].name);
    }
}

void accessor_push(lua_State *L, struct policy *policy)
{
    lua_newuserdatauv(L, 0, 0);
    lua_newtable(L);
    lua_pushlightuserdata(L, policy);
    lua_pushliteral(L, "day");
    push_accessors(L, policy);
    lua_pushcclosure(L, object_index, 3);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, object_newindex);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
}
