/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The clocks, and the date as a log line says it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void expect(int64_t wall_ms, const char *text)
{
    char got[21];
    clock_utc(wall_ms, got);
    assert_string_equal(got, text);
}

static void known_days(void **state UNUSED)
{
    expect(0, "1970-01-01T00:00:00Z");
    expect(999, "1970-01-01T00:00:00Z");
    expect(-1, "1969-12-31T23:59:59Z");
    expect(-1000, "1969-12-31T23:59:59Z");
    expect(-1001, "1969-12-31T23:59:58Z");
    expect(INT64_C(951782399999), "2000-02-28T23:59:59Z");
    expect(INT64_C(951782400000), "2000-02-29T00:00:00Z");
    expect(INT64_C(951868800000), "2000-03-01T00:00:00Z");
    expect(INT64_C(1709164800000), "2024-02-29T00:00:00Z");
    expect(INT64_C(4107542400000), "2100-03-01T00:00:00Z");
    expect(INT64_C(1782810902345), "2026-06-30T09:15:02Z");
}

static void the_ends_of_four_digit_years(void **state UNUSED)
{
    expect(INT64_C(-62167219200000), "0000-01-01T00:00:00Z");
    expect(INT64_C(-62162035200001), "0000-02-29T23:59:59Z");
    expect(INT64_C(253402300799999), "9999-12-31T23:59:59Z");
    expect(INT64_C(253402300800000), "9999-12-31T23:59:59Z");
    expect(INT64_MIN, "0000-01-01T00:00:00Z");
    expect(INT64_MAX, "9999-12-31T23:59:59Z");
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

/* Every day of 800 years, counted on by a calendar that knows no formula. */
static void every_day_follows_the_one_before(void **state UNUSED)
{
    int year = 1600, month = 1, day = 1;
    for (int64_t n = -135140; year < 2400; n++) {
        char text[48];
        snprintf(text, sizeof(text), "%04d-%02d-%02dT12:00:00Z", year, month,
                 day);
        expect((n * 86400 + 43200) * 1000, text);
        if (++day > days_in(year, month)) {
            day = 1;
            month++;
        }
        if (month > 12) {
            month = 1;
            year++;
        }
    }
}

static void the_monotonic_clock_does_not_go_back(void **state UNUSED)
{
    int64_t us = clock_us(), ms = clock_ms();
    assert_true(ms >= us / 1000);
    for (int i = 0; i < 1000; i++) {
        int64_t now = clock_us();
        assert_true(now >= us);
        us = now;
    }
    assert_true(clock_wall_ms() > INT64_C(1700000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_days),
        cmocka_unit_test(the_ends_of_four_digit_years),
        cmocka_unit_test(every_day_follows_the_one_before),
        cmocka_unit_test(the_monotonic_clock_does_not_go_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
