/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_SOURCE_H
#define PALIER_MAIN_SOURCE_H

#include "main/import_row.h"

/* A file of facts, of either format, as a run of rows. The format is what the
 * name says (.csv; .jsonl .ndjson .json), else what the first byte says: '{'
 * begins JSON lines. */
struct source;

enum source_result {
    SOURCE_ROW,
    SOURCE_REFUSED, /* row->line and `fault`: that line cannot be read */
    SOURCE_END,
    SOURCE_FAILED, /* `fault`: the file cannot be read any further */
};

/* "-" is standard input. NULL with `fault`. */
struct source *source_open(const char *path, struct fault *fault);
void source_close(struct source *source); /* NULL is fine */
/* Texts are kept in `arena`. Empty lines are passed over. */
enum source_result source_next(struct source *source, struct arena *arena,
                               struct import_row *row, struct fault *fault);
uint64_t source_bytes(const struct source *source); /* read so far */
uint64_t source_size(const struct source *source);  /* 0: not known */

#endif
