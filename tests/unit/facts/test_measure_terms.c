/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * People, totals and holdings against a plain walk over all terms. */
#include "facts_test.h"

#define F(n, v)                                                                \
    {                                                                          \
        STR_INIT(n), STR_INIT(v)                                               \
    }
#define RECORD(fields) record_new(fields, COUNT_OF(fields))

static void one_person_in_two_series_counts_once(void **state UNUSED)
{
    const struct field fields[] = {
        F("has:training/sales/a:jdoe:2026-01-01", "2026-12-31///"),
        F("has:training/sales/b:jdoe:2026-01-01", "2026-06-30///"),
        F("has:training/sales/b:ann:2026-01-01", "///"),
        F("has:training/sales/b:ann:2024-01-01", "///"),
        F("has:training/sales2:bob:2026-01-01", "///"),
        F("has:training:eve:2026-07-15", "///"),
    };
    struct record *record = RECORD(fields);
    struct selection selection = {.path = STR("training/sales")};
    struct measure got;
    measure_people(record, &selection, test_day("2026-06-30"), &got);
    assert_int_equal(got.value, 2);
    assert_int_equal(got.horizon, test_day("2026-07-01"));
    measure_people(record, &selection, test_day("2026-07-01"), &got);
    assert_int_equal(got.value, 2);
    assert_int_equal(got.horizon, test_day("2027-01-01"));
    measure_people(record, &selection, test_day("2027-01-01"), &got);
    assert_int_equal(got.value, 1);
    assert_int_equal(got.horizon, DAY_NEVER);
    selection.path = STR("training");
    measure_people(record, &selection, test_day("2026-07-14"), &got);
    assert_int_equal(got.value, 3);
    assert_int_equal(got.horizon, test_day("2026-07-15"));
    selection.path = STR("train");
    measure_people(record, &selection, test_day("2026-07-14"), &got);
    assert_int_equal(got.value, 0);
    assert_int_equal(got.horizon, DAY_NEVER);
    record_unref(record);
}

static void a_term_holds_on_both_its_ends(void **state UNUSED)
{
    const struct field fields[] = {
        F("has:deal:D-9:2026-02-01", "2026-02-28/500/EUR/stage=won"),
        F("has:deal:D-8:2026-02-10", "2026-02-10/70/USD/"),
        F("has:deal:D-7:2026-02-10", "///"),
        F("has:deal:D-6:2026-02-10", "9999-12-31/1/EUR/"),
    };
    struct record *record = RECORD(fields);
    const struct pair where[] = {{STR("stage"), STR("won")}};
    struct selection selection = {.path = STR("deal")};
    struct measure got;
    measure_holds(record, &selection, STR("D-9"), test_day("2026-01-31"), &got);
    assert_int_equal(got.value, 0);
    assert_int_equal(got.horizon, test_day("2026-02-01"));
    measure_holds(record, &selection, STR("D-9"), test_day("2026-02-01"), &got);
    assert_int_equal(got.value, 1);
    assert_int_equal(got.horizon, test_day("2026-03-01"));
    measure_holds(record, &selection, STR("D-9"), test_day("2026-02-28"), &got);
    assert_int_equal(got.value, 1);
    measure_holds(record, &selection, STR("D-9"), test_day("2026-03-01"), &got);
    assert_int_equal(got.value, 0);
    assert_int_equal(got.horizon, DAY_NEVER);
    measure_holds(record, &selection, STR("D-5"), test_day("2026-03-01"), &got);
    assert_int_equal(got.value, 0);
    measure_holds(record, &selection, STR(""), test_day("2026-03-01"), &got);
    assert_int_equal(got.value, 1);
    assert_int_equal(got.horizon, DAY_NEVER);
    assert_true(
        measure_total(record, &selection, test_day("2026-02-10"), &got));
    assert_int_equal(got.value, 571);
    selection.unit = STR("EUR");
    assert_true(
        measure_total(record, &selection, test_day("2026-02-10"), &got));
    assert_int_equal(got.value, 501);
    assert_int_equal(got.horizon, test_day("2026-03-01"));
    selection.where = where;
    selection.nwhere = 1;
    assert_true(
        measure_total(record, &selection, test_day("2026-02-10"), &got));
    assert_int_equal(got.value, 500);
    record_unref(record);
}

