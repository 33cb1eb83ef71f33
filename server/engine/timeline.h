/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_ENGINE_TIMELINE_H
#define PALIER_ENGINE_TIMELINE_H

#include "policy/policy.h"

/* Which version is in force from which day: by (from, seq), ascending. The
 * greatest (from, seq) not after a day is in force on it; the first also
 * before. Immutable; counted references, any thread. */
struct timeline;
struct timeline_row {
    int32_t from;
    int64_t seq;
    struct bundle *bundle;
};

/* Copies the rows, in any order, and takes references to their bundles; of
 * several rows from one day only the greatest seq is kept. n >= 1. */
struct timeline *timeline_new(const struct timeline_row *rows, size_t n);
struct timeline *timeline_ref(struct timeline *timeline);
void timeline_unref(struct timeline *timeline);

size_t timeline_rows(const struct timeline *timeline);
const struct timeline_row *timeline_row(const struct timeline *timeline,
                                        size_t i);
/* The index of the row in force on a day. */
size_t timeline_at(const struct timeline *timeline, int32_t day);
/* The first later day on which another row comes into force, or DAY_NEVER. */
int32_t timeline_next(const struct timeline *timeline, int32_t day);

#endif
