/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to engine: the standing on a day. */
#ifndef PALIER_ENGINE_FOLD_H
#define PALIER_ENGINE_FOLD_H

#include "engine/counters.h"
#include "engine/versions.h"

struct folded {
    struct policy *policy; /* in force on the day */
    struct standing standing;
    int32_t horizon;        /* the first later day it could differ */
    bool judged;            /* false: before joining, no verdict */
    struct verdict verdict; /* the policy's, until it judges again */
};

/* What the judgements of one fold may cost together, in instructions: a
 * fraction of a second. A policy that reads the day is judged for each day
 * since the partner joined; each has its budget, and all together have this. */
#define FOLD_COST_MAX INT64_C(50000000)

/* Fold of step(standing, verdict, day) over the horizons from the day of
 * joining until `day`, each judged by the version in force then. False with
 * `fault` where a policy failed, or all was more than FOLD_COST_MAX (BUDGET);
 * folded->horizon then says until before which day that stays so. */
bool fold_standing(struct versions *versions, const struct record *record,
                   size_t ladder, int32_t day, struct counters *counters,
                   struct folded *folded, struct fault *fault) MUST_USE;

/* The verdict of the day alone, no movement: folded->standing is set only
 * where the partner has not joined yet. */
bool fold_verdict(struct versions *versions, const struct record *record,
                  int32_t day, struct counters *counters, struct folded *folded,
                  struct fault *fault) MUST_USE;

#endif
