/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "pages.h"

struct scene {
    struct policy *policy;
    struct record *record;
    struct arena arena;
    const struct requirement *list;
    size_t n;
};

static void scene_ask(struct scene *scene, const char *day, int tier,
                      const char *language)
{
    struct fault fault = {0};
    struct verdict verdict;
    arena_reset(&scene->arena);
    assert_true(policy_judge(scene->policy, scene->record, day_from(day),
                             &verdict, &fault));
    scene->list = policy_explain(scene->policy, &verdict, 0, tier,
                                 str_of(language), &scene->arena, &scene->n);
}

static void scene_init(struct scene *scene, struct policy *policy,
                       struct record *record)
{
    *scene = (struct scene){.policy = policy, .record = record};
    arena_init(&scene->arena);
}

static void scene_fini(struct scene *scene)
{
    arena_fini(&scene->arena);
    record_unref(scene->record);
    policy_free(scene->policy);
}

static void assert_number(const struct quantity *quantity, int kind,
                          int64_t value)
{
    assert_int_equal(quantity->kind, kind);
    assert_int_equal(quantity->value, value);
}

static void test_house(void **state UNUSED)
{
    struct scene s;
    scene_init(&s, page_house(),
               PARTNER("sum:revenue:EUR:2026-03-10", "70000000",
                       "has:training/sales:a:2026-01-10", "2026-08-31///",
                       "has:training/sales:b:2026-01-10", "///",
                       "has:training/sales:c:2026-01-10", "///",
                       "has:training/sales:d:2026-01-10", "///",
                       "has:training/sales:e:2026-01-10", "///",
                       "has:training/sales:f:2026-01-10", "///"));
    scene_ask(&s, "2026-06-30", 2, "en");
    assert_int_equal(s.n, 3);
    assert_str(s.list[0].name, "revenue");
    assert_str(s.list[0].label, "revenue of the last 12 months");
    assert_number(&s.list[0].have, QUANTITY_DECIMAL, 70000000);
    assert_number(&s.list[0].need, QUANTITY_DECIMAL, 100000000);
    assert_number(&s.list[0].gap, QUANTITY_DECIMAL, 30000000);
    assert_int_equal(s.list[0].gap.decimals, 2);
    assert_false(s.list[0].met);
    assert_int_equal(s.list[0].until, day_from("2027-03-09"));
    assert_str(s.list[1].name, "sales");
    assert_number(&s.list[1].have, QUANTITY_COUNT, 6);
    assert_number(&s.list[1].need, QUANTITY_COUNT, 5);
    assert_number(&s.list[1].gap, QUANTITY_COUNT, 0);
    assert_true(s.list[1].met);
    assert_int_equal(s.list[1].until, day_from("2026-08-31"));
    assert_str(s.list[2].name, "consultants");
    assert_number(&s.list[2].gap, QUANTITY_COUNT, 3);
    assert_int_equal(s.list[2].until, DAY_NEVER);
    assert_int_equal(s.list[2].path.len, 0);
    scene_fini(&s);
}

static void test_languages(void **state UNUSED)
{
    struct scene s;
    scene_init(&s, page_house(), PARTNER("ver", "1"));
    scene_ask(&s, "2026-06-30", 0, "fr");
    assert_int_equal(s.n, 1);
    assert_str(s.list[0].label, "chiffre d'affaires des 12 derniers mois");
    scene_ask(&s, "2026-06-30", 0, "de");
    assert_str(s.list[0].label, "chiffre d'affaires des 12 derniers mois");
    scene_ask(&s, "2026-06-30", 0, "");
    assert_str(s.list[0].label, "chiffre d'affaires des 12 derniers mois");
    scene_ask(&s, "2026-06-30", TIER_NONE, "en");
    assert_int_equal(s.n, 0);
    scene_fini(&s);
    scene_init(&s, page_load_file("paths"), PARTNER("ver", "1"));
    scene_ask(&s, "2026-06-30", 0, "en");
    assert_str(s.list[0].label, "personnes"); /* the first that has one */
    assert_str(s.list[1].label, "plan");      /* none has: the name */
    scene_fini(&s);
}

