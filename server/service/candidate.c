/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Nothing comes into force that has not run here first, under the limits it
 * will run under: the page is loaded, its expectations hold, and the days it
 * asks for can be told. */
#include "service/candidate.h"

#include "service/calendar.h"
#include "service/folder.h"

struct policy *candidate_rehearse(struct bundle *bundle, struct fault *fault)
{
    struct policy *policy = policy_load(bundle, &policy_limits_default, fault);
    if (!policy)
        return NULL;
    struct str zone = policy_program(policy)->timezone;
    if (calendar_knows(zone))
        return policy;
    fault_set(fault, FAULT_POLICYERR,
              "program.lua: timezone \"" STR_FMT "\" is not known; expected a "
              "name such as Europe/Paris, of this system's tzdata",
              STR_ARG(zone));
    policy_free(policy);
    return NULL;
}

bool candidate_read(struct candidate *candidate, const char *folder,
                    struct fault *fault)
{
    *candidate = (struct candidate){0};
    candidate->bundle = folder ? folder_read(folder, fault) : bundle_house();
    if (candidate->bundle)
        candidate->policy = candidate_rehearse(candidate->bundle, fault);
    return candidate->policy != NULL;
}

void candidate_fini(struct candidate *candidate)
{
    policy_free(candidate->policy);
    bundle_unref(candidate->bundle);
    *candidate = (struct candidate){0};
}
