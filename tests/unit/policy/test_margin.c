/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "pages.h"

/* "30 = gold 20 (tier gold since 2026-03-10) + ..." */
static void check(struct policy *policy, const char *tier,
                  const struct record *record, const struct sale *sale,
                  const char *says)
{
    char text[DECIMAL_TEXT];
    struct fault fault = {0};
    struct margin margin;
    struct arena arena;
    struct buf out;
    const struct ladder *ladder = &policy_program(policy)->ladders[0];
    arena_init(&arena);
    buf_init(&out);
    assert_true(policy_margin(policy, ladder_tier(ladder, str_of(tier)),
                              day_from("2026-03-10"), record, sale,
                              day_from("2026-06-30"), &arena, &margin, &fault));
    buf_add(&out, decimal_short(margin.percent, PERCENT_DECIMALS, text));
    for (size_t i = 0; i < margin.n; i++) {
        const struct component *one = &margin.components[i];
        struct str percent =
            decimal_short(one->percent, PERCENT_DECIMALS, text);
        buf_print(&out, " %c " STR_FMT " " STR_FMT " (" STR_FMT ")",
                  i ? '+' : '=', STR_ARG(one->name), STR_ARG(percent),
                  STR_ARG(one->reason));
    }
    assert_str(buf_peek(&out), says);
    buf_fini(&out);
    arena_fini(&arena);
}

static void test_house(void **state UNUSED)
{
    struct policy *policy = page_house();
    struct record *record = PARTNER("has:deal:D-9:2026-01-01", "2026-09-30///",
                                    "has:deal:D-8:2026-01-01", "2026-06-29///",
                                    "has:deal:D-7:2026-01-01", "///");
    const struct sale plain = {0}, held = {.deal = STR("D-9")},
                      lapsed = {.deal = STR("D-8")},
                      open = {.deal = STR("D-7")},
                      unknown = {.deal = STR("D-6")};
    const char *gold = "20 = gold 20 (tier gold since 2026-03-10)";
    check(policy, "none", record, &held, "0");
    check(policy, "gold", record, &plain, gold);
    check(policy, "gold", record, &lapsed, gold);
    check(policy, "gold", record, &unknown, gold);
    check(policy, "gold", record, &held,
          "25 = gold 20 (tier gold since 2026-03-10) + registered deal 5 "
          "(deal D-9 holds until 2026-09-30)");
    check(policy, "platinum", record, &open,
          "35 = platinum 30 (tier platinum since 2026-03-10) + registered deal "
          "5 (deal D-7 holds)");
    record_unref(record);
    policy_free(policy);
}

static void test_where(void **state UNUSED)
{
    struct policy *policy = page_load(
        "program { name = \"x\", currency = \"EUR\" }\n"
        "tier \"member\" { margin = percent(27.5) }\n"
        "margin \"spring\" { add = percent(1) }\n"
        "margin \"cloud\" { add = permille(5), where = { line = "
        "\"revenue/cloud\" } }\n"
        "margin \"new license\" { add = percent(2), with_deal = \"deal\",\n"
        "  where = { class = \"license\", kind = \"new\" } }");
    struct record *record = PARTNER("has:deal:D:2026-01-01", "2026-09-30///");
    const struct pair labels[] = {{STR("class"), STR("license")},
                                  {STR("kind"), STR("new")}};
    struct sale sale = {.line = STR("revenue/cloud/eu")};
    const char *member =
        "28.5 = member 27.5 (tier member since 2026-03-10) + spring 1 (every "
        "sale)";
    check(policy, "member", record, &sale,
          "29 = member 27.5 (tier member since 2026-03-10) + spring 1 (every "
          "sale) + cloud 0.5 (line=revenue/cloud)");
    sale = (struct sale){.line = STR("revenue/clouds"),
                         .deal = STR("D"),
                         .labels = labels,
                         .nlabels = 1};
    check(policy, "member", record, &sale, member);
    sale.nlabels = 2;
    check(policy, "member", record, &sale,
          "30.5 = member 27.5 (tier member since 2026-03-10) + spring 1 (every "
          "sale) + new license 2 (deal D holds until 2026-09-30, "
          "class=license, kind=new)");
    sale.deal = (struct str){NULL, 0};
    check(policy, "member", record, &sale, member);
    record_unref(record);
    policy_free(policy);
}

