/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * libcsv calls back for every value and every row. It is fed one line at a
 * time, so that a call completes one row at most and the row's line number is
 * known; its callbacks only collect. */
#include "main/import_csv.h"

#include <csv.h>
#include <stdlib.h>

#include "main/lines.h"

enum { CSV_OPTIONS = CSV_STRICT | CSV_STRICT_FINI };

struct import_csv {
    struct csv_parser parser;
    unsigned char separator;
    struct str columns[IMPORT_NAMES];
    size_t ncolumns;
    /* The row being read. */
    size_t began;    /* its first line, 0: between rows */
    size_t bytes;    /* fed since */
    struct buf text; /* its values, one after the other */
    size_t *ends;    /* where each ends in `text` */
    size_t n, cap;
    bool is_complete;
};

static void on_value(void *bytes, size_t len, void *arg)
{
    struct import_csv *csv = arg;
    if (csv->n == csv->cap) {
        csv->cap = csv->cap ? csv->cap * 2 : IMPORT_NAMES;
        csv->ends = mem_resize(csv->ends, csv->cap * sizeof(*csv->ends));
    }
    buf_add(&csv->text, (struct str){bytes, len});
    csv->ends[csv->n++] = buf_len(&csv->text);
}

static void on_row(int end, void *arg)
{
    struct import_csv *csv = arg;
    csv->is_complete = end >= 0 || csv->n > 0;
}

/* Lines come without their ends, whichever they were. */
static int is_line_end(unsigned char byte)
{
    return byte == '\n';
}

static void start_parser(struct import_csv *csv)
{
    if (csv_init(&csv->parser, CSV_OPTIONS) != 0)
        die("cannot make a CSV parser");
    csv_set_delim(&csv->parser, csv->separator);
    csv_set_term_func(&csv->parser, is_line_end);
}

static void forget_row(struct import_csv *csv)
{
    buf_reset(&csv->text);
    csv->n = 0;
    csv->began = 0;
    csv->bytes = 0;
    csv->is_complete = false;
}

static struct str value_at(const struct import_csv *csv, size_t i)
{
    size_t from = i > 0 ? csv->ends[i - 1] : 0;
    return str_part(buf_peek(&csv->text), from, csv->ends[i]);
}

static bool feed(struct import_csv *csv, struct str line)
{
    csv->bytes += line.len + 1;
    return csv->bytes <= LINES_BYTES &&
           csv_parse(&csv->parser, line.at ? line.at : "", line.len, on_value,
                     on_row, csv) == line.len &&
           csv_parse(&csv->parser, "\n", 1, on_value, on_row, csv) == 1;
}

/* A parser that met an error cannot go on: begin with a fresh one. */
static enum import_csv_result refuse_quotes(struct import_csv *csv,
                                            struct import_row *row,
                                            struct fault *fault)
{
    row->line = csv->began;
    if (csv->bytes > LINES_BYTES)
        fault_set(fault, FAULT_INVALID,
                  "row: longer than %d bytes; is a closing quote missing?",
                  LINES_BYTES);
    else
        fault_set(fault, FAULT_INVALID,
                  "row: misplaced quote; expected \"...\" around a whole "
                  "value, and \"\" for a quote inside");
    csv_free(&csv->parser);
    start_parser(csv);
    forget_row(csv);
    return IMPORT_CSV_REFUSED;
}

static bool name_columns(struct import_csv *csv, struct fault *fault)
{
    for (size_t i = 0; i < csv->n; i++) {
        int place = import_name(value_at(csv, i), fault);
        if (place < 0)
            return false;
        for (size_t j = 0; j < csv->ncolumns; j++)
            if (str_is(csv->columns[j], import_names[place]))
                return fault_set(fault, FAULT_INVALID,
                                 "\"" STR_FMT "\": this column is there twice",
                                 STR_ARG(import_names[place]));
        csv->columns[csv->ncolumns++] = import_names[place];
    }
    return true;
}

struct import_csv *import_csv_new(struct str header, struct fault *fault)
{
    struct import_csv *csv = mem_new(sizeof(*csv));
    bool has_comma = str_find(header, ',', 0) < header.len;
    bool has_semicolon = str_find(header, ';', 0) < header.len;
    csv->separator = !has_comma && has_semicolon ? ';' : ',';
    buf_init(&csv->text);
    start_parser(csv);
    if (!feed(csv, header) || !csv->is_complete)
        fault_set(fault, FAULT_INVALID, "the first row names no columns");
    else if (name_columns(csv, fault)) {
        forget_row(csv);
        return csv;
    }
    import_csv_free(csv);
    return NULL;
}

void import_csv_free(struct import_csv *csv)
{
    if (!csv)
        return;
    csv_free(&csv->parser);
    buf_fini(&csv->text);
    free(csv->ends);
    free(csv);
}

/* Copies the collected values under their columns' names. */
static enum import_csv_result give_row(struct import_csv *csv,
                                       struct arena *arena,
                                       struct import_row *row,
                                       struct fault *fault)
{
    if (csv->n > csv->ncolumns) {
        fault_set(fault, FAULT_INVALID, "row: %zu values under %zu columns",
                  csv->n, csv->ncolumns);
        forget_row(csv);
        return IMPORT_CSV_REFUSED;
    }
    row->fields = arena_take_array(arena, csv->n + 1, sizeof(*row->fields));
    for (size_t i = 0; i < csv->n; i++) {
        struct str value = value_at(csv, i);
        if (value.len > 0)
            row->fields[row->n++] =
                (struct field){csv->columns[i], arena_copy(arena, value)};
    }
    forget_row(csv);
    return IMPORT_CSV_ROW;
}

enum import_csv_result import_csv_line(struct import_csv *csv, size_t number,
                                       struct str line, struct arena *arena,
                                       struct import_row *row,
                                       struct fault *fault)
{
    if (csv->began == 0)
        csv->began = number;
    *row = (struct import_row){.line = csv->began};
    if (!feed(csv, line))
        return refuse_quotes(csv, row, fault);
    if (csv->is_complete)
        return give_row(csv, arena, row, fault);
    if (str_trim(line).len == 0 && csv->n == 0 && buf_len(&csv->text) == 0 &&
        csv->bytes == line.len + 1)
        forget_row(csv); /* an empty line between rows */
    return IMPORT_CSV_MORE;
}

enum import_csv_result import_csv_end(struct import_csv *csv,
                                      struct import_row *row,
                                      struct fault *fault)
{
    *row = (struct import_row){.line = csv->began};
    if (csv->began == 0 || csv_fini(&csv->parser, on_value, on_row, csv) == 0)
        return IMPORT_CSV_MORE;
    return refuse_quotes(csv, row, fault);
}
