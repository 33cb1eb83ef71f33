/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: a policy that wants to come into force. */
#ifndef PALIER_SERVICE_CANDIDATE_H
#define PALIER_SERVICE_CANDIDATE_H

#include "policy/policy.h"

struct candidate {
    struct bundle *bundle; /* NULL: it was not even readable */
    struct policy *policy; /* NULL: it did not pass */
};

/* Reads the policy of `folder` (NULL: the house program of this binary) and
 * rehearses it. False with `fault`, and then `bundle` may be there all the
 * same, to name what was refused. */
bool candidate_read(struct candidate *candidate, const char *folder,
                    struct fault *fault) MUST_USE;
void candidate_fini(struct candidate *candidate);

/* Loads a bundle as it will be loaded in production, expectations included,
 * and checks what only a running system knows: its time zone. Takes its own
 * reference. NULL with `fault`. */
struct policy *candidate_rehearse(struct bundle *bundle, struct fault *fault);

#endif
