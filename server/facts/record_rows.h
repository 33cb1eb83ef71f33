/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Inside the room only: a partner's fields, read and put in order, on their
 * way into a record. */
#ifndef PALIER_FACTS_RECORD_ROWS_H
#define PALIER_FACTS_RECORD_ROWS_H

#include "base/base.h"
#include "facts/field.h"

enum row_kind { ROW_ATTRIBUTE, ROW_AMOUNT, ROW_TERM, ROW_IGNORED, ROW_KINDS };

/* Which text of a row is what. Rows are ordered by kind, key, second, day,
 * labels. */
enum row_text {
    ROW_KEY,    /* attribute's name, series' path, name of an ignored field */
    ROW_SECOND, /* amount: unit; term: id */
    ROW_LABELS,
    ROW_LAST, /* attribute: value; term: unit */
    ROW_TEXTS
};

struct row {
    enum row_kind kind;
    enum field_kind field_kind;
    const struct field *field;
    struct str text[ROW_TEXTS];
    uint32_t at[ROW_TEXTS]; /* where they stand in the record */
    int32_t day, until; /* attribute: value before `day`, DAY_NEVER: latest */
    bool has_number;
    int64_t number, count;
};

struct rows {
    struct row *rows;
    size_t n;
    size_t first[ROW_KINDS + 1]; /* of each kind; the last is `n` */
    int64_t ver;
};

/* Reads and sorts; entries of equal key are one. */
void rows_init(struct rows *rows, const struct field *fields, size_t n);
void rows_fini(struct rows *rows);
/* Does row `i` belong to the same series (attribute) as the row above it? With
 * `second`, to the same unit (id) too. */
bool rows_joins(const struct rows *rows, size_t i, bool second);

#endif
