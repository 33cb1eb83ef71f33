/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: numbers between Lua and C without loss. */
#ifndef PALIER_POLICY_EXACT_H
#define PALIER_POLICY_EXACT_H

#include <lua.h>

#include "facts/facts.h"

/* The number at `index`, as a person reads it, in 10^-decimals; never rounded.
 * DECIMAL_NOT_A_NUMBER where it is none, texts included. */
enum decimal_result exact_number(lua_State *L, int index, int decimals,
                                 int64_t *value) MUST_USE;
/* The number at `index` as a function's result: rounded half-even to
 * `decimals`. False where it is none, or none that fits. */
bool exact_round(lua_State *L, int index, int decimals,
                 int64_t *value) MUST_USE;
/* Pushes value * 10^-decimals: an integer where decimals is 0. */
void exact_push(lua_State *L, int64_t value, int decimals);

#endif
