/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Random histories of changes, made twice: by the script inside Redis, and by
 * a model that is plain to the point of waste: an attribute is what was said
 * on each day there is, entries and terms are rows of an array. After each
 * operation both tell the same `ver`, after each history the same hash. */
#include "with_redis.h"

enum {
    DAYS = 8,
    TODAY = 3, /* which of them is rig_today() */
    NAMES = 3,
    SERIES = 2,
    PEOPLE = 3,
    IDS = 4,
    HISTORIES = 40,
    OPERATIONS = 60,
};

static const char *const names[NAMES] = {"kind", "market", "csat"};
static const char *const values[] = {"a", "b", "c"};
static const char *const lessons[SERIES] = {"training/sales", "training/tech"};
static const char *const people[PEOPLE] = {"ann", "b:ob", "c/d"};

struct entry {
    bool is_there;
    int64_t sum, count;
};
struct lesson {
    bool is_there;
    int until; /* day, -1: open */
};
struct model {
    int64_t ver;
    const char *said[NAMES][DAYS]; /* NULL: nothing */
    struct entry entries[DAYS];
    struct lesson lessons[SERIES][PEOPLE][DAYS];
    bool seen[IDS];
    uint32_t random;
};

static int chance(struct model *m, int n)
{
    m->random = m->random * 1664525 + 1013904223;
    return (int)((m->random >> 8) % (uint32_t)n);
}

static struct str day_of(int day, char text[DAY_TEXT])
{
    return day_text(day_add(rig_today(), day - TODAY), text);
}

/* --- the operations, in words and on the model ---------------------------- */

/* What holds on a day; NULL: nothing. */
static const char *model_held(const struct model *m, int name, int day)
{
    while (day >= 0 && !m->said[name][day])
        day--;
    return day >= 0 ? m->said[name][day] : NULL;
}

static bool model_set(struct model *m, int name, int day, bool stated,
                      const char *value)
{
    const char *held = stated ? m->said[name][day] : model_held(m, name, day);

    if (held == value)
        return false;
    m->said[name][day] = value;
    return true;
}

static void do_set(struct model *m, struct buf *words)
{
    char text[DAY_TEXT];
    int day = chance(m, DAYS), first = chance(m, NAMES);
    int n = m->ver ? 1 + chance(m, 2) : NAMES;
    bool changed = false, stated = chance(m, 3) > 0;

    if (!stated)
        day = TODAY;
    buf_print(words, "SET p");
    for (int i = 0; i < n; i++) {
        int name = (first + i) % NAMES;
        const char *value = values[chance(m, 3)];

        buf_print(words, " %s %s", names[name], value);
        changed |= model_set(m, name, day, stated, value);
    }
    if (stated)
        buf_print(words, " ON " STR_FMT, STR_ARG(day_of(day, text)));
    m->ver += changed;
}

static void do_add(struct model *m, struct buf *words)
{
    char text[DAY_TEXT];
    int day = chance(m, DAYS);
    int64_t amount = chance(m, 5) - 2, count = chance(m, 4) - 1;
    struct entry *entry = &m->entries[day];

    buf_print(words, "ADD p visits %d ON " STR_FMT " COUNT %d", (int)amount,
              STR_ARG(day_of(day, text)), (int)count);
    if (entry->is_there && amount == 0 && count == 0)
        return;
    *entry = (struct entry){true, entry->sum + amount, entry->count + count};
    m->ver++;
}

/* With an id, always the same content: every second time it is known. */
static void do_add_once(struct model *m, struct buf *words)
{
    char text[DAY_TEXT];
    int id = chance(m, IDS);
    struct entry *entry = &m->entries[id];

    buf_print(words, "ADD p visits %d ON " STR_FMT " ID i%d", id + 1,
              STR_ARG(day_of(id, text)), id);
    if (m->seen[id])
        return;
    m->seen[id] = true;
    *entry = (struct entry){true, entry->sum + id + 1, entry->count + 1};
    m->ver++;
}

static void do_put(struct model *m, struct buf *words)
{
    char text[DAY_TEXT];
    int day = chance(m, DAYS);
    struct entry put = {true, chance(m, 3), chance(m, 3)};
    struct entry *entry = &m->entries[day];

    buf_print(words, "PUT p visits %d ON " STR_FMT " COUNT %d", (int)put.sum,
              STR_ARG(day_of(day, text)), (int)put.count);
    m->ver +=
        !entry->is_there || entry->sum != put.sum || entry->count != put.count;
    *entry = put;
}

static void do_grant(struct model *m, struct buf *words)
{
    char text[DAY_TEXT];
    int series = chance(m, SERIES), who = chance(m, PEOPLE);
    int from = chance(m, DAYS), until = chance(m, DAYS + 1) - 1;
    struct lesson *lesson = &m->lessons[series][who][from];

    if (until >= 0 && until < from)
        until = from;
    buf_print(words, "GRANT p %s %s FROM " STR_FMT, lessons[series],
              people[who], STR_ARG(day_of(from, text)));
    if (until >= 0)
        buf_print(words, " UNTIL " STR_FMT, STR_ARG(day_of(until, text)));
    m->ver += !lesson->is_there || lesson->until != until;
    *lesson = (struct lesson){true, until};
}

/* Returns whether it changed. */
static bool model_cut(struct lesson *lesson, int from, int day)
{
    if (!lesson->is_there)
        return false;
    if (from >= day)
        lesson->is_there = false;
    else if (lesson->until < 0 || lesson->until >= day)
        lesson->until = day - 1;
    else
        return false;
    return true;
}

