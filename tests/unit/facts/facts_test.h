/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What the tests of this room share. */
#ifndef PALIER_TESTS_FACTS_TEST_H
#define PALIER_TESTS_FACTS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "facts/facts.h"

static inline int32_t test_day(const char *text)
{
    int32_t day = DAY_NONE;
    assert_true(day_parse(str_of(text), &day));
    return day;
}

static inline void assert_text(struct str s, const char *expected)
{
    struct str wanted = str_of(expected);
    if (!str_is(s, wanted))
        print_error("\"" STR_FMT "\" is not \"%s\"\n", STR_ARG(s), expected);
    assert_true(str_is(s, wanted));
}

/* A linear congruential generator: the same numbers on every run. */
static inline uint32_t test_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

#endif
