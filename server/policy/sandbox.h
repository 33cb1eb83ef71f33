/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: the closed room in which scripts run. */
#ifndef PALIER_POLICY_SANDBOX_H
#define PALIER_POLICY_SANDBOX_H

#include <lua.h>

#include "base/base.h"
#include "policy/policy.h"

/* A Lua state with a heap of its own, bounded in bytes, in which nothing runs
 * outside sandbox_call. Scripts see our libraries only: allow-list of base
 * functions, math without random, bounded string and table functions; no
 * patterns, no pcall, no metatables, no coroutines. */
struct sandbox;

/* NULL only where the budget of bytes does not hold the bare libraries. */
struct sandbox *sandbox_new(const struct policy_limits *limits);
void sandbox_free(struct sandbox *sandbox);
size_t sandbox_peak_bytes(const struct sandbox *sandbox);

/* Runs `body` with `arg` as its only argument (a light userdata) in protected
 * mode, with a budget of instructions (allocated bytes cost too) and a clock
 * backstop. Everything that may longjmp belongs into `body`; it holds no C
 * resource. Budgets spent: BUDGET; any other error: POLICYERR with the error's
 * text, cleaned to one line ("program.lua:31: ..."). The stack is as before. */
bool sandbox_call(struct sandbox *sandbox, lua_CFunction body, void *arg,
                  int64_t instructions, int64_t backstop_ms,
                  struct fault *fault) MUST_USE;

/* --- inside a body: these may longjmp ------------------------------------ */

/* Pushes a function: the chunk `text` (source, never bytecode) named `name`,
 * its globals the table at `env`. Syntax errors are raised. */
void sandbox_push_chunk(lua_State *L, struct str name, struct str text,
                        int env);
/* Pushes a new table whose reads fall back to the safe libraries (read-only),
 * for use as `env`. */
void sandbox_push_env(lua_State *L);
/* Makes the table at `index` read-only to scripts from now on: assigning a
 * field raises "<what> cannot be changed". */
void sandbox_freeze(lua_State *L, int index, const char *what);
/* "program.lua", 31: the place in a script, not of the language, from which
 * the running C function was called in the end; line 0 where there is none. */
void sandbox_where(lua_State *L, struct str *file, int *line);

#endif
