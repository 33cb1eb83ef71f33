/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * CSV and JSON lines differ in how they spell a row and in nothing else: both
 * become named fields, so everything after this point is common to them. */
#include "main/import_row.h"

#include <string.h>

const struct str import_names[IMPORT_NAMES] = {
    STR_INIT("op"),     STR_INIT("partner"), STR_INIT("name"),
    STR_INIT("value"),  STR_INIT("series"),  STR_INIT("id"),
    STR_INIT("amount"), STR_INIT("unit"),    STR_INIT("on"),
    STR_INIT("count"),  STR_INIT("from"),    STR_INIT("until"),
    STR_INIT("with"),
};

int import_name(struct str name, struct fault *fault)
{
    for (int i = 0; i < IMPORT_NAMES; i++)
        if (str_is(name, import_names[i]))
            return i;
    struct str near = str_nearest(name, import_names, IMPORT_NAMES);
    if (near.len > 0)
        fault_set(fault, FAULT_INVALID,
                  "\"" STR_FMT "\": no such field; did you mean " STR_FMT "?",
                  STR_ARG(name), STR_ARG(near));
    else
        fault_set(fault, FAULT_INVALID,
                  "\"" STR_FMT "\": no such field, expected op partner name "
                  "value series id amount unit on count from until with",
                  STR_ARG(name));
    return -1;
}

struct str import_row_value(const struct import_row *row, struct str name)
{
    for (size_t i = 0; i < row->n; i++)
        if (str_is(row->fields[i].name, name))
            return row->fields[i].value;
    return (struct str){0};
}

void import_row_set(struct import_row *row, struct str name, struct str value,
                    struct arena *arena)
{
    for (size_t i = 0; i < row->n; i++)
        if (str_is(row->fields[i].name, name)) {
            row->fields[i].value = value;
            return;
        }
    struct field *wider =
        arena_take_array(arena, row->n + 1, sizeof(*row->fields));
    if (row->n > 0)
        memcpy(wider, row->fields, row->n * sizeof(*row->fields));
    wider[row->n] = (struct field){name, value};
    row->fields = wider;
    row->n++;
}
