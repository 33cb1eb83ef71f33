/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Metrics that are functions. A function must give the same number for the
 * same facts whatever was asked before, so it may keep nothing between
 * questions. It cannot assign globals; what is left are locals of the page
 * that it uses. When the page has been read, every table that a function can
 * reach is frozen, and every local is written down ("watched"); after each
 * question the locals are compared, and one that changed is put back and is an
 * error. Numbers are compared with all that a script can tell of them: 1 is not
 * 1.0, and 0.0 not -0.0. The only functions of C that remember anything are the
 * iterators that `pairs` returns, so a page may not keep one. The registry
 * holds a table for this:
 *
 *   [1..n]     the functions
 *   "p"        what they are given
 *   "watched"  function, number of the local, value, again and again
 */
#include <lauxlib.h>
#include <math.h>

#include "policy/exact.h"
#include "policy/inside.h"

static const char registry_key = 'f';

/* Pushes the table. */
static void push_kept(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &registry_key) == LUA_TTABLE)
        return;
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &registry_key);
}

int function_keep(lua_State *L)
{
    push_kept(L);
    int place = (int)lua_rawlen(L, -1) + 1;
    lua_insert(L, -2);
    lua_rawseti(L, -2, place);
    lua_pop(L, 1);
    return place;
}

/* --- sealing ------------------------------------------------------------ */

/* What is reached and not yet looked at: a list and its ends; and all that was
 * ever on it, each with the function of the page that it was reached from;
 * `from` is that of what is looked at. Stack indices. */
struct seal {
    lua_State *L;
    struct policy *policy;
    int seen, list, watched, from;
    lua_Integer head, tail;
};

/* Is the function one of the language's own, or C? Those keep nothing that
 * concerns a question; but see refuse_iterator. */
static bool is_ours(lua_State *L, int index)
{
    lua_Debug info;
    if (lua_iscfunction(L, index))
        return true;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &info);
    return str_has_prefix(str_of(info.source), STR("@language/"));
}

/* Raises the text with the place of the function at the top. */
static _Noreturn void raise_of(lua_State *L, const char *text)
{
    lua_Debug info;
    lua_getinfo(L, ">S", &info);
    lua_pushfstring(L, "%s:%d: %s", info.source + 1, info.linedefined, text);
    lua_error(L);
    die("lua_error returned");
}

/* A closure of C remembers how far it has come. */
static void refuse_iterator(const struct seal *seal, int index)
{
    lua_State *L = seal->L;
    if (!lua_iscfunction(L, index) || !lua_getupvalue(L, index, 1))
        return;
    lua_pushvalue(L, seal->from);
    raise_of(L, "the function uses what pairs returned outside it; call pairs "
                "inside, since an answer may not depend on earlier questions");
}

/* Puts the value at the top (popped) on the list, once. */
static void seal_reach(struct seal *seal)
{
    lua_State *L = seal->L;
    int type = lua_type(L, -1);
    refuse_iterator(seal, lua_gettop(L));
    bool wanted = type == LUA_TTABLE ||
                  (type == LUA_TFUNCTION && !is_ours(L, lua_gettop(L)));
    lua_pushvalue(L, -1);
    if (!wanted || lua_rawget(L, seal->seen) != LUA_TNIL) {
        lua_pop(L, 2);
        return;
    }
    lua_pop(L, 1);
    lua_pushvalue(L, -1);
    lua_pushvalue(L, type == LUA_TFUNCTION ? -1 : seal->from);
    lua_rawset(L, seal->seen);
    lua_rawseti(L, seal->list, ++seal->tail);
    sandbox_charge(L, 1);
}

/* Writes down local `i` of the function at `index`, whose value is on top. */
static void seal_watch(struct seal *seal, int index, int i)
{
    lua_State *L = seal->L;
    lua_Integer at = (lua_Integer)(seal->policy->nwatched++) * 3;
    lua_pushvalue(L, index);
    lua_rawseti(L, seal->watched, at + 1);
    lua_pushinteger(L, i);
    lua_rawseti(L, seal->watched, at + 2);
    lua_pushvalue(L, -1);
    lua_rawseti(L, seal->watched, at + 3);
}

static void seal_function(struct seal *seal, int index)
{
    const char *name;
    for (int i = 1; (name = lua_getupvalue(seal->L, index, i)); i++) {
        if (str_is(str_of(name), STR("_ENV"))) {
            lua_pop(seal->L, 1);
            continue;
        }
        seal_watch(seal, index, i);
        seal_reach(seal);
    }
}

static void seal_table(struct seal *seal, int index)
{
    lua_State *L = seal->L;
    sandbox_push_contents(L, index);
    int contents = lua_gettop(L);
    for (lua_pushnil(L); lua_next(L, contents);) {
        seal_reach(seal);
        lua_pushvalue(L, -1);
        seal_reach(seal);
        sandbox_charge(L, 1);
    }
    bool frozen = !lua_rawequal(L, contents, index);
    lua_pop(L, 1);
    if (!frozen)
        sandbox_freeze(L, index, "a table from outside a function");
}

static void seal_next(struct seal *seal)
{
    lua_State *L = seal->L;
    luaL_checkstack(L, 16, NULL);
    lua_rawgeti(L, seal->list, ++seal->head);
    int index = lua_gettop(L);
    lua_pushvalue(L, index);
    lua_rawget(L, seal->seen);
    lua_replace(L, seal->from);
    if (lua_type(L, index) == LUA_TTABLE)
        seal_table(seal, index);
    else
        seal_function(seal, index);
    lua_pop(L, 1);
}

