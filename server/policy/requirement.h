/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: one bound beside one figure, in an answer's terms. */
#ifndef PALIER_POLICY_REQUIREMENT_H
#define PALIER_POLICY_REQUIREMENT_H

#include "policy/inside.h"

struct requirement requirement_of(const struct plan *plan,
                                  const struct clause *clause,
                                  const struct figure *figure,
                                  struct str language, struct arena *arena);
/* "350000.00", "yes", "FR": as a sentence says it. */
struct str requirement_say(const struct quantity *quantity,
                           struct arena *arena);
/* The bound as a sentence says it after the metric's name: "250000.00",
 * "over 5", "between 1 and 4", "FR or BE". */
struct str requirement_bound(const struct metric *metric,
                             const struct bound *bound, struct arena *arena);

#endif
