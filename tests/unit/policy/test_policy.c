/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The house program, from facts to answers. */
#include "pages.h"

/* A partner with this much revenue (in cents) and so many people trained, all
 * on fixed days of 2026. */
static struct record *house_partner(int64_t cents, int sales, int consultants)
{
    char names[32][64], sum[32];
    struct field fields[32];
    size_t n = 0;
    snprintf(sum, sizeof sum, "%lld", (long long)cents);
    fields[n++] =
        (struct field){STR("sum:revenue:EUR:2026-03-10"), str_of(sum)};
    for (int i = 0; i < sales + consultants; i++, n++) {
        snprintf(names[n], sizeof names[n], "has:training/%s:p%d:2026-01-10",
                 i < sales ? "sales" : "consultant", i);
        fields[n] = (struct field){str_of(names[n]), STR("2028-01-09///")};
    }
    return record_new(fields, n);
}

static void test_house_boundaries(void **state UNUSED)
{
    static const struct {
        int64_t cents;
        int sales, consultants;
        const char *tier;
    } cases[] = {
        {0, 9, 9, "none"},
        {4999999, 9, 9, "none"},
        {5000000, 0, 0, "silver"},
        {5000001, 9, 9, "silver"},
        {24999999, 3, 2, "silver"},
        {25000000, 3, 2, "gold"},
        {25000000, 2, 2, "silver"},
        {25000000, 3, 1, "silver"},
        {99999999, 5, 3, "gold"},
        {100000000, 5, 3, "platinum"},
        {100000000, 4, 3, "gold"},
        {100000000, 5, 2, "gold"},
        {100000000, 0, 0, "silver"},
        {INT64_C(1000000000000), 15, 15, "platinum"},
        {-100, 9, 9, "none"},
    };
    struct policy *policy = page_house();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct record *record =
            house_partner(cases[i].cents, cases[i].sales, cases[i].consultants);
        assert_string_equal(tier_on(policy, record, day_from("2026-06-30")),
                            cases[i].tier);
        record_unref(record);
    }
    policy_free(policy);
}

static void test_house_program(void **state UNUSED)
{
    struct policy *policy = page_house();
    const struct program *program = policy_program(policy);
    assert_str(program->name, "Programme partenaires");
    assert_str(program->currency, "EUR");
    assert_str(program->timezone, "Europe/Paris");
    assert_int_equal(program->nlanguages, 2);
    assert_str(program->languages[0], "fr");
    assert_int_equal(program->nladders, 1);
    assert_int_equal(program_ladder(program, STR("")), 0);
    assert_int_equal(program_ladder(program, STR("storage")), -1);
    const struct ladder *ladder = &program->ladders[0];
    assert_int_equal(ladder->ntiers, 3);
    assert_int_equal(ladder_tier(ladder, STR("gold")), 1);
    assert_int_equal(ladder_tier(ladder, STR("none")), TIER_NONE);
    assert_str(ladder_tier_name(ladder, TIER_NONE), "none");
    assert_int_equal(ladder->tiers[2].margin, PERCENT(30));
    assert_true(policy_is_memoryless(policy, 0));
    assert_true(policy_peak_bytes(policy) > 0);
    policy_free(policy);
}

static void test_house_schema(void **state UNUSED)
{
    struct policy *policy = page_house();
    const struct schema *schema = &policy_program(policy)->schema;
    const struct series *cloud =
        schema_series(schema, STR("revenue/cloud"), SERIES_AMOUNT);
    assert_non_null(cloud);
    assert_str(cloud->unit, "EUR");
    assert_int_equal(cloud->decimals, 2);
    assert_non_null(schema_series(schema, STR("training/sales"), SERIES_TERM));
    assert_non_null(schema_series(schema, STR("deal"), SERIES_TERM));
    assert_null(schema_series(schema, STR("revenu"), SERIES_AMOUNT));
    assert_true(schema_has_attribute(schema, STR("csat")));
    assert_true(schema_has_attribute(schema, STR("market")));
    assert_false(schema_has_attribute(schema, STR("csta")));
    policy_free(policy);
}

static void test_step(void **state UNUSED)
{
    struct policy *policy = page_house();
    struct standing held = {.tier = TIER_NONE, .since = DAY_NONE}, next;
    int qualifies = TIER_NONE;
    struct verdict verdict = {.qualifies = &qualifies};
    policy_step(policy, 0, &held, &verdict, 100, &next);
    assert_int_equal(next.tier, TIER_NONE);
    assert_int_equal(next.since, 100);
    assert_int_equal(next.state, STANDING_HELD);
    assert_int_equal(next.review, DAY_NONE);
    held = next;
    policy_step(policy, 0, &held, &verdict, 120, &next);
    assert_int_equal(next.since, 100);
    qualifies = 2;
    policy_step(policy, 0, &held, &verdict, 130, &next);
    assert_int_equal(next.tier, 2);
    assert_int_equal(next.since, 130);
    held = next;
    qualifies = 0;
    policy_step(policy, 0, &held, &verdict, 140, &next);
    assert_int_equal(next.tier, 0);
    assert_int_equal(next.since, 140);
    assert_string_equal(standing_state_word(next.state), "held");
    policy_free(policy);
}

/* Two loads of one bundle are the same page. */
static void test_deterministic(void **state UNUSED)
{
    struct policy *one = page_house(), *other = page_house();
    struct arena arena;
    struct record *record = house_partner(30000000, 4, 2);
    struct fault fault;
    size_t n = 99;
    arena_init(&arena);
    assert_str(bundle_sha(policy_bundle(one)),
               arena_copy(&arena, bundle_sha(policy_bundle(other))).at);
    policy_differences(one, other, &arena, &n);
    assert_int_equal(n, 0);
    for (int32_t day = day_from("2026-01-01"); day < day_from("2028-06-01");
         day += 7) {
        struct verdict a, b;
        assert_true(policy_judge(one, record, day, &a, &fault));
        assert_true(policy_judge(other, record, day, &b, &fault));
        assert_int_equal(a.horizon, b.horizon);
        assert_int_equal(a.qualifies[0], b.qualifies[0]);
        assert_memory_equal(a.figures, b.figures, 3 * sizeof *a.figures);
    }
    record_unref(record);
    arena_fini(&arena);
    policy_free(one);
    policy_free(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_house_boundaries),
        cmocka_unit_test(test_house_program),
        cmocka_unit_test(test_house_schema),
        cmocka_unit_test(test_step),
        cmocka_unit_test(test_deterministic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
