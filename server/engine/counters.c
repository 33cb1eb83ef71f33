/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The names of the counters, from the one table that has them. */
#include "engine/counters.h"

#include "base/base.h"

static const struct {
    const char *name, *section;
} rows[] = {
#define X(name, section, help) {#name, section},
#include "palier/counters.def"
#undef X
};

const char *counter_name(enum counter which)
{
    ensure(which < COUNTERS);
    return rows[which].name;
}

const char *counter_section(enum counter which)
{
    ensure(which < COUNTERS);
    return rows[which].section;
}
