/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_EXPORT_WRITER_H
#define PALIER_MAIN_EXPORT_WRITER_H

#include "main/import_row.h"

enum export_format { EXPORT_JSONL, EXPORT_CSV };

/* Rows to a file of either format. A named file appears, or is replaced, only
 * when it is complete: until then the rows go to FILE.partial. */
struct export_writer;

/* NULL: standard output. NULL with `fault` where it cannot be made. */
struct export_writer *export_writer_open(const char *path,
                                         enum export_format format,
                                         struct fault *fault);
/* Fields in the order of import_names; empty ones are left out of JSON. */
void export_writer_row(struct export_writer *writer,
                       const struct import_row *row);
/* Completes the file where `keep`, else takes it away. False with `fault`
 * where some row could not be written. */
bool export_writer_close(struct export_writer *writer, bool keep,
                         struct fault *fault) MUST_USE;

#endif
