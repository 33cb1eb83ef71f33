/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Borrowed text: comparing, finding, cutting and numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void no_text_equals_the_empty_one(void **state UNUSED)
{
    struct str none = str_of(NULL);
    assert_null(none.at);
    assert_int_equal(none.len, 0);
    assert_true(str_is(none, STR("")));
    assert_true(str_is_nocase(none, STR("")));
    assert_int_equal(str_order(none, STR("")), 0);
    assert_true(str_has_prefix(STR("a"), none));
    assert_true(str_has_prefix(none, none));
    assert_false(str_has_prefix(none, STR("a")));
    assert_int_equal(str_find(none, 'a', 0), 0);
    assert_int_equal(str_part(none, 1, 2).len, 0);
    assert_int_equal(str_trim(none).len, 0);
}

static void equality_looks_at_every_byte(void **state UNUSED)
{
    assert_true(str_is(STR("a\0b"), STR("a\0b")));
    assert_false(str_is(STR("a\0b"), STR("a\0c")));
    assert_false(str_is(STR("ab"), STR("abc")));
    assert_true(str_is_nocase(STR("TiEr"), STR("tIeR")));
    assert_false(str_is_nocase(STR("@"), STR("`")));
    assert_false(str_is_nocase(STR("["), STR("{")));
    assert_false(str_is_nocase(STR("\xc3\x84"), STR("\xc3\xa4")));
}

static void order_is_bytewise(void **state UNUSED)
{
    static const struct str sorted[] = {
        STR_INIT(""),  STR_INIT("A"), STR_INIT("Ab"),   STR_INIT("B"),
        STR_INIT("a"), STR_INIT("~"), STR_INIT("\x80"), STR_INIT("\xff"),
    };
    for (size_t i = 0; i < COUNT_OF(sorted); i++) {
        for (size_t j = 0; j < COUNT_OF(sorted); j++) {
            int order = str_order(sorted[i], sorted[j]);
            assert_int_equal((order > 0) - (order < 0), (i > j) - (i < j));
        }
    }
}

static void parts_are_clamped(void **state UNUSED)
{
    struct str s = STR("platinum");
    assert_true(str_is(str_part(s, 0, 4), STR("plat")));
    assert_true(str_is(str_part(s, 4, 100), STR("inum")));
    assert_int_equal(str_part(s, 5, 3).len, 0);
    assert_int_equal(str_part(s, 100, 200).len, 0);
    assert_int_equal(str_part(s, SIZE_MAX, SIZE_MAX).len, 0);
    assert_int_equal(str_find(s, 't', 0), 3);
    assert_int_equal(str_find(s, 't', 4), s.len);
    assert_int_equal(str_find(s, 'p', SIZE_MAX), s.len);
}

static void trim_takes_blanks_at_both_ends(void **state UNUSED)
{
    assert_true(str_is(str_trim(STR(" \t\r\na b\n ")), STR("a b")));
    assert_true(str_is(str_trim(STR(" \t\r\n")), STR("")));
    assert_true(str_is(str_trim(STR("\va\v")), STR("\va\v")));
}

static void numbers_have_one_spelling(void **state UNUSED)
{
    static const struct {
        struct str text;
        int64_t value;
    } good[] = {
        {STR_INIT("0"), 0},
        {STR_INIT("7"), 7},
        {STR_INIT("-1"), -1},
        {STR_INIT("9223372036854775807"), INT64_MAX},
        {STR_INIT("-9223372036854775808"), INT64_MIN},
    };
    for (size_t i = 0; i < COUNT_OF(good); i++) {
        int64_t value = 42;
        assert_true(str_to_int64(good[i].text, &value));
        assert_true(value == good[i].value);
    }
    static const struct str wrong[] = {
        STR_INIT(""),
        STR_INIT("-"),
        STR_INIT("+1"),
        STR_INIT(" 1"),
        STR_INIT("1 "),
        STR_INIT("01"),
        STR_INIT("00"),
        STR_INIT("-0"),
        STR_INIT("-01"),
        STR_INIT("1.0"),
        STR_INIT("0x1"),
        STR_INIT("--1"),
        STR_INIT("1a"),
        STR_INIT("/"),
        STR_INIT(":"),
        STR_INIT("1\0"),
        STR_INIT("9223372036854775808"),
        STR_INIT("-9223372036854775809"),
        STR_INIT("99999999999999999999"),
        STR_INIT("18446744073709551617"),
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        int64_t value = 42;
        assert_false(str_to_int64(wrong[i], &value));
        assert_true(value == 42);
    }
}

static void numbers_read_back_what_was_printed(void **state UNUSED)
{
    uint64_t n = 1;
    for (int i = 0; i < 10000; i++) {
        n = n * UINT64_C(6364136223846793005) + 1442695040888963407u;
        int64_t number = (int64_t)(n >> (i % 64)), value = 0;
        number = i % 2 ? number : -number;
        char text[32];
        snprintf(text, sizeof(text), "%lld", (long long)number);
        assert_true(str_to_int64(str_of(text), &value));
        assert_true(value == number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_text_equals_the_empty_one),
        cmocka_unit_test(equality_looks_at_every_byte),
        cmocka_unit_test(order_is_bytewise),
        cmocka_unit_test(parts_are_clamped),
        cmocka_unit_test(trim_takes_blanks_at_both_ends),
        cmocka_unit_test(numbers_have_one_spelling),
        cmocka_unit_test(numbers_read_back_what_was_printed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
