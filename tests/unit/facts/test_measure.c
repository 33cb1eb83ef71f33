/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Sums and counts against a plain walk over all amounts, day by day. */
#include <stdio.h>
#include <stdlib.h>

#include "facts_test.h"

#define F(n, v)                                                                \
    {                                                                          \
        STR_INIT(n), STR_INIT(v)                                               \
    }
#define RECORD(fields) record_new(fields, COUNT_OF(fields))

static struct window window_of(const char *words)
{
    struct window window;
    assert_true(window_parse(str_of(words), &window));
    return window;
}

static struct measure sum_of(const struct record *record, const char *path,
                             const char *unit, const char *over,
                             const char *day)
{
    struct selection selection = {
        .path = str_of(path), .unit = str_of(unit), .where = NULL, .nwhere = 0};
    struct window window = window_of(over);
    struct measure measure;
    assert_true(
        measure_sum(record, &selection, &window, test_day(day), &measure));
    return measure;
}

static void a_path_takes_all_below_it(void **state UNUSED)
{
    const struct field fields[] = {
        F("sum:revenue:EUR:2026-01-01", "1"),
        F("sum:revenue/a:EUR:2026-01-02", "10"),
        F("sum:revenue/a/b:EUR:2026-01-03", "100"),
        F("sum:revenue/b:USD:2026-01-04", "1000"),
        F("sum:revenue2:EUR:2026-01-01", "10000"),
        F("sum:reven:EUR:2026-01-01", "10000"),
        F("sum:revenue/a_b:EUR:2026-01-01", "20"),
    };
    struct record *record = RECORD(fields);
    const char *day = "2026-06-30";
    assert_int_equal(sum_of(record, "revenue", "EUR", "ever", day).value, 131);
    assert_int_equal(sum_of(record, "revenue", NULL, "ever", day).value, 1131);
    assert_int_equal(sum_of(record, "revenue/a", "EUR", "ever", day).value,
                     110);
    assert_int_equal(sum_of(record, "revenue/b", "EUR", "ever", day).value, 0);
    assert_int_equal(sum_of(record, "rev", "EUR", "ever", day).value, 0);
    assert_int_equal(sum_of(record, "zzz", "EUR", "ever", day).value, 0);
    record_unref(record);
}

static void the_house_case(void **state UNUSED)
{
    const struct field fields[] = {
        F("sum:revenue:EUR:2025-06-30", "100"),
        F("sum:revenue:EUR:2025-07-01", "200"),
        F("sum:revenue:EUR:2026-06-30", "400"),
        F("sum:revenue:EUR:2026-07-02", "800"),
    };
    struct record *record = RECORD(fields);
    const char *over = "last 12 months";
    struct measure got = sum_of(record, "revenue", "EUR", over, "2026-06-29");
    assert_int_equal(got.value, 300);
    assert_int_equal(got.horizon, test_day("2026-06-30"));
    got = sum_of(record, "revenue", "EUR", over, "2026-06-30");
    assert_int_equal(got.value, 600);
    assert_int_equal(got.horizon, test_day("2026-07-01"));
    got = sum_of(record, "revenue", "EUR", over, "2026-07-01");
    assert_int_equal(got.value, 400);
    assert_int_equal(got.horizon, test_day("2026-07-02"));
    got = sum_of(record, "revenue", "EUR", over, "2026-07-02");
    assert_int_equal(got.value, 1200);
    assert_int_equal(got.horizon, test_day("2027-06-30"));
    got = sum_of(record, "revenue", "EUR", over, "2029-01-01");
    assert_int_equal(got.value, 0);
    assert_int_equal(got.horizon, DAY_NEVER);
    record_unref(record);
}

static void labels_and_counts(void **state UNUSED)
{
    const struct field fields[] = {
        F("sum:revenue:EUR:2026-01-01", "1"),
        F("sum:revenue:EUR:2026-01-02:class=a", "10"),
        F("cnt:revenue:EUR:2026-01-02:class=a", "5"),
        F("sum:revenue:EUR:2026-01-03:class=a,deal=D-9", "100"),
        F("cnt:visits::2026-01-03", "-2"),
    };
    const struct pair where[] = {{STR("deal"), STR("D-9")},
                                 {STR("class"), STR("a")}};
    struct record *record = RECORD(fields);
    struct selection selection = {STR("revenue"), STR("EUR"), where, 2};
    struct window window = window_of("last 30 days");
    struct measure got;
    int32_t day = test_day("2026-01-20");
    assert_true(measure_sum(record, &selection, &window, day, &got));
    assert_int_equal(got.value, 100);
    assert_int_equal(got.horizon, test_day("2026-02-02"));
    selection.where++;
    selection.nwhere = 1;
    assert_true(measure_sum(record, &selection, &window, day, &got));
    assert_int_equal(got.value, 110);
    assert_int_equal(got.horizon, test_day("2026-02-01"));
    assert_true(measure_count(record, &selection, &window, day, &got));
    assert_int_equal(got.value, 6);
    selection = (struct selection){.path = STR("visits")};
    assert_true(measure_count(record, &selection, &window, day, &got));
    assert_int_equal(got.value, -2);
    record_unref(record);
}

/* More of the largest entries than int64_t holds: the sum is refused, and one
 * that only passes beyond on the way is right. */
