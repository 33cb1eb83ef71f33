/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_JSON_H
#define PALIER_MAIN_IMPORT_JSON_H

#include "main/import_row.h"

/* One line that holds one JSON object, to a row: its members are the fields.
 * A value is a text or a number (null: left out); `with` may be an object of
 * such values. Pure. False with `fault` where the line is not of that form.
 * A number arrives as it is written in the file, digit for digit. */
bool import_json_row(struct str line, struct arena *arena,
                     struct import_row *row, struct fault *fault) MUST_USE;

#endif
