/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts_test.h"

static void minor_units_are_iso_4217s(void **state UNUSED)
{
    static const struct {
        const char *code;
        int decimals;
    } rows[] = {{"EUR", 2}, {"USD", 2}, {"GBP", 2}, {"CHF", 2}, {"JPY", 0},
                {"KRW", 0}, {"ISK", 0}, {"XOF", 0}, {"BHD", 3}, {"KWD", 3},
                {"TND", 3}, {"CLF", 4}, {"UYW", 4}, {"AED", 2}, {"ZWL", 2},
                {"ZWG", 2}, {"XCG", 2}, {"HUF", 2}, {"CLP", 0}, {"VND", 0}};
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        assert_int_equal(currency_decimals(str_of(rows[i].code)),
                         rows[i].decimals);
}

static void what_has_no_minor_unit_is_none(void **state UNUSED)
{
    static const char *const wrong[] = {"",    "EU",  "EURO",  "eur", "XAU",
                                        "XXX", "XTS", "AAA",   "ZZZ", "2EU",
                                        "UR2", "R2F", "points"};
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_int_equal(currency_decimals(str_of(wrong[i])), -1);
    assert_int_equal(currency_decimals((struct str){NULL, 0}), -1);
}

/* Every code that is one is found: the table is sorted and has no gaps. */
static void all_codes_are_found(void **state UNUSED)
{
    int found = 0;
    for (int i = 0; i < 26 * 26 * 26; i++) {
        char code[] = {(char)('A' + i / 676), (char)('A' + i / 26 % 26),
                       (char)('A' + i % 26)};
        int decimals = currency_decimals((struct str){code, 3});
        assert_in_range(decimals + 1, 0, 5);
        found += decimals >= 0;
    }
    assert_int_equal(found, 171);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(minor_units_are_iso_4217s),
        cmocka_unit_test(what_has_no_minor_unit_is_none),
        cmocka_unit_test(all_codes_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
