/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Bounds, trees and horizons. */
#include "pages.h"

static bool meets(struct policy *policy, const char *tier,
                  const struct record *record, int32_t day)
{
    struct fault fault = {0};
    struct verdict verdict;
    struct arena arena;
    size_t n;
    bool met = true;
    const struct ladder *ladder = &policy_program(policy)->ladders[0];
    int place = ladder_tier(ladder, str_of(tier));
    assert_int_not_equal(place, TIER_NONE);
    assert_true(policy_judge(policy, record, day, &verdict, &fault));
    arena_init(&arena);
    const struct requirement *list =
        policy_explain(policy, &verdict, 0, place, STR("en"), &arena, &n);
    for (size_t i = 0; i < n; i++)
        met = met && list[i].met;
    arena_fini(&arena);
    return met;
}

#define DAY "2026-06-30"
#define MEETS(policy, tier, ...) meets_once(policy, tier, PARTNER(__VA_ARGS__))

static bool meets_once(struct policy *policy, const char *tier,
                       struct record *record)
{
    bool met = meets(policy, tier, record, day_from(DAY));
    record_unref(record);
    return met;
}

static void test_numbers(void **state UNUSED)
{
    struct policy *p = page_load_file("bounds");
    assert_false(MEETS(p, "at_least", "sum:revenue:EUR:2026-01-01", "100049"));
    assert_true(MEETS(p, "at_least", "sum:revenue:EUR:2026-01-01", "100050"));
    assert_false(MEETS(p, "at_least", "sum:revenue:EUR:2025-12-31", "999999"));
    assert_false(MEETS(p, "at_least", "sum:revenue:USD:2026-01-01", "999999"));
    assert_false(MEETS(p, "below", "ver", "1"));
    assert_true(MEETS(p, "below", "sum:revenue:EUR:2026-02-01", "-1"));
    assert_false(MEETS(p, "over", "has:training:a:2026-01-01", "///",
                       "has:training:b:2026-01-01", "///"));
    assert_true(MEETS(p, "over", "has:training:a:2026-01-01", "///",
                      "has:training:b:2026-01-01", "///",
                      "has:training:c:2026-01-01", "///"));
    assert_false(MEETS(p, "at_most", "ver", "1"));
    assert_true(
        MEETS(p, "at_most", "sum:revenue:EUR:2026-06-01:class=license", "1"));
    assert_false(
        MEETS(p, "at_most", "sum:revenue:EUR:2026-06-01:class=other", "1"));
    policy_free(p);
}

static void test_attributes(void **state UNUSED)
{
    struct policy *p = page_load_file("bounds");
    assert_false(MEETS(p, "between", "ver", "1"));
    assert_false(MEETS(p, "between", "attr:csat", "4.4"));
    assert_true(MEETS(p, "between", "attr:csat", "4.5"));
    assert_true(MEETS(p, "between", "attr:csat", "4.8"));
    assert_false(MEETS(p, "between", "attr:csat", "4.9"));
    assert_true(MEETS(p, "between", "attr:csat", "4.84"));
    assert_false(MEETS(p, "between", "attr:csat", "good"));
    assert_true(MEETS(p, "same", "attr:kind", "technology"));
    assert_false(MEETS(p, "same", "attr:kind", "technolog"));
    assert_true(MEETS(p, "same", "attr:kind", "reseller,technology"));
    assert_false(MEETS(p, "same", "ver", "1"));
    policy_free(p);
}

static void test_sets(void **state UNUSED)
{
    struct policy *p = page_load_file("bounds");
    assert_true(MEETS(p, "numbers", "has:credit:a:2026-01-01", "/4/points/",
                      "has:credit:b:2026-01-01", "/3/points/"));
    assert_false(MEETS(p, "numbers", "has:credit:a:2026-01-01", "/8/points/"));
    assert_true(MEETS(p, "texts", "attr:kind", "referral",
                      "has:contract:c:2026-01-01", "///"));
    assert_false(MEETS(p, "texts", "attr:kind", "referral",
                       "has:contract:c:2026-01-01", "2026-06-29///"));
    assert_false(MEETS(p, "texts", "attr:kind", "other",
                       "has:contract:c:2026-01-01", "///"));
    policy_free(p);
}

static void test_paths(void **state UNUSED)
{
    static const struct {
        const char *plan, *revenue, *cloud, *people;
        const char *tier;
    } cases[] = {
        {"2026-06-30///", "300000000", "0", "2026-01-01///", "gold"},
        {"2026-06-29///", "300000000", "0", "2026-01-01///", "none"},
        {"///", "299999999", "0", "2030-01-01///", "none"},
        {"///", "50000000", "50000000", "2026-01-01///", "gold"},
        {"///", "49999999", "50000000", "2026-01-01///", "none"},
        {"///", "50000001", "49999999", "2026-01-01///", "none"},
        {"///", "50000000", "50000000", "2030-01-01///", "none"},
    };
    struct policy *policy = page_load_file("paths");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct record *record =
            PARTNER("has:plan:p:2026-01-01", cases[i].plan,
                    "sum:revenue:EUR:2026-03-01", cases[i].revenue,
                    "sum:revenue/cloud:EUR:2026-03-01", cases[i].cloud,
                    "has:training:a:2026-01-01", cases[i].people);
        assert_string_equal(tier_on(policy, record, day_from(DAY)),
                            cases[i].tier);
        record_unref(record);
    }
    policy_free(policy);
}