/* Under one series or above both. */
static void do_revoke(struct model *m, struct buf *words)
{
    char text[DAY_TEXT];
    int series = chance(m, SERIES + 1), who = chance(m, PEOPLE);
    int day = chance(m, DAYS);
    bool changed = false;

    buf_print(words, "REVOKE p %s %s ON " STR_FMT,
              series < SERIES ? lessons[series] : "training", people[who],
              STR_ARG(day_of(day, text)));
    for (int s = 0; s < SERIES; s++)
        for (int from = 0; from < DAYS; from++)
            if (s == series || series == SERIES)
                changed |= model_cut(&m->lessons[s][who][from], from, day);
    m->ver += changed;
}

static void do_any(struct model *m, struct buf *words)
{
    switch (m->ver ? chance(m, 8) : 0) {
    case 0:
    case 1:
        do_set(m, words);
        break;
    case 2:
        do_add(m, words);
        break;
    case 3:
        do_add_once(m, words);
        break;
    case 4:
        do_put(m, words);
        break;
    case 5:
    case 6:
        do_grant(m, words);
        break;
    default:
        do_revoke(m, words);
        break;
    }
}

/* --- the model's hash ----------------------------------------------------- */

struct lines {
    char *at[512];
    size_t n;
};

static void add_line(struct lines *lines, const char *format, ...)
{
    char text[160];
    va_list list;

    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    assert_true(lines->n < COUNT_OF(lines->at));
    lines->at[lines->n++] = mem_copy_text(text);
}

static void tell_attributes(const struct model *m, struct lines *lines)
{
    char text[DAY_TEXT];

    for (int name = 0; name < NAMES; name++) {
        const char *held = model_held(m, name, DAYS - 1);

        if (held)
            add_line(lines, "attr:%s=%s", names[name], held);
        for (int i = 0; i < DAYS; i++) {
            if (!m->said[name][i])
                continue;
            held = model_held(m, name, i - 1);
            add_line(lines, "attr:%s:" STR_FMT "=%s", names[name],
                     STR_ARG(day_of(i, text)), held ? held : "");
        }
    }
}

static void tell_entries(const struct model *m, struct lines *lines)
{
    char text[DAY_TEXT];

    for (int i = 0; i < DAYS; i++) {
        const struct entry *entry = &m->entries[i];

        if (!entry->is_there)
            continue;
        add_line(lines, "sum:visits::" STR_FMT "=%d", STR_ARG(day_of(i, text)),
                 (int)entry->sum);
        if (entry->count != 1)
            add_line(lines, "cnt:visits::" STR_FMT "=%d",
                     STR_ARG(day_of(i, text)), (int)entry->count);
    }
}

static void tell_lesson(const struct lesson *lesson, int series, int who,
                        int from, struct lines *lines)
{
    char text[DAY_TEXT], until[DAY_TEXT] = "";

    if (!lesson->is_there)
        return;
    if (lesson->until >= 0)
        day_of(lesson->until, until);
    add_line(lines, "has:%s:%s:" STR_FMT "=%s///", lessons[series], people[who],
             STR_ARG(day_of(from, text)), until);
}

static void tell_model(const struct model *m, struct buf *out)
{
    struct lines lines = {.n = 0};

    tell_attributes(m, &lines);
    tell_entries(m, &lines);
    for (int s = 0; s < SERIES; s++)
        for (int who = 0; who < PEOPLE; who++)
            for (int from = 0; from < DAYS; from++)
                tell_lesson(&m->lessons[s][who][from], s, who, from, &lines);
    add_line(&lines, "ver=%d", (int)m->ver);
    qsort(lines.at, lines.n, sizeof(*lines.at), rig_order);
    for (size_t i = 0; i < lines.n; i++) {
        buf_print(out, "%s%s", i ? " " : "", lines.at[i]);
        free(lines.at[i]);
    }
    buf_add_byte(out, '\0');
}

/* --- both ----------------------------------------------------------------- */

static void run_operation(struct rig *rig, struct model *m)
{
    struct outcome outcome;
    struct buf words;

    buf_init(&words);
    do_any(m, &words);
    buf_add_byte(&words, '\0');
    rig_change_now(rig, buf_peek(&words).at, &outcome);
    if (outcome.result != STORE_OK || outcome.ver != m->ver)
        fail_msg("%s: %s, ver %d, the model %d", buf_peek(&words).at,
                 outcome.fault.text, (int)outcome.ver, (int)m->ver);
    buf_fini(&words);
}

static void run_history(struct rig *rig, uint32_t seed)
{
    struct model model = {.random = seed};
    struct buf kept, expected;

    rig_do(rig, "FLUSHALL");
    for (int i = 0; i < OPERATIONS; i++)
        run_operation(rig, &model);
    buf_init(&kept);
    buf_init(&expected);
    rig_dump_hash(rig, "palier:{demo}:partner:p", &kept);
    tell_model(&model, &expected);
    assert_string_equal(buf_peek(&kept).at, buf_peek(&expected).at);
    buf_fini(&kept);
    buf_fini(&expected);
}

static void test_histories(void **state)
{
    for (uint32_t seed = 1; seed <= HISTORIES; seed++)
        run_history(*state, seed * 7919);
}

static int setup(void **state)
{
    static struct rig rig;

    rig_init(&rig);
    rig_start(&rig);
    *state = &rig;
    return 0;
}

static int teardown(void **state)
{
    rig_fini(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
