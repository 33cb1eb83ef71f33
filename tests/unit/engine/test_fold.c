/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The standing as a fold: visiting only horizons gives what asking day by day
 * gives, and each day is judged by the version in force on it. */
#include "engine/fold.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static int32_t day_of(const char *text)
{
    int32_t day = DAY_NONE;

    assert_true(day_parse(str_of(text), &day));
    return day;
}

/* "field", "value", ..., NULL */
static struct record *record_of(const char *const *texts)
{
    struct field fields[64];
    size_t n = 0;

    for (; texts[2 * n]; n++)
        fields[n] =
            (struct field){str_of(texts[2 * n]), str_of(texts[2 * n + 1])};
    return record_new(fields, n);
}

static const char *const climber[] = {
    "attr:kind",
    "reseller",
    "attr:kind:2024-01-10",
    "",
    "sum:revenue/cloud:EUR:2024-03-01",
    "6000000",
    "sum:revenue/cloud:EUR:2024-06-15:customer=c1",
    "30000000",
    "sum:revenue/cloud:EUR:2025-02-28",
    "100000",
    "has:training/sales:a:2024-02-01",
    "2026-01-31///",
    "has:training/sales:b:2024-02-01",
    "///",
    "has:training/sales:c:2024-09-01",
    "2025-05-01///",
    "has:training/consultant:d:2024-02-01",
    "///",
    "has:training/consultant:e:2024-02-01",
    "2025-06-01///",
    "ver",
    "9",
    NULL};

static struct versions *versions_of(struct timeline *timeline,
                                    const char *today)
{
    struct fault fault = {0};
    struct versions *versions =
        versions_new(timeline, day_of(today), NULL, &fault);

    if (!versions)
        fail_msg("%s", fault.text);
    return versions;
}

static struct versions *house_versions(void)
{
    struct bundle *bundle = bundle_house();
    const struct timeline_row row = {day_of("2024-01-01"), 1, bundle};
    struct timeline *timeline = timeline_new(&row, 1);
    struct versions *versions = versions_of(timeline, "2025-01-01");

    timeline_unref(timeline);
    bundle_unref(bundle);
    return versions;
}

static struct folded fold(struct versions *versions, struct record *record,
                          int32_t day)
{
    struct counters counters = {0};
    struct folded folded;
    struct fault fault = {0};

    if (!fold_standing(versions, record, 0, day, &counters, &folded, &fault))
        fail_msg("%s", fault.text);
    return folded;
}

static void assert_standing(struct versions *versions, struct record *record,
                            const char *day, const char *tier,
                            const char *since)
{
    struct folded folded = fold(versions, record, day_of(day));
    const struct ladder *ladder = policy_program(folded.policy)->ladders;
    struct str name = ladder_tier_name(ladder, folded.standing.tier);
    char text[DAY_TEXT];
    struct str reached = day_text(folded.standing.since, text);

    assert_true(str_is(name, str_of(tier)));
    assert_true(str_is(reached, str_of(since)));
}

static void a_partner_climbs_and_falls(void **state UNUSED)
{
    struct versions *versions = house_versions();
    struct record *record = record_of(climber);

    assert_standing(versions, record, "2024-01-09", "none", NULL);
    assert_standing(versions, record, "2024-01-10", "none", "2024-01-10");
    assert_standing(versions, record, "2024-03-01", "silver", "2024-03-01");
    assert_standing(versions, record, "2024-08-31", "silver", "2024-03-01");
    assert_standing(versions, record, "2024-09-01", "gold", "2024-09-01");
    assert_standing(versions, record, "2025-05-01", "gold", "2024-09-01");
    assert_standing(versions, record, "2025-05-02", "silver", "2025-05-02");
    assert_standing(versions, record, "2025-06-14", "silver", "2025-05-02");
    assert_standing(versions, record, "2025-06-15", "none", "2025-06-15");
    record_unref(record);
    versions_free(versions);
}

/* The property behind every horizon: stepping through each day, whether a
 * horizon or not, ends in the same standing. */
static void folding_equals_asking_day_by_day(void **state UNUSED)
{
    struct versions *versions = house_versions();
    struct record *record = record_of(climber);
    struct standing held = {.tier = TIER_NONE, .since = DAY_NONE};
    struct fault fault = {0};
    struct policy *policy = versions_policy(versions, 0, &fault);

    assert_non_null(policy);
    for (int32_t day = record_joined(record); day < day_of("2026-06-01");
         day++) {
        struct verdict verdict;
        struct standing next;
        assert_true(policy_judge(policy, record, day, &verdict, &fault));
        policy_step(policy, 0, &held, &verdict, day, &next);
        held = next;
        struct folded folded = fold(versions, record, day);
        assert_int_equal(folded.standing.tier, held.tier);
        assert_int_equal(folded.standing.since, held.since);
        assert_true(folded.horizon > day);
    }
    record_unref(record);
    versions_free(versions);
}

