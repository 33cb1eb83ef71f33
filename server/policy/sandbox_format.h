/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_POLICY_SANDBOX_FORMAT_H
#define PALIER_POLICY_SANDBOX_FORMAT_H

#include <lua.h>

/* string.format: %d %i %x %X %f %e %E %g %G %s %%, with Lua's flags, widths and
 * precisions of at most two digits. */
int sandbox_format(lua_State *L);

#endif
