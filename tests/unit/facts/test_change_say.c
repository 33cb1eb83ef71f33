/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "change_test.h"

static struct arena arena;

static int begin(void **state UNUSED)
{
    arena_init(&arena);
    return 0;
}

static int end(void **state UNUSED)
{
    arena_fini(&arena);
    return 0;
}

static struct change parse(const char *line)
{
    struct change change;
    struct fault fault;
    if (!test_parse(&arena, line, &change, &fault))
        fail_msg("%s: %s", line, fault.text);
    return change;
}

static struct str say(const char *line)
{
    struct change change = parse(line);
    struct buf out;
    buf_init(&out);
    change_say(&change, &change_schema, &out);
    struct str said = arena_copy(&arena, buf_peek(&out));
    buf_fini(&out);
    return said;
}

static const char *digest(const char *line)
{
    struct change change = parse(line);
    char *hex = arena_take(&arena, DIGEST_HEX + 1);
    change_digest(&change, hex);
    assert_int_equal(strlen(hex), DIGEST_HEX);
    return hex;
}

static void changes_are_said_in_the_words_of_fact(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"add p revenue/cloud 1250 with customer c17 id inv-7 count 2 on "
         "2026-03-14",
         "ADD revenue/cloud 1250.00 EUR ON 2026-03-14 COUNT 2 ID inv-7 WITH "
         "customer c17"},
        {"ADD p revenue -0.5", "ADD revenue -0.50 EUR"},
        {"ADD p visits 3 COUNT 1", "ADD visits 3"},
        {"ADD p revenue 1 WITH b 2 a 1 ID \"a'b\"",
         "ADD revenue 1.00 EUR ID \"a'b\" WITH a 1 b 2"},
        {"PUT p points 1 ON 2026-01-01 COUNT 0",
         "PUT points 1.0 points ON 2026-01-01 COUNT 0"},
        {"GRANT p deal D UNTIL 2027-01-01 VALUE 5 FROM 2026-01-01 WITH a 1",
         "GRANT deal D FROM 2026-01-01 UNTIL 2027-01-01 VALUE 5 WITH a 1"},
        {"GRANT p training/sales jdoe", "GRANT training/sales jdoe"},
        {"REVOKE p deal D ON 2026-01-01", "REVOKE deal D ON 2026-01-01"},
        {"SET p name \"A \\\"b\\\" \\\\ c\" csat 4\\6 ON 2026-01-01",
         "SET csat 4\\6 name \"A \\\"b\\\" \\\\ c\" ON 2026-01-01"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_text(say(rows[i][0]), rows[i][1]);
        struct str again = arena_print(&arena, "%s", rows[i][1]);
        size_t op = str_find(again, ' ', 0);
        struct str line = arena_print(&arena, STR_FMT " p" STR_FMT,
                                      STR_ARG(str_part(again, 0, op)),
                                      STR_ARG(str_part(again, op, again.len)));
        assert_string_equal(digest(line.at), digest(rows[i][0]));
    }
}

static void equal_content_has_an_equal_digest(void **state UNUSED)
{
    const char *first = digest("ADD p revenue 100 ID x WITH a 1 b 2");
    assert_string_equal(first,
                        digest("add p revenue 100.00 EUR count 1 with b 2 a 1 "
                               "id x"));
}

static void other_content_has_another(void **state UNUSED)
{
    static const char *const rows[] = {
        "ADD p revenue 100 ID x",
        "ADD p revenue 101 ID x",
        "ADD p revenue -100 ID x",
        "ADD p revenue/cloud 100 ID x",
        "ADD p revenue 100 ID x ON 2026-06-30",
        "ADD p revenue 100 ID x ON 2026-06-29",
        "ADD p revenue 100 ID x COUNT 2",
        "ADD p revenue 100 ID x WITH a 1",
        "ADD p revenue 100 ID x WITH a 12",
        "ADD p revenue 100 ID x WITH a 1 b 2",
        "ADD p revenue 100 ID y",
        "ADD q revenue 100 ID x",
        "PUT p revenue 100 ON 2026-06-30",
        "GRANT p deal D",
        "GRANT p deal D FROM 2026-06-30",
        "GRANT p deal D UNTIL 2026-06-30",
        "GRANT p deal D VALUE 0",
        "GRANT p deal D VALUE 0 EUR",
        "REVOKE p deal D",
        "SET p name a",
        "SET p name b",
        "SET p csat a",
        "SET p csat a name b",
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(digest(rows[i]), digest(rows[j]));
}

/* Digests are kept in the store: this one may never change. */
static void a_digest_stays_what_it_was(void **state UNUSED)
{
    assert_string_equal(
        digest("ADD p revenue 100 ID x ON 2026-06-30 WITH a 1"),
        "f6a0cbd4cd91f714c5b23d8da940c166261ce7c85900c5006cd9aaa5dc17102e");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changes_are_said_in_the_words_of_fact),
        cmocka_unit_test(equal_content_has_an_equal_digest),
        cmocka_unit_test(other_content_has_another),
        cmocka_unit_test(a_digest_stays_what_it_was),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