/* What is always needed, by the order of metrics; then path by path. */
static void test_order(void **state UNUSED)
{
    static const char *const names[] = {
        "people", "plan", "revenue", "revenue", "cloud", "people", "people"};
    static const char *const paths[] = {"",
                                        "",
                                        "by revenue",
                                        "by cloud",
                                        "by cloud",
                                        "by cloud/small team",
                                        "by cloud/no team"};
    struct scene s;
    scene_init(&s, page_load_file("paths"), PARTNER("ver", "1"));
    scene_ask(&s, "2026-06-30", 0, "en");
    assert_int_equal(s.n, COUNT_OF(names));
    for (size_t i = 0; i < s.n; i++) {
        assert_str(s.list[i].name, names[i]);
        assert_str(s.list[i].path, paths[i]);
    }
    assert_number(&s.list[1].have, QUANTITY_COUNT, 0);
    assert_number(&s.list[1].need, QUANTITY_COUNT, 1);
    assert_number(&s.list[3].need, QUANTITY_DECIMAL, 100000000);
    scene_fini(&s);
}

static void test_other_bounds(void **state UNUSED)
{
    struct scene s;
    scene_init(&s, page_load_file("bounds"),
               PARTNER("attr:csat", "4.9", "attr:kind", "reseller",
                       "has:training:a:2026-01-01", "///",
                       "has:training:b:2026-01-01", "///"));
    const struct ladder *ladder = &policy_program(s.policy)->ladders[0];
    scene_ask(&s, "2026-06-30", ladder_tier(ladder, STR("between")), "en");
    assert_number(&s.list[0].have, QUANTITY_DECIMAL, 49);
    assert_number(&s.list[0].need, QUANTITY_DECIMAL, 48);
    assert_number(&s.list[0].gap, QUANTITY_DECIMAL, 1);
    scene_ask(&s, "2026-06-30", ladder_tier(ladder, STR("over")), "en");
    assert_number(&s.list[0].need, QUANTITY_COUNT, 3);
    assert_number(&s.list[0].gap, QUANTITY_COUNT, 1);
    scene_ask(&s, "2026-06-30", ladder_tier(ladder, STR("at_most")), "en");
    assert_str(s.list[0].name, "deals");
    assert_number(&s.list[1].need, QUANTITY_COUNT, 1);
    assert_number(&s.list[1].gap, QUANTITY_COUNT, 1);
    scene_ask(&s, "2026-06-30", ladder_tier(ladder, STR("texts")), "en");
    assert_int_equal(s.list[1].have.kind, QUANTITY_TEXT);
    assert_str(s.list[1].have.text, "reseller");
    assert_str(s.list[1].need.text, "reseller or referral");
    assert_str(s.list[1].gap.text, "");
    scene_ask(&s, "2026-06-30", ladder_tier(ladder, STR("same")), "en");
    assert_str(s.list[0].gap.text, "technology");
    scene_fini(&s);
}

static void test_absent(void **state UNUSED)
{
    struct scene s;
    scene_init(&s, page_load_file("bounds"), PARTNER("ver", "1"));
    const struct ladder *ladder = &policy_program(s.policy)->ladders[0];
    scene_ask(&s, "2026-06-30", ladder_tier(ladder, STR("between")), "en");
    assert_int_equal(s.list[0].have.kind, QUANTITY_TEXT);
    assert_null(s.list[0].have.text.at);
    assert_false(s.list[0].met);
    assert_int_equal(s.list[0].until, DAY_NEVER);
    scene_fini(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_house),  cmocka_unit_test(test_languages),
        cmocka_unit_test(test_order),  cmocka_unit_test(test_other_bounds),
        cmocka_unit_test(test_absent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
