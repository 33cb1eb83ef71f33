/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What the tests of changes share: a schema, and words out of one line. */
#ifndef PALIER_TESTS_CHANGE_TEST_H
#define PALIER_TESTS_CHANGE_TEST_H

#include "facts_test.h"

static const struct series change_series[] = {
    {STR_INIT("deal"), SERIES_TERM, {0}, 0},
    {STR_INIT("points"), SERIES_AMOUNT, STR_INIT("points"), 1},
    {STR_INIT("revenue"), SERIES_AMOUNT, STR_INIT("EUR"), 2},
    {STR_INIT("target"), SERIES_TERM, STR_INIT("EUR"), 2},
    {STR_INIT("training"), SERIES_TERM, {0}, 0},
    {STR_INIT("visits"), SERIES_AMOUNT, {0}, 0},
};
static const struct str change_attributes[] = {
    STR_INIT("csat"), STR_INIT("kind"), STR_INIT("language"),
    STR_INIT("market"), STR_INIT("name")};
static const struct schema change_schema = {
    change_series, COUNT_OF(change_series), change_attributes,
    COUNT_OF(change_attributes)};

enum { TODAY = 20634 }; /* 2026-06-30 */

/* Words as redis-cli takes them: blanks between, double quotes around blanks,
 * a backslash before a quote or a backslash in them. */
static inline size_t test_split(struct arena *arena, const char *line,
                                struct str *words, size_t max)
{
    size_t n = 0;
    while (*line) {
        char *at = arena_take(arena, strlen(line) + 1);
        bool quoted = *line == '"';
        size_t len = 0;
        for (line += quoted; *line && *line != (quoted ? '"' : ' '); line++) {
            if (quoted && *line == '\\')
                line++;
            at[len++] = *line;
        }
        line += quoted && *line == '"';
        line += *line == ' ';
        assert_true(n < max);
        words[n++] = (struct str){at, len};
    }
    return n;
}

static inline bool test_parse(struct arena *arena, const char *line,
                              struct change *change, struct fault *fault)
{
    struct str words[128];
    size_t n = test_split(arena, line, words, COUNT_OF(words));
    return change_parse(words, n, &change_schema, TODAY, arena, change, fault);
}

#endif
