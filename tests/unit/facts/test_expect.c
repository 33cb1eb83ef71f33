/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "facts/expect.h"
#include "facts_test.h"

static struct fault fault;

static void a_refusal_names_field_and_value(void **state UNUSED)
{
    assert_false(expect_failed(&fault, "count", STR("x"), "is %s; expected %d",
                               "wrong", 5));
    assert_int_equal(fault.code, FAULT_INVALID);
    assert_string_equal(fault.text, "count: \"x\" is wrong; expected 5");
}

/* 63 bytes, then characters of two: the 64th byte is inside of one. */
static void clipping_keeps_characters_whole(void **state UNUSED)
{
    char value[200];
    memset(value, 'a', 63);
    for (size_t i = 63; i < sizeof(value); i++)
        value[i] = i % 2 ? '\xc3' : '\xa9';
    assert_int_equal(expect_clip((struct str){value, 199}).len, 63);
    assert_string_equal(expect_dots((struct str){value, 199}), "...");
    assert_int_equal(expect_clip((struct str){value, 64}).len, 64);
    assert_string_equal(expect_dots((struct str){value, 64}), "");
    memset(value, '\x80', sizeof(value)); /* no character begins anywhere */
    assert_int_equal(expect_clip((struct str){value, 199}).len, 0);
    assert_int_equal(expect_clip((struct str){NULL, 0}).len, 0);
}

static void an_unknown_name_gets_a_hint(void **state UNUSED)
{
    const struct str known[] = {STR("gold"), STR("platinum"), STR("silver")};
    assert_false(expect_known(&fault, STR("glod"), "tier", known, 3));
    assert_string_equal(fault.text, "glod: no such tier; did you mean gold?");
    assert_false(expect_known(&fault, STR("diamond"), "tier", known, 3));
    assert_string_equal(
        fault.text, "diamond: no such tier; expected gold, platinum or silver");
    assert_false(expect_known(&fault, STR("x"), "tier", NULL, 0));
    assert_string_equal(fault.text, "x: no such tier; none is known");
}

static void a_long_list_ends_in_dots(void **state UNUSED)
{
    struct str known[100];
    for (size_t i = 0; i < COUNT_OF(known); i++)
        known[i] = STR("something");
    assert_false(expect_known(&fault, STR("x"), "tier", known, 100));
    assert_non_null(strstr(fault.text, "something, something, "));
    assert_string_equal(fault.text + strlen(fault.text) - 3, "...");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_refusal_names_field_and_value),
        cmocka_unit_test(clipping_keeps_characters_whole),
        cmocka_unit_test(an_unknown_name_gets_a_hint),
        cmocka_unit_test(a_long_list_ends_in_dots),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
