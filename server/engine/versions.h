/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to engine: the policies of a timeline, on this thread. */
#ifndef PALIER_ENGINE_VERSIONS_H
#define PALIER_ENGINE_VERSIONS_H

#include "engine/timeline.h"

/* A policy for each row of a timeline, loaded when it is first asked for: a
 * program that has changed its policy for years must not pay for every old
 * page at every start. What did not load is remembered with its fault. */
struct versions;

/* Takes over from `before` (which may be NULL, and is freed) the policies of
 * the versions that both have. The one in force on `today` is loaded at once:
 * NULL with `fault`, and `before` as it was, where it does not load. */
struct versions *versions_new(struct timeline *timeline, int32_t today,
                              struct versions *before, struct fault *fault);
void versions_free(struct versions *versions);

/* NULL with `fault` (POLICYERR) where that version does not load. */
struct policy *versions_policy(struct versions *versions, size_t row,
                               struct fault *fault);
const struct timeline *versions_timeline(const struct versions *versions);

#endif
