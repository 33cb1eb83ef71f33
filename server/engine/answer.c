/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Answers about a partner at hand. The two that are asked for most, the tier
 * and the standing of today, are remembered beside the facts; an answer holds
 * for its versions and until its horizon, and so does a failure. */
#include "engine/inner.h"

static bool is_ready(const struct engine *engine, const struct memo *memo,
                     int32_t day)
{
    return memo->generation == engine->generation && memo->judged <= day &&
           day < memo->horizon;
}

/* A failure is asked about again tomorrow at the latest. */
static void keep(struct engine *engine, struct entry *entry, struct memo *memo,
                 int32_t day, const struct folded *folded,
                 const struct fault *fault)
{
    int32_t horizon = folded->horizon;
    const struct memo value = {
        .generation = engine->generation,
        .judged = day,
        .horizon = fault && horizon <= day ? day + 1 : horizon,
        .held = folded->standing,
    };

    cache_keep(engine->cache, entry, memo, value, fault);
}

/* The standing of today; where movement has no memory its tier comes from one
 * verdict, without a fold, and since when is not known. */
static bool fold_tier(struct engine *engine, const struct record *record,
                      struct policy *policy, int32_t day, struct folded *folded,
                      struct fault *fault)
{
    if (!policy_is_memoryless(policy, 0))
        return fold_standing(engine->versions, record, 0, day,
                             engine->options.counters, folded, fault);
    if (!fold_verdict(engine->versions, record, day, engine->options.counters,
                      folded, fault))
        return false;
    folded->standing.tier =
        folded->judged ? folded->verdict.qualifies[0] : TIER_NONE;
    return true;
}

static struct str tier_name(const struct policy *policy, int tier)
{
    return ladder_tier_name(&policy_program(policy)->ladders[0], tier);
}

bool engine_tier(struct engine *engine, const struct subject *subject,
                 struct str *tier, struct fault *fault)
{
    int32_t day = engine_today(engine);
    struct entry *entry = subject->entry;
    struct policy *policy = engine_policy(engine, day, fault);
    struct folded folded = {.horizon = DAY_NEVER};

    if (!policy)
        return false;
    if (entry && is_ready(engine, &entry->tier, day)) {
        if (entry->tier.fault)
            *fault = *entry->tier.fault;
        *tier = tier_name(policy, entry->tier.held.tier);
        return !entry->tier.fault;
    }
    bool ok = fold_tier(engine, subject->record, policy, day, &folded, fault);
    if (!ok)
        folded.standing.tier = TIER_NONE;
    *tier = tier_name(policy, folded.standing.tier);
    if (entry)
        keep(engine, entry, &entry->tier, day, &folded, ok ? NULL : fault);
    return ok;
}

/* --- the standing -------------------------------------------------------- */

static void answer_from(const struct folded *folded, size_t ladder,
                        struct answer *answer)
{
    *answer = (struct answer){
        .policy = folded->policy,
        .ladder = &policy_program(folded->policy)->ladders[ladder],
        .standing = folded->standing,
        .qualifies = TIER_NONE,
        .until = folded->horizon == DAY_NEVER ? DAY_NEVER : folded->horizon - 1,
    };
    if (!folded->judged)
        return;
    answer->verdict = folded->verdict;
    answer->qualifies = folded->verdict.qualifies[ladder];
}

/* Today's, of the program's own ladder: folded once, then one verdict more. */
static bool fold_today(struct engine *engine, const struct subject *subject,
                       int32_t day, struct folded *folded, struct fault *fault)
{
    struct memo *memo = subject->entry ? &subject->entry->standing : NULL;
    struct counters *counters = engine->options.counters;

    if (memo && is_ready(engine, memo, day)) {
        if (memo->fault)
            *fault = *memo->fault;
        folded->standing = memo->held;
        return !memo->fault && fold_verdict(engine->versions, subject->record,
                                            day, counters, folded, fault);
    }
    bool ok = fold_standing(engine->versions, subject->record, 0, day, counters,
                            folded, fault);
    if (memo)
        keep(engine, subject->entry, memo, day, folded, ok ? NULL : fault);
    return ok;
}

bool engine_standing(struct engine *engine, const struct subject *subject,
                     size_t ladder, int32_t day, struct answer *answer,
                     struct fault *fault)
{
    struct folded folded = {0};
    bool today = ladder == 0 && day == engine_today(engine);

    if (!engine->versions)
        return engine_policy(engine, day, fault);
    bool ok =
        today ? fold_today(engine, subject, day, &folded, fault)
              : fold_standing(engine->versions, subject->record, ladder, day,
                              engine->options.counters, &folded, fault);
    if (ok)
        answer_from(&folded, ladder, answer);
    return ok;
}
