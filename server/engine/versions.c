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

static void take_over(struct versions *versions, struct versions *before)
{
    size_t n = timeline_rows(versions->timeline);
    size_t known = timeline_rows(before->timeline);

    for (size_t i = 0; i < n; i++) {
        struct bundle *wanted = timeline_row(versions->timeline, i)->bundle;
        for (size_t j = 0; j < known && !versions->rows[i].policy; j++) {
            struct policy *policy = before->rows[j].policy;
            if (!policy ||
                !str_is(bundle_sha(policy_bundle(policy)), bundle_sha(wanted)))
                continue;
            versions->rows[i].policy = policy;
            before->rows[j].policy = NULL;
        }
    }
}

struct versions *versions_new(struct timeline *timeline,
                              struct versions *before)
{
    struct versions *versions =
        mem_new(sizeof(*versions) +
                timeline_rows(timeline) * sizeof(versions->rows[0]));

    versions->timeline = timeline_ref(timeline);
    if (before)
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
