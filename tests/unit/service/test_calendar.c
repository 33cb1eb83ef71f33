/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "service/calendar.h"

/* 2026-03-29T00:00:00Z: the night in which Paris goes to summer time. */
#define SPRING_MS INT64_C(1774742400000)
#define HOUR_MS INT64_C(3600000)

static void assert_day(const char *zone, int64_t wall_ms, const char *expected)
{
    char text[DAY_TEXT];
    struct str day = day_text(calendar_day(str_of(zone), wall_ms), text);
    if (!str_is(day, str_of(expected)))
        fail_msg("%s at %lld: " STR_FMT " is not %s", zone, (long long)wall_ms,
                 STR_ARG(day), expected);
}

static void zones_known_and_unknown(void **state UNUSED)
{
    static const char *const known[] = {"UTC", "Europe/Paris",
                                        "America/New_York", "Etc/GMT+5",
                                        "America/Argentina/Buenos_Aires"};
    static const char *const unknown[] = {"",
                                          "Europe/Pari",
                                          "Europe",
                                          "europe/paris ",
                                          "../../../etc/passwd",
                                          "/usr/share/zoneinfo/UTC",
                                          ":UTC",
                                          "EST5EDT,M3.2.0,M11.1.0",
                                          "zone.tab",
                                          "Europe/Par\xc3\xads"};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (!calendar_knows(str_of(known[i])))
            fail_msg("%s: unknown", known[i]);
    for (size_t i = 0; i < COUNT_OF(unknown); i++)
        if (calendar_knows(str_of(unknown[i])))
            fail_msg("\"%s\": known", unknown[i]);
    assert_false(calendar_knows((struct str){"UTC\0x", 5}));
}

static void assert_near(const char *zone, const char *expected)
{
    struct arena arena;
    arena_init(&arena);
    struct str near = calendar_nearest(str_of(zone), &arena);
    if (!str_is(near, str_of(expected)))
        fail_msg("\"%s\": \"" STR_FMT "\" is not \"%s\"", zone, STR_ARG(near),
                 expected);
    arena_fini(&arena);
}

static void slips_of_zones(void **state UNUSED)
{
    assert_near("Europe/Pari", "Europe/Paris");
    assert_near("europe/paris", "Europe/Paris");
    assert_near("Paris", "Europe/Paris");
    assert_near("buenos_aires", "America/Argentina/Buenos_Aires");
    assert_near("Nowhere/AtAll", "");
    assert_near("", "");
    assert_int_equal(setenv("TZDIR", "/nonexistent", 1), 0);
    assert_near("Europe/Pari", "");
    assert_int_equal(unsetenv("TZDIR"), 0);
}

static void days_are_of_the_zone(void **state UNUSED)
{
    assert_day("UTC", 0, "1970-01-01");
    assert_day("UTC", -1, "1969-12-31");
    assert_day("UTC", SPRING_MS - 1, "2026-03-28");
    assert_day("UTC", SPRING_MS, "2026-03-29");
    assert_day("Pacific/Auckland", SPRING_MS - 12 * HOUR_MS, "2026-03-29");
    assert_day("America/New_York", SPRING_MS, "2026-03-28");
}

static void summer_time_moves_midnight(void **state UNUSED)
{
    /* Before the change Paris is one hour ahead, after it two. */
    assert_day("Europe/Paris", SPRING_MS - HOUR_MS - 1, "2026-03-28");
    assert_day("Europe/Paris", SPRING_MS - HOUR_MS, "2026-03-29");
    assert_day("Europe/Paris", SPRING_MS + 22 * HOUR_MS - 1, "2026-03-29");
    assert_day("Europe/Paris", SPRING_MS + 22 * HOUR_MS, "2026-03-30");
}

static void a_day_has_23_to_25_hours(void **state UNUSED)
{
    int32_t before = calendar_day(STR("Europe/Paris"), SPRING_MS);
    int64_t hours = 0, began = 0;
    for (int64_t at = 0; at < 366 * 24; at++) {
        int32_t day =
            calendar_day(STR("Europe/Paris"), SPRING_MS + at * HOUR_MS);
        assert_true(day == before || day == before + 1);
        hours = at - began;
        if (day == before)
            continue;
        assert_true(began == 0 || (hours >= 23 && hours <= 25));
        before = day;
        began = at;
    }
}

static void a_pinned_day_stays(void **state UNUSED)
{
    struct event_base *base = event_base_new();
    struct commons *commons = mem_new(sizeof *commons);
    struct calendar *calendar = calendar_start(base, commons, 20634);
    assert_int_equal(atomic_load(&commons->day), 20634);
    calendar_set_zone(calendar, STR("Pacific/Auckland"), 30000);
    assert_int_equal(atomic_load(&commons->day), 20634);
    assert_int_equal(calendar_today(calendar, STR("UTC")), 20634);
    calendar_stop(calendar);
    free(commons);
    event_base_free(base);
}

static void today_follows_the_zone(void **state UNUSED)
{
    struct event_base *base = event_base_new();
    struct commons *commons = mem_new(sizeof *commons);
    struct calendar *calendar = calendar_start(base, commons, DAY_NONE);
    int32_t west = calendar_today(calendar, STR("Etc/GMT+12"));
    int32_t east = calendar_today(calendar, STR("Pacific/Kiritimati"));
    assert_true(east == west + 1 || east == west + 2);
    calendar_set_zone(calendar, STR("Pacific/Kiritimati"), DAY_FIRST);
    assert_true(atomic_load(&commons->day) >= east);
    calendar_set_zone(calendar, STR("Etc/GMT+12"), east);
    assert_int_equal(atomic_load(&commons->day), east);
    calendar_set_zone(calendar, STR("Etc/GMT+12"), DAY_FIRST);
    assert_true(atomic_load(&commons->day) <= east);
    calendar_stop(calendar);
    free(commons);
    event_base_free(base);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(zones_known_and_unknown),
        cmocka_unit_test(slips_of_zones),
        cmocka_unit_test(days_are_of_the_zone),
        cmocka_unit_test(summer_time_moves_midnight),
        cmocka_unit_test(a_day_has_23_to_25_hours),
        cmocka_unit_test(a_pinned_day_stays),
        cmocka_unit_test(today_follows_the_zone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
