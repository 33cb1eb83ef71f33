/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Answers about a partner at hand. The two that are asked for most, the tier
 * and the standing of today, are remembered beside the facts; an answer holds
 * for its versions and until its horizon, and so does a failure. */
#include "engine/inner.h"

static bool is_ready(const struct engine *engine, const struct entry *entry,
                     int32_t day)
{
    return entry->ready && entry->generation == engine->generation &&
           entry->judged <= day && day < entry->horizon;
}

static void keep_answer(struct engine *engine, struct entry *entry, int32_t day,
                        int32_t horizon)
{
    entry_reset(entry);
    entry->ready = true;
    entry->generation = engine->generation;
    entry->judged = day;
    entry->horizon = horizon;
}

static void keep(struct engine *engine, struct entry *entry, int32_t day,
                 const struct folded *folded)
{
    keep_answer(engine, entry, day, folded->horizon);
    entry->held = folded->standing;
}

static void keep_fault(struct engine *engine, struct entry *entry, int32_t day,
                       int32_t horizon, const struct fault *fault)
{
    keep_answer(engine, entry, day, horizon > day ? horizon : day + 1);
    entry->fault = mem_copy(fault, sizeof(*fault));
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
    if (entry && is_ready(engine, entry, day)) {
        if (entry->fault)
            *fault = *entry->fault;
        *tier = tier_name(policy, entry->held.tier);
        return !entry->fault;
    }
    bool ok = fold_tier(engine, subject->record, policy, day, &folded, fault);
    *tier = tier_name(policy, ok ? folded.standing.tier : TIER_NONE);
    if (entry && ok)
        keep(engine, entry, day, &folded);
    else if (entry)
        keep_fault(engine, entry, day, folded.horizon, fault);
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
    struct entry *entry = subject->entry;
    struct counters *counters = engine->options.counters;

    if (entry && is_ready(engine, entry, day) && entry->folded) {
        folded->standing = entry->held;
        return fold_verdict(engine->versions, subject->record, day, counters,
                            folded, fault);
    }
    if (!fold_standing(engine->versions, subject->record, 0, day, counters,
                       folded, fault))
        return false;
    if (entry) {
        keep(engine, entry, day, folded);
        entry->folded = true;
    }
    return true;
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
