/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The text of a fault is one printable line, whatever was put into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void words_and_codes_belong_together(void **state UNUSED)
{
    for (int code = FAULT_NONE + 1; code < FAULT_CODES; code++) {
        const char *word = fault_word((enum fault_code)code);
        assert_int_equal(fault_code_of(str_of(word)), code);
    }
    assert_string_equal(fault_word(FAULT_INVALID), "INVALID");
    assert_string_equal(fault_word(FAULT_NONE), "");
    assert_int_equal(fault_code_of(STR("")), FAULT_NONE);
    assert_int_equal(fault_code_of(STR("invalid")), FAULT_NONE);
    assert_int_equal(fault_code_of(STR("INVALIDX")), FAULT_NONE);
}

static void set_and_clear(void **state UNUSED)
{
    struct fault fault;
    fault_clear(&fault);
    assert_int_equal(fault.code, FAULT_NONE);
    assert_string_equal(fault.text, "");
    assert_false(fault_set(&fault, FAULT_INVALID, "day '%s': no such day",
                           "2026-02-30"));
    assert_int_equal(fault.code, FAULT_INVALID);
    assert_string_equal(fault.text, "day '2026-02-30': no such day");
    fault_set(&fault, FAULT_ERR, "line %d: %s", 7, fault.text);
    assert_string_equal(fault.text, "line 7: day '2026-02-30': no such day");
}

static void what_is_not_printable_is_replaced(void **state UNUSED)
{
    struct fault fault;
    fault_set(&fault, FAULT_ERR, "%s", "a\r\nFORGED\t\x01\x7f");
    assert_string_equal(fault.text, "a??FORGED???");
    fault_set(&fault, FAULT_ERR, "%s", "Z\xc3\xbcrich \xfc \xc3");
    assert_string_equal(fault.text, "Z\xc3\xbcrich ? ?");
}

/* A character of each length, at each place around the end. */
static void a_long_text_is_cut_between_characters(void **state UNUSED)
{
    static const char *const characters[] = {"a", "\xc3\xa9", "\xe2\x82\xac",
                                             "\xf0\x9f\x98\x80"};
    for (size_t c = 0; c < COUNT_OF(characters); c++) {
        for (size_t pad = 500; pad < 520; pad++) {
            struct fault fault;
            char text[600];
            memset(text, 'x', pad);
            text[pad] = '\0';
            fault_set(&fault, FAULT_ERR, "%s%s%s", text, characters[c],
                      characters[c]);
            struct str got = str_of(fault.text);
            assert_true(str_is_printable(got));
            assert_null(strchr(fault.text, '?'));
            size_t whole = pad + 2 * strlen(characters[c]);
            assert_true(got.len >= (whole < 508 ? whole : 508));
        }
    }
}

static void a_long_text_that_is_none_is_cut_too(void **state UNUSED)
{
    struct fault fault;
    char text[600];
    memset(text, 0x80, sizeof(text));
    text[sizeof(text) - 1] = '\0';
    fault_set(&fault, FAULT_ERR, "%s", text);
    assert_in_range(strlen(fault.text), 500, 511);
    assert_int_equal(strspn(fault.text, "?"), strlen(fault.text));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_and_codes_belong_together),
        cmocka_unit_test(set_and_clear),
        cmocka_unit_test(what_is_not_printable_is_replaced),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(a_long_text_that_is_none_is_cut_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
