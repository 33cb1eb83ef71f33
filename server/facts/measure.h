/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_MEASURE_H
#define PALIER_FACTS_MEASURE_H

#include "base/base.h"
#include "facts/name.h"
#include "facts/record.h"
#include "facts/window.h"

/* One number read from a record on a day, and its horizon: the first later day
 * on which the same facts give another number or might (DAY_NEVER: none).
 * Entries dated after the day do not count yet, but their day is a horizon. */
struct measure {
    int64_t value;
    int32_t horizon;
};

/* What is read: every series under `path`; `unit` empty: any; only entries
 * that carry all labels of `where`. */
struct selection {
    struct str path, unit;
    const struct pair *where;
    size_t nwhere;
};

/* False, with value 0, where a sum leaves the range of int64_t. */
bool measure_sum(const struct record *record, const struct selection *selection,
                 const struct window *window, int32_t day,
                 struct measure *out) MUST_USE;
bool measure_count(const struct record *record,
                   const struct selection *selection,
                   const struct window *window, int32_t day,
                   struct measure *out) MUST_USE;
/* Distinct ids of terms that hold on the day. */
void measure_people(const struct record *record,
                    const struct selection *selection, int32_t day,
                    struct measure *out);
/* The numbers of terms that hold on the day, added up. */
bool measure_total(const struct record *record,
                   const struct selection *selection, int32_t day,
                   struct measure *out) MUST_USE;
/* Does a term of `id` (empty: of any id) hold on the day? value 0 or 1 */
void measure_holds(const struct record *record,
                   const struct selection *selection, struct str id,
                   int32_t day, struct measure *out);

#endif
