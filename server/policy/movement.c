/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * step(standing, verdict, day): how the tier held follows the one that the
 * facts are worth. With movement at once in both directions it is the same
 * tier; only since when it is held needs the standing before. */
#include "policy/inside.h"

void policy_step(const struct policy *policy, size_t ladder,
                 const struct standing *held, const struct verdict *verdict,
                 int32_t day, struct standing *next)
{
    ensure(ladder < policy->plan.program.nladders);
    int tier = verdict->qualifies[ladder];
    bool stays = held->since != DAY_NONE && held->tier == tier;
    *next = (struct standing){
        .tier = tier,
        .since = stays ? held->since : day,
        .state = STANDING_HELD,
        .review = DAY_NONE,
    };
}

bool policy_is_memoryless(const struct policy *policy, size_t ladder)
{
    ensure(ladder < policy->plan.program.nladders);
    return true;
}
