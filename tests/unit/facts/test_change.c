/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <stdio.h>

#include "change_test.h"

static struct arena arena;
static struct change change;
static struct fault fault;

static int begin(void **state UNUSED)
{
    arena_init(&arena);
    return 0;
}

static int end(void **state UNUSED)
{
    arena_fini(&arena);
    return 0;
}

static void parse(const char *line)
{
    if (!test_parse(&arena, line, &change, &fault))
        fail_msg("%s: %s", line, fault.text);
}

static void refuse(const char *line, enum fault_code code, const char *text)
{
    fault_clear(&fault);
    if (test_parse(&arena, line, &change, &fault))
        fail_msg("taken: %s", line);
    if (strcmp(fault.text, text) != 0)
        print_error("%s\n", line);
    assert_string_equal(fault.text, text);
    assert_int_equal(fault.code, code);
}

static void an_amount_is_added(void **state UNUSED)
{
    parse("ADD p revenue/cloud 1250.00 EUR ON 2026-03-14 COUNT 2 ID inv-7 "
          "WITH deal D-9 class license");
    assert_int_equal(change.op, CHANGE_ADD);
    assert_text(change.partner, "p");
    assert_text(change.series, "revenue/cloud");
    assert_text(change.unit, "EUR");
    assert_true(change.has_number);
    assert_int_equal(change.number, 125000);
    assert_int_equal(change.count, 2);
    assert_int_equal(change.on, test_day("2026-03-14"));
    assert_text(change.id, "inv-7");
    assert_text(change.labels, "class=license,deal=D-9");
}

static void what_is_left_out_has_its_default(void **state UNUSED)
{
    parse("add p revenue -5");
    assert_text(change.unit, "EUR");
    assert_int_equal(change.number, -500);
    assert_int_equal(change.count, 1);
    assert_int_equal(change.on, DAY_NONE);
    assert_int_equal(change.id.len + change.labels.len, 0);
    parse("ADD p visits 3");
    assert_int_equal(change.unit.len, 0);
    assert_int_equal(change.number, 3);
    parse("ADD p points 0.5 points");
    assert_int_equal(change.number, 5);
    parse("GRANT p training/sales jdoe");
    assert_int_equal(change.from, DAY_NONE);
    assert_int_equal(change.until, DAY_NEVER);
    assert_false(change.has_number);
}

static void keys_come_in_any_case_and_order(void **state UNUSED)
{
    parse("Add p revenue 5 with customer on class id count 7 ON 2026-01-01");
    assert_text(change.labels, "class=id,customer=on");
    assert_int_equal(change.count, 7);
    assert_int_equal(change.on, test_day("2026-01-01"));
    parse("put p revenue 5 on 2026-01-01");
    assert_int_equal(change.op, CHANGE_PUT);
    parse("GRANT p deal D-9 value 5 with a 1 until 2027-01-01 FROM 2026-01-01");
    assert_int_equal(change.until, test_day("2027-01-01"));
    assert_int_equal(change.unit.len, 0);
    parse("REVOKE p training jdoe ON 2026-05-01");
    assert_int_equal(change.op, CHANGE_REVOKE);
    assert_int_equal(change.on, test_day("2026-05-01"));
}

static void terms_carry_numbers(void **state UNUSED)
{
    parse("GRANT p deal D-9 VALUE 12.50 EUR UNTIL 2026-06-30");
    assert_int_equal(change.number, 1250);
    assert_text(change.unit, "EUR");
    parse("GRANT p deal D-9 VALUE 12 JPY");
    assert_int_equal(change.number, 12);
    parse("GRANT p deal D-9 VALUE 1.5 points");
    assert_int_equal(change.number, 15);
    parse("GRANT p target q1 VALUE 7.25");
    assert_text(change.unit, "EUR");
    assert_int_equal(change.number, 725);
}

static void attributes_are_set(void **state UNUSED)
{
    parse("SET p name \"Northwind & Co\" kind reseller market FR,BE ON "
          "2026-01-01 csat \"4.6 of 5\"");
    assert_int_equal(change.nattributes, 4);
    assert_text(change.attributes[0].name, "csat");
    assert_text(change.attributes[0].value, "4.6 of 5");
    assert_text(change.attributes[3].value, "Northwind & Co");
    assert_int_equal(change.on, test_day("2026-01-01"));
    assert_false(change.has_number);
    parse("SET p name on");
    assert_text(change.attributes[0].value, "on");
}