static void check_root(lua_State *L, const struct metric *metric)
{
    if (lua_iscfunction(L, -1))
        luaL_error(L,
                   "%s: metric \"%s\": of: expected function(p) ... end, got a "
                   "function of the libraries",
                   metric->at.at, metric->name.at);
}

void function_seal(lua_State *L, struct policy *policy)
{
    int base = lua_gettop(L);
    struct seal seal = {.L = L,
                        .policy = policy,
                        .seen = base + 2,
                        .list = base + 3,
                        .from = base + 4,
                        .watched = base + 5};
    luaL_checkstack(L, 16, NULL);
    push_kept(L);
    lua_newtable(L);
    lua_newtable(L);
    lua_pushnil(L);
    lua_newtable(L);
    for (size_t i = 0; i < policy->plan.nmetrics; i++) {
        struct metric *metric = &policy->plan.metrics[i];
        if (metric->source != METRIC_OF)
            continue;
        lua_rawgeti(L, base + 1, metric->function);
        check_root(L, metric);
        metric->code = function_code(L, policy);
        seal_reach(&seal);
    }
    while (seal.head < seal.tail)
        seal_next(&seal);
    lua_setfield(L, base + 1, "watched");
    accessor_push(L, policy);
    lua_setfield(L, base + 1, "p");
    lua_settop(L, base);
}

/* --- asking ------------------------------------------------------------- */

/* The function is on the top. */
static _Noreturn void raise_changed(lua_State *L, const char *name)
{
    lua_pushfstring(L,
                    "the function changes \"%s\", a local outside it; an "
                    "answer may not depend on earlier questions",
                    name);
    lua_insert(L, -2);
    raise_of(L, lua_tostring(L, -2));
}

/* Are the two values on the top one and the same to a script? Every nan is. */
static bool is_same(lua_State *L)
{
    lua_Number one, other;
    if (lua_type(L, -1) != LUA_TNUMBER || lua_type(L, -2) != LUA_TNUMBER)
        return lua_rawequal(L, -1, -2);
    if (lua_isinteger(L, -1) != lua_isinteger(L, -2))
        return false;
    if (lua_isinteger(L, -1))
        return lua_tointeger(L, -1) == lua_tointeger(L, -2);
    one = lua_tonumber(L, -1);
    other = lua_tonumber(L, -2);
    return (isnan(one) && isnan(other)) ||
           (one == other && signbit(one) == signbit(other));
}

/* Puts back every watched local of the list at `watched` that has changed.
 * Returns the place of one that had, `n` where none had. */
static size_t restore_watched(lua_State *L, int watched, size_t n)
{
    size_t changed = n;
    for (size_t i = 0; i < n; i++) {
        lua_Integer place = (lua_Integer)i * 3;
        lua_rawgeti(L, watched, place + 1);
        lua_rawgeti(L, watched, place + 2);
        int local = (int)lua_tointeger(L, -1);
        lua_rawgeti(L, watched, place + 3);
        lua_getupvalue(L, -3, local);
        if (!is_same(L)) {
            changed = i;
            lua_pushvalue(L, -2);
            lua_setupvalue(L, -5, local);
        }
        lua_pop(L, 4);
    }
    return changed;
}

static void check_watched(lua_State *L, int watched, size_t n)
{
    size_t changed = restore_watched(L, watched, n);
    if (changed == n)
        return;
    lua_rawgeti(L, watched, (lua_Integer)changed * 3 + 2);
    int local = (int)lua_tointeger(L, -1);
    lua_rawgeti(L, watched, (lua_Integer)changed * 3 + 1);
    const char *name = lua_getupvalue(L, -1, local);
    lua_pop(L, 1);
    raise_changed(L, name);
}

static int64_t result_of(lua_State *L, const struct metric *metric)
{
    int64_t value = 0;
    bool number = lua_type(L, -1) == LUA_TNUMBER;
    if (!exact_round(L, -1, metric->decimals, &value))
        luaL_error(L,
                   "%s: metric \"%s\": expected a number as the result, "
                   "got %s",
                   metric->at.at, metric->name.at,
                   number ? "one that is not finite or too large"
                          : luaL_typename(L, -1));
    return value;
}

static void ask_one(lua_State *L, struct policy *policy, size_t i, int kept)
{
    struct question *question = policy->question;
    const struct metric *metric = &policy->plan.metrics[i];
    question->horizon = DAY_NEVER;
    lua_rawgeti(L, kept, metric->function);
    lua_getfield(L, kept, "p");
    lua_call(L, 1, 1);
    policy->figures[i] = (struct figure){.value = result_of(L, metric),
                                         .horizon = question->horizon};
    lua_pop(L, 1);
}

void function_ask(lua_State *L, struct policy *policy)
{
    push_kept(L);
    int kept = lua_gettop(L);
    lua_getfield(L, kept, "watched");
    /* A question that failed did not get as far as comparing. */
    restore_watched(L, kept + 1, policy->nwatched);
    for (size_t i = 0; i < policy->plan.nmetrics; i++)
        if (policy->plan.metrics[i].source == METRIC_OF)
            ask_one(L, policy, i, kept);
    check_watched(L, kept + 1, policy->nwatched);
    lua_settop(L, kept - 1);
}
