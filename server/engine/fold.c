/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A standing is not read from anywhere: it is what the policy's movement makes
 * of the verdicts since the partner joined. A verdict stays the same until its
 * horizon, and a version until the next, so only those days are visited. */
#include "engine/fold.h"

static int32_t earlier(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static bool not_joined(struct versions *versions, int32_t joined, int32_t day,
                       struct folded *folded, struct fault *fault)
{
    const struct timeline *timeline = versions_timeline(versions);
    int32_t next = timeline_next(timeline, day);

    folded->policy =
        versions_policy(versions, timeline_at(timeline, day), fault);
    folded->standing = (struct standing){.tier = TIER_NONE,
                                         .since = DAY_NONE,
                                         .state = STANDING_HELD,
                                         .review = DAY_NONE};
    folded->horizon = joined == DAY_NONE ? next : earlier(joined, next);
    folded->judged = false;
    return folded->policy;
}

static bool judge(struct versions *versions, const struct record *record,
                  int32_t day, struct counters *counters, struct folded *folded,
                  struct fault *fault)
{
    const struct timeline *timeline = versions_timeline(versions);

    folded->horizon = timeline_next(timeline, day);
    folded->policy =
        versions_policy(versions, timeline_at(timeline, day), fault);
    if (!folded->policy)
        return false;
    counter_add(counters, COUNTER_judgements, 1);
    bool ok =
        policy_judge(folded->policy, record, day, &folded->verdict, fault);
    folded->horizon = earlier(folded->horizon, folded->verdict.horizon);
    folded->judged = ok;
    if (!ok)
        counter_add(counters,
                    fault->code == FAULT_BUDGET ? COUNTER_budget_exhausted
                                                : COUNTER_policy_errors,
                    1);
    return ok;
}

static bool too_costly(int32_t joined, int32_t day, struct counters *counters,
                       struct fault *fault)
{
    char from[DAY_TEXT], until[DAY_TEXT];

    counter_add(counters, COUNTER_budget_exhausted, 1);
    return fault_set(fault, FAULT_BUDGET,
                     "the standing from " STR_FMT " until " STR_FMT
                     " takes more than the budget of %lld instructions",
                     STR_ARG(day_text(joined, from)),
                     STR_ARG(day_text(day, until)), (long long)FOLD_COST_MAX);
}

bool fold_verdict(struct versions *versions, const struct record *record,
                  int32_t day, struct counters *counters, struct folded *folded,
                  struct fault *fault)
{
    int32_t joined = record_joined(record);

    if (joined == DAY_NONE || day < joined)
        return not_joined(versions, joined, day, folded, fault);
    return judge(versions, record, day, counters, folded, fault);
}

/* A tier is known by its name: another version may count it elsewhere, or have
 * it no more, which counts as never having held one. */
static void translate(const struct policy *from, const struct policy *to,
                      size_t ladder, struct standing *held)
{
    if (!from || from == to || held->tier == TIER_NONE)
        return;
    const struct ladder *old = &policy_program(from)->ladders[ladder];
    const struct ladder *new = &policy_program(to)->ladders[ladder];

    held->tier = ladder_tier(new, ladder_tier_name(old, held->tier));
    if (held->tier == TIER_NONE)
        held->since = DAY_NONE;
}

bool fold_standing(struct versions *versions, const struct record *record,
                   size_t ladder, int32_t day, struct counters *counters,
                   struct folded *folded, struct fault *fault)
{
    int32_t joined = record_joined(record);
    struct standing held = {.tier = TIER_NONE, .since = DAY_NONE};
    const struct policy *before = NULL;
    int64_t cost = 0;

    if (joined == DAY_NONE || day < joined)
        return not_joined(versions, joined, day, folded, fault);
    for (int32_t at = joined;; at = folded->horizon) {
        if (!judge(versions, record, at, counters, folded, fault))
            return false;
        ensure(folded->horizon > at);
        translate(before, folded->policy, ladder, &held);
        policy_step(folded->policy, ladder, &held, &folded->verdict, at,
                    &folded->standing);
        held = folded->standing;
        before = folded->policy;
        if (folded->horizon > day)
            return true;
        cost += folded->verdict.cost;
        if (cost > FOLD_COST_MAX)
            return too_costly(joined, day, counters, fault);
    }
}
