/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_EMBEDDED_H
#define PALIER_STORE_EMBEDDED_H

#include <stddef.h>

/* Files of scripts/ that the build put into this binary: "redis/change.lua",
 * and so on. Ends with a row whose name is NULL. */
struct embedded {
    const char *name;
    const char *text;
    size_t len;
};
extern const struct embedded store_embedded[];

#endif
