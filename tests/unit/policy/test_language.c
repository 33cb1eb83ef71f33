/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a person may get wrong on a page, and the sentence each mistake gets.
 * `HEAD` is line 1 and METRICS is line 2 of each page. */
#include "pages.h"

#define HEAD "program { name = \"x\", currency = \"EUR\" }\n"
#define METRICS                                                                \
    "metric \"revenue\" { sum = \"revenue\", over = \"ever\" } "               \
    "metric \"people\" { people = \"training\" } "                             \
    "metric \"plan\" { holds = \"plan\" } "                                    \
    "metric \"kind\" { attribute = \"kind\" } "                                \
    "metric \"csat\" { attribute = \"csat\", decimals = 1 }\n"
#define NEEDS(needs) HEAD METRICS "tier \"t\" { needs = { " needs " } }"

struct mistake {
    const char *page, *says;
};

static void check(const struct mistake *mistakes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct fault fault = {0};
        struct policy *policy = page_try(mistakes[i].page, &fault);
        if (policy)
            fail_msg("loaded: %s", mistakes[i].page);
        assert_string_equal(fault.text, mistakes[i].says);
        assert_int_equal(fault.code, FAULT_POLICYERR);
    }
}

static void test_words(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD "teir \"gold\" { }",
         "program.lua:2: unknown word \"teir\"; did you mean tier?"},
        {HEAD "local x = math.flor(3)",
         "program.lua:2: attempt to call a nil value (field 'flor')"},
        {HEAD "discount = 5", "program.lua:2: discount = ...: a name of your "
                              "own is local; write local discount = ..."},
        {HEAD "metric \"a\"\ntier \"b\" { }",
         "program.lua:2: metric \"a\": its { ... } is missing"},
        {HEAD "tier { }", "program.lua:2: tier: expected a name in quotes, "
                          "then { ... }; got { ... }"},
        {HEAD "tier \"b\" { }\ntier \"b\" { }",
         "program.lua:3: tier \"b\" was declared before, at program.lua:2"},
        {HEAD "tier \"gold\" { margn = percent(5) }",
         "program.lua:2: tier \"gold\": margn: no such field; did you mean "
         "margin?"},
        {HEAD "tier \"gold\" { keeps = { } }",
         "program.lua:2: tier \"gold\": keeps: no such field; known: margin, "
         "needs"},
        {HEAD "tier \"gold\" { margin = 20 }",
         "program.lua:2: tier \"gold\": margin = 20: expected a percentage, "
         "such as percent(20)"},
        {HEAD "include \"other.lua\"",
         "program.lua:2: include \"other.lua\": no such file"},
        {"tier \"a\" { }", "program.lua:1: the page says no program; write "
                           "program { name = \"...\", currency = \"EUR\" }"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

static void test_program(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD HEAD, "program.lua:2: program was declared before, at "
                    "program.lua:1"},
        {"program { currency = \"EUR\" }",
         "program.lua:1: program: name is missing; write name = \"...\""},
        {"program { name = \"x\", currency = \"EURO\" }",
         "program.lua:1: program: currency = \"EURO\": expected a currency's "
         "three letters (ISO 4217), such as EUR"},
        {"program { name = \"x\", currency = \"EUR\", timezone = \"Here!\" }",
         "program.lua:1: program: timezone = \"Here!\": expected a time zone, "
         "such as Europe/Paris"},
        {"program { name = \"x\", currency = \"EUR\", year_from = \"29 "
         "February\" }",
         "program.lua:1: program: year_from = \"29 February\": expected a day "
         "of the year, such as 1 April"},
        {"program { name = \"x\", currency = \"EUR\", languages = \"fr\" }",
         "program.lua:1: program: languages = \"fr\": expected texts in "
         "braces, such as { \"en\", \"fr\" }"},
        {"program { name = \"x\", currency = \"EUR\", languages = { \"fr\", "
         "\"fr\" } }",
         "program.lua:1: program: languages = \"fr\": expected each language "
         "once"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

static void test_numbers(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD "tier \"t\" { margin = percent(0.2) }",
         "program.lua:2: percent(0.2): did you mean percent(20)? Less than one "
         "percent is written in thousandths: permille(2)"},
        {HEAD "tier \"t\" { margin = percent(120) }",
         "program.lua:2: percent(120): expected 0 to 100"},
        {HEAD "tier \"t\" { margin = percent(-1) }",
         "program.lua:2: percent(-1): expected 0 to 100"},
        {HEAD "tier \"t\" { margin = percent(12.34567) }",
         "program.lua:2: percent(12.34567): at most 4 places after the point"},
        {HEAD "tier \"t\" { margin = percent(\"20\") }",
         "program.lua:2: percent: expected a number, got \"20\""},
        {NEEDS("people = 1.5"), "program.lua:3: tier \"t\": needs.people = "
                                "1.5: expected a whole number"},
        {NEEDS("revenue = 1.2345"),
         "program.lua:3: tier \"t\": needs.revenue = 1.2345: expected at most "
         "2 places after the point"},
        {NEEDS("csat = 4.55"),
         "program.lua:3: tier \"t\": needs.csat = 4.55: more places after the "
         "point than the metric has; write decimals = ... in it"},
        {NEEDS("revenue = 1e17"),
         "program.lua:3: tier \"t\": needs.revenue = 1e+17 is out of range"},
        {NEEDS("revenue = 0/0"), "program.lua:3: tier \"t\": needs.revenue: "
                                 "expected a finite number"},
        {NEEDS("people = -1"), "program.lua:3: tier \"t\": needs.people is "
                               "below zero, which it can never be"},
    };
    struct fault fault;
    struct policy *policy = page_load(
        HEAD "tier \"t\" { margin = permille(5) } tier \"u\" { margin = "
             "percent(27.5) } tier \"v\" { }");
    const struct ladder *ladder = &policy_program(policy)->ladders[0];
    assert_int_equal(ladder->tiers[0].margin, PERCENT(1) / 2);
    assert_int_equal(ladder->tiers[1].margin, PERCENT(55) / 2);
    assert_int_equal(ladder->tiers[2].margin, 0);
    policy_free(policy);
    assert_null(page_try(NEEDS("people = nowhere"), &fault));
    check(mistakes, COUNT_OF(mistakes));
}

