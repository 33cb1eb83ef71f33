/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_IMPORT_BATCH_H
#define PALIER_MAIN_IMPORT_BATCH_H

#include "main/client.h"
#include "main/import_check.h"
#include "main/import_report.h"
#include "main/import_row.h"
#include "main/tally.h"

/* Up to a thousand rows on their way to the server: collected, sent in one go,
 * answered in order. Between two batches nothing is under way.
 *
 *   COLLECTING  n < IMPORT_BATCH_LINES, arena below its cap
 *   full        import_batch_flush() is due; afterwards COLLECTING, n = 0 */
enum {
    IMPORT_BATCH_LINES = 1000,
    IMPORT_BATCH_BYTES = 4 * 1024 * 1024,
};
struct import_batch {
    struct client *client;
    struct import_check *check; /* a dry run; NULL: for real */
    struct import_report *report;
    struct arena arena; /* of the rows collected */
    struct import_line *lines;
    size_t n;
    struct tally vers; /* each partner's last known ver, 0: no such partner */
};

void import_batch_init(struct import_batch *batch, struct client *client,
                       struct import_check *check,
                       struct import_report *report);
void import_batch_fini(struct import_batch *batch);
bool import_batch_is_full(const struct import_batch *batch);
/* Takes a row whose texts live in batch->arena. A row that makes no operation
 * is reported and not taken. */
void import_batch_add(struct import_batch *batch, const struct import_row *row);
/* Sends the rows, or checks them in a dry run, and reports what became of
 * each. False where the import cannot go on, which is in the report. */
bool import_batch_flush(struct import_batch *batch) MUST_USE;

#endif
