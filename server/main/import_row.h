/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_ROW_H
#define PALIER_MAIN_IMPORT_ROW_H

#include "base/base.h"
#include "facts/facts.h"

/* One operation as a file says it: named fields, not yet checked. Texts live
 * in the arena that the reader was given. */
struct import_row {
    size_t line; /* where it begins in the file, from 1 */
    struct field *fields;
    size_t n;
};

/* The fields that a file may have, in the order in which export writes them. */
enum { IMPORT_NAMES = 13 };
extern const struct str import_names[IMPORT_NAMES];

/* The place in import_names; fills `fault` with the nearest one where there is
 * none, -1. */
int import_name(struct str name, struct fault *fault);
/* The field's value; {NULL, 0} where the row has none. */
struct str import_row_value(const struct import_row *row, struct str name);
/* Sets a field, in place or added, in memory of `arena`. */
void import_row_set(struct import_row *row, struct str name, struct str value,
                    struct arena *arena);

#endif