/* A comma in a number makes two of it; the second was not looked at. */
static void test_one_argument(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD "local a, b = 27, 5\ntier \"t\" { margin = percent(a, b) }",
         "program.lua:3: percent: expected one number; got percent(27, 5): a "
         "number has no comma, write percent(27.5)"},
        {HEAD "tier \"t\" { margin = permille(2,5) }",
         "program.lua:2: tier \"t\": permille: expected one number; got "
         "permille(2, 5): a number has no comma, write permille(2.5)"},
        {NEEDS("csat = over(4, 1 + 4)"),
         "program.lua:3: over: expected one number; got over(4, 5): a number "
         "has no comma, write over(4.5)"},
        {NEEDS("all({ people = 1 }, { people = 2 })"),
         "program.lua:3: all: expected one value, got another behind a comma: "
         "{ ... }"},
        {NEEDS("any { people = 1, { \"a\", people = 2 } }"),
         "program.lua:3: any: people = 1 does not stand here by its name"},
        {NEEDS("kind = one_of { \"a\", b = \"c\" }"),
         "program.lua:3: one_of: b = \"c\" does not stand here by its name"},
        {HEAD "local name = \"t\"\ntier(name, { })",
         "program.lua:3: tier(\"t\", { ... }): write tier \"t\" { ... }"},
        {HEAD "facts { term(\"a\", { unit = \"x\" }) }",
         "program.lua:2: term(\"a\", { ... }): write term \"a\" { ... }"},
        {HEAD "tier = 5", "program.lua:2: tier = ...: tier is a word of the "
                          "page; it is written without ="},
        {NEEDS("people = at_least(5)"),
         "program.lua:3: unknown word \"at_least\"; a number is at least that "
         "number: write it alone"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

static void test_needs(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {NEEDS("revenu = 5"), "program.lua:3: tier \"t\": needs.revenu: no "
                              "such metric; did you mean revenue?"},
        {NEEDS("market = \"FR\""),
         "program.lua:3: tier \"t\": needs.market: no such metric; it is an "
         "attribute: write metric \"market\" { attribute = \"market\" }"},
        {NEEDS("zzz = 5"), "program.lua:3: tier \"t\": needs.zzz: no such "
                           "metric; write metric \"zzz\" { ... }"},
        {NEEDS("people = true"), "program.lua:3: tier \"t\": needs.people: "
                                 "expected a number, got true"},
        {NEEDS("plan = 1"), "program.lua:3: tier \"t\": needs.plan: expected "
                            "true, got a number"},
        {NEEDS("plan = false"),
         "program.lua:3: tier \"t\": needs.plan = false: expected a number (at "
         "least), a text, true, or one of over(x), below(x), at_most(x), "
         "between(a, b), one_of { ... }"},
        {NEEDS("kind = \"a\", all { kind = 5 }"),
         "program.lua:3: tier \"t\": needs.kind: expected a text, got a "
         "number"},
        {NEEDS("csat = \"good\""), "program.lua:3: tier \"t\": needs.csat: "
                                   "expected a number, got a text"},
        {NEEDS("people = between(5, 3)"),
         "program.lua:3: tier \"t\": needs.people: between: the first number "
         "is above the second, so nothing is between"},
        {NEEDS("people = between(5)"),
         "program.lua:3: between: expected two numbers, such as "
         "between(50000, 250000)"},
        {NEEDS("people = over(\"x\")"),
         "program.lua:3: over: expected a number, got \"x\""},
        {NEEDS("kind = one_of { }"),
         "program.lua:3: one_of: expected values in braces, such as one_of { "
         "\"reseller\", \"referral\" }; got { ... }"},
        {NEEDS("any { { people = 3 } }"),
         "program.lua:3: any: expected each alternative to begin with its "
         "name, such as { \"by revenue\", revenue = 250000 }; got { ... }"},
        {NEEDS("250"), "program.lua:3: tier \"t\": needs: 250 stands there "
                       "without a metric's name; a number has no comma: write "
                       "250000 or 250 * thousand, and 4.5"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

static void test_metrics(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD "metric \"a\" { sum = \"revenue\" }",
         "program.lua:2: metric \"a\": over is missing; write over = \"last "
         "12 months\""},
        {HEAD "metric \"a\" { people = \"x\", over = \"month\" }",
         "program.lua:2: metric \"a\": over does not go with people"},
        {HEAD "metric \"a\" { sum = \"x\", count = \"x\", over = \"month\" }",
         "program.lua:2: metric \"a\": sum and count: expected one of them"},
        {HEAD "metric \"a\" { }",
         "program.lua:2: metric \"a\": expected one of sum, count, people, "
         "total, holds, attribute, of, such as sum = \"revenue\""},
        {HEAD "metric \"a\" { growth = \"revenue\" }",
         "program.lua:2: metric \"a\": growth: no such field; known: "
         "attribute, count, decimals, holds, label, of, over, people, sum, "
         "total, where"},
        {HEAD "metric \"a\" { sum = \"x\", over = \"last year\" }",
         "program.lua:2: metric \"a\": over = \"last year\": expected "
         "\"calendar year\", \"program year\", \"quarter\", \"month\", \"last "
         "12 months\", \"last 90 days\", \"last 4 closed quarters\" or "
         "\"ever\""},
        {HEAD "metric \"a\" { sum = \"Revenue\", over = \"ever\" }",
         "program.lua:2: metric \"a\": sum = \"Revenue\": expected a series, "
         "such as revenue/cloud"},
        {HEAD "metric \"\xc3\xa9quipe\" { people = \"training\" }",
         "program.lua:2: metric \"\xc3\xa9quipe\": name = \"\xc3\xa9quipe\": "
         "expected small letters, digits and _, such as trained_sales; what "
         "people read is its label"},
        {HEAD "metric \"a\" { people = \"x\", label = { de = \"x\" } }",
         "program.lua:2: metric \"a\": label.de: none of the program's "
         "languages; add \"de\" to languages, or leave it out"},
        {HEAD "metric \"a\" { people = \"x\", label = \"l\" } metric \"b\" { "
              "people = \"y\", label = \"l\" }",
         "program.lua:2: metric \"b\": label \"l\" is also that of metric "
         "\"a\""},
        {HEAD "metric \"a\" { people = \"x\", where = { Class = \"l\" } }",
         "program.lua:2: metric \"a\": where = \"Class\": expected a label's "
         "name, such as class"},
        {HEAD "metric \"a\" { attribute = \"x\", decimals = 12 }",
         "program.lua:2: metric \"a\": decimals = 12: expected 0 to 9"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

static void test_facts(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD "facts { amount \"revenue\" { unit = \"EUR\", decimals = 3 } }",
         "program.lua:2: amount \"revenue\": decimals = 3: EUR has 2"},
        {HEAD "facts { amount \"a\" { decimals = 1 } }",
         "program.lua:2: amount \"a\": decimals go with a unit; write unit = "
         "\"...\""},
        {HEAD "facts { amount \"a\" { unit = \"p\", decimals = 1 }, amount "
              "\"b\" { unit = \"p\" } }",
         "program.lua:2: amount \"b\": decimals = 0: \"a\" has the unit p with "
         "1"},
        {HEAD "facts { \"revenue\" }",
         "program.lua:2: facts: 1 = \"revenue\": expected amount \"...\", term "
         "\"...\" or attribute \"...\""},
        {HEAD "facts { amount \"a\", amount \"a\" }",
         "program.lua:2: amount \"a\" was declared before, at program.lua:2"},
        {HEAD "facts { amount \"r\", amount \"r/us\" { unit = \"USD\" } } "
              "metric \"a\" { sum = \"r\", over = \"ever\" }",
         "program.lua:2: metric \"a\": sum = \"r\" adds EUR, but \"r/us\" "
         "below "
         "it is declared in USD"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

/* A slip of what facts declares would count nothing, for ever. */
static void test_near_facts(void **state UNUSED)
{
#define FACTS                                                                  \
    HEAD "facts { amount \"revenue\", term \"training\", term \"deal\", "      \
         "attribute \"csat\" }\n"
    static const struct mistake mistakes[] = {
        {FACTS "metric \"revenue\" { sum = \"revnue\", over = \"ever\" }",
         "program.lua:3: metric \"revenue\": sum = \"revnue\": not in facts; "
         "did you mean revenue?"},
        {FACTS "metric \"a\" { people = \"traning/sales\" }",
         "program.lua:3: metric \"a\": people = \"traning/sales\": not in "
         "facts; did you mean training/sales?"},
        {FACTS "metric \"a\" { attribute = \"cast\" }",
         "program.lua:3: metric \"a\": attribute = \"cast\": not in facts; "
         "did you mean csat?"},
        {FACTS "margin \"a\" { add = percent(1), with_deal = \"deals\" }",
         "program.lua:3: margin \"a\": with_deal = \"deals\": not in facts; "
         "did you mean deal?"},
        {FACTS "margin \"a\" { add = percent(1), where = { line = "
               "\"revnue/cloud\" } }",
         "program.lua:3: margin \"a\": where.line = \"revnue/cloud\": not in "
         "facts; did you mean revenue/cloud?"},
    };
    check(mistakes, COUNT_OF(mistakes));
    policy_free(page_load(FACTS
                          "metric \"a\" { sum = \"visits\", over = \"ever\" } "
                          "metric \"b\" { people = \"training/sale\" } "
                          "metric \"c\" { people = \"certificate\" } "
                          "metric \"d\" { attribute = \"seats\" } "
                          "metric \"e\" { people = \"certificates\" }"));
    policy_free(
        page_load(HEAD "metric \"a\" { sum = \"revenue\", over = \"ever\" } "
                       "metric \"b\" { sum = \"revnue\", over = \"ever\" }"));
}

static void test_rest(void **state UNUSED)
{
    static const struct mistake mistakes[] = {
        {HEAD "movement { up = \"at review\" }",
         "program.lua:2: movement: up = \"at review\": not yet in this "
         "version; known: \"at once\""},
        {HEAD "movement { down = \"sometimes\" }",
         "program.lua:2: movement: down = \"sometimes\": no such movement; "
         "known: \"at once\""},
        {HEAD "movement { review = \"31 January\" }",
         "program.lua:2: movement: review: no such field; known: down, up"},
        {HEAD "tier \"none\" { }",
         "program.lua:2: tier \"none\": name = \"none\": expected another "
         "name: none is who holds no tier"},
        {HEAD "tier \"Gold\" { }",
         "program.lua:2: tier \"Gold\": name = \"Gold\": expected small "
         "letters, digits and _, such as gold"},
        {HEAD "margin \"deal\" { with_deal = \"deal\" }",
         "program.lua:2: margin \"deal\": add is missing; write add = "
         "percent(5)"},
        {HEAD "tier \"gold\" { } expect \"e\" { tier = \"golf\" }",
         "program.lua:2: expect \"e\": tier = \"golf\": no such tier; did you "
         "mean gold?"},
        {HEAD "expect \"e\" { }",
         "program.lua:2: expect \"e\": expected a result: tier = \"...\", "
         "margin = percent(...), or both"},
        {HEAD METRICS "expect \"e\" { with = { revenu = 3 }, tier = \"none\" }",
         "program.lua:3: expect \"e\": with.revenu: no such metric; did you "
         "mean revenue?"},
        {HEAD METRICS "expect \"e\" { with = { plan = 3 }, tier = \"none\" }",
         "program.lua:3: expect \"e\": with.plan: expected true"},
        {HEAD "expect \"e\" { day = \"2026-02-30\", tier = \"none\" }",
         "program.lua:2: expect \"e\": day: \"2026-02-30\" is not a day; "
         "expected YYYY-MM-DD"},
    };
    check(mistakes, COUNT_OF(mistakes));
}

/* A page need not say more than its program. */
static void test_least(void **state UNUSED)
{
    struct policy *policy = page_load(HEAD);
    const struct program *program = policy_program(policy);
    assert_int_equal(program->nladders, 1);
    assert_int_equal(program->ladders[0].ntiers, 0);
    assert_int_equal(program->schema.nattributes, 4);
    assert_str(program->timezone, "UTC");
    assert_str(program->at, "program.lua:1");
    struct record *record = PARTNER("ver", "1");
    assert_string_equal(tier_on(policy, record, 0), "none");
    record_unref(record);
    policy_free(policy);
}

/* Sums declare their series in the program's currency; what is counted has no
 * unit; the nearest declared ancestor decides. */
static void test_implicit(void **state UNUSED)
{
    struct policy *policy = page_load(
        "program { name = \"x\", currency = \"JPY\" }\n"
        "facts { amount \"points\" { unit = \"points\", decimals = 1 } }\n"
        "metric \"a\" { sum = \"sales/cloud\", over = \"ever\" }\n"
        "metric \"b\" { count = \"visits\", over = \"ever\" }\n"
        "metric \"c\" { sum = \"points/web\", over = \"ever\" }\n"
        "margin \"m\" { add = percent(1), with_deal = \"deal\" }");
    const struct schema *schema = &policy_program(policy)->schema;
    const struct series *sales =
        schema_series(schema, STR("sales/cloud"), SERIES_AMOUNT);
    assert_str(sales->unit, "JPY");
    assert_int_equal(sales->decimals, 0);
    assert_int_equal(
        schema_series(schema, STR("visits"), SERIES_AMOUNT)->unit.len, 0);
    const struct series *web =
        schema_series(schema, STR("points/web"), SERIES_AMOUNT);
    assert_str(web->path, "points");
    assert_int_equal(web->decimals, 1);
    assert_non_null(schema_series(schema, STR("deal"), SERIES_TERM));
    assert_null(schema_series(schema, STR("deal"), SERIES_AMOUNT));
    policy_free(policy);
}

static void test_include(void **state UNUSED)
{
    struct bundle_file files[] = {
        {STR("program.lua"),
         STR(HEAD "local gold = include \"numbers.lua\"\n"
                  "local again = include \"numbers.lua\"\n"
                  "metric \"people\" { people = \"training\" }\n"
                  "tier \"gold\" { needs = { people = gold.people + "
                  "again.people } }")},
        {STR("numbers.lua"), STR("tier \"base\" { }\nreturn { people = 2 }")},
    };
    struct fault fault = {0};
    struct bundle *bundle = bundle_new(files, 2, &fault);
    assert_non_null(bundle);
    struct policy *policy = policy_load(bundle, &policy_limits_default, &fault);
    assert_string_equal(fault.text, "");
    assert_int_equal(policy_program(policy)->ladders[0].ntiers, 2);
    assert_str(policy_program(policy)->ladders[0].tiers[0].name, "base");
    policy_free(policy);
    bundle_unref(bundle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),        cmocka_unit_test(test_program),
        cmocka_unit_test(test_numbers),      cmocka_unit_test(test_needs),
        cmocka_unit_test(test_metrics),      cmocka_unit_test(test_facts),
        cmocka_unit_test(test_rest),         cmocka_unit_test(test_least),
        cmocka_unit_test(test_implicit),     cmocka_unit_test(test_include),
        cmocka_unit_test(test_one_argument), cmocka_unit_test(test_near_facts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
