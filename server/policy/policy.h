/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of policy: facts in, verdict out. Lua lives behind it and nowhere
 * else. A policy belongs to one thread; a bundle may be shared by all. */
#ifndef PALIER_POLICY_POLICY_H
#define PALIER_POLICY_POLICY_H

#include "base/base.h"
#include "facts/facts.h"
#include "policy/bundle.h"
#include "policy/program.h"
#include "policy/verdict.h"

/* Budgets of one load and of one question. Instructions are counted by the
 * VM; an allocated byte costs too, so both bound time. The clock is a far
 * backstop only, since it is not deterministic. */
struct policy_limits {
    int64_t load_instructions; /* 20,000,000 */
    int64_t ask_instructions;  /* 1,000,000 */
    size_t bytes;              /* 16 MiB: the Lua heap */
    int64_t backstop_ms;       /* 1000 a question, 5 times that a load; of the
                                  thread's own processor time */
};
extern const struct policy_limits policy_limits_default;

struct policy;

/* Builds the world of a bundle: runs the language, the program's page, checks
 * it, and runs its expectations. NULL with `fault` (POLICYERR or BUDGET;
 * "program.lua:31: ...") where anything fails. Takes its own reference. The
 * same bundle gives the same result on every thread. */
struct policy *policy_load(struct bundle *bundle,
                           const struct policy_limits *limits,
                           struct fault *fault);
void policy_free(struct policy *policy);

struct bundle *policy_bundle(const struct policy *policy); /* borrowed */
const struct program *policy_program(const struct policy *policy);
size_t policy_peak_bytes(const struct policy *policy);

/* judge(facts, version, day): pure. `verdict` borrows from the policy until
 * its next call. False with POLICYERR or BUDGET, and then verdict->horizon
 * still says how long that failure stays the answer. */
bool policy_judge(struct policy *policy, const struct record *record,
                  int32_t day, struct verdict *verdict,
                  struct fault *fault) MUST_USE;

/* step(standing, verdict, day): pure. */
void policy_step(const struct policy *policy, size_t ladder,
                 const struct standing *held, const struct verdict *verdict,
                 int32_t day, struct standing *next);
/* Does the tier held depend on the verdict of the day alone? Then the tier
 * (not since when) needs no fold. */
bool policy_is_memoryless(const struct policy *policy, size_t ladder);

/* The requirements of a tier, beside the verdict's figures, in the order in
 * which metrics are declared; labels in `language`, else the program's first
 * that has one, else the name. Memory of `arena`. */
const struct requirement *policy_explain(const struct policy *policy,
                                         const struct verdict *verdict,
                                         size_t ladder, int tier,
                                         struct str language,
                                         struct arena *arena, size_t *n);

/* The margin of who holds `tier` (TIER_NONE: 0, no components) on a sale. */
bool policy_margin(struct policy *policy, int tier, int32_t since,
                   const struct record *record, const struct sale *sale,
                   int32_t day, struct arena *arena, struct margin *margin,
                   struct fault *fault) MUST_USE;

/* What a reader of the page would notice, a line each: "gold now needs
 * revenue 350000.00 (was 250000.00)". Memory of `arena`. */
const struct str *policy_differences(const struct policy *before,
                                     const struct policy *after,
                                     struct arena *arena, size_t *n);

#endif