static void syntax_errors(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"", "wrong number of arguments for 'fact' command"},
        {"NONSENSE p", "unknown subcommand 'NONSENSE'. Try FACT HELP."},
        {"ADD", "wrong number of arguments for 'fact|add' command"},
        {"add p revenue", "wrong number of arguments for 'fact|add' command"},
        {"Revoke p", "wrong number of arguments for 'fact|revoke' command"},
        {"SET p market", "wrong number of arguments for 'fact|set' command"},
        {"ADD p revenue 5 EUR FOO",
         "syntax error in FACT ADD: unexpected word \"FOO\"; expected ON, "
         "COUNT, ID or WITH"},
        {"PUT p revenue 5 2026-01-01",
         "syntax error in FACT PUT: unexpected word \"2026-01-01\"; expected "
         "ON, COUNT or WITH"},
        {"REVOKE p training j UNTIL 2026-01-01",
         "syntax error in FACT REVOKE: unexpected word \"UNTIL\"; expected ON"},
        {"ADD p revenue 5 ON", "syntax error in FACT ADD: ON needs a value"},
        {"ADD p revenue 5 ON 2026-01-01 on 2026-01-01",
         "syntax error in FACT ADD: ON is given twice"},
        {"PUT p revenue 5 EUR", "syntax error in FACT PUT: expected ON"},
        {"ADD p revenue 5 WITH",
         "syntax error in FACT ADD: WITH needs a value"},
        {"ADD p revenue 5 WITH ON 2026-01-01",
         "syntax error in FACT ADD: WITH needs names and values"},
        {"ADD p revenue 5 WITH customer",
         "syntax error in FACT ADD: label customer has no value"},
        {"SET p market FR language",
         "syntax error in FACT SET: \"language\" has no value"},
        {"SET p ON 2026-01-01",
         "syntax error in FACT SET: expected a name and a value"},
        {"SET p market FR ON", "syntax error in FACT SET: ON needs a value"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        refuse(rows[i][0], FAULT_ERR, rows[i][1]);
}

static void series_are_known_or_refused(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"ADD p revenu 5", "revenu: no such series; did you mean revenue?"},
        {"ADD p revenu/cloud 5",
         "revenu/cloud: no such series; did you mean revenue/cloud?"},
        {"ADD p turnover 5",
         "turnover: no such series; expected points, revenue or visits"},
        {"ADD p Revenue 5", "Revenue: no such series; did you mean revenue?"},
        {"ADD p revenue/Cloud 5",
         "series: \"revenue/Cloud\" is not a series; expected words of a-z, "
         "0-9 and _ joined by /"},
        {"ADD p \"\" 5", "series: \"\" is not a series; expected words of a-z, "
                         "0-9 and _ joined by /"},
        {"ADD p training/sales 5", "training/sales: is declared as a term; use "
                                   "FACT GRANT or FACT REVOKE"},
        {"GRANT p revenue x",
         "revenue: is declared as an amount; use FACT ADD or FACT PUT"},
        {"GRANT p trainin x",
         "trainin: no such series; did you mean training?"},
        {"ADD p csat 5", "csat: is declared as an attribute; use FACT SET"},
        {"GRANT p csat x", "csat: is declared as an attribute; use FACT SET"},
        {"SET p revenue 5",
         "revenue: is declared as an amount; use FACT ADD or FACT PUT"},
        {"SET p training x",
         "training: is declared as a term; use FACT GRANT or FACT REVOKE"},
        {"REVOKE p turnover x",
         "turnover: no such series; expected deal, target or training"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        refuse(rows[i][0], FAULT_INVALID, rows[i][1]);
}

