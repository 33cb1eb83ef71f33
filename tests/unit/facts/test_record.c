/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <stdlib.h>

#include "facts_test.h"

#define F(n, v)                                                                \
    {                                                                          \
        STR_INIT(n), STR_INIT(v)                                               \
    }
#define RECORD(fields) record_new(fields, COUNT_OF(fields))

static void an_empty_hash_is_an_empty_record(void **state UNUSED)
{
    struct record *record = record_new(NULL, 0);
    int32_t until;
    assert_int_equal(record_attributes(record), 0);
    assert_int_equal(record_amounts(record), 0);
    assert_int_equal(record_terms(record), 0);
    assert_int_equal(record_ignored(record), 0);
    assert_int_equal(record_ver(record), 0);
    assert_int_equal(record_joined(record), DAY_NONE);
    assert_true(record_bytes(record) > 0);
    assert_text(record_attribute_on(record, STR("kind"), 0, &until), "");
    assert_int_equal(until, DAY_NEVER);
    assert_ptr_equal(record_ref(record), record);
    record_unref(record);
    record_unref(record);
    record_unref(NULL);
}

static void amounts_are_joined_and_ordered(void **state UNUSED)
{
    const struct field fields[] = {
        F("sum:revenue:EUR:2026-02-01", "200"),
        F("cnt:revenue:EUR:2026-01-01:a=1", "7"),
        F("sum:revenue/cloud:EUR:2026-01-01", "300"),
        F("sum:revenue:USD:2025-01-01", "-400"),
        F("sum:revenue:EUR:2026-01-01:a=1", "100"),
        F("sum:revenue:EUR:2026-01-01", "50"),
        F("sum:revenue2:EUR:2026-01-01", "1"),
        F("cnt:visits::2026-01-01", "3"),
        F("ver", "12"),
    };
    static const struct amount expected[] = {
        {STR_INIT("revenue"), STR_INIT("EUR"), {0}, 20454, 50, 1},
        {STR_INIT("revenue"), STR_INIT("EUR"), STR_INIT("a=1"), 20454, 100, 7},
        {STR_INIT("revenue"), STR_INIT("EUR"), {0}, 20485, 200, 1},
        {STR_INIT("revenue"), STR_INIT("USD"), {0}, 20089, -400, 1},
        {STR_INIT("revenue/cloud"), STR_INIT("EUR"), {0}, 20454, 300, 1},
        {STR_INIT("revenue2"), STR_INIT("EUR"), {0}, 20454, 1, 1},
        {STR_INIT("visits"), {0}, {0}, 20454, 0, 3},
    };
    struct record *record = RECORD(fields);
    assert_int_equal(record_amounts(record), COUNT_OF(expected));
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        struct amount got;
        record_amount(record, i, &got);
        assert_true(str_is(got.series, expected[i].series));
        assert_true(str_is(got.unit, expected[i].unit));
        assert_true(str_is(got.labels, expected[i].labels));
        assert_int_equal(got.day, expected[i].day);
        assert_int_equal(got.number, expected[i].number);
        assert_int_equal(got.count, expected[i].count);
    }
    assert_int_equal(record_ver(record), 12);
    assert_int_equal(record_joined(record), 20089);
    record_unref(record);
}

static void terms_are_ordered_by_series_id_and_from(void **state UNUSED)
{
    const struct field fields[] = {
        F("has:training/sales:zoe:2026-01-01", "///"),
        F("has:training/sales:ann:2026-03-01", "2027-01-01/5/EUR/a=1"),
        F("has:training:bob:2026-01-01", "///"),
        F("has:training/sales:ann:2024-03-01", "2025-01-01///"),
    };
    static const char *const ids[] = {"bob", "ann", "ann", "zoe"};
    struct record *record = RECORD(fields);
    struct term term;
    assert_int_equal(record_terms(record), 4);
    for (size_t i = 0; i < 4; i++) {
        record_term(record, i, &term);
        assert_text(term.id, ids[i]);
        assert_text(term.series, i == 0 ? "training" : "training/sales");
    }
    record_term(record, 2, &term);
    assert_int_equal(term.from, test_day("2026-03-01"));
    assert_int_equal(term.until, test_day("2027-01-01"));
    assert_true(term.has_number);
    assert_int_equal(term.number, 5);
    assert_text(term.unit, "EUR");
    assert_text(term.labels, "a=1");
    assert_int_equal(record_joined(record), test_day("2024-03-01"));
    record_unref(record);
}

static struct str market_on(struct record *record, const char *day,
                            const char *until)
{
    int32_t last;
    struct str value =
        record_attribute_on(record, STR("market"), test_day(day), &last);
    assert_int_equal(last, until ? test_day(until) : DAY_NEVER);
    return value;
}

static void attributes_have_a_value_for_each_day(void **state UNUSED)
{
    const struct field fields[] = {
        F("attr:market", "BE"),          F("attr:market:2026-06-01", "DE"),
        F("attr:market:2026-01-01", ""), F("attr:market:2026-03-01", "FR"),
        F("attr:kind", "reseller"),
    };
    struct record *record = RECORD(fields);
    assert_int_equal(record_attributes(record), 2);
    assert_text(record_attribute_name(record, 0), "kind");
    assert_text(market_on(record, "2020-01-01", "2025-12-31"), "");
    assert_text(market_on(record, "2025-12-31", "2025-12-31"), "");
    assert_text(market_on(record, "2026-01-01", "2026-02-28"), "FR");
    assert_text(market_on(record, "2026-03-01", "2026-05-31"), "DE");
    assert_text(market_on(record, "2026-05-31", "2026-05-31"), "DE");
    assert_text(market_on(record, "2026-06-01", NULL), "BE");
    assert_int_equal(record_joined(record), test_day("2026-01-01"));
    struct attribute_since since[4];
    assert_int_equal(record_attribute_history(record, 1, since, 4), 4);
    assert_int_equal(since[0].from, DAY_NONE);
    assert_text(since[0].value, "");
    assert_int_equal(since[3].from, test_day("2026-06-01"));
    assert_text(since[3].value, "BE");
    assert_text(since[3].name, "market");
    assert_int_equal(record_attribute_history(record, 1, since, 1), 4);
    record_unref(record);
}

