/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * SHA-256 by its published examples, and the comparison of secrets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

static void published_examples(void **state UNUSED)
{
    char hex[DIGEST_HEX + 1];
    const char *of_nothing = "e3b0c44298fc1c149afbf4c8996fb924"
                             "27ae41e4649b934ca495991b7852b855";
    digest_hex(STR(""), hex);
    assert_string_equal(hex, of_nothing);
    digest_hex(str_of(NULL), hex);
    assert_string_equal(hex, of_nothing);
    digest_hex(STR("abc"), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223"
                             "b00361a396177a9cb410ff61f20015ad");
    digest_hex(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
               hex);
    assert_string_equal(hex, "248d6a61d20638b8e5c026930c3e6039"
                             "a33ce45964ff2167f6ecedd419db06c1");
}

static void a_million_letters(void **state UNUSED)
{
    char hex[DIGEST_HEX + 1];
    char *letters = mem_new(1000000);
    memset(letters, 'a', 1000000);
    digest_hex((struct str){letters, 1000000}, hex);
    assert_string_equal(hex, "cdc76e5c9914fb9281a1c7e284d73e67"
                             "f1809a48a497200e046d39ccc7112cd0");
    free(letters);
}

static void secrets_are_compared_whole(void **state UNUSED)
{
    assert_true(digest_same(STR(""), str_of(NULL)));
    assert_true(digest_same(STR("s3cret\0x"), STR("s3cret\0x")));
    assert_false(digest_same(STR("s3cret\0x"), STR("s3cret\0y")));
    assert_false(digest_same(STR("s3cret"), STR("s3cre")));
    assert_false(digest_same(STR("s3cret"), STR("")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_examples),
        cmocka_unit_test(a_million_letters),
        cmocka_unit_test(secrets_are_compared_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
