/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static struct window window_of(const char *words)
{
    struct window window;
    if (!window_parse(str_of(words), &window))
        fail_msg("%s", words);
    return window;
}

static void assert_span(const struct window *window, const char *day,
                        const char *from, const char *until)
{
    struct span span = window_span(window, test_day(day));
    char text[DAY_TEXT];
    assert_text(day_text(span.from, text), from);
    assert_text(day_text(span.until, text), until);
}

static void spans_are_as_policies_say_them(void **state UNUSED)
{
    static const struct {
        const char *words, *day, *from, *until;
    } rows[] = {
        {"ever", "2026-06-30", "0001-01-01", "2026-06-30"},
        {"last 12 months", "2026-06-30", "2025-07-01", "2026-06-30"},
        {"last 12 months", "2024-02-29", "2023-03-01", "2024-02-29"},
        {"last 1 month", "2026-03-31", "2026-03-01", "2026-03-31"},
        {"last 1 month", "2026-03-30", "2026-03-01", "2026-03-30"},
        {"last 90 days", "2026-06-30", "2026-04-02", "2026-06-30"},
        {"last 1 day", "2026-06-30", "2026-06-30", "2026-06-30"},
        {"calendar year", "2026-06-30", "2026-01-01", "2026-06-30"},
        {"program year", "2026-06-30", "2026-01-01", "2026-06-30"},
        {"quarter", "2026-06-30", "2026-04-01", "2026-06-30"},
        {"quarter", "2026-07-01", "2026-07-01", "2026-07-01"},
        {"month", "2026-06-30", "2026-06-01", "2026-06-30"},
        {"last 4 closed quarters", "2026-06-30", "2025-04-01", "2026-03-31"},
        {"last 1 closed quarter", "2026-01-01", "2025-10-01", "2025-12-31"},
        {"last 3 closed months", "2026-03-01", "2025-12-01", "2026-02-28"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct window window = window_of(rows[i].words);
        assert_span(&window, rows[i].day, rows[i].from, rows[i].until);
    }
}

static void a_program_year_begins_where_it_is_said_to(void **state UNUSED)
{
    struct window window = window_of("program year");
    window.year_month = 4;
    window.year_day = 6;
    assert_span(&window, "2026-04-05", "2025-04-06", "2026-04-05");
    assert_span(&window, "2026-04-06", "2026-04-06", "2026-04-06");
    window.year_month = 2;
    window.year_day = 29;
    assert_span(&window, "2026-02-28", "2026-02-28", "2026-02-28");
    assert_span(&window, "2024-02-28", "2023-02-28", "2024-02-28");
    assert_span(&window, "2024-02-29", "2024-02-29", "2024-02-29");
    assert_span(&window, "0001-01-15", "0001-01-01", "0001-01-15");
}

static void other_words_are_refused(void **state UNUSED)
{
    static const char *const wrong[] = {"",
                                        "forever",
                                        "year",
                                        "last month",
                                        "last months",
                                        "last 0 months",
                                        "last 1201 months",
                                        "last -1 days",
                                        "last 36526 days",
                                        "last 12 weeks",
                                        "last 12",
                                        "last 12 ",
                                        "12 months",
                                        "Last 12 months",
                                        "last 012 months",
                                        "last 1.5 months",
                                        "last 4 quarters",
                                        "last  4 months",
                                        "last 12 months ",
                                        " ever",
                                        "last 3 closed",
                                        "last 3 month s",
                                        "last 3 ever",
                                        "last 99999999999999999999 days"};
    struct window window;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        if (window_parse(str_of(wrong[i]), &window))
            fail_msg("%s", wrong[i]);
    assert_int_equal(window_of("last 1200 months").count, 1200);
    assert_int_equal(window_of("last 36525 days").count, 36525);
    assert_int_equal(window_of("program year").year_month, 1);
}

static bool holds(const struct window *window, int32_t entry, int32_t day)
{
    struct span span = window_span(window, day);
    return span.from <= entry && entry <= span.until;
}

/* Follows one entry day by day: it enters once, on the day foretold from any
 * day before, and leaves once, as foretold. */
static void follow(const struct window *window, int32_t entry, int32_t begin,
                   int32_t end)
{
    int32_t enters = window_enters(window, entry, begin), leaves = DAY_NEVER;
    bool held = holds(window, entry, begin);
    assert_false(held);
    for (int32_t day = begin + 1; day <= end; day++) {
        bool holding = holds(window, entry, day);
        if (holding != held) {
            assert_int_equal(day, holding ? enters : leaves);
            held = holding;
        }
        if (held) {
            int32_t said = window_leaves(window, entry, day);
            assert_true(leaves == DAY_NEVER || said == leaves);
            leaves = said;
        }
        int32_t said = window_enters(window, entry, day);
        assert_int_equal(said, day < enters ? enters : DAY_NEVER);
    }
    assert_true(end >= enters);
}

static const char *const all[] = {"ever",
                                  "last 1 month",
                                  "last 2 months",
                                  "last 12 months",
                                  "last 13 months",
                                  "last 1 day",
                                  "last 90 days",
                                  "calendar year",
                                  "program year",
                                  "quarter",
                                  "month",
                                  "last 4 closed quarters",
                                  "last 1 closed quarter",
                                  "last 3 closed months",
                                  "last 1 closed month"};

static void entries_enter_and_leave_on_the_days_foretold(void **state UNUSED)
{
    int32_t first = test_day("2023-11-01"), last = test_day("2024-04-10");
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct window window = window_of(all[i]);
        window.year_month = 2;
        window.year_day = 29;
        for (int32_t entry = first; entry <= last; entry++)
            follow(&window, entry, entry - 40, entry + 600);
    }
}

