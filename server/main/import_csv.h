/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_CSV_H
#define PALIER_MAIN_IMPORT_CSV_H

#include "main/import_row.h"

/* Rows from lines of CSV: RFC 4180 with quotes and line ends inside them; the
 * first row names the columns. Separated by commas, or by semicolons where
 * the header has those instead, as spreadsheets in much of Europe write. */
struct import_csv;

enum import_csv_result { IMPORT_CSV_MORE, IMPORT_CSV_ROW, IMPORT_CSV_REFUSED };

/* From the header line. NULL with `fault` where a column is unknown or named
 * twice. */
struct import_csv *import_csv_new(struct str header, struct fault *fault);
void import_csv_free(struct import_csv *csv); /* NULL is fine */

/* The next line, without its end. IMPORT_CSV_MORE: a quoted value goes on in
 * the next one, or the line is empty. IMPORT_CSV_REFUSED: row->line and
 * `fault` say where and why; reading goes on with the next line. Empty values
 * are left out of the row. */
enum import_csv_result import_csv_line(struct import_csv *csv, size_t number,
                                       struct str line, struct arena *arena,
                                       struct import_row *row,
                                       struct fault *fault);
/* There are no more lines: IMPORT_CSV_MORE, or IMPORT_CSV_REFUSED where the
 * last row lacks its closing quote. */
enum import_csv_result import_csv_end(struct import_csv *csv,
                                      struct import_row *row,
                                      struct fault *fault);

#endif