static void a_sum_out_of_range_is_refused(void **state UNUSED)
{
    enum { N = 1000000 };
    enum { NAME = 40 };
    struct field *fields = calloc(N, sizeof(*fields));
    char *names = malloc((size_t)N * NAME);
    for (size_t i = 0; i < N; i++) {
        char *name = names + i * NAME, day[DAY_TEXT];
        day_text(DAY_FIRST + (int32_t)i, day);
        int len = snprintf(name, NAME, "sum:revenue:EUR:%s", day);
        fields[i].name = (struct str){name, (size_t)len};
        fields[i].value = STR("10000000000000");
    }
    struct record *record = record_new(fields, N);
    struct selection selection = {.path = STR("revenue")};
    struct window window = window_of("ever");
    struct measure got = {.value = 5};
    assert_false(measure_sum(record, &selection, &window, DAY_LAST, &got));
    assert_int_equal(got.value, 0);
    assert_int_equal(got.horizon, DAY_NEVER);
    assert_true(measure_count(record, &selection, &window, DAY_LAST, &got));
    assert_int_equal(got.value, N);
    window = window_of("last 36525 days");
    assert_true(
        measure_sum(record, &selection, &window, DAY_FIRST + N - 1, &got));
    assert_int_equal(got.value, 36525 * DECIMAL_ENTRY_MAX);
    record_unref(record);
    free(names);
    free(fields);
}

/* --- against a plain walk ------------------------------------------------ */

enum { ENTRIES = 24 };

static struct record *random_record(uint64_t *seed, int32_t first,
                                    uint32_t days)
{
    static const char *const series[] = {"revenue", "revenue/a", "revenue/b/c",
                                         "other"};
    static const char *const labels[] = {"", ":class=a", ":class=a,deal=d",
                                         ":class=b"};
    struct field fields[ENTRIES];
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < ENTRIES; i++) {
        char day[DAY_TEXT];
        day_text(first + (int32_t)(test_random(seed) % days), day);
        fields[i].name = arena_print(
            &arena, "%s:%s:%s:%s%s", i % 5 ? "sum" : "cnt",
            series[test_random(seed) % 4], test_random(seed) % 5 ? "EUR" : "",
            day, labels[test_random(seed) % 4]);
        fields[i].value =
            arena_print(&arena, "%d", 1 + (int)(test_random(seed) % 1000));
    }
    struct record *record = record_new(fields, ENTRIES);
    arena_fini(&arena);
    return record;
}

struct walk {
    int64_t sum, count;
    uint64_t held; /* which amounts */
};

static struct walk walk(const struct record *record,
                        const struct selection *selection,
                        const struct window *window, int32_t day)
{
    struct walk walk = {0};
    struct span span = window_span(window, day);
    for (size_t i = 0; i < record_amounts(record); i++) {
        struct amount amount;
        record_amount(record, i, &amount);
        if (!path_is_under(amount.series, selection->path) ||
            (selection->unit.len && !str_is(amount.unit, selection->unit)) ||
            !labels_hold(amount.labels, selection->where, selection->nwhere) ||
            amount.day < span.from || amount.day > span.until)
            continue;
        walk.sum += amount.number;
        walk.count += amount.count;
        walk.held |= UINT64_C(1) << i;
    }
    return walk;
}

/* The value is right each day, stays until the horizon, and on the horizon an
 * entry enters or leaves. */
static void follow(const struct record *record,
                   const struct selection *selection,
                   const struct window *window, int32_t first, int32_t last)
{
    struct walk before = {0};
    struct measure sum = {0}, count;
    for (int32_t day = first; day <= last; day++) {
        struct walk now = walk(record, selection, window, day);
        if (day > first)
            assert_int_equal(now.held != before.held, day == sum.horizon);
        assert_true(measure_sum(record, selection, window, day, &sum));
        assert_true(measure_count(record, selection, window, day, &count));
        assert_int_equal(sum.value, now.sum);
        assert_int_equal(count.value, now.count);
        assert_int_equal(sum.horizon, count.horizon);
        assert_true(sum.horizon > day);
        before = now;
    }
}

static void values_and_horizons_follow_the_days(void **state UNUSED)
{
    static const char *const all[] = {"ever",
                                      "last 1 month",
                                      "last 12 months",
                                      "last 30 days",
                                      "calendar year",
                                      "program year",
                                      "quarter",
                                      "month",
                                      "last 4 closed quarters",
                                      "last 2 closed months"};
    const struct pair where[] = {{STR("class"), STR("a")}};
    uint64_t seed = 77;
    int32_t first = test_day("2023-12-01");
    for (int round = 0; round < 6; round++) {
        struct record *record = random_record(&seed, first, 500);
        struct selection selection = {.path = STR("revenue"),
                                      .unit = round % 2 ? STR("EUR") : STR(""),
                                      .where = where,
                                      .nwhere = round % 3 == 0};
        for (size_t i = 0; i < COUNT_OF(all); i++) {
            struct window window = window_of(all[i]);
            window.year_month = 2;
            window.year_day = 29;
            follow(record, &selection, &window, first - 20, first + 1000);
        }
        record_unref(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_takes_all_below_it),
        cmocka_unit_test(the_house_case),
        cmocka_unit_test(labels_and_counts),
        cmocka_unit_test(a_sum_out_of_range_is_refused),
        cmocka_unit_test(values_and_horizons_follow_the_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
