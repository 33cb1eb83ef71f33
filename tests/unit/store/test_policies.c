/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "with_redis.h"

struct heard {
    int runs;
    enum store_result result;
    struct buf text; /* rows, one a line */
};

static bool is_heard(void *arg)
{
    return ((struct heard *)arg)->runs > 0;
}

static int32_t march(int day)
{
    return day_of_date((struct date){2026, 3, day});
}

static void publish(struct rig *rig, const char *sha, int32_t from,
                    const char *note)
{
    struct field files[] = {{STR("program.lua"), STR("tier \"a\"\n")},
                            {STR("lib/x.lua"), str_of(sha)}};
    struct publication publication = {.sha = str_of(sha),
                                      .files = files,
                                      .nfiles = COUNT_OF(files),
                                      .from = from,
                                      .author = STR("ada"),
                                      .note = str_of(note)};
    struct outcome outcome = {0};

    assert_true(
        store_publish(rig->store, &publication, outcome_of_done, &outcome));
    rig_wait(rig, outcome_is_there, &outcome);
    assert_int_equal(outcome.result, STORE_OK);
}

static void refuse(struct rig *rig, const char *sha, const char *error)
{
    struct outcome outcome = {0};

    assert_true(store_refuse(rig->store, str_of(sha), STR("bob"), str_of(error),
                             outcome_of_done, &outcome));
    rig_wait(rig, outcome_is_there, &outcome);
    assert_int_equal(outcome.result, STORE_OK);
}

static void on_versions(void *arg, enum store_result result,
                        const struct version_row *rows, size_t n)
{
    struct heard *heard = arg;
    char text[DAY_TEXT];

    heard->runs++;
    heard->result = result;
    for (size_t i = 0; i < n; i++) {
        struct str from = day_text(rows[i].from, text);

        assert_int_equal(rows[i].time.len, 20);
        buf_print(&heard->text, STR_FMT "|" STR_FMT "|%d|",
                  STR_ARG(rows[i].sha), STR_ARG(from), (int)rows[i].seq);
        buf_print(&heard->text, STR_FMT "|" STR_FMT "|" STR_FMT "\n",
                  STR_ARG(rows[i].author), STR_ARG(rows[i].note),
                  STR_ARG(rows[i].error));
    }
}

static void on_files(void *arg, enum store_result result,
                     const struct field *files, size_t n)
{
    struct heard *heard = arg;

    heard->runs++;
    heard->result = result;
    for (size_t i = 0; i < n; i++)
        buf_print(&heard->text, STR_FMT "=" STR_FMT ";", STR_ARG(files[i].name),
                  STR_ARG(files[i].value));
}

static void expect(struct rig *rig, struct heard *heard,
                   enum store_result result, const char *text)
{
    rig_wait(rig, is_heard, heard);
    buf_add_byte(&heard->text, '\0');
    assert_int_equal(heard->runs, 1);
    assert_int_equal(heard->result, result);
    assert_string_equal(buf_peek(&heard->text).at, text);
    buf_fini(&heard->text);
}

static void expect_versions(struct rig *rig, const char *text)
{
    struct heard heard = {0};

    assert_true(store_versions(rig->store, on_versions, &heard));
    expect(rig, &heard, STORE_OK, text);
}

static void expect_files(struct rig *rig, const char *sha,
                         enum store_result result, const char *text)
{
    struct heard heard = {0};

    assert_true(store_files(rig->store, str_of(sha), on_files, &heard));
    expect(rig, &heard, result, text);
}

static void on_text(void *arg, enum store_result result, struct str text)
{
    struct heard *heard = arg;

    heard->runs++;
    heard->result = result;
    buf_add(&heard->text, text);
}

/* Is the mark another one than before? Keeps it. */
static bool mark_moves(struct rig *rig, struct buf *kept)
{
    struct heard heard = {0};
    bool moves;

    assert_true(store_versions_mark(rig->store, on_text, &heard));
    rig_wait(rig, is_heard, &heard);
    assert_int_equal(heard.result, STORE_OK);
    moves = !str_is(buf_peek(&heard.text), buf_peek(kept));
    buf_fini(kept);
    *kept = heard.text;
    return moves;
}

static void test_mark(void **state)
{
    struct rig *rig = *state;
    struct buf kept;

    buf_init(&kept);
    rig_do(rig, "FLUSHALL");
    assert_true(mark_moves(rig, &kept));
    assert_false(mark_moves(rig, &kept));
    publish(rig, "aa", march(14), "");
    assert_true(mark_moves(rig, &kept));
    publish(rig, "aa", march(14), "in force already");
    assert_false(mark_moves(rig, &kept));
    publish(rig, "bb", march(1), "before the last");
    assert_true(mark_moves(rig, &kept));
    refuse(rig, "cc", "line 3");
    assert_true(mark_moves(rig, &kept));
    rig_do(rig, "FLUSHALL");
    assert_true(mark_moves(rig, &kept));
    buf_fini(&kept);
}

