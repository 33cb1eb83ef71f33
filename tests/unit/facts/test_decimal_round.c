/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <math.h>

#include "facts_test.h"

static void shares_round_half_even(void **state UNUSED)
{
    assert_int_equal(decimal_share(100000, PERCENT(20)), 20000);
    assert_int_equal(decimal_share(10, PERCENT(5)), 0);   /* 0.5 */
    assert_int_equal(decimal_share(30, PERCENT(5)), 2);   /* 1.5 */
    assert_int_equal(decimal_share(50, PERCENT(5)), 2);   /* 2.5 */
    assert_int_equal(decimal_share(-30, PERCENT(5)), -2); /* -1.5 */
    assert_int_equal(decimal_share(-50, PERCENT(5)), -2); /* -2.5 */
    assert_int_equal(decimal_share(51, PERCENT(5)), 3);   /* 2.55 */
    assert_int_equal(decimal_share(1, 1), 0);
    assert_int_equal(decimal_share(DECIMAL_ENTRY_MAX, PERCENT(100)),
                     DECIMAL_ENTRY_MAX);
    assert_int_equal(decimal_share(INT64_MIN, PERCENT_WHOLE), INT64_MIN);
    assert_int_equal(decimal_share(INT64_MAX, PERCENT(200)), INT64_MAX);
    assert_int_equal(decimal_share(INT64_MIN, PERCENT(200)), INT64_MIN);
}

static void rescaling_is_exact_or_refused(void **state UNUSED)
{
    int64_t out;
    assert_true(decimal_rescale(125, 2, 4, &out));
    assert_int_equal(out, 12500);
    assert_true(decimal_rescale(125, 2, 1, &out));
    assert_int_equal(out, 12);
    assert_true(decimal_rescale(135, 2, 1, &out));
    assert_int_equal(out, 14);
    assert_true(decimal_rescale(-7, 3, 3, &out));
    assert_int_equal(out, -7);
    assert_true(decimal_rescale(INT64_MIN, 9, 0, &out));
    assert_int_equal(out, -9223372037);
    assert_false(decimal_rescale(INT64_MAX / 10 + 1, 0, 1, &out));
    assert_true(decimal_rescale(INT64_MAX / 10, 0, 1, &out));
}

static void a_free_number_rounds_from_its_fifteen_digits(void **state UNUSED)
{
    static const struct {
        double number;
        int decimals;
        int64_t value;
    } rows[] = {
        {0.1 + 0.2, 1, 3},
        {0.5, 0, 0},
        {1.5, 0, 2},
        {2.5, 0, 2},
        {-2.5, 0, -2},
        {2.675, 2, 268},
        {1.005, 2, 100},
        {1.015, 2, 102},
        {0.0, 9, 0},
        {-0.0, 2, 0},
        {1e-10, 9, 0},
        {5e-10, 9, 0},
        {1.5e-9, 9, 2},
        {1e15, 0, 1000000000000000},
        {1e300, 0, 0},
        {1e-300, 9, 0},
        {123456.789, 2, 12345679},
        {9.22337203685477e18, 0, 9223372036854770000},
        {0.05, 1, 0},
        {0.15, 1, 2},
        {99999999999999.5, 0, 100000000000000},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int64_t value = -77;
        bool fits = decimal_of_double(rows[i].number, rows[i].decimals, &value);
        assert_int_equal(fits, rows[i].number < 1e300);
        if (fits && value != rows[i].value)
            fail_msg("row %zu: %lld", i, (long long)value);
    }
}

static void what_no_integer_holds_is_refused(void **state UNUSED)
{
    int64_t value;
    assert_false(decimal_of_double(NAN, 2, &value));
    assert_false(decimal_of_double(INFINITY, 2, &value));
    assert_false(decimal_of_double(-INFINITY, 2, &value));
    assert_false(decimal_of_double(9.3e18, 0, &value));
    assert_false(decimal_of_double(-9.3e18, 0, &value));
    assert_false(decimal_of_double(1e10, 9, &value));
    assert_false(decimal_of_double(1.7976931348623157e308, 9, &value));
    assert_true(decimal_of_double(4.9e-324, 9, &value));
}

static void integers_survive_as_free_numbers(void **state UNUSED)
{
    uint64_t seed = 9;
    for (int i = 0; i < 10000; i++) {
        int64_t number = (int64_t)test_random(&seed) * 1000 -
                         (int64_t)test_random(&seed) * 400;
        int64_t value;
        assert_true(decimal_of_double((double)number, 0, &value));
        assert_int_equal(value, number);
        assert_true(decimal_of_double((double)number / 100, 2, &value));
        assert_int_equal(value, number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_round_half_even),
        cmocka_unit_test(rescaling_is_exact_or_refused),
        cmocka_unit_test(a_free_number_rounds_from_its_fifteen_digits),
        cmocka_unit_test(what_no_integer_holds_is_refused),
        cmocka_unit_test(integers_survive_as_free_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