static void attributes_that_ended_or_never_changed(void **state UNUSED)
{
    const struct field fields[] = {
        F("attr:market:2026-01-01", "FR"), /* none from then on */
        F("attr:csat:2026-01-01", "4"),
        F("attr:csat:2026-02-01", "4"),
        F("attr:csat", "4"),
    };
    struct record *record = RECORD(fields);
    int32_t until;
    assert_text(market_on(record, "2025-12-31", "2025-12-31"), "FR");
    assert_text(market_on(record, "2026-01-01", NULL), "");
    assert_text(record_attribute_on(record, STR("csat"), 0, &until), "4");
    assert_int_equal(until, DAY_NEVER);
    record_unref(record);
}

static void what_cannot_be_read_is_listed(void **state UNUSED)
{
    static char name[5000];
    memset(name, 'n', sizeof(name));
    const struct field fields[] = {
        F("sum:revenue:EUR:2026-02-30", "5"),
        {{name, sizeof(name)}, STR("x")},
        F("colour", "red"),
        F("ver", "x"),
        F("held:gold:2026-01-01", "/ab"),
        F("standing:tier", "gold"),
        F("", ""),
        F("attr:market", "FR"),
    };
    struct record *record = RECORD(fields);
    assert_int_equal(record_ignored(record), 5);
    assert_text(record_ignored_name(record, 0), "");
    assert_text(record_ignored_name(record, 1), "colour");
    assert_int_equal(record_ignored_name(record, 2).len, 1024);
    assert_text(record_ignored_name(record, 3), "sum:revenue:EUR:2026-02-30");
    assert_text(record_ignored_name(record, 4), "ver");
    assert_int_equal(record_joined(record), DAY_NONE);
    record_unref(record);
}

static void fields_that_come_twice_count_once(void **state UNUSED)
{
    const struct field fields[] = {
        F("sum:revenue:EUR:2026-01-01", "5"), F("attr:market", "FR"),
        F("sum:revenue:EUR:2026-01-01", "6"), F("attr:market", "BE"),
        F("cnt:revenue:EUR:2026-01-01", "2"), F("attr:market:2026-01-01", "A"),
        F("cnt:revenue:EUR:2026-01-01", "3"), F("attr:market:2026-01-01", "B"),
    };
    struct record *record = RECORD(fields);
    struct amount amount;
    assert_int_equal(record_amounts(record), 1);
    record_amount(record, 0, &amount);
    assert_int_equal(amount.number, 5);
    assert_int_equal(amount.count, 2);
    assert_text(market_on(record, "2026-01-01", NULL), "FR");
    assert_text(market_on(record, "2025-01-01", "2025-12-31"), "A");
    record_unref(record);
}

/* The record keeps nothing of the fields it was made of. */
static void fields_may_go_after_building(void **state UNUSED)
{
    struct field *fields = malloc(sizeof(*fields));
    char *name = mem_copy_text("has:deal:D-9:2026-01-01");
    char *value = mem_copy_text("/5/EUR/a=1");
    fields->name = str_of(name);
    fields->value = str_of(value);
    struct record *record = record_new(fields, 1);
    free(fields);
    free(name);
    free(value);
    struct term term;
    record_term(record, 0, &term);
    assert_text(term.id, "D-9");
    assert_text(term.labels, "a=1");
    record_unref(record);
}

/* Thousands of entries in any order give one order. */
static void order_does_not_matter(void **state UNUSED)
{
    enum { N = 3000 };
    struct field *fields = calloc(N, sizeof(*fields));
    struct arena arena;
    uint64_t seed = 4;
    arena_init(&arena);
    for (size_t i = 0; i < N; i++) {
        char day[DAY_TEXT];
        day_text(20000 + (int32_t)i, day);
        fields[i].name =
            arena_print(&arena, "sum:revenue/s%zu:EUR:%s", i % 7, day);
        fields[i].value = arena_print(&arena, "%zu", i);
    }
    for (size_t i = 0; i < N; i++) {
        size_t j = test_random(&seed) % N;
        struct field kept = fields[i];
        fields[i] = fields[j];
        fields[j] = kept;
    }
    struct record *record = record_new(fields, N);
    struct amount before, amount;
    int64_t sum = 0;
    for (size_t i = 0; i < N; i++) {
        record_amount(record, i, &amount);
        if (i > 0 && str_is(before.series, amount.series))
            assert_true(before.day < amount.day);
        else if (i > 0)
            assert_true(str_order(before.series, amount.series) < 0);
        assert_int_equal(amount.number, amount.day - 20000);
        sum += amount.number;
        before = amount;
    }
    assert_int_equal(sum, (int64_t)N * (N - 1) / 2);
    record_unref(record);
    arena_fini(&arena);
    free(fields);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_hash_is_an_empty_record),
        cmocka_unit_test(amounts_are_joined_and_ordered),
        cmocka_unit_test(terms_are_ordered_by_series_id_and_from),
        cmocka_unit_test(attributes_have_a_value_for_each_day),
        cmocka_unit_test(attributes_that_ended_or_never_changed),
        cmocka_unit_test(what_cannot_be_read_is_listed),
        cmocka_unit_test(fields_that_come_twice_count_once),
        cmocka_unit_test(fields_may_go_after_building),
        cmocka_unit_test(order_does_not_matter),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
