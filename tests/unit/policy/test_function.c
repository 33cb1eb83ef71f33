/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Metrics that are functions: what they read, and how they fail. */
#include "pages.h"

#define HEAD "program { name = \"x\", currency = \"EUR\" }\n"
#define OF(body) HEAD "metric \"a\" { of = function(p) " body " end }"

static void test_accessors(void **state UNUSED)
{
    static const int64_t expected[] = {
        2 * 100050 + 25000, /* weighted */
        3,                  /* licensed */
        102,                /* team */
        500025,             /* pipeline */
        48,                 /* csat */
        2,                  /* season */
        2,                  /* half: rounded half-even */
    };
    struct policy *policy = page_load_file("functions");
    struct record *record =
        PARTNER("sum:revenue/cloud:EUR:2026-03-01", "100050",
                "sum:revenue/license:EUR:2026-03-01:class=license", "25000",
                "cnt:revenue/license:EUR:2026-03-01:class=license", "3",
                "has:training/sales:a:2026-01-01", "///",
                "has:training/consultant:b:2026-01-01", "2026-07-15///",
                "has:deal:D-9:2026-01-01", "2026-09-30/500025/EUR/",
                "attr:csat", "4.8");
    struct fault fault = {0};
    struct verdict verdict;
    int32_t day = day_from("2026-06-30");
    assert_true(policy_judge(policy, record, day, &verdict, &fault));
    for (size_t i = 0; i < COUNT_OF(expected); i++)
        assert_int_equal(verdict.figures[i].value, expected[i]);
    assert_int_equal(verdict.figures[0].horizon, day_from("2027-03-01"));
    assert_int_equal(verdict.figures[2].horizon, day_from("2026-07-16"));
    assert_int_equal(verdict.figures[5].horizon, day + 1);
    assert_int_equal(verdict.figures[6].horizon, DAY_NEVER);
    assert_int_equal(verdict.horizon, day + 1);
    record_unref(record);
    policy_free(policy);
}

struct failure {
    const char *page, *says;
    enum fault_code code;
};

static void check_failure(const struct failure *failure)
{
    struct policy *policy = page_load(failure->page);
    struct record *record = PARTNER("attr:kind", "reseller");
    struct fault fault = {0};
    struct verdict verdict;
    int32_t day = day_from("2026-06-30");
    for (int again = 0; again < 3; again++) {
        assert_false(policy_judge(policy, record, day, &verdict, &fault));
        assert_string_equal(fault.text, failure->says);
        assert_int_equal(fault.code, failure->code);
        assert_true(verdict.horizon > day);
        assert_int_equal(verdict.qualifies[0], TIER_NONE);
    }
    record_unref(record);
    policy_free(policy);
}

static void test_failures(void **state UNUSED)
{
    static const struct failure failures[] = {
        {OF("return \"3\""),
         "program.lua:2: metric \"a\": expected a number as the result, got "
         "string",
         FAULT_POLICYERR},
        {OF(""),
         "program.lua:2: metric \"a\": expected a number as the result, got "
         "nil",
         FAULT_POLICYERR},
        {OF("return 0/0"),
         "program.lua:2: metric \"a\": expected a number as the result, got "
         "one that is not finite or too large",
         FAULT_POLICYERR},
        {OF("return p.sums(\"x\")"),
         "program.lua:2: p.sums: no such accessor; did you mean p.sum?",
         FAULT_POLICYERR},
        {OF("return p:people(\"x\")"),
         "program.lua:2: p.people: write it with a point, not with a colon",
         FAULT_POLICYERR},
        {OF("return p.people(\"x\")"),
         "program.lua:2: p.people: \"x\": no such series of terms; declare it "
         "in facts",
         FAULT_POLICYERR},
        {OF("return p.attribute(\"kin\")"),
         "program.lua:2: p.attribute: \"kin\": no such attribute; did you mean "
         "kind?",
         FAULT_POLICYERR},
        {OF("return p.before(\"2026-02-30\")"),
         "program.lua:2: p.before: expected an existing day, such as "
         "\"2026-03-31\"",
         FAULT_POLICYERR},
        {OF("p.x = 1 return 1"), "program.lua:2: p cannot be changed",
         FAULT_POLICYERR},
        {OF("x = 1 return 1"),
         "program.lua:2: x = ...: a name of your own is local; write local x = "
         "...",
         FAULT_POLICYERR},
        {OF("tier \"x\" { } return 1"),
         "program.lua:2: tier belongs on the page, not into a function",
         FAULT_POLICYERR},
    };
    for (size_t i = 0; i < COUNT_OF(failures); i++)
        check_failure(&failures[i]);
}

