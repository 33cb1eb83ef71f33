/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The hash: the same for the same bytes wherever they lie, and spread evenly.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/base.h"

enum { KEYS = 1 << 16 };

static void the_same_bytes_give_the_same_hash(void **state UNUSED)
{
    char text[80], other[88];
    for (size_t i = 0; i < sizeof(text); i++)
        text[i] = (char)(i * 7);
    for (size_t len = 0; len <= sizeof(text); len++) {
        for (size_t shift = 0; shift < 8; shift++) {
            memcpy(other + shift, text, len);
            struct str a = {text, len}, b = {other + shift, len};
            assert_true(str_hash(a, 5) == str_hash(b, 5));
            assert_true(str_hash(a, 5) != str_hash(b, 6));
        }
    }
    assert_true(str_hash(str_of(NULL), 1) == str_hash(STR(""), 1));
}

/* Every bit of the key reaches about half of the bits of the hash. */
static void every_bit_counts(void **state UNUSED)
{
    char text[40] = "partner-0123456789-abcdefghijklmnopqrst";
    for (size_t len = 1; len < sizeof(text); len++) {
        struct str s = {text, len};
        uint64_t before = str_hash(s, 99);
        for (size_t bit = 0; bit < len * 8; bit++) {
            text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
            int changed = __builtin_popcountll(before ^ str_hash(s, 99));
            text[bit / 8] = (char)(text[bit / 8] ^ 1 << bit % 8);
            assert_in_range(changed, 8, 56);
        }
    }
}

static void zeros_of_each_length_differ(void **state UNUSED)
{
    static const char zeros[64];
    for (size_t a = 0; a <= sizeof(zeros); a++) {
        for (size_t b = 0; b < a; b++) {
            struct str x = {zeros, a}, y = {zeros, b};
            assert_true(str_hash(x, 0) != str_hash(y, 0));
        }
    }
}

/* As many keys as places: a fair hash leaves 1/e of them empty (36.8 %), by
 * its low bits and by its high ones. */
static void keys_spread(void **state UNUSED)
{
    static bool low[KEYS], high[KEYS];
    size_t low_used = 0, high_used = 0;
    for (int i = 0; i < KEYS; i++) {
        char key[24];
        snprintf(key, sizeof(key), "partner-%d", i);
        uint64_t hash = str_hash(str_of(key), 1);
        low_used += !low[hash % KEYS];
        low[hash % KEYS] = true;
        high_used += !high[hash >> 48];
        high[hash >> 48] = true;
    }
    assert_in_range(low_used, KEYS * 62 / 100, KEYS * 645 / 1000);
    assert_in_range(high_used, KEYS * 62 / 100, KEYS * 645 / 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_bytes_give_the_same_hash),
        cmocka_unit_test(every_bit_counts),
        cmocka_unit_test(zeros_of_each_length_differ),
        cmocka_unit_test(keys_spread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
