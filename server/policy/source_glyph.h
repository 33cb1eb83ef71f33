/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: characters that are not of a Lua source. */
#ifndef PALIER_POLICY_SOURCE_GLYPH_H
#define PALIER_POLICY_SOURCE_GLYPH_H

#include "base/base.h"

/* What to write instead of the character with which `rest` begins, which is
 * none of ASCII. */
const char *source_glyph_advice(struct str rest);

#endif
