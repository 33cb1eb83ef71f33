/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static const struct series series[] = {
    {STR_INIT("revenue"), SERIES_AMOUNT, STR_INIT("EUR"), 2},
    {STR_INIT("revenue/cloud"), SERIES_AMOUNT, STR_INIT("USD"), 2},
    {STR_INIT("training"), SERIES_TERM, {0}, 0},
    {STR_INIT("usage"), SERIES_AMOUNT, STR_INIT("gigabytes"), 3},
};
static const struct str attributes[] = {STR_INIT("csat"), STR_INIT("kind"),
                                        STR_INIT("language"),
                                        STR_INIT("market"), STR_INIT("name")};
static const struct schema schema = {series, COUNT_OF(series), attributes,
                                     COUNT_OF(attributes)};

static void the_nearest_ancestor_of_the_kind_is_found(void **state UNUSED)
{
    assert_ptr_equal(schema_series(&schema, STR("revenue"), SERIES_AMOUNT),
                     &series[0]);
    assert_ptr_equal(schema_series(&schema, STR("revenue/x"), SERIES_AMOUNT),
                     &series[0]);
    assert_ptr_equal(
        schema_series(&schema, STR("revenue/cloud/x"), SERIES_AMOUNT),
        &series[1]);
    assert_null(schema_series(&schema, STR("revenue"), SERIES_TERM));
    assert_null(schema_series(&schema, STR("revenues"), SERIES_AMOUNT));
    assert_ptr_equal(schema_series(&schema, STR("training/a"), SERIES_TERM),
                     &series[2]);
}

static void attributes_and_units(void **state UNUSED)
{
    assert_true(schema_has_attribute(&schema, STR("csat")));
    assert_false(schema_has_attribute(&schema, STR("csa")));
    assert_int_equal(schema_decimals(&schema, (struct str){NULL, 0}), 0);
    assert_int_equal(schema_decimals(&schema, STR("JPY")), 0);
    assert_int_equal(schema_decimals(&schema, STR("gigabytes")), 3);
    assert_int_equal(schema_decimals(&schema, STR("parsecs")), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_nearest_ancestor_of_the_kind_is_found),
        cmocka_unit_test(attributes_and_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
