/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "pages.h"

#include "policy/source.h"

#define PAGE "tier \"gold\" {\n  needs = { "

static void check(const char *text, const char *says)
{
    struct fault fault = {0};
    bool good = source_check(STR("program.lua"), str_of(text), &fault);
    if (good && says)
        fail_msg("accepted: %s", text);
    assert_string_equal(fault.text, says ? says : "");
}

static void test_numbers(void **state UNUSED)
{
    check(PAGE "revenue = 250,000 } }",
          "program.lua:2: tier \"gold\": revenue = 250, then a stray 000; "
          "write 250000 or 250 * thousand");
    check(PAGE "revenue = 1,250 } }",
          "program.lua:2: tier \"gold\": revenue = 1, then a stray 250; write "
          "1250");
    check(PAGE "revenue = 250 000 } }", "program.lua:2: tier \"gold\": 250 "
                                        "000: write 250000 or 250 * thousand");
    check(PAGE "revenue = 250.000 } }",
          "program.lua:2: tier \"gold\": 250.000 is 250 and a fraction; write "
          "250000, or 250.0000 for the fraction");
    check(PAGE "revenue = 250_000 } }",
          "program.lua:2: tier \"gold\": 250_000: a number has digits only; "
          "write 250000 or 250 * thousand");
    check("tier \"gold\" { margin = 20% }",
          "program.lua:1: tier \"gold\": 20%: write percent(20)");
}

static void test_tables(void **state UNUSED)
{
    check(PAGE "a = 1,\n b = 2, a = 3 } }",
          "program.lua:3: tier \"gold\": a is said twice here; leave one of "
          "them out");
    check(PAGE "a >= 1 } }", "program.lua:2: tier \"gold\": a >= 1: write a = "
                             "1 (a number is at least that number)");
    check(PAGE "a < 5 } }",
          "program.lua:2: tier \"gold\": a < 5: write a = below(5)");
    check(PAGE "a = 1\n b = 2 } }",
          "program.lua:2: tier \"gold\": a comma is missing before b");
    check("metric \"m\" { sum = \"x\" over = \"ever\" }",
          "program.lua:1: metric \"m\": a comma is missing before over");
}

static void test_glyphs(void **state UNUSED)
{
    check("tier \xe2\x80\x9cgold\xe2\x80\x9d { }",
          "program.lua:1: a curly quote: write \"");
    check(PAGE "revenue = 5\xe2\x82\xac } }",
          "program.lua:2: tier \"gold\": a currency sign: write the number "
          "alone; the currency is the program's");
    check(PAGE "revenue\xc2\xa0= 5 } }",
          "program.lua:2: tier \"gold\": a no-break space: delete it and type "
          "a blank");
    check(PAGE "\xc3\xa9quipe = 5 } }",
          "program.lua:2: tier \"gold\": a letter that names cannot have: "
          "names are written with a to z, 0 to 9 and _; other letters belong "
          "into quotes");
}

/* What only looks like one of them. */
static void test_innocent(void **state UNUSED)
{
    check("", NULL);
    check("\xef\xbb\xbf-- 250,000 \xe2\x82\xac\n", NULL);
    check("x { label = \"20% of 250,000 \xe2\x82\xac\" }", NULL);
    check("local a, b = 250,000", NULL);
    check("x { 100,200, between(100,200) }", NULL);
    check("x { a = 1, b = { a = 1 }, c = { a = 1 } }", NULL);
    check("x { a = 0.125, b = 1250.50, c = 12.5 }", NULL);
    check("x { of = function(p) local a = 1 local b = 2 if a > 1 then a = 3 "
          "end return a % 2 end, over = 1 }",
          NULL);
    check("x { of = function(p) a = 1 b = 2 c = 3 end }", NULL);
    check("x {", NULL);
    check("}}}", NULL);
    check("x \"unfinished", NULL);
    check("x { a == 1 }", NULL);
}

static void test_deep(void **state UNUSED)
{
    char text[400];
    memset(text, '{', sizeof text);
    text[sizeof text - 1] = '\0';
    check(text, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_tables),
        cmocka_unit_test(test_glyphs),  cmocka_unit_test(test_innocent),
        cmocka_unit_test(test_deep),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