/* Nothing is kept between questions. */
static void test_memory(void **state UNUSED)
{
    static const struct failure failures[] = {
        {HEAD "local n = 0\nmetric \"a\" { of = function(p) n = n + 1 return n "
              "end }",
         "program.lua:3: the function changes \"n\", a local outside it; an "
         "answer may not depend on earlier questions",
         FAULT_POLICYERR},
        {HEAD "local t = { u = {} }\nlocal function f() t.u.x = 1 return 1 "
              "end\nmetric \"a\" { of = function(p) return f() end }",
         "program.lua:3: a table from outside a function cannot be changed",
         FAULT_POLICYERR},
        {HEAD "local t = { 1 }\nmetric \"a\" { of = function(p) "
              "table.insert(t, 1) return #t end }",
         "program.lua:3: a table from outside a function cannot be changed",
         FAULT_POLICYERR},
        {HEAD "local n = 0\nmetric \"a\" { of = function(p) n = n + 1 "
              "error(\"n is \" .. n) end }",
         "program.lua:3: n is 1", FAULT_POLICYERR},
    };
    for (size_t i = 0; i < COUNT_OF(failures); i++)
        check_failure(&failures[i]);
}

static void test_budget(void **state UNUSED)
{
    static const char *const pages[] = {
        OF("while true do end"),
        OF("local s = \"x\" while true do s = s .. s end"),
        HEAD "facts { term \"x\" }\nmetric \"a\" { of = function(p) while true "
             "do p.people(\"x\") end end }",
    };
    struct record *record = PARTNER("ver", "1");
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        struct policy *policy = page_load(pages[i]);
        struct fault fault = {0};
        struct verdict verdict;
        assert_false(policy_judge(policy, record, 0, &verdict, &fault));
        assert_int_equal(fault.code, FAULT_BUDGET);
        assert_int_equal(verdict.horizon, 1);
        policy_free(policy);
    }
    record_unref(record);
}

/* A failure that depends on the day is not kept beyond it. */
static void test_fault_horizon(void **state UNUSED)
{
    struct policy *policy =
        page_load(OF("if p.before(\"2026-07-05\") then error(\"not yet\") end "
                     "return 1"));
    struct record *record = PARTNER("ver", "1");
    struct fault fault = {0};
    struct verdict verdict;
    assert_false(
        policy_judge(policy, record, day_from("2026-06-30"), &verdict, &fault));
    assert_int_equal(verdict.horizon, day_from("2026-07-05"));
    assert_string_equal(fault.text, "program.lua:2: not yet");
    assert_true(
        policy_judge(policy, record, day_from("2026-07-05"), &verdict, &fault));
    record_unref(record);
    policy_free(policy);
}

static void test_load_budget(void **state UNUSED)
{
    struct fault fault = {0};
    assert_null(page_try(HEAD "while true do end", &fault));
    assert_int_equal(fault.code, FAULT_BUDGET);
    assert_null(
        page_try(HEAD "local t = {} while true do t[#t + 1] = t end", &fault));
    assert_int_equal(fault.code, FAULT_BUDGET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accessors),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_fault_horizon),
        cmocka_unit_test(test_load_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
