/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * "unknown tier 'glod': did you mean 'gold'?" A slip is a letter too many, too
 * few, wrong, or two neighbours swapped; the distance is the least number of
 * slips between two words (Damerau and Levenshtein, no letter moved twice),
 * computed over three rows of the usual table. */
#include "base/str.h"

enum { WORD_BYTES = 64 };

struct rows {
    unsigned char before[WORD_BYTES + 1]; /* two letters of `a` ago */
    unsigned char above[WORD_BYTES + 1];  /* one letter ago */
    unsigned char row[WORD_BYTES + 1];
};

static unsigned least(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* The distance of a[0..i] and b[0..j], both counted from 0. */
static unsigned cell(const struct rows *t, struct str a, size_t i, struct str b,
                     size_t j)
{
    unsigned best = t->above[j] + (a.at[i] != b.at[j] ? 1u : 0u);
    best = least(best, t->above[j + 1] + 1u);
    best = least(best, t->row[j] + 1u);
    bool swapped =
        i > 0 && j > 0 && a.at[i] == b.at[j - 1] && a.at[i - 1] == b.at[j];
    return swapped ? least(best, t->before[j - 1] + 1u) : best;
}

static unsigned distance(struct str a, struct str b)
{
    struct rows t = {0};
    for (size_t j = 0; j <= b.len; j++)
        t.row[j] = (unsigned char)j;
    for (size_t i = 0; i < a.len; i++) {
        for (size_t j = 0; j <= b.len; j++) {
            t.before[j] = t.above[j];
            t.above[j] = t.row[j];
        }
        t.row[0] = (unsigned char)(i + 1);
        for (size_t j = 0; j < b.len; j++)
            t.row[j + 1] = (unsigned char)cell(&t, a, i, b, j);
    }
    return t.row[b.len];
}

struct str str_nearest(struct str word, const struct str *known, size_t n)
{
    struct str nearest = {NULL, 0};
    if (word.len > WORD_BYTES)
        return nearest;
    unsigned best = word.len < 6 ? 2 : (unsigned)(word.len / 3) + 1;
    for (size_t i = 0; i < n; i++) {
        size_t longer = known[i].len > word.len ? known[i].len - word.len : 0;
        if (known[i].len > WORD_BYTES || longer >= best)
            continue; /* the letters it has more are slips already */
        unsigned slips = distance(word, known[i]);
        if (slips < best) {
            best = slips;
            nearest = known[i];
        }
    }
    return nearest;
}
