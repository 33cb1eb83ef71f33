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
          "write 250000");
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

struct slip {
    const char *page, *says;
};
#define AT "program.lua:2: tier \"gold\": "

static void check_all(const struct slip *slips, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check(slips[i].page, slips[i].says);
}

static void test_malformed_numbers(void **state UNUSED)
{
    static const struct slip slips[] = {
        {PAGE "a = 250k } }", AT "250k: write 250 * thousand"},
        {PAGE "a = 2.5M } }", AT "2.5M: write 2.5 * million"},
        {PAGE "a = 3million } }", AT "3million: write 3 * million"},
        {PAGE "a = 1.500.000 } }",
         AT "1.500.000: a number has digits only; write 1500000"},
        {PAGE "a = 1,500,000 } }", AT "a = 1, then a stray 500; write 1500000"},
        {PAGE "a = 250'000 } }",
         AT "250': a number has digits only, as in 250000"},
        {PAGE "a = 250EUR } }", AT "250EUR: write the number alone: 250"},
        {PAGE "a = 2026.06.30 } }",
         AT "2026.06.30: no number; a number is digits, as in 250000 or 4.5, "
            "and a day or a text stands in quotes"},
        {PAGE "a = over(250,000) } }",
         AT "over(250,000): write 250000 or 250 * thousand"},
        {PAGE "a = over(27,05) } }",
         AT "over: expected one number; got over(27, 05): a number has no "
            "comma, write over(27.05)"},
        {"local a = 0x1F + 1e3 + .5 + 3. + 0x.8p-2 + 12.5e+3", NULL},
    };
    check_all(slips, COUNT_OF(slips));
}

static void test_units(void **state UNUSED)
{
    static const struct slip slips[] = {
        {PAGE "a = 250000 EUR } }",
         AT "250000 EUR: write the number alone: 250000"},
        {PAGE "a = 0.25 million } }", AT "0.25 million: write 0.25 * million"},
        {PAGE "a = 2 billion } }", AT "2 billion: write 2 * 1000 * million"},
        {PAGE "a = at least 250000 } }",
         AT "at least 250000: write 250000 (a number is at least that number)"},
        {PAGE "a at least 25 } }",
         AT "at least 25: write 25 (a number is at least that number)"},
        {PAGE "a = up to 5 } }", AT "up to 5: write at_most(5)"},
        {PAGE "a is 5 } }", AT "a is 5: write a = 5"},
        {PAGE "a 5 } }", AT "a 5: write a = 5"},
        {PAGE "a = EUR 5 } }", AT "EUR 5: write the number alone: 5"},
        {"tier \"gold\" {\n margin = percent 20 }",
         AT "percent 20: write percent(20)"},
        {"tier \"gold\" {\n margin = 20 percent }",
         AT "20 percent: write percent(20)"},
        {"metric \"m\" { over = calendar year }",
         "program.lua:1: metric \"m\": calendar year: a text stands in quotes, "
         "and a sign or a comma between two values"},
        {"local a = 5 local b = 6 f(a) x = 7 y = 8", NULL},
        {"x { a = 0.25 * million, b = million * 2 }", NULL},
    };
    check_all(slips, COUNT_OF(slips));
}

static void test_signs(void **state UNUSED)
{
    static const struct slip slips[] = {
        {PAGE "a: 25 } }", AT "a: 25: write a = 25"},
        {PAGE "a => 25 } }", AT "a => 25: write a = 25"},
        {PAGE "a == 25 } }", AT "a == 25: write a = 25"},
        {PAGE "a := 25 } }", AT "a := 25: write a = 25"},
        {PAGE "a =< 25 } }", AT "=< 25: write at_most(25)"},
        {PAGE "\"a\" = 25 } }", AT "\"a\" = 25: write a = 25"},
        {PAGE "\"a\": \"b\" } }", AT "\"a\": \"b\": write a = \"b\""},
        {PAGE "\"a-b\" = 25 } }", AT "\"a-b\" = 25: write [\"a-b\"] = 25"},
        {PAGE "margin: percent(5) } }",
         AT "margin: percent: write margin = percent"},
        {"facts { term \"training\" term \"deal\" }",
         "program.lua:1: a comma is missing before term"},
        {"x { { \"en\" \"fr\" } }",
         "program.lua:1: a comma is missing before \"fr\""},
        {"any { { a = 1 } { a = 2 } }",
         "program.lua:1: a comma is missing before { ... }"},
        {"x { a = name:upper(), b = f { 1 } { 2 }, [\"c\"] = 3 }", NULL},
        {"x { of = function(p) return { a == 1, a > 5 } end }", NULL},
    };
    check_all(slips, COUNT_OF(slips));
}

