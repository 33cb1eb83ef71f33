/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Which policy is in force depends on the day, and the day on the time zone,
 * which the policy in force says. The circle is entered with the day at hand
 * and followed until the policy and the day agree; that it ends is the
 * calendar's doing, whose day never falls behind the one a policy began on. */
#include "service/regime.h"

#include "service/candidate.h"

int32_t regime_today(const struct regime *regime)
{
    return atomic_load(&regime->commons->day);
}

static void say(const struct regime *regime, const struct archive_row *row,
                const struct policy *before, const struct policy *after)
{
    char from[DAY_TEXT], day[DAY_TEXT];
    struct arena arena;
    size_t n = 0;
    const struct str *lines = NULL;
    arena_init(&arena);
    if (before)
        lines = policy_differences(before, after, &arena, &n);
    log_info("policy in force", KV("version", row->sha),
             KV_STR("from", day_text(row->from, from)),
             KV_STR("program", policy_program(after)->name),
             KV_INT("changes", n),
             KV_STR("day", day_text(regime->settled_day, day)));
    for (size_t i = 0; i < n; i++)
        log_info("policy changed", KV_STR("change", lines[i]));
    arena_fini(&arena);
}

static bool is_current(const struct regime *regime,
                       const struct archive_row *row)
{
    return regime->current &&
           str_is(bundle_sha(policy_bundle(regime->current)), str_of(row->sha));
}

/* A step may lead to a later row, never to an earlier one. */
static bool settle_day(struct regime *regime, struct fault *fault)
{
    for (;;) {
        regime->settled_day = regime_today(regime);
        const struct archive_row *row =
            archive_at(regime->archive, regime->settled_day);
        if (is_current(regime, row)) {
            regime->from = row->from;
            regime->seq = row->seq;
            return true;
        }
        if (!row->bundle) {
            *fault = row->fault;
            return false;
        }
        struct policy *policy = candidate_rehearse(row->bundle, fault);
        if (!policy)
            return false;
        calendar_set_zone(regime->calendar, policy_program(policy)->timezone,
                          row->from <= regime->settled_day ? row->from
                                                           : DAY_FIRST);
        say(regime, row, regime->current, policy);
        policy_free(regime->current);
        regime->current = policy;
    }
}

bool regime_settle(struct regime *regime, struct fault *fault)
{
    if (!archive_at(regime->archive, regime_today(regime)))
        return true;
    if (!settle_day(regime, fault))
        return false;
    timeline_unref(regime->timeline);
    regime->timeline = archive_timeline(regime->archive);
    return true;
}

/* Numbers only grow while a list is kept, so one that ends below ours was
 * begun anew, or is an old copy. */
bool regime_is_lost(const struct regime *regime)
{
    const struct archive_row *row =
        archive_at(regime->archive, regime_today(regime));
    return regime->current && archive_last(regime->archive) < regime->seq &&
           !(row && is_current(regime, row));
}

void regime_fini(struct regime *regime)
{
    timeline_unref(regime->timeline);
    policy_free(regime->current);
    *regime = (struct regime){0};
}