/* The same over all days of a leap cycle, without the walk. */
static void leaving_is_exact_for_every_day(void **state UNUSED)
{
    int32_t first = test_day("2023-01-01"), last = test_day("2028-12-31");
    for (size_t i = 1; i < COUNT_OF(all); i++) {
        struct window window = window_of(all[i]);
        window.year_month = 7;
        for (int32_t entry = first; entry <= last; entry++) {
            int32_t day = holds(&window, entry, entry)
                              ? entry
                              : window_enters(&window, entry, entry);
            int32_t leaves = window_leaves(&window, entry, day);
            assert_true(holds(&window, entry, day));
            assert_true(holds(&window, entry, leaves - 1));
            assert_false(holds(&window, entry, leaves));
            assert_false(holds(&window, entry, leaves + 400));
        }
    }
}

/* Both ends only move forward: a past entry never comes back. */
static void spans_only_move_forward(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct window window = window_of(all[i]);
        struct span before = window_span(&window, test_day("2019-12-31"));
        for (int32_t day = test_day("2020-01-01"); day < test_day("2033-01-01");
             day++) {
            struct span span = window_span(&window, day);
            assert_true(span.from >= before.from && span.until >= before.until);
            assert_true(span.from <= span.until + 1 && span.until <= day);
            before = span;
        }
    }
}

static void nothing_leaves_or_enters_beyond_the_walls(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        struct window window = window_of(all[i]);
        for (int32_t day = DAY_LAST - 500; day <= DAY_LAST; day++) {
            int32_t entry = day_add(day, -(int32_t)(i * 11));
            if (!holds(&window, entry, day))
                continue;
            int32_t leaves = window_leaves(&window, entry, day);
            assert_true(leaves == DAY_NEVER ? holds(&window, entry, DAY_LAST)
                                            : leaves > day);
            if (leaves != DAY_NEVER)
                assert_false(holds(&window, entry, leaves));
        }
        struct span span = window_span(&window, DAY_FIRST);
        assert_true(span.from >= DAY_FIRST && span.until <= DAY_FIRST);
        assert_int_equal(window_enters(&window, DAY_FIRST, DAY_LAST),
                         DAY_NEVER);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_are_as_policies_say_them),
        cmocka_unit_test(a_program_year_begins_where_it_is_said_to),
        cmocka_unit_test(other_words_are_refused),
        cmocka_unit_test(entries_enter_and_leave_on_the_days_foretold),
        cmocka_unit_test(leaving_is_exact_for_every_day),
        cmocka_unit_test(spans_only_move_forward),
        cmocka_unit_test(nothing_leaves_or_enters_beyond_the_walls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
