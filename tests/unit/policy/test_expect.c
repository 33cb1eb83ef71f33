/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "pages.h"

#define PAGE                                                                   \
    "program { name = \"x\", currency = \"EUR\" }\n"                           \
    "metric \"revenue\" { sum = \"revenue\", over = \"last 12 months\" }\n"    \
    "metric \"sales\" { people = \"training/sales\" }\n"                       \
    "metric \"plan\" { holds = \"plan\" }\n"                                   \
    "metric \"kind\" { attribute = \"kind\" }\n"                               \
    "tier \"gold\" { margin = percent(20), needs = { revenue = 250000 } }\n"   \
    "tier \"top\" { margin = percent(30),\n"                                   \
    "  needs = { revenue = 2500000, sales = at_most(9), plan = true,\n"        \
    "            kind = \"reseller\" } }\n"                                    \
    "margin \"registered deal\" { add = percent(5), with_deal = \"deal\" }\n"

/* NULL: the expectation (on line 11) comes true. */
static void check(const char *expectation, const char *says)
{
    char page[4096];
    struct fault fault = {0};
    snprintf(page, sizeof page, "%sexpect \"e\" { %s }", PAGE, expectation);
    struct policy *policy = page_try(page, &fault);
    assert_string_equal(fault.text, says ? says : "");
    policy_free(policy);
}

static void test_with(void **state UNUSED)
{
    check("with = { revenue = 250000 }, tier = \"gold\", margin = percent(20)",
          NULL);
    check("tier = \"none\", margin = percent(0)", NULL);
    check("with = { revenue = 2500000, sales = 9, plan = true, kind = "
          "\"reseller\" }, tier = \"top\"",
          NULL);
    check("with = { revenue = 2000000, sales = 10 }, tier = \"top\"",
          "program.lua:11: expect \"e\": tier should be top, is gold: revenue "
          "2000000.00 is below 2500000.00, sales 10 is above 9, plan does not "
          "hold, kind has no value; change the expectation if you mean it");
    check(
        "with = { revenue = 2500000, plan = true, kind = \"x\" }, tier = "
        "\"top\"",
        "program.lua:11: expect \"e\": tier should be top, is gold: kind x is "
        "not reseller; change the expectation if you mean it");
    check(
        "with = { revenue = 300000 }, tier = \"none\"",
        "program.lua:11: expect \"e\": tier should be none, is gold: all that "
        "gold needs is met; change the expectation if you mean it");
    check("with = { revenue = 300000 }, deal = true, margin = percent(20)",
          "program.lua:11: expect \"e\": margin should be 20, is 25: gold 20, "
          "registered deal 5; change the expectation if you mean it");
}

static void test_facts(void **state UNUSED)
{
    check("facts = [[ ADD revenue 250000 ON 2026-03-10 ]], tier = \"gold\"",
          NULL);
    check("facts = [[ ADD revenue 250000 ON 2025-06-30 ]], tier = \"none\"",
          NULL);
    check("day = \"2026-06-29\", facts = [[ ADD revenue 250000 ON 2025-06-30 "
          "]], tier = \"gold\"",
          NULL);
    check("facts = [[\n ADD revenue 100000\n\n ADD revenue/cloud 200000\n"
          " add revenue 50000 COUNT 2\n PUT revenue/cloud 100000 ON 2026-06-30 "
          "]], tier = \"gold\"",
          NULL);
    check(
        "facts = [[ SET kind reseller\n GRANT plan p UNTIL 2026-06-30\n GRANT "
        "training/sales \"jo\" ]], with = { revenue = 2500000 }, tier = "
        "\"top\"",
        NULL);
    check("facts = [[ ADD revenue 250000\n GRANT deal D-9 ]], sale = { deal = "
          "\"D-9\", line = \"revenue/cloud\", amount = 12.5, class = \"x\" }, "
          "margin = percent(25)",
          NULL);
    check("facts = [[ ADD revenue 250000\n GRANT deal D-9 UNTIL 2026-06-01 "
          "FROM 2026-05-01 ]], sale = { deal = \"D-9\" }, margin = percent(20)",
          NULL);
    check("with = { revenue = 250000 }, deal = \"D-5\", margin = percent(25)",
          NULL);
    check("facts = [[ REVOKE plan p ]], tier = \"none\"",
          "program.lua:11: expect \"e\": facts: REVOKE has no place in an "
          "example; write GRANT ... UNTIL");
    check("sale = { line = \"hardware\" }, margin = percent(0)",
          "program.lua:11: expect \"e\": sale.line = \"hardware\": no such "
          "series of amounts");
}

/* Facts on every day of `months` months, in `n` expectations; some twice. */
static bool loads(int months, int n, struct fault *fault)
{
    struct buf page;
    buf_init(&page);
    buf_print(&page, "%slocal f = [[\n", PAGE);
    for (int i = 0; i < months * 28; i++)
        buf_print(&page, "ADD revenue 1 ON 20%02d-%02d-%02d\n",
                  10 + i / 28 / 12, i / 28 % 12 + 1, i % 28 + 1);
    buf_print(&page, "ADD revenue 1 ON 2010-01-01\n]]\n");
    for (int i = 0; i < n; i++)
        buf_print(&page, "expect \"%d\" { facts = f, tier = \"none\" }\n", i);
    buf_add_byte(&page, '\0');
    struct policy *policy = page_try(buf_peek(&page).at, fault);
    buf_fini(&page);
    policy_free(policy);
    return policy != NULL;
}

/* Lines of facts are paid for wherever they are said again. */
static void test_lines_are_paid(void **state UNUSED)
{
    struct fault fault = {0};
    if (!loads(35, 20, &fault))
        fail_msg("%s", fault.text);
    assert_false(loads(35, 600, &fault));
    assert_int_equal(fault.code, FAULT_BUDGET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_with),
        cmocka_unit_test(test_facts),
        cmocka_unit_test(test_lines_are_paid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
