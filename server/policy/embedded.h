/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_POLICY_EMBEDDED_H
#define PALIER_POLICY_EMBEDDED_H

#include <stddef.h>

/* Files of scripts/ that the build put into this binary: "language/tier.lua",
 * "program.lua". Ends with a row whose name is NULL. */
struct embedded {
    const char *name;
    const char *text;
    size_t len;
};
extern const struct embedded policy_embedded[];

#endif
