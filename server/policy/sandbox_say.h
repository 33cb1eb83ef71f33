/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to the sandbox: a failed call in words. */
#ifndef PALIER_POLICY_SANDBOX_SAY_H
#define PALIER_POLICY_SANDBOX_SAY_H

#include <lua.h>

#include "policy/sandbox_meter.h"
#include "policy/sandbox_place.h"

/* Why lua_pcall answered `status`; the error's value is on the top of the
 * stack. Allocates nothing, and cannot raise. */
void sandbox_say(lua_State *L, int status, const struct meter *meter,
                 const struct place *place, struct fault *fault);

#endif
