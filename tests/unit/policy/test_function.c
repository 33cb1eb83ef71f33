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
        {HEAD "local n = 1\nmetric \"a\" { of = function(p) n = 1.0 return n "
              "end }",
         "program.lua:3: the function changes \"n\", a local outside it; an "
         "answer may not depend on earlier questions",
         FAULT_POLICYERR},
        {HEAD "local n = 0.0\nmetric \"a\" { of = function(p) n = -n return 1 "
              "end }",
         "program.lua:3: the function changes \"n\", a local outside it; an "
         "answer may not depend on earlier questions",
         FAULT_POLICYERR},
    };
    for (size_t i = 0; i < COUNT_OF(failures); i++)
        check_failure(&failures[i]);
}

static int64_t ask(struct policy *policy)
{
    struct record *record = PARTNER("ver", "1");
    struct fault fault = {0};
    struct verdict verdict;
    if (!policy_judge(policy, record, day_from("2026-06-30"), &verdict, &fault))
        fail_msg("%s", fault.text);
    record_unref(record);
    return verdict.figures[0].value;
}

/* nan is not equal to itself, but no script can tell one from another. */
static void test_nan_is_kept(void **state UNUSED)
{
    struct policy *policy =
        page_load(HEAD "local n = 0/0\nmetric \"a\" { of = function(p) if n == "
                       "n then return 2 end n = -n return 1 end }");
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(policy), 1);
    policy_free(policy);
}

static void test_kept_iterators(void **state UNUSED)
{
    static const char *const pages[] = {
        HEAD "local it = pairs { 1, 2, 3 }\nmetric \"a\" { of = function(p) "
             "return (it()) or 0 end }",
        HEAD "local t = { u = { pairs { 1, 2, 3 } } }\nmetric \"a\" { of = "
             "function(p) return (t.u[1]()) or 0 end }",
        HEAD "local it = pairs { 1 } local function f() return it() end\n"
             "metric \"a\" { of = function(p) return f() or 0 end }",
    };
    static const int lines[] = {3, 3, 2};
    struct fault fault = {0};
    char says[256];
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        snprintf(says, sizeof says,
                 "program.lua:%d: the function uses what pairs returned "
                 "outside it; call pairs inside, since an answer may not "
                 "depend on earlier questions",
                 lines[i]);
        assert_null(page_try(pages[i], &fault));
        assert_string_equal(fault.text, says);
    }
    assert_null(page_try(HEAD "metric \"a\" { of = (pairs { 1 }) }", &fault));
    assert_string_equal(fault.text,
                        "program.lua:2: metric \"a\": of: expected function(p) "
                        "... end, got a function of the libraries");
    struct policy *policy =
        page_load(HEAD "local next, t = ipairs { 5, 7 }\nmetric \"a\" { of = "
                       "function(p) local _, v = next(t, 0) return v end }");
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(policy), 5);
    policy_free(policy);
}

/* A table has no order, so neither has what is said of it. */
static void test_where(void **state UNUSED)
{
    static const struct failure failures[] = {
        {HEAD "metric \"r\" { sum = \"r\", over = \"ever\" }\n"
              "metric \"a\" { of = function(p) local w = {} for i = 1, 40 do "
              "w[\"a\" .. i] = \"x\" end w[1] = 2 return p.sum(\"r\", "
              "\"ever\", w) end }",
         "program.lua:3: p.sum: where: expected labels, such as { class = "
         "\"license\" }",
         FAULT_POLICYERR},
        {HEAD "metric \"r\" { sum = \"r\", over = \"ever\" }\n"
              "metric \"a\" { of = function(p) local w = {} for i = 1, 17 do "
              "w[\"a\" .. i] = \"x\" end return p.sum(\"r\", \"ever\", w) "
              "end }",
         "program.lua:3: p.sum: where: too many labels", FAULT_POLICYERR},
    };
    for (size_t i = 0; i < COUNT_OF(failures); i++)
        check_failure(&failures[i]);
}

/* An emptied table is as long to walk over as a full one. */
static void test_where_is_paid(void **state UNUSED)
{
    struct policy *policy = page_load(
        HEAD "metric \"r\" { sum = \"r\", over = \"ever\" }\n"
             "metric \"a\" { of = function(p) local w = {} for i = 1, 16000 do "
             "w[\"a\" .. i] = \"x\" end for i = 1, 16000 do w[\"a\" .. i] = "
             "nil end for i = 1, 2000 do p.sum(\"r\", \"ever\", w) end return "
             "1 end }");
    struct record *record = PARTNER("ver", "1");
    struct fault fault = {0};
    struct verdict verdict;
    assert_false(policy_judge(policy, record, 0, &verdict, &fault));
    assert_int_equal(fault.code, FAULT_BUDGET);
    record_unref(record);
    policy_free(policy);
}

/* Nothing of the budget depends on the garbage of earlier questions. */
static void test_full_heap_again_and_again(void **state UNUSED)
{
    struct policy *policy = page_load(
        HEAD "local s = string.rep(\"x\", 900)\n"
             "metric \"a\" { of = function(p) local t = {} for i = 1, 13000 do "
             "t[i] = s .. i end local c = 0 for i = 1, 60000 do c = c + 1 end "
             "return #t end }");
    for (int i = 0; i < 6; i++)
        assert_int_equal(ask(policy), 13000);
    policy_free(policy);
}

/* However much garbage of small questions there is, a great one costs the
 * same. */
static void test_cost_is_the_same(void **state UNUSED)
{
    struct policy *policy = page_load(
        HEAD
        "facts { attribute \"big\" }\n"
        "metric \"a\" { of = function(p) local n = p.attribute(\"big\") "
        "and 400 or 1 local t = {} for k = 1, n do t[k] = {} for i = 1, "
        "30 do t[k][i] = \"text \" .. k * 100 + i end end return #t end }");
    struct record *small = PARTNER("ver", "1"), *big = PARTNER("attr:big", "1");
    struct fault fault = {0};
    struct verdict verdict;
    int64_t cost = 0;
    for (int i = 0; i < 60; i++) {
        for (int j = 0; j < i * 3; j++)
            assert_true(policy_judge(policy, small, 0, &verdict, &fault));
        assert_true(policy_judge(policy, big, 0, &verdict, &fault));
        if (i == 0)
            cost = verdict.cost;
        assert_int_equal(verdict.cost, cost);
    }
    record_unref(small);
    record_unref(big);
    policy_free(policy);
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
        cmocka_unit_test(test_nan_is_kept),
        cmocka_unit_test(test_kept_iterators),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_where_is_paid),
        cmocka_unit_test(test_full_heap_again_and_again),
        cmocka_unit_test(test_cost_is_the_same),
        cmocka_unit_test(test_budget),
        cmocka_unit_test(test_fault_horizon),
        cmocka_unit_test(test_load_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
