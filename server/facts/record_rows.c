/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A hash has no order, and an amount may be spread over two of its fields, its
 * sum and its count. Sorting by kind and key brings together what belongs
 * together; one walk then joins it. */
#include <stdlib.h>

#include "facts/day.h"
#include "facts/record_rows.h"

/* An ignored field's name may be of any length; this much of it is kept. */
enum { IGNORED_BYTES = 1024 };

static enum row_kind kind_of(enum field_kind kind)
{
    switch (kind) {
    case FIELD_ATTRIBUTE:
    case FIELD_PAST:
        return ROW_ATTRIBUTE;
    case FIELD_SUM:
    case FIELD_COUNT:
        return ROW_AMOUNT;
    case FIELD_TERM:
        return ROW_TERM;
    case FIELD_UNREADABLE:
        return ROW_IGNORED;
    case FIELD_HELD:
    case FIELD_STANDING:
    case FIELD_VER:
        break;
    }
    return ROW_KINDS; /* no fact */
}

static void set_texts(struct row *row, const struct field_read *read)
{
    row->text[ROW_KEY] = read->key;
    row->text[ROW_LABELS] = read->labels;
    if (row->kind == ROW_AMOUNT)
        row->text[ROW_SECOND] = read->unit;
    if (row->kind == ROW_TERM) {
        row->text[ROW_SECOND] = read->id;
        row->text[ROW_LAST] = read->unit;
    }
    if (row->kind == ROW_ATTRIBUTE)
        row->text[ROW_LAST] = read->value;
    if (row->kind == ROW_IGNORED)
        row->text[ROW_KEY] = str_part(row->field->name, 0, IGNORED_BYTES);
}

static void set_row(struct row *row, const struct field *field,
                    const struct field_read *read)
{
    *row = (struct row){.kind = kind_of(read->kind),
                        .field_kind = read->kind,
                        .field = field,
                        .day = read->day,
                        .until = read->until,
                        .has_number = read->has_number,
                        .number = read->number,
                        .count = 1};
    if (read->kind == FIELD_ATTRIBUTE)
        row->day = DAY_NEVER;
    if (read->kind == FIELD_COUNT) {
        row->count = read->number;
        row->number = 0;
    }
    set_texts(row, read);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int order(const void *left, const void *right)
{
    const struct row *a = left, *b = right;
    int order = compare(a->kind, b->kind);
    if (order == 0)
        order = str_order(a->text[ROW_KEY], b->text[ROW_KEY]);
    if (order == 0)
        order = str_order(a->text[ROW_SECOND], b->text[ROW_SECOND]);
    if (order == 0)
        order = compare(a->day, b->day);
    if (order == 0)
        order = str_order(a->text[ROW_LABELS], b->text[ROW_LABELS]);
    if (order == 0)
        order = compare(a->field_kind, b->field_kind); /* sum, then count */
    if (order == 0)
        order = a->field < b->field ? -1 : a->field > b->field;
    return order;
}

static bool is_same(const struct row *a, const struct row *b)
{
    return a->kind == b->kind && a->day == b->day &&
           str_is(a->text[ROW_KEY], b->text[ROW_KEY]) &&
           str_is(a->text[ROW_SECOND], b->text[ROW_SECOND]) &&
           str_is(a->text[ROW_LABELS], b->text[ROW_LABELS]);
}

/* Takes `row` into the entry `into` of equal key. Only a count adds to its
 * sum; a field that occurs twice counts once. */
static void join(struct row *into, const struct row *row)
{
    if (row->field_kind != FIELD_COUNT || into->field_kind != FIELD_SUM)
        return;
    into->count = row->count;
    into->field_kind = FIELD_COUNT;
}

static void join_equal(struct rows *rows)
{
    size_t kept = 0;
    for (size_t i = 0; i < rows->n; i++) {
        struct row *row = &rows->rows[i];
        bool joins = row->kind == ROW_ATTRIBUTE || row->kind == ROW_AMOUNT;
        if (joins && kept > 0 && is_same(&rows->rows[kept - 1], row))
            join(&rows->rows[kept - 1], row);
        else
            rows->rows[kept++] = *row;
    }
    rows->n = kept;
}

static void mark_kinds(struct rows *rows)
{
    size_t i = 0;
    for (int kind = 0; kind <= ROW_KINDS; kind++) {
        while (i < rows->n && (int)rows->rows[i].kind < kind)
            i++;
        rows->first[kind] = i;
    }
}

void rows_init(struct rows *rows, const struct field *fields, size_t n)
{
    *rows = (struct rows){.rows = mem_new_array(n, sizeof(*rows->rows))};
    for (size_t i = 0; i < n; i++) {
        struct field_read read;
        field_decode(&fields[i], &read);
        if (read.kind == FIELD_VER)
            rows->ver = read.number;
        if (kind_of(read.kind) != ROW_KINDS)
            set_row(&rows->rows[rows->n++], &fields[i], &read);
    }
    qsort(rows->rows, rows->n, sizeof(*rows->rows), order);
    join_equal(rows);
    mark_kinds(rows);
}

void rows_fini(struct rows *rows)
{
    free(rows->rows);
    rows->rows = NULL;
}

bool rows_joins(const struct rows *rows, size_t i, bool second)
{
    const struct row *row = &rows->rows[i], *above = row - 1;
    if (i == 0 || row->kind != above->kind)
        return false;
    return str_is(row->text[ROW_KEY], above->text[ROW_KEY]) &&
           (!second || str_is(row->text[ROW_SECOND], above->text[ROW_SECOND]));
}
