/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One thread's policies: a Lua state cannot be shared, so each engine builds
 * its own from the shared bundles. A bundle gives the same policy everywhere.
 */
#include "engine/versions.h"

#include <stdlib.h>

struct version {
    struct policy *policy;
    struct fault *fault; /* why it did not load */
};

struct versions {
    struct timeline *timeline;
    struct version rows[];
};

static bool is_of(const struct policy *policy, const struct bundle *bundle)
{
    return policy &&
           str_is(bundle_sha(policy_bundle(policy)), bundle_sha(bundle));
}

/* The row of `versions` whose loaded policy is of that bundle, or NULL. */
static struct version *loaded(struct versions *versions,
                              const struct bundle *bundle)
{
    for (size_t i = 0; versions && i < timeline_rows(versions->timeline); i++)
        if (is_of(versions->rows[i].policy, bundle))
            return &versions->rows[i];
    return NULL;
}

static void take_over(struct versions *versions, struct versions *before)
{
    for (size_t i = 0; i < timeline_rows(versions->timeline); i++) {
        struct version *known =
            loaded(before, timeline_row(versions->timeline, i)->bundle);
        if (!known || versions->rows[i].policy)
            continue;
        versions->rows[i].policy = known->policy;
        known->policy = NULL;
    }
}

struct versions *versions_new(struct timeline *timeline, int32_t today,
                              struct versions *before, struct fault *fault)
{
    size_t current = timeline_at(timeline, today);
    struct bundle *bundle = timeline_row(timeline, current)->bundle;
    struct policy *policy = NULL;

    if (!loaded(before, bundle)) {
        policy = policy_load(bundle, &policy_limits_default, fault);
        if (!policy)
            return NULL;
    }
    struct versions *versions =
        mem_new(sizeof(*versions) +
                timeline_rows(timeline) * sizeof(versions->rows[0]));
    versions->timeline = timeline_ref(timeline);
    versions->rows[current].policy = policy;
    take_over(versions, before);
    versions_free(before);
    return versions;
}

void versions_free(struct versions *versions)
{
    if (!versions)
        return;
    for (size_t i = 0; i < timeline_rows(versions->timeline); i++) {
        policy_free(versions->rows[i].policy);
        free(versions->rows[i].fault);
    }
    timeline_unref(versions->timeline);
    free(versions);
}

static void load(struct versions *versions, size_t row)
{
    struct version *version = &versions->rows[row];
    struct fault fault = {0};

    version->policy = policy_load(timeline_row(versions->timeline, row)->bundle,
                                  &policy_limits_default, &fault);
    if (!version->policy)
        version->fault = mem_copy(&fault, sizeof(fault));
}

struct policy *versions_policy(struct versions *versions, size_t row,
                               struct fault *fault)
{
    ensure(row < timeline_rows(versions->timeline));
    struct version *version = &versions->rows[row];

    if (!version->policy && !version->fault)
        load(versions, row);
    if (!version->policy)
        *fault = *version->fault;
    return version->policy;
}

const struct timeline *versions_timeline(const struct versions *versions)
{
    return versions->timeline;
}
