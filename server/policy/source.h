/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: mistakes that Lua accepts in silence or explains badly. */
#ifndef PALIER_POLICY_SOURCE_H
#define PALIER_POLICY_SOURCE_H

#include "base/base.h"

/* Pure. False with "program.lua:9: ..." and what to write instead. */
bool source_check(struct str name, struct str text,
                  struct fault *fault) MUST_USE;

#endif
