/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static void days_and_dates_agree_over_the_whole_calendar(void **state UNUSED)
{
    struct date date = {1, 1, 1};
    for (int32_t day = DAY_FIRST; day <= DAY_LAST; day++) {
        struct date got = date_of_day(day);
        if (got.year != date.year || got.month != date.month ||
            got.day != date.day || day_of_date(date) != day)
            fail_msg("day %d", day);
        if (++date.day > date_month_days(date.year, date.month)) {
            date.day = 1;
            date.month++;
        }
        if (date.month > 12) {
            date.month = 1;
            date.year++;
        }
    }
    assert_int_equal(date.year, 10000);
}

static void known_days_are_where_they_belong(void **state UNUSED)
{
    assert_int_equal(test_day("1970-01-01"), 0);
    assert_int_equal(test_day("2000-02-29"), 11016);
    assert_int_equal(test_day("0001-01-01"), DAY_FIRST);
    assert_int_equal(test_day("9999-12-31"), DAY_LAST);
    assert_int_equal(day_of_date((struct date){0, 5, 5}), DAY_FIRST);
    assert_int_equal(day_of_date((struct date){10000, 1, 1}), DAY_LAST);
}

static void only_existing_iso_days_parse(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",           "2026-02-29", "2026-02-30",  "1900-02-29", "2026-04-31",
        "2026-13-01", "2026-00-10", "2026-01-00",  "0000-01-01", "26-01-01",
        "2026-1-01",  "2026/01/01", "2026-01-01 ", "2026-01-0x", "20260101",
        "+026-01-01", "2026-01-1",  "today",       "-026-01-01", "2026-01- 1"};
    int32_t day = 7;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(day_parse(str_of(wrong[i]), &day));
    assert_false(day_parse((struct str){NULL, 0}, &day));
    assert_int_equal(day, 7);
    assert_true(day_parse(STR("2024-02-29"), &day));
}

static void text_and_parsing_are_inverse(void **state UNUSED)
{
    char text[DAY_TEXT];
    for (int32_t day = DAY_FIRST; day <= DAY_LAST; day += 97)
        assert_int_equal(test_day(day_text(day, text).at), day);
    assert_text(day_text(DAY_LAST, text), "9999-12-31");
    assert_text(day_text(DAY_FIRST, text), "0001-01-01");
    assert_null(day_text(DAY_NONE, text).at);
    assert_null(day_text(DAY_NEVER, text).at);
    assert_string_equal(text, "");
}

static void a_refused_day_says_what_was_expected(void **state UNUSED)
{
    struct fault fault;
    int32_t day;
    assert_false(day_expect(STR("2026-02-30"), "on", &day, &fault));
    assert_int_equal(fault.code, FAULT_INVALID);
    assert_string_equal(fault.text,
                        "on: \"2026-02-30\" is not a day; expected YYYY-MM-DD");
}

static void a_long_value_is_clipped_in_the_message(void **state UNUSED)
{
    struct fault fault;
    int32_t day;
    char value[5000];
    memset(value, 'x', sizeof(value));
    struct str s = {value, sizeof(value)};
    assert_false(day_expect(s, "on", &day, &fault));
    assert_non_null(strstr(fault.text, "...\" is not a day; expected"));
    assert_true(strlen(fault.text) < 130);
}

static void adding_days_stops_at_the_walls(void **state UNUSED)
{
    assert_int_equal(day_add(0, 31), test_day("1970-02-01"));
    assert_int_equal(day_add(DAY_LAST, 1), DAY_LAST);
    assert_int_equal(day_add(DAY_FIRST, -1), DAY_FIRST);
    assert_int_equal(day_add(DAY_LAST, INT32_MAX), DAY_LAST);
}

static void a_missing_day_becomes_the_months_last(void **state UNUSED)
{
    static const struct {
        const char *from, *to;
        int months;
    } rows[] = {{"2026-01-31", "2026-02-28", 1},
                {"2024-01-31", "2024-02-29", 1},
                {"2024-02-29", "2023-02-28", -12},
                {"2026-03-31", "2025-11-30", -4},
                {"2026-12-15", "2027-01-15", 1},
                {"2026-01-15", "2025-12-15", -1},
                {"0001-02-01", "0001-01-01", -2},
                {"9999-12-01", "9999-12-31", 1},
                {"2026-06-30", "2026-06-30", 0},
                {"2026-06-30", "2126-06-30", 1200},
                {"0001-01-05", "9999-12-31", 1 << 30}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(day_add_months(test_day(rows[i].from), rows[i].months),
                         test_day(rows[i].to));
}

static void months_after_is_the_first_day_that_counts_back(void **state UNUSED)
{
    int32_t end = test_day("2029-01-01");
    for (int32_t day = test_day("2023-01-01"); day < end; day++) {
        for (int32_t months = 0; months <= 26; months++) {
            int32_t after = day_months_after(day, months);
            if (day_add_months(after, -months) < day ||
                day_add_months(after - 1, -months) >= day)
                fail_msg("day %d months %d", day, months);
        }
    }
}

static void starts_are_first_days(void **state UNUSED)
{
    int32_t day = test_day("2024-02-29");
    assert_int_equal(day_month_start(day), test_day("2024-02-01"));
    assert_int_equal(day_quarter_start(day), test_day("2024-01-01"));
    assert_int_equal(day_quarter_start(test_day("2024-12-31")),
                     test_day("2024-10-01"));
    assert_int_equal(day_year_start(day), test_day("2024-01-01"));
    assert_int_equal(day_year_start(DAY_FIRST), DAY_FIRST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_and_dates_agree_over_the_whole_calendar),
        cmocka_unit_test(known_days_are_where_they_belong),
        cmocka_unit_test(only_existing_iso_days_parse),
        cmocka_unit_test(text_and_parsing_are_inverse),
        cmocka_unit_test(a_refused_day_says_what_was_expected),
        cmocka_unit_test(a_long_value_is_clipped_in_the_message),
        cmocka_unit_test(adding_days_stops_at_the_walls),
        cmocka_unit_test(a_missing_day_becomes_the_months_last),
        cmocka_unit_test(months_after_is_the_first_day_that_counts_back),
        cmocka_unit_test(starts_are_first_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
