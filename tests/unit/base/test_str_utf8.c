/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Which bytes are text: every character there is, and what is none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

/* The bytes of a code point, also of one that is none. */
static struct str encoded(uint32_t code, char at[4])
{
    if (code < 0x80) {
        at[0] = (char)code;
        return (struct str){at, 1};
    }
    size_t len = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--) {
        at[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    at[0] = (char)((0xf00u >> len & 0xf0u) | code);
    return (struct str){at, len};
}

static void every_character_is_known_by_its_length(void **state UNUSED)
{
    for (uint32_t code = 0; code < 0x120000; code++) {
        char at[4];
        struct str s = encoded(code, at);
        bool valid = code < 0x110000 && (code < 0xd800 || code > 0xdfff);
        assert_int_equal(str_utf8_at(s, 0), valid ? s.len : 0);
        assert_int_equal(str_is_utf8(s), valid);
        assert_int_equal(str_utf8_at(str_part(s, 0, s.len - 1), 0), 0);
    }
}

static void what_is_no_text(void **state UNUSED)
{
    static const struct str wrong[] = {
        STR_INIT("\x80"),             /* begins in the middle */
        STR_INIT("\xc0\x80"),         /* overlong NUL */
        STR_INIT("\xc1\xbf"),         /* overlong */
        STR_INIT("\xe0\x9f\xbf"),     /* overlong */
        STR_INIT("\xf0\x8f\xbf\xbf"), /* overlong */
        STR_INIT("\xf5\x80\x80\x80"), /* too high */
        STR_INIT("\xff"),
        STR_INIT("a\xc3"), /* cut */
        STR_INIT("\xe2\x82"
                 "a"),            /* another begins */
        STR_INIT("\xc3\xa9\xa9"), /* one byte too many */
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(str_is_utf8(wrong[i]));
    assert_true(str_is_utf8(STR("")));
    assert_int_equal(str_utf8_at(STR("a"), 1), 0);
    assert_int_equal(str_utf8_at(STR("a"), SIZE_MAX), 0);
}

static void control_bytes_are_not_printable(void **state UNUSED)
{
    for (int c = 0; c < 0x80; c++) {
        char text[3] = {'a', (char)c, 'b'};
        bool printable = str_is_printable((struct str){text, 3});
        assert_int_equal(printable, c >= 0x20 && c != 0x7f);
    }
    assert_true(str_is_printable(STR("Z\xc3\xbcrich \xf0\x9f\x98\x80")));
    assert_false(str_is_printable(STR("Z\xfcrich")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_character_is_known_by_its_length),
        cmocka_unit_test(what_is_no_text),
        cmocka_unit_test(control_bytes_are_not_printable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
