/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Inside the room only: how a record lies in memory, for those who build it
 * and those who read it. */
#ifndef PALIER_FACTS_RECORD_PARTS_H
#define PALIER_FACTS_RECORD_PARTS_H

#include <string.h>

#include "facts/record.h"

/* One allocation: this struct, then the arrays it points to, then the texts. A
 * text is the number of the byte at which it begins; 0 is no text. There stand
 * its length in two bytes, then its bytes; equal neighbours share one text.
 *
 *   | record | sums counts terms attributes steps runs groups days ... | text |
 */
struct record {
    size_t refs, bytes;
    int64_t ver;
    int32_t joined;
    uint32_t nattributes, nruns, namounts, ngroups, nterms, nignored;
    /* Running sums over all amounts: sums[i] is that of the amounts before i,
     * so that amounts a to b-1 add up to sums[b] - sums[a]; namounts + 1 of
     * them. They may wrap; the differences are right where they fit. */
    uint64_t *sums, *counts;
    struct term_row *terms;
    struct attribute_row *attributes;
    struct step *steps;
    struct run *runs;   /* amounts of one series and unit */
    struct run *groups; /* terms of one series; no unit */
    int32_t *days;      /* of amounts */
    uint32_t *labels;   /* of amounts */
    uint32_t *ignored;
    char *text;
};

/* Rows first to first + n - 1 belong together. Runs are sorted by series; '/'
 * sorts before all that names are made of, so those under a path are
 * neighbours. */
struct run {
    uint32_t series, unit, first, n;
};

struct term_row {
    int64_t number;
    int32_t from, until;
    uint32_t id, unit, labels;
    bool has_number;
};

struct attribute_row {
    uint32_t name, first, n; /* its steps; one at least */
};

/* An attribute had `value` before the day `before` and not before the step
 * above; the last step's is DAY_NEVER. */
struct step {
    int32_t before;
    uint32_t value;
};

static inline struct str record_text(const struct record *record, uint32_t at)
{
    if (at == 0)
        return (struct str){0};
    uint16_t len;
    memcpy(&len, record->text + at, sizeof(len));
    return (struct str){record->text + at + sizeof(len), len};
}

/* The first of `n` runs whose series is not before `path`. */
size_t record_run_at(const struct record *record, const struct run *runs,
                     size_t n, struct str path);

#endif