/* Until its horizon a verdict is the same, day by day, each figure until its
 * own; and a day after the horizon was never skipped. */
static void follow(struct policy *policy, const struct record *record,
                   size_t nfigures)
{
    struct fault fault = {0};
    struct figure figures[16];
    struct verdict verdict;
    int32_t end = day_from("2029-01-01"), horizon = DAY_NONE;
    int tier = TIER_NONE;
    assert_in_range(nfigures, 1, COUNT_OF(figures));
    for (int32_t day = day_from("2024-12-01"); day < end; day++) {
        assert_true(policy_judge(policy, record, day, &verdict, &fault));
        assert_true(verdict.horizon > day);
        if (day < horizon) {
            assert_int_equal(verdict.qualifies[0], tier);
            for (size_t i = 0; i < nfigures; i++)
                assert_int_equal(verdict.figures[i].value, figures[i].value);
        }
        for (size_t i = 0; day < horizon && i < nfigures; i++)
            assert_true(verdict.figures[i].horizon > day);
        tier = verdict.qualifies[0];
        horizon = verdict.horizon;
        memcpy(figures, verdict.figures, nfigures * sizeof *figures);
    }
}

static struct record *busy_partner(void)
{
    return PARTNER(
        "sum:revenue/cloud:EUR:2025-02-28", "30000000",
        "sum:revenue/license:EUR:2025-08-31", "25000000",
        "sum:revenue/license:EUR:2026-02-28:class=license", "25000000",
        "cnt:revenue/license:EUR:2026-02-28:class=license", "3",
        "sum:revenue:EUR:2026-12-31", "70000000", "sum:revenue:EUR:2027-03-01",
        "-5000000", "has:training/sales:a:2025-01-10", "2027-01-09///",
        "has:training/sales:b:2025-06-10", "2026-06-09///",
        "has:training/sales:b:2026-06-10", "2028-06-09///",
        "has:training/sales:c:2026-01-10", "///",
        "has:training/consultant:a:2026-01-10", "2026-12-31///",
        "has:training/consultant:d:2025-01-10", "2027-12-31///",
        "has:deal:D-9:2026-01-15", "2026-09-30/5000000/EUR/",
        "has:plan:p:2025-05-05", "2027-05-05///", "attr:csat", "4.8",
        "attr:csat:2026-05-01", "4.2", "attr:csat:2025-05-01", "", "attr:kind",
        "reseller");
}

static void test_horizons(void **state UNUSED)
{
    struct record *record = busy_partner();
    struct policy *house = page_house();
    follow(house, record, 3);
    policy_free(house);
    struct policy *bounds = page_load_file("bounds");
    follow(bounds, record, 7);
    policy_free(bounds);
    struct policy *paths = page_load_file("paths");
    follow(paths, record, 4);
    policy_free(paths);
    struct policy *functions = page_load_file("functions");
    follow(functions, record, 7);
    policy_free(functions);
    struct policy *today = page_load_file("today");
    follow(today, record, 1);
    policy_free(today);
    record_unref(record);
}

/* A certificate lapses tonight; nothing else happens. */
static void test_lapse(void **state UNUSED)
{
    struct policy *policy = page_house();
    struct record *record = busy_partner();
    struct fault fault;
    struct verdict verdict;
    int32_t day = day_from("2026-12-31");
    assert_true(policy_judge(policy, record, day, &verdict, &fault));
    assert_int_equal(verdict.figures[2].value, 2);
    assert_int_equal(verdict.figures[2].horizon, day + 1);
    assert_int_equal(verdict.horizon, day + 1);
    assert_true(policy_judge(policy, record, day + 1, &verdict, &fault));
    assert_int_equal(verdict.figures[2].value, 1);
    record_unref(record);
    policy_free(policy);
}

/* A sum out of range is a fault that says for how long. */
static void test_out_of_range(void **state UNUSED)
{
    struct policy *policy = page_house();
    struct record *record =
        PARTNER("sum:revenue:EUR:2026-01-01", "9000000000000000000",
                "sum:revenue:EUR:2026-01-02", "9000000000000000000");
    struct fault fault = {0};
    struct verdict verdict;
    int32_t day = day_from(DAY);
    bool judged = policy_judge(policy, record, day, &verdict, &fault);
    assert_true(verdict.horizon > day);
    if (!judged)
        assert_int_equal(fault.code, FAULT_POLICYERR);
    record_unref(record);
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_attributes),
        cmocka_unit_test(test_sets),         cmocka_unit_test(test_paths),
        cmocka_unit_test(test_horizons),     cmocka_unit_test(test_lapse),
        cmocka_unit_test(test_out_of_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
