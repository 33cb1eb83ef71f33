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

enum {
    SANDBOX_TEXT_BYTES = 64 * 1024, /* the longest text a script can make */
    SANDBOX_ELEMENTS = 100000,      /* of a table given to our functions */
    SANDBOX_VALUES = 250,           /* that one of our functions returns */
};

/* NULL only where the budget of bytes does not hold the bare libraries. */
struct sandbox *sandbox_new(const struct policy_limits *limits);
void sandbox_free(struct sandbox *sandbox);
size_t sandbox_peak_bytes(const struct sandbox *sandbox);
/* What the last call took from its budget of instructions. */
int64_t sandbox_taken(const struct sandbox *sandbox);
size_t sandbox_used_bytes(const struct sandbox *sandbox); /* garbage too */

/* Runs `body` with `arg` as its only argument (a light userdata) in protected
 * mode, with a budget of instructions (allocated bytes cost too) and a clock
 * backstop. Everything that may longjmp belongs into `body`; it holds no C
 * resource. Budgets spent: BUDGET; any other error: POLICYERR with the error's
 * text, cleaned to one line ("program.lua:31: ..."). The stack is as before,
 * and the sandbox good for the next call, whatever happened. Not to be nested.
 * A body that pushes no chunk may be run twice, where garbage of earlier calls
 * could have decided how the first run ended: the second run counts. */
bool sandbox_call(struct sandbox *sandbox, lua_CFunction body, void *arg,
                  int64_t instructions, int64_t backstop_ms,
                  struct fault *fault) MUST_USE;

/* --- inside a body: these may longjmp ------------------------------------ */

/* Pushes a function: the chunk `text` (source, never bytecode) named `name`,
 * its globals the table at `env`. Syntax errors are raised. What is not of the
 * language (goto, `...`, bit operators, attributes, _ENV) is an error too,
 * except in chunks whose name begins with "language/". */
void sandbox_push_chunk(lua_State *L, struct str name, struct str text,
                        int env);
/* Pushes a new table whose reads fall back to the safe libraries (read-only),
 * for use as `env`. */
void sandbox_push_env(lua_State *L);
/* Makes the table at `index` read-only to scripts from now on: assigning a
 * field raises "<what> cannot be changed". Tables inside it are not touched.
 * Its contents move behind a metatable: read it with lua_getfield, lua_geti,
 * luaL_len, not with the raw calls; walk sandbox_push_contents of it. */
void sandbox_freeze(lua_State *L, int index, const char *what);
/* "program.lua", 31: the place in a script, not of the language, from which
 * the running C function was called in the end; line 0 where there is none. */
void sandbox_where(lua_State *L, struct str *file, int *line);

/* Pushes the table that holds what the table at `index` shows: of a frozen one
 * its contents, else the table itself. Raw calls are right on it. */
void sandbox_push_contents(lua_State *L, int index);
/* Pays for work that the hook does not see: about one for what an instruction
 * does, 8 bytes looked at, one element. */
void sandbox_charge(lua_State *L, size_t n);
/* Pays for a walk over one table: lua_next passes empty places too. */
void sandbox_charge_walk(lua_State *L);
/* Raises the error of a text above SANDBOX_TEXT_BYTES: BUDGET. */
_Noreturn void sandbox_too_long(lua_State *L);

#endif
