/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A policy's life. Loading is one call into the closed room (the language, the
 * page, and the reading of what it said into the plan), then the page's
 * expectations, each a question of its own. Afterwards Lua is needed only for
 * metrics that are functions. */
#include "policy/policy.h"

#include <stdlib.h>

#include "policy/inside.h"
#include "policy/page.h"
#include "policy/source.h"

const struct policy_limits policy_limits_default = {
    .load_instructions = 20000000,
    .ask_instructions = 1000000,
    .bytes = 16 * 1024 * 1024,
    .backstop_ms = 1000,
};

/* A load may take that many times as long as a question. */
enum { POLICY_LOAD_TIMES = 5 };

int64_t inside_load_ms(const struct policy *policy)
{
    return policy->limits.backstop_ms * POLICY_LOAD_TIMES;
}

static int load_body(lua_State *L)
{
    struct policy *policy = lua_touserdata(L, 1);
    words_run(L, policy);
    page_read(L, policy);
    return 0;
}

/* What Lua would take in silence, or explain badly, is found before. */
static bool check_sources(const struct bundle *bundle, struct fault *fault)
{
    for (size_t i = 0; i < bundle_files(bundle); i++) {
        const struct bundle_file *file = bundle_file(bundle, i);
        if (!str_has_prefix(file->name, STR("language/")) &&
            !source_check(file->name, file->text, fault))
            return false;
    }
    return true;
}

static bool load(struct policy *policy, struct fault *fault)
{
    const struct policy_limits *limits = &policy->limits;
    struct plan *plan = &policy->plan;
    policy->sandbox = sandbox_new(limits);
    if (!policy->sandbox)
        return fault_set(fault, FAULT_BUDGET, "%zu bytes do not hold a policy",
                         limits->bytes);
    if (!check_sources(policy->bundle, fault) ||
        !sandbox_call(policy->sandbox, load_body, policy,
                      limits->load_instructions, inside_load_ms(policy), fault))
        return false;
    policy->figures = arena_take_array(&policy->arena, plan->nmetrics,
                                       sizeof *policy->figures);
    policy->qualifies = arena_take_array(&policy->arena, plan->program.nladders,
                                         sizeof *policy->qualifies);
    return expect_run(policy, fault);
}

struct policy *policy_load(struct bundle *bundle,
                           const struct policy_limits *limits,
                           struct fault *fault)
{
    struct policy *policy = mem_new(sizeof *policy);
    policy->bundle = bundle_ref(bundle);
    policy->limits = *limits;
    arena_init(&policy->arena);
    if (load(policy, fault))
        return policy;
    policy_free(policy);
    return NULL;
}

void policy_free(struct policy *policy)
{
    if (!policy)
        return;
    sandbox_free(policy->sandbox);
    arena_fini(&policy->arena);
    bundle_unref(policy->bundle);
    free(policy);
}

struct bundle *policy_bundle(const struct policy *policy)
{
    return policy->bundle;
}

const struct program *policy_program(const struct policy *policy)
{
    return &policy->plan.program;
}

size_t policy_peak_bytes(const struct policy *policy)
{
    return sandbox_peak_bytes(policy->sandbox);
}