/* A label that is the name again, or none, adds nothing. */
static void test_labels(void **state UNUSED)
{
    struct policy *policy = page_load(
        "program { name = \"x\", currency = \"EUR\", languages = { \"en\", "
        "\"de\" } }\n"
        "tier \"t\" { margin = percent(1) }\n"
        "margin \"a\" { add = percent(1), label = { en = \"A\", de = \"Eins\" "
        "} }\n"
        "margin \"b\" { add = percent(2), label = { de = \"Zwei\" } }\n"
        "margin \"c\" { add = percent(3) }");
    struct record *record = PARTNER("ver", "1");
    const struct sale sale = {0};
    check(policy, "t", record, &sale,
          "7 = t 1 (tier t since 2026-03-10) + a 1 (every sale) + b 2 (Zwei: "
          "every sale) + c 3 (every sale)");
    record_unref(record);
    policy_free(policy);
}

#define MARGINS(more)                                                          \
    "program { name = \"x\", currency = \"EUR\" }\n"                           \
    "tier \"low\" { margin = percent(50) } tier \"high\" { margin = "          \
    "percent(30) }\n" more

static void check_refused(const char *page, const char *says)
{
    struct fault fault = {0};
    assert_null(page_try(page, &fault));
    assert_string_equal(fault.text, says);
    assert_int_equal(fault.code, FAULT_POLICYERR);
}

static void test_more_than_all_is_refused_at_load(void **state UNUSED)
{
    check_refused(
        MARGINS("margin \"a\" { add = percent(50) }\n"
                "margin \"b\" { add = permille(5), with_deal = \"deal\" }"),
        "program.lua:4: margin \"b\": one sale could earn 100.5 %, more than "
        "100 %: 50 % of tier \"low\" and what the margins add");
    check_refused(
        MARGINS("margin \"a\" { add = percent(51) }"),
        "program.lua:3: margin \"a\": one sale could earn 101 %, more "
        "than 100 %: 50 % of tier \"low\" and what the margins add");
    check_refused(
        MARGINS("margin \"a\" { add = percent(9), where = { line = \"r\" } }\n"
                "margin \"b\" { add = percent(30), where = { line = \"q\" } }\n"
                "margin \"c\" { add = percent(42), where = { line = \"r/x\", k "
                "= \"v\" } }"),
        "program.lua:5: margin \"c\": one sale could earn 101 %, more than 100 "
        "%: 50 % of tier \"low\" and what the margins add");
}

static void test_margins_that_exclude_each_other(void **state UNUSED)
{
    policy_free(page_load(MARGINS("margin \"a\" { add = percent(50) }")));
    policy_free(page_load(MARGINS(
        "margin \"a\" { add = percent(40), where = { k = \"a\" } }\n"
        "margin \"b\" { add = percent(40), where = { k = \"b\" } }\n"
        "margin \"c\" { add = percent(9), where = { line = \"r\" } }\n"
        "margin \"d\" { add = percent(9), where = { line = \"rx\" } }")));
}

/* The load takes margins as they come, and misses that b, d and e meet. */
static void test_more_than_all_is_refused_on_a_sale(void **state UNUSED)
{
    struct policy *policy = page_load(
        MARGINS("margin \"a\" { add = percent(1), where = { x = \"1\", y = "
                "\"1\" } }\n"
                "margin \"a2\" { add = percent(1), where = { y = \"1\", z = "
                "\"1\" } }\n"
                "margin \"a3\" { add = percent(1), where = { x = \"1\", z = "
                "\"1\" } }\n"
                "margin \"b\" { add = percent(20), where = { x = \"2\" } }\n"
                "margin \"c\" { add = percent(20), where = { y = \"2\" } }\n"
                "margin \"d\" { add = percent(20), where = { z = \"2\" } }"));
    const struct pair labels[] = {
        {STR("x"), STR("2")}, {STR("y"), STR("2")}, {STR("z"), STR("2")}};
    struct sale sale = {.labels = labels, .nlabels = 3};
    struct record *record = PARTNER("ver", "1");
    struct fault fault = {0};
    struct margin margin;
    struct arena arena;
    arena_init(&arena);
    assert_false(policy_margin(policy, 0, DAY_NONE, record, &sale,
                               day_from("2026-06-30"), &arena, &margin,
                               &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    assert_string_equal(fault.text,
                        "margin: the parts add up to 110 %, more than 100 %");
    arena_fini(&arena);
    record_unref(record);
    policy_free(policy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_house),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_labels),
        cmocka_unit_test(test_more_than_all_is_refused_at_load),
        cmocka_unit_test(test_margins_that_exclude_each_other),
        cmocka_unit_test(test_more_than_all_is_refused_on_a_sale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
