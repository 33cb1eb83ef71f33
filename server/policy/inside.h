/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: what is behind the door. */
#ifndef PALIER_POLICY_INSIDE_H
#define PALIER_POLICY_INSIDE_H

#include "policy/plan.h"
#include "policy/policy.h"
#include "policy/sandbox.h"

/* One question, while it is being judged: what accessors read, and what they
 * note. */
struct question {
    const struct record *record;
    int32_t day;
    int32_t horizon;  /* the earliest noted by the function that runs */
    int32_t earliest; /* by all of them */
};

struct policy {
    struct bundle *bundle;
    struct policy_limits limits;
    struct sandbox *sandbox;
    struct arena arena; /* of the plan */
    struct plan plan;
    struct figure *figures;    /* of the last verdict: one for each metric */
    int *qualifies;            /* and one for each ladder */
    struct question *question; /* NULL between questions */
    size_t nwatched;           /* see function.c */
};

/* How long a load may take before the clock ends it. */
int64_t inside_load_ms(const struct policy *policy);

/* Fills `qualifies`, one for each ladder, from figures. */
void judge_qualify(const struct plan *plan, const struct figure *figures,
                   int *qualifies);

/* Does the figure meet the bound? An absent one meets none. */
bool judge_meets(const struct bound *bound, const struct figure *figure);

/* Runs the language and the page, in a body of the sandbox: pushes the table
 * `page`. May longjmp. */
void words_run(lua_State *L, struct policy *policy);

/* Evaluates every metric that is a function; in a body. May longjmp. */
void function_ask(lua_State *L, struct policy *policy);
/* Keeps the function at the top of the stack (popped); returns its place. */
int function_keep(lua_State *L);
/* After the last of them: what they hold beside themselves can no longer be
 * changed. */
void function_seal(lua_State *L, struct policy *policy);

/* The words of the function at the top of the stack, of policy->arena. May
 * longjmp. */
struct str function_code(lua_State *L, struct policy *policy);

/* Pushes the object `p` that functions are given. */
void accessor_push(lua_State *L, struct policy *policy);

/* Pushes "program.lua:31", the place on the page. */
void words_push_where(lua_State *L);

/* Runs the page's expectations; false with the first that fails. */
bool expect_run(struct policy *policy, struct fault *fault) MUST_USE;

#endif