static void values_are_refused_with_their_field(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"ADD \"a b\" revenue 5",
         "partner: \"a b\" is not a partner's id; expected 1 to 128 printable "
         "bytes without spaces and ':'"},
        {"ADD p revenue 12a",
         "amount: \"12a\" is not a number; expected digits as in 1250 or "
         "1250.5"},
        {"ADD p revenue 12.345",
         "amount: \"12.345\" has too many decimals; EUR has 2"},
        {"ADD p visits 1.5",
         "amount: \"1.5\" has decimals; expected a whole number"},
        {"PUT p revenue 100000000000.01 ON 2026-01-01",
         "amount: \"100000000000.01\" is out of range; at most "
         "100000000000.00"},
        {"ADD p revenue 1.5 JPY",
         "amount: \"1.5\" has too many decimals; JPY has 0"},
        {"ADD p revenue 5 seats",
         "unit: \"seats\" does not fit; expected EUR or another currency's "
         "code"},
        {"ADD p revenue 5 eur",
         "unit: \"eur\" does not fit; expected EUR or another currency's "
         "code"},
        {"ADD p visits 5 EUR",
         "unit: \"EUR\" does not fit; visits has no unit"},
        {"ADD p revenue 5 ON 2026-02-30",
         "on: \"2026-02-30\" is not a day; expected YYYY-MM-DD"},
        {"ADD p revenue 5 COUNT 1.5", "count: \"1.5\" is not a whole number"},
        {"ADD p revenue 5 COUNT 1000000001",
         "count: \"1000000001\" is out of range; at most 1000000000"},
        {"ADD p revenue 5 ID \"a b\"",
         "id: \"a b\" is not an id; expected 1 to 128 printable bytes without "
         "spaces"},
        {"GRANT p training \"j doe\"",
         "id: \"j doe\" is not an id; expected 1 to 128 printable bytes "
         "without spaces"},
        {"ADD p revenue 5 WITH Customer c",
         "with: \"Customer\" is not a label's name; expected a word of a-z, "
         "0-9 and _, a letter first"},
        {"ADD p revenue 5 WITH customer a=b",
         "customer: \"a=b\" is not a label's value; expected 1 to 128 "
         "printable bytes without spaces, ',', '=' and ':'"},
        {"ADD p revenue 5 WITH a 1 b 2 a 3",
         "with: \"a\" is given twice; expected each label once"},
        {"GRANT p training j FROM 2026-05-02 UNTIL 2026-05-01",
         "until: \"2026-05-01\" is before the term's from; expected 2026-05-02 "
         "or later"},
        {"GRANT p training j UNTIL 2026-06-29",
         "until: \"2026-06-29\" is before the term's from; expected 2026-06-30 "
         "or later"},
        {"GRANT p deal D VALUE 5 ZZZ",
         "unit: \"ZZZ\" is not known; expected a currency's code or a unit of "
         "the policy"},
        {"GRANT p deal D VALUE 5 point",
         "point: no such unit; did you mean points?"},
        {"GRANT p deal D VALUE 1.234 EUR",
         "value: \"1.234\" has too many decimals; EUR has 2"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        refuse(rows[i][0], FAULT_INVALID, rows[i][1]);
}

static void attributes_are_known_or_refused(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"SET p colour red", "colour: no such attribute; expected csat, kind, "
                             "language, market or name"},
        {"SET p markte FR", "markte: no such attribute; did you mean market?"},
        {"SET p market \"\"", "market: \"\" is not a value; expected 1 to 1024 "
                              "bytes of printable UTF-8"},
        {"SET p market FR,,BE",
         "market: \"FR,,BE\" is not a name; expected letters, digits, '_' and "
         "'-', several joined by commas"},
        {"SET p kind \"a b\"",
         "kind: \"a b\" is not a name; expected letters, digits, '_' and '-', "
         "several joined by commas"},
        {"SET p market FR kind x market BE",
         "market: \"BE\" is a second value; expected each attribute once"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        refuse(rows[i][0], FAULT_INVALID, rows[i][1]);
}

static void labels_have_a_limit(void **state UNUSED)
{
    char line[512] = "ADD p revenue 5 WITH";
    for (int i = 0; i < LABELS_MAX; i++) {
        size_t len = strlen(line);
        snprintf(line + len, sizeof(line) - len, " %c 1", 'a' + i);
    }
    parse(line);
    assert_int_equal(change.labels.len, LABELS_MAX * 4 - 1);
    size_t len = strlen(line);
    snprintf(line + len, sizeof(line) - len, " z 1");
    refuse(line, FAULT_INVALID,
           "with: \"z\" is one label too many; expected at most 16");
}

static void long_values_are_clipped(void **state UNUSED)
{
    static char value[100000];
    memset(value, '9', sizeof(value));
    struct str words[] = {STR("ADD"), STR("p"), STR("revenue"), STR("5")};
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        struct str kept = words[i];
        words[i] = (struct str){value, sizeof(value)};
        assert_false(change_parse(words, COUNT_OF(words), &change_schema, TODAY,
                                  &arena, &change, &fault));
        assert_non_null(strstr(fault.text, "999..."));
        assert_true(strlen(fault.text) < 300);
        words[i] = kept;
    }
}

static void an_empty_schema_knows_nothing(void **state UNUSED)
{
    const struct schema nothing = {0};
    struct str words[] = {STR("ADD"), STR("p"), STR("revenue"), STR("5")};
    assert_false(
        change_parse(words, 4, &nothing, TODAY, &arena, &change, &fault));
    assert_string_equal(fault.text, "revenue: no such series; none is known");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_amount_is_added),
        cmocka_unit_test(what_is_left_out_has_its_default),
        cmocka_unit_test(keys_come_in_any_case_and_order),
        cmocka_unit_test(terms_carry_numbers),
        cmocka_unit_test(attributes_are_set),
        cmocka_unit_test(syntax_errors),
        cmocka_unit_test(series_are_known_or_refused),
        cmocka_unit_test(values_are_refused_with_their_field),
        cmocka_unit_test(attributes_are_known_or_refused),
        cmocka_unit_test(labels_have_a_limit),
        cmocka_unit_test(long_values_are_clipped),
        cmocka_unit_test(an_empty_schema_knows_nothing),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