/* --- against a plain walk ------------------------------------------------ */

enum { TERMS = 20 };

static struct record *random_record(uint64_t *seed, int32_t first)
{
    static const char *const series[] = {"training", "training/a", "training/b",
                                         "training/b/c", "deal"};
    struct field fields[TERMS];
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < TERMS; i++) {
        char from[DAY_TEXT], until[DAY_TEXT];
        int32_t day = first + (int32_t)(test_random(seed) % 200);
        day_text(day, from);
        day_text(day + (int32_t)(test_random(seed) % 100), until);
        fields[i].name =
            arena_print(&arena, "has:%s:id%u:%s", series[test_random(seed) % 5],
                        test_random(seed) % 5, from);
        fields[i].value = arena_print(
            &arena, "%s/%u/%s/%s", test_random(seed) % 6 ? until : "",
            test_random(seed) % 100, test_random(seed) % 3 ? "EUR" : "",
            test_random(seed) % 3 ? "class=a" : "");
    }
    struct record *record = record_new(fields, TERMS);
    arena_fini(&arena);
    return record;
}

struct walk {
    int64_t people, total;
    bool ids[5];
    uint64_t held;
};

static struct walk walk(const struct record *record,
                        const struct selection *selection, int32_t day)
{
    struct walk walk = {0};
    for (size_t i = 0; i < record_terms(record); i++) {
        struct term term;
        record_term(record, i, &term);
        if (!path_is_under(term.series, selection->path) ||
            (selection->unit.len && !str_is(term.unit, selection->unit)) ||
            !labels_hold(term.labels, selection->where, selection->nwhere) ||
            day < term.from || day > term.until)
            continue;
        size_t id = (size_t)(term.id.at[2] - '0');
        walk.people += walk.ids[id] ? 0 : 1;
        walk.ids[id] = true;
        walk.total += term.number;
        walk.held |= UINT64_C(1) << i;
    }
    return walk;
}

static void follow(const struct record *record,
                   const struct selection *selection, int32_t first,
                   int32_t last)
{
    struct walk before = {0};
    struct measure people = {0}, total, holds;
    for (int32_t day = first; day <= last; day++) {
        struct walk now = walk(record, selection, day);
        if (day > first)
            assert_int_equal(now.held != before.held, day == people.horizon);
        measure_people(record, selection, day, &people);
        assert_true(measure_total(record, selection, day, &total));
        assert_int_equal(people.value, now.people);
        assert_int_equal(total.value, now.total);
        assert_int_equal(people.horizon, total.horizon);
        measure_holds(record, selection, STR(""), day, &holds);
        assert_int_equal(holds.value, now.people > 0);
        assert_int_equal(holds.horizon, people.horizon);
        measure_holds(record, selection, STR("id3"), day, &holds);
        assert_int_equal(holds.value, now.ids[3]);
        assert_true(holds.horizon >= people.horizon);
        before = now;
    }
}

static void values_and_horizons_follow_the_days(void **state UNUSED)
{
    const struct pair where[] = {{STR("class"), STR("a")}};
    static const char *const paths[] = {"training", "training/b", "deal"};
    uint64_t seed = 5;
    int32_t first = test_day("2024-01-01");
    for (int round = 0; round < 150; round++) {
        struct record *record = random_record(&seed, first);
        struct selection selection = {.path = str_of(paths[round % 3]),
                                      .unit = round % 4 ? STR("") : STR("EUR"),
                                      .where = where,
                                      .nwhere = round % 5 == 0};
        follow(record, &selection, first - 5, first + 310);
        record_unref(record);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_person_in_two_series_counts_once),
        cmocka_unit_test(a_term_holds_on_both_its_ends),
        cmocka_unit_test(values_and_horizons_follow_the_days),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
