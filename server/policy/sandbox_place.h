/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to the sandbox: where in a script a call is. Nothing here allocates,
 * so the heap may ask in the middle of a refusal. */
#ifndef PALIER_POLICY_SANDBOX_PLACE_H
#define PALIER_POLICY_SANDBOX_PLACE_H

#include <lua.h>

#include "base/base.h"

struct place {
    char file[128];
    int line; /* 0: not known */
};
enum { PLACE_BYTES = 160 };

/* The nearest running function of a script; where there is none and
 * `language_too`, of the language. Leaves `place` not known otherwise. */
void place_note(struct place *place, lua_State *L, bool language_too);
/* "program.lua:31: ", or nothing. */
void place_write(const struct place *place, char text[PLACE_BYTES]);
/* Does the text begin with a place: "program.lua:", "emea/b.lua:31:"? */
bool place_begins(struct str text);

#endif
