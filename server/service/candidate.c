/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Nothing comes into force that has not run here first, under the limits it
 * will run under: the page is loaded, its expectations hold, and the days it
 * asks for can be told. */
#include "service/candidate.h"

#include "service/calendar.h"
#include "service/folder.h"

static void refuse_zone(const struct program *program, struct fault *fault)
{
    struct arena arena;
    arena_init(&arena);
    struct str near = calendar_nearest(program->timezone, &arena);
    struct str hint =
        near.len
            ? arena_print(&arena, "; did you mean " STR_FMT "?", STR_ARG(near))
            : STR("; expected a name such as Europe/Paris");
    fault_set(fault, FAULT_POLICYERR,
              STR_FMT ": timezone \"" STR_FMT "\" is not known to this "
                      "system's tzdata" STR_FMT,
              STR_ARG(program->at), STR_ARG(program->timezone), STR_ARG(hint));
    arena_fini(&arena);
}

struct policy *candidate_rehearse(struct bundle *bundle, struct fault *fault)
{
    struct policy *policy = policy_load(bundle, &policy_limits_default, fault);
    if (!policy)
        return NULL;
    if (calendar_knows(policy_program(policy)->timezone))
        return policy;
    refuse_zone(policy_program(policy), fault);
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