static void test_publish(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    expect_versions(rig, "");
    expect_files(rig, "aa", STORE_NOT_FOUND, "");
    publish(rig, "aa", march(1), "first");
    expect_versions(rig, "aa|2026-03-01|1|ada|first|\n");
    expect_files(rig, "aa", STORE_OK, "program.lua=tier \"a\"\n;lib/x.lua=aa;");
    rig_expect(rig, "ZRANGE palier:{demo}:policies 0 -1 WITHSCORES",
               "2026-03-01:0000000001:aa\n0");
    rig_expect(rig, "XLEN palier:{demo}:ledger", "1");
}

/* What is in force on that day already is not published again. */
static void test_publish_again(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    publish(rig, "aa", march(1), "first");
    publish(rig, "aa", march(1), "again");
    publish(rig, "aa", march(5), "still in force");
    expect_versions(rig, "aa|2026-03-01|1|ada|first|\n");
    publish(rig, "bb", march(1), "second");
    publish(rig, "aa", march(1), "back");
    publish(rig, "aa", march(1), "back again");
    expect_versions(rig, "aa|2026-03-01|1|ada|first|\n"
                         "bb|2026-03-01|2|ada|second|\n"
                         "aa|2026-03-01|3|ada|back|\n");
    rig_expect(rig, "HGET palier:{demo}:policy:aa note", "first");
    rig_expect(rig, "XLEN palier:{demo}:ledger", "3");
}

/* The sequence grows over all days; rows are by day. */
static void test_schedule(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    publish(rig, "aa", march(10), "");
    publish(rig, "bb", march(20), "");
    publish(rig, "cc", march(5), "");
    publish(rig, "aa", march(25), "");
    publish(rig, "aa", march(12), "in force since the 10th");
    expect_versions(rig, "cc|2026-03-05|3|ada||\naa|2026-03-10|1|ada||\n"
                         "bb|2026-03-20|2|ada||\naa|2026-03-25|4|ada||\n");
}

static void test_refusals(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    publish(rig, "aa", march(1), "");
    refuse(rig, "bb", "program.lua:3: old");
    refuse(rig, "cc", "program.lua:4: other");
    refuse(rig, "bb", "program.lua:5: new");
    expect_versions(rig, "aa|2026-03-01|1|ada||\n"
                         "cc||0|bob||program.lua:4: other\n"
                         "bb||0|bob||program.lua:5: new\n");
    publish(rig, "bb", march(2), "mended");
    expect_versions(rig, "aa|2026-03-01|1|ada||\n"
                         "bb|2026-03-02|2|ada|mended|\n"
                         "cc||0|bob||program.lua:4: other\n");
}

static void test_last_refusals(void **state)
{
    struct rig *rig = *state;
    struct buf expected;
    char sha[16];

    rig_do(rig, "FLUSHALL");
    buf_init(&expected);
    for (int i = 0; i < 20; i++) {
        snprintf(sha, sizeof(sha), "s%02d", i);
        refuse(rig, sha, "why");
        if (i >= 4)
            buf_print(&expected, "%s||0|bob||why\n", sha);
    }
    buf_add_byte(&expected, '\0');
    expect_versions(rig, buf_peek(&expected).at);
    buf_fini(&expected);
}

/* Without the ledger the version's own words are told; members that are not
 * ours are left out. */
static void test_foreign(void **state)
{
    struct rig *rig = *state;

    rig_do(rig, "FLUSHALL");
    publish(rig, "aa", march(1), "first");
    rig_do(rig, "DEL palier:{demo}:ledger");
    rig_do(rig, "ZADD palier:{demo}:policies 0 nonsense 0 2026-99-99:1:x");
    expect_versions(rig, "aa|2026-03-01|1|ada|first|\n");
    publish(rig, "bb", march(2), "");
    expect_versions(rig, "aa|2026-03-01|1|ada|first|\n"
                         "bb|2026-03-02|2|ada||\n");
}

static int setup(void **state)
{
    static struct rig rig; /* of this program's tests, one after the other */

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
        cmocka_unit_test(test_mark),
        cmocka_unit_test(test_publish),
        cmocka_unit_test(test_publish_again),
        cmocka_unit_test(test_schedule),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_last_refusals),
        cmocka_unit_test(test_foreign),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