static struct bundle *bundle_with_gold_at(const char *revenue)
{
    char page[2048];
    struct fault fault = {0};
    int n = snprintf(
        page, sizeof(page),
        "program { name = \"p\", currency = \"EUR\", timezone = \"UTC\","
        " languages = { \"en\" } }\n"
        "facts { amount \"revenue\" { unit = \"EUR\" } }\n"
        "metric \"revenue\" { sum = \"revenue\", over = \"last 12 months\" }\n"
        "tier \"gold\" { margin = percent(20), needs = { revenue = %s } }\n"
        "movement { up = \"at once\", down = \"at once\" }\n",
        revenue);
    const struct bundle_file file = {STR("program.lua"), {page, (size_t)n}};
    struct bundle *bundle = bundle_new(&file, 1, &fault);

    if (!bundle)
        fail_msg("%s", fault.text);
    return bundle;
}

static void each_day_by_its_own_version(void **state UNUSED)
{
    struct bundle *first = bundle_with_gold_at("1000");
    struct bundle *second = bundle_with_gold_at("5000");
    const struct timeline_row rows[] = {{day_of("2025-01-01"), 1, first},
                                        {day_of("2025-07-01"), 2, second}};
    struct timeline *timeline = timeline_new(rows, COUNT_OF(rows));
    struct versions *versions = versions_of(timeline, "2025-01-01");
    const char *const texts[] = {"sum:revenue:EUR:2025-03-01", "300000", "ver",
                                 "1", NULL};
    struct record *record = record_of(texts);

    assert_standing(versions, record, "2025-03-01", "gold", "2025-03-01");
    assert_standing(versions, record, "2025-06-30", "gold", "2025-03-01");
    assert_standing(versions, record, "2025-07-01", "none", "2025-07-01");
    assert_int_equal(fold(versions, record, day_of("2025-05-05")).horizon,
                     day_of("2025-07-01"));
    record_unref(record);
    versions_free(versions);
    timeline_unref(timeline);
    bundle_unref(first);
    bundle_unref(second);
}

static void a_past_version_that_does_not_load_says_so(void **state UNUSED)
{
    struct bundle *broken = bundle_with_gold_at("what");
    struct bundle *good = bundle_with_gold_at("1000");
    const struct timeline_row rows[] = {{day_of("2025-01-01"), 1, broken},
                                        {day_of("2025-07-01"), 2, good}};
    struct timeline *timeline = timeline_new(rows, COUNT_OF(rows));
    struct versions *versions = versions_of(timeline, "2025-07-01");
    struct record *record = record_of(climber);
    struct counters counters = {0};
    struct folded folded;
    struct fault fault = {0};

    assert_false(fold_standing(versions, record, 0, day_of("2025-02-01"),
                               &counters, &folded, &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    record_unref(record);
    versions_free(versions);
    timeline_unref(timeline);
    bundle_unref(broken);
    bundle_unref(good);
}

static void what_does_not_load_is_not_adopted(void **state UNUSED)
{
    struct bundle *broken = bundle_with_gold_at("what");
    const struct timeline_row row = {day_of("2025-01-01"), 1, broken};
    struct timeline *timeline = timeline_new(&row, 1);
    struct versions *before = house_versions();
    struct fault fault = {0};

    assert_null(versions_new(timeline, day_of("2025-02-01"), before, &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    assert_non_null(versions_policy(before, 0, &fault));
    versions_free(before);
    timeline_unref(timeline);
    bundle_unref(broken);
}

/* A page that reads the day is judged anew for each day; a partner who joined
 * long ago must not hold up everybody else. */
static void a_fold_has_a_budget(void **state UNUSED)
{
    static const char page[] =
        "program { name = \"p\", currency = \"EUR\", timezone = \"UTC\","
        " languages = { \"en\" } }\n"
        "metric \"odd\" { of = function(p) local n = 0\n"
        "  for i = 1, 2000 do n = n + 1 end\n"
        "  if p.day < \"2026-01-01\" then return 1 end return n end }\n"
        "tier \"gold\" { margin = percent(20), needs = { odd = 2 } }\n"
        "movement { up = \"at once\", down = \"at once\" }\n";
    const struct bundle_file file = {STR("program.lua"),
                                     {page, sizeof(page) - 1}};
    struct fault fault = {0};
    struct bundle *bundle = bundle_new(&file, 1, &fault);
    const struct timeline_row row = {day_of("2025-01-01"), 1, bundle};
    struct timeline *timeline = timeline_new(&row, 1);
    struct versions *versions = versions_of(timeline, "2025-01-01");
    struct record *record = record_of(climber);
    struct counters counters = {0};
    struct folded folded;

    if (!fold_standing(versions, record, 0, day_of("2024-12-31"), &counters,
                       &folded, &fault))
        fail_msg("%s", fault.text);
    assert_false(fold_standing(versions, record, 0, day_of("9999-12-31"),
                               &counters, &folded, &fault));
    assert_int_equal(fault.code, FAULT_BUDGET);
    assert_int_equal(counter_read(&counters, COUNTER_budget_exhausted), 1);
    record_unref(record);
    versions_free(versions);
    timeline_unref(timeline);
    bundle_unref(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_partner_climbs_and_falls),
        cmocka_unit_test(folding_equals_asking_day_by_day),
        cmocka_unit_test(each_day_by_its_own_version),
        cmocka_unit_test(a_past_version_that_does_not_load_says_so),
        cmocka_unit_test(what_does_not_load_is_not_adopted),
        cmocka_unit_test(a_fold_has_a_budget),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
