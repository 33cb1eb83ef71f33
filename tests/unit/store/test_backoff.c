/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "store/backoff.h"

/* Whatever chance says, a wait lies in the upper half of its span. */
static void test_spans(void **state)
{
    static const int64_t spans[] = {20, 40, 80, 160, 320, 640, 1000, 1000};
    uint32_t random = 1;

    assert_null(*state);
    for (int round = 0; round < 2000; round++) {
        struct backoff backoff = {0};

        for (size_t i = 0; i < sizeof(spans) / sizeof(*spans); i++) {
            int64_t ms = backoff_next_ms(&backoff, random);

            assert_true(ms >= spans[i] / 2 && ms <= spans[i]);
            random = random * 1664525 + 1013904223;
        }
    }
}

static void test_bounds(void **state)
{
    struct backoff backoff = {0};

    assert_null(*state);
    assert_int_equal(backoff_next_ms(&backoff, 0), 10);
    assert_int_equal(backoff_next_ms(&backoff, 20), 40);
    assert_true(backoff_next_ms(&backoff, UINT32_MAX) <= 80);
}

static void test_reset(void **state)
{
    struct backoff backoff = {0};

    assert_null(*state);
    for (int i = 0; i < 20; i++)
        assert_true(backoff_next_ms(&backoff, 7) <= BACKOFF_LAST_MS);
    backoff_reset(&backoff);
    assert_true(backoff_next_ms(&backoff, 7) <= BACKOFF_FIRST_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_spans),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
