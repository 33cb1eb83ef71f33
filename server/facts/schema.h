/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_SCHEMA_H
#define PALIER_FACTS_SCHEMA_H

#include <stdbool.h>

#include "base/base.h"

enum series_kind { SERIES_AMOUNT, SERIES_TERM };

/* What a policy declares of facts. `kind market language name` are attributes
 * of every schema. */
struct series {
    struct str path;
    enum series_kind kind;
    struct str unit; /* of amounts; {NULL, 0}: counted, without a unit */
    int decimals;    /* of the unit */
};
struct schema {
    const struct series *series; /* sorted by path, then kind */
    size_t nseries;
    const struct str *attributes; /* sorted; built-in ones included */
    size_t nattributes;
};

/* The declared series that is `path` or its nearest ancestor, of that kind;
 * NULL where there is none. */
const struct series *schema_series(const struct schema *schema, struct str path,
                                   enum series_kind kind);
bool schema_has_attribute(const struct schema *schema, struct str name);
/* The places of a unit: a currency's, or as a series declares it; -1: unknown.
 * The empty unit has 0. */
int schema_decimals(const struct schema *schema, struct str unit);

#endif
