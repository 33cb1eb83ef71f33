/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_POLICY_PROGRAM_H
#define PALIER_POLICY_PROGRAM_H

#include "base/base.h"
#include "facts/facts.h"

enum { TIER_NONE = -1 };

/* A policy's page in the form that C evaluates, read-only; what others than
 * the policy room need of it. */
struct tier {
    struct str name;
    int64_t margin; /* a percentage, see decimal.h */
};
struct ladder {
    struct str name;          /* empty: the program's own, always the first */
    const struct tier *tiers; /* lowest first */
    size_t ntiers;
};
struct program {
    struct str at; /* of the word `program`: "program.lua:12" */
    struct str name, currency, timezone;
    const struct str *languages; /* the first is the fallback */
    size_t nlanguages;
    struct schema schema;
    const struct ladder *ladders;
    size_t nladders;
};

/* The ladder's index, -1 where there is none of that name. */
int program_ladder(const struct program *program, struct str name);
/* The tier's index, TIER_NONE where there is none of that name. */
int ladder_tier(const struct ladder *ladder, struct str name);
struct str ladder_tier_name(const struct ladder *ladder, int tier);

#endif
