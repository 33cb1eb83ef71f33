/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static void digits_become_the_smallest_part(void **state UNUSED)
{
    static const struct {
        const char *text;
        int decimals;
        int64_t value;
    } rows[] = {
        {"1250.00", 2, 125000},
        {"1250", 2, 125000},
        {"1250.5", 2, 125050},
        {"-0.01", 2, -1},
        {"0", 0, 0},
        {"-0", 2, 0},
        {"12.340000", 2, 1234},
        {"7.000", 0, 7},
        {"007", 0, 7},
        {"0.000000001", 9, 1},
        {"12", 9, 12000000000},
        {"9223372036854775807", 0, INT64_MAX},
        {"-92233720368547758.07", 2, -INT64_MAX},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t value = -5;
        assert_int_equal(decimal_parse(str_of(rows[i].text), rows[i].decimals,
                                       INT64_MAX, &value),
                         DECIMAL_OK);
        assert_int_equal(value, rows[i].value);
    }
}

static void what_is_no_number_is_refused(void **state UNUSED)
{
    static const char *const wrong[] = {
        "",      "-",   ".",   "1.",  ".5",   "+1",    "1e3",     "12a",
        "1,000", "1 0", " 1",  "1 ",  "--1",  "1-",    "1..2",    "1.2.3",
        "0x1",   "nan", "-.5", "inf", "1.2 ", "1_000", "250 000", "\xd9\xa1"};
    int64_t value;
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(decimal_parse(str_of(wrong[i]), 2, INT64_MAX, &value),
                         DECIMAL_NOT_A_NUMBER);
    assert_int_equal(decimal_parse((struct str){0}, 2, INT64_MAX, &value),
                     DECIMAL_NOT_A_NUMBER);
}

static void precision_and_range_are_kept(void **state UNUSED)
{
    int64_t value;
    assert_int_equal(decimal_parse(STR("12.345"), 2, INT64_MAX, &value),
                     DECIMAL_TOO_PRECISE);
    assert_int_equal(decimal_parse(STR("0.5"), 0, INT64_MAX, &value),
                     DECIMAL_TOO_PRECISE);
    assert_int_equal(decimal_parse(STR("1000.01"), 2, 100000, &value),
                     DECIMAL_OUT_OF_RANGE);
    assert_int_equal(decimal_parse(STR("-1000.01"), 2, 100000, &value),
                     DECIMAL_OUT_OF_RANGE);
    assert_int_equal(decimal_parse(STR("1000.00"), 2, 100000, &value),
                     DECIMAL_OK);
    assert_int_equal(
        decimal_parse(STR("9223372036854775808"), 0, INT64_MAX, &value),
        DECIMAL_OUT_OF_RANGE);
    assert_int_equal(decimal_parse(STR("99999999999999999999999999999999999"),
                                   9, INT64_MAX, &value),
                     DECIMAL_OUT_OF_RANGE);
}

static void refusals_name_field_value_and_expectation(void **state UNUSED)
{
    static const struct {
        const char *text, *message;
        int decimals;
    } rows[] = {
        {"12a",
         "amount: \"12a\" is not a number; expected digits as in 1250 or "
         "1250.5",
         2},
        {"x", "amount: \"x\" is not a number; expected digits as in 1250", 0},
        {"12.345",
         "amount: \"12.345\" has too many decimals; expected at most 2", 2},
        {"0.5", "amount: \"0.5\" has decimals; expected a whole number", 0},
        {"100000000000.01",
         "amount: \"100000000000.01\" is out of range; at most "
         "100000000000.00",
         2},
    };
    struct fault fault;
    int64_t value;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_false(decimal_expect(str_of(rows[i].text), rows[i].decimals,
                                    "amount", &value, &fault));
        assert_int_equal(fault.code, FAULT_INVALID);
        assert_string_equal(fault.text, rows[i].message);
    }
    assert_true(
        decimal_expect(STR("-100000000000.00"), 2, "amount", &value, &fault));
    assert_int_equal(value, -DECIMAL_ENTRY_MAX);
}

static void text_shows_all_places_or_the_fewest(void **state UNUSED)
{
    char text[DECIMAL_TEXT];
    assert_text(decimal_text(70000000, 2, text), "700000.00");
    assert_text(decimal_text(-1, 2, text), "-0.01");
    assert_text(decimal_text(0, 0, text), "0");
    assert_text(decimal_text(0, 9, text), "0.000000000");
    assert_text(decimal_text(INT64_MIN, 0, text), "-9223372036854775808");
    assert_text(decimal_text(INT64_MIN, 9, text), "-9223372036.854775808");
    assert_text(decimal_short(PERCENT(20), 4, text), "20");
    assert_text(decimal_short(275000, 4, text), "27.5");
    assert_text(decimal_short(0, 4, text), "0");
    assert_text(decimal_short(-5000, 4, text), "-0.5");
    assert_text(decimal_short(100, 0, text), "100");
}

static void parsing_and_text_are_inverse(void **state UNUSED)
{
    uint64_t seed = 1;
    char text[DECIMAL_TEXT];
    for (int i = 0; i < 20000; i++) {
        int64_t number = (int64_t)((uint64_t)test_random(&seed) << 32 |
                                   test_random(&seed) << 1);
        number >>= test_random(&seed) % 63;
        int decimals = i % 10;
        int64_t again;
        struct str s = i % 2 ? decimal_text(number, decimals, text)
                             : decimal_short(number, decimals, text);
        assert_int_equal(decimal_parse(s, decimals, INT64_MAX, &again),
                         DECIMAL_OK);
        assert_int_equal(again, number);
    }
}

static void checked_addition_knows_its_limits(void **state UNUSED)
{
    int64_t sum;
    assert_true(add_checked(INT64_MAX, INT64_MIN, &sum));
    assert_int_equal(sum, -1);
    assert_false(add_checked(INT64_MAX, 1, &sum));
    assert_false(add_checked(INT64_MIN, -1, &sum));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digits_become_the_smallest_part),
        cmocka_unit_test(what_is_no_number_is_refused),
        cmocka_unit_test(precision_and_range_are_kept),
        cmocka_unit_test(refusals_name_field_value_and_expectation),
        cmocka_unit_test(text_shows_all_places_or_the_fewest),
        cmocka_unit_test(parsing_and_text_are_inverse),
        cmocka_unit_test(checked_addition_knows_its_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
