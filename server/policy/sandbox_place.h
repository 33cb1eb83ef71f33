/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to the sandbox: where in a script a call is. Nothing here
 * allocates. */
#ifndef PALIER_POLICY_SANDBOX_PLACE_H
#define PALIER_POLICY_SANDBOX_PLACE_H

#include <lua.h>

#include "base/base.h"

enum { PLACE_FILE = 128, PLACE_BYTES = PLACE_FILE + 32 };
struct place {
    char file[PLACE_FILE];
    int line; /* 0: not known */
};

/* The nearest running function of a script; where there is none and
 * `language_too`, of the language. Leaves `place` not known otherwise. */
void place_note(struct place *place, lua_State *L, bool language_too);
/* "program.lua:31: ", or nothing. */
void place_write(const struct place *place, char text[PLACE_BYTES]);
/* Does the text begin with a place: "program.lua:", "emea/b.lua:31:"? */
bool place_begins(struct str text);
/* The text without a place in the language that it begins with. */
struct str place_skip_language(struct str text);

#endif
