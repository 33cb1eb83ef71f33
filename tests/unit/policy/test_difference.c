/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "pages.h"

#define HEAD "program { name = \"x\", currency = \"EUR\" }\n"
#define METRICS                                                                \
    "metric \"revenue\" { sum = \"revenue\", over = \"last 12 months\" }\n"    \
    "metric \"sales\" { people = \"training/sales\" }\n"                       \
    "metric \"kind\" { attribute = \"kind\" }\n"

static void check(const char *before, const char *after, const char *says)
{
    struct policy *one = page_load(before), *other = page_load(after);
    struct arena arena;
    struct buf text;
    size_t n;
    arena_init(&arena);
    buf_init(&text);
    const struct str *lines = policy_differences(one, other, &arena, &n);
    for (size_t i = 0; i < n; i++)
        buf_print(&text, "%s" STR_FMT, i ? "\n" : "", STR_ARG(lines[i]));
    assert_str(buf_peek(&text), says);
    buf_fini(&text);
    arena_fini(&arena);
    policy_free(one);
    policy_free(other);
}

static void test_bounds(void **state UNUSED)
{
    check(HEAD METRICS "tier \"gold\" { needs = { revenue = 250000 } }",
          HEAD METRICS "tier \"gold\" { needs = { revenue = 350000 } }",
          "gold now needs revenue 350000.00 (was 250000.00)");
    check(HEAD METRICS
          "tier \"gold\" { needs = { revenue = 250000, sales = 3 } }",
          HEAD METRICS "tier \"gold\" { needs = { revenue = over(250000), kind "
                       "= one_of { \"a\", \"b\" } } }",
          "gold now needs revenue over 250000.00 (was 250000.00)\n"
          "gold now needs kind a or b\n"
          "gold no longer needs sales 3");
    check(HEAD METRICS "tier \"gold\" { needs = { any { { \"big\", revenue = 9 "
                       "}, { \"many\", sales = between(4, 9) } } } }",
          HEAD METRICS "tier \"gold\" { needs = { any { { \"big\", revenue = 8 "
                       "}, { \"many\", sales = at_most(9) } } } }",
          "gold now needs revenue 8.00 (big) (was 9.00)\n"
          "gold now needs sales at most 9 (many) (was between 4 and 9)");
}

static void test_tiers(void **state UNUSED)
{
    check(HEAD METRICS "tier \"a\" { margin = percent(10) } tier \"b\" { }",
          HEAD METRICS "tier \"b\" { } tier \"a\" { margin = percent(12.5) } "
                       "tier \"c\" { margin = percent(20), needs = { revenue = "
                       "1, sales = below(9) } } tier \"d\" { }",
          "a now earns 12.5 % (was 10 %)\n"
          "c is new: margin 20 %, needs revenue 1.00, sales below 9\n"
          "d is new: margin 0 %, needs nothing\n"
          "the tiers stand in another order");
    check(HEAD "tier \"a\" { } tier \"b\" { }", HEAD "tier \"b\" { }",
          "a is gone");
}

static void test_rest(void **state UNUSED)
{
    check(HEAD,
          "program { name = \"x\", currency = \"USD\", timezone = "
          "\"Asia/Tokyo\", year_from = \"1 April\" }",
          "the currency is now USD (was EUR)\n"
          "the time zone is now Asia/Tokyo (was UTC)\n"
          "the year now begins on 04-01 (was 01-01)");
    check(HEAD "metric \"revenue\" { sum = \"revenue\", over = \"last 12 "
               "months\" }",
          HEAD "metric \"revenue\" { sum = \"revenue/cloud\", over = "
               "\"calendar year\", where = { class = \"license\" } }",
          "revenue is now sum of revenue/cloud over calendar year where "
          "class=license (was sum of revenue over last 12 months)");
    check(HEAD "margin \"m\" { add = percent(5), with_deal = \"deal\" } margin "
               "\"n\" { add = percent(1) }",
          HEAD "margin \"m\" { add = percent(6), with_deal = \"deal\", where = "
               "{ class = \"a\" } } margin \"o\" { add = percent(2) }",
          "m now adds 6 % (was 5 %)\n"
          "m now applies with a deal where class=a (was with a deal)\n"
          "o is new: adds 2 % on every sale\n"
          "n is gone");
}

static void test_metrics(void **state UNUSED)
{
    check(HEAD METRICS,
          HEAD "metric \"sales\" { people = \"training/sales\" }\n"
               "metric \"turnover\" { sum = \"revenue\", over = \"last 12 "
               "months\" }\n"
               "metric \"experts\" { people = \"training/expert\" }",
          "metric \"revenue\" is now named \"turnover\"\n"
          "metric \"experts\" is new: people of training/expert\n"
          "metric \"kind\" is gone");
    check(HEAD METRICS,
          HEAD "metric \"turnover\" { sum = \"revenue\", over = \"last 12 "
               "months\" }\n"
               "metric \"sales\" { people = \"training/sales\" }\n"
               "metric \"kind\" { attribute = \"kind\" }",
          "metric \"revenue\" is now named \"turnover\"");
}

static void test_functions(void **state UNUSED)
{
    const char *before = HEAD "metric \"a\" { of = function(p)\n"
                              "  return 1\nend }\n"
                              "metric \"b\" { of = function(p) return 2 end }";
    check(before,
          HEAD "-- moved\nmetric \"a\" { of =\n function(p) -- counted\n"
               "  return   1 end, label = \"A\" }\n"
               "metric \"b\" { of = function(p) return 2 end }",
          "");
    check(before,
          HEAD "metric \"a\" { of = function(p)\n  return 1 + 1\nend }\n"
               "metric \"b\" { of = function(p) return 2 end }",
          "metric \"a\": its function changed");
    check(before,
          HEAD "metric \"a\" { of = function(p)\n  return 1\nend }\n"
               "metric \"c\" { of = function(p) return 2 end }",
          "metric \"b\" is now named \"c\"");
    check(before, HEAD "metric \"b\" { people = \"t\" }",
          "b is now people of t (was a function)\n"
          "metric \"a\" is gone");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bounds),    cmocka_unit_test(test_tiers),
        cmocka_unit_test(test_rest),      cmocka_unit_test(test_metrics),
        cmocka_unit_test(test_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