static void test_remarks(void **state UNUSED)
{
#define NOTE(mark) mark " note: a comment begins with --; write -- note"
    static const struct slip slips[] = {
        {"// note\nx { }", "program.lua:1: " NOTE("//")},
        {"# note\nx { }", "program.lua:1: " NOTE("#")},
        {"x { }\n// note", "program.lua:2: " NOTE("//")},
        {"x { }\n# note", "program.lua:2: " NOTE("#")},
        {PAGE "a = 1, // note\n} }", AT NOTE("//")},
        {PAGE "a = 1, # note\n} }", AT NOTE("#")},
        {PAGE "a = 1 // note and so on\n} }",
         AT "// note and so on: a comment begins with --; write -- note and so "
            "on"},
        {PAGE "a = 1 // don't\n} }",
         AT "// don't: a comment begins with --; write -- don't"},
        {PAGE "a = 1, /* note\n} }",
         AT "/* note: a comment begins with --; write -- note"},
        {"x { a = 7 // 2, b = million // thousand, c = (1) // 2 }", NULL},
        {"x { of = function(p) local t = { #a, #b } return #t // 2 end }",
         NULL},
    };
    check_all(slips, COUNT_OF(slips));
}

static void test_brackets(void **state UNUSED)
{
    static const struct slip slips[] = {
        {"}}}",
         "program.lua:1: an extra }: nothing is open here; leave it out"},
        {PAGE "a = 1 } } }",
         AT "an extra }: nothing is open here; leave it out"},
        {"x {\n", "program.lua:1: the { of this line is not closed; \"}\" is "
                  "missing"},
        {PAGE "a = over(5 } }",
         AT "\")\" is missing before }: the ( of line 2 is still open"},
        {"x { of = function(p) return 1 }",
         "program.lua:1: \"end\" is missing before }: the function of line 1 "
         "is still open"},
        {"program { name = \"x\",\ntier \"a\" { }",
         "program.lua:2: \"}\" is missing before tier: the { of line 1 is "
         "still open"},
        {"x { of = function(p) repeat local a = 1 until a if a then for i = 1, "
         "2 do end end while a do end end }",
         NULL},
        {"for _, name in ipairs { \"a\" } do\ntier(name) { }\nend", NULL},
    };
    check_all(slips, COUNT_OF(slips));
}

static void test_heads(void **state UNUSED)
{
#define WRITE ": write tier \"gold\" { ... }"
    static const struct slip slips[] = {
        {"tier(\"gold\", { })", "program.lua:1: tier(\"gold\", { ... })" WRITE},
        {"tier gold { }", "program.lua:1: tier gold" WRITE},
        {"tier \"gold\", { }", "program.lua:1: tier \"gold\", { ... }" WRITE},
        {"tier \"gold\" = { }", "program.lua:1: tier \"gold\" = { ... }" WRITE},
        {"tier \"gold\": { }", "program.lua:1: tier \"gold\": { ... }" WRITE},
        {"tier = \"gold\" { }", "program.lua:1: tier = \"gold\" { ... }" WRITE},
        {"tier(\"gold\") { } tier(\"a\" .. i)({ })", NULL},
        {"local a, margin = f(\"b\", { })", NULL},
    };
    check_all(slips, COUNT_OF(slips));
}

static void test_encodings(void **state UNUSED)
{
    struct fault fault = {0};
    check("tier \"dor\xe9\" { }", "program.lua:1: a letter here is not UTF-8: "
                                  "save the file as UTF-8");
    check("\ntier dor\xe9 { }", "program.lua:2: a letter here is not UTF-8: "
                                "save the file as UTF-8");
    check("-- dor\xe9\n", NULL);
    assert_false(source_check(STR("program.lua"), STR("\xff\xfex\0"), &fault));
    assert_string_equal(
        fault.text, "program.lua:1: this is UTF-16: save the file as UTF-8");
    assert_false(source_check(STR("program.lua"), STR("x\0y\0"), &fault));
    assert_string_equal(
        fault.text, "program.lua:1: this is UTF-16: save the file as UTF-8");
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
    check("x \"unfinished", NULL);
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
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_tables),
        cmocka_unit_test(test_glyphs),
        cmocka_unit_test(test_innocent),
        cmocka_unit_test(test_deep),
        cmocka_unit_test(test_malformed_numbers),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_remarks),
        cmocka_unit_test(test_brackets),
        cmocka_unit_test(test_heads),
        cmocka_unit_test(test_encodings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
