/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: the versions that are published in Redis, their files
 * brought here. */
#ifndef PALIER_SERVICE_ARCHIVE_H
#define PALIER_SERVICE_ARCHIVE_H

#include "engine/engine.h"

/* One published version: of those from the same day only the last counts, so
 * only that is here. */
struct archive_row {
    char sha[DIGEST_HEX + 1];
    int32_t from;
    int64_t seq;
    struct bundle *bundle; /* NULL: its files are damaged */
    struct fault fault;    /* then: how */
};

struct archive;
struct archive *archive_new(struct store *store);
void archive_free(struct archive *archive); /* NULL: nothing */

/* Looks what is published, and fetches the files of versions that are new. At
 * most one reading at a time. The callback law of store.h; on UNAVAILABLE the
 * rows are as before. */
enum archive_news { ARCHIVE_UNAVAILABLE, ARCHIVE_SAME, ARCHIVE_CHANGED };
typedef void archive_on_news(void *arg, enum archive_news news);
bool archive_read(struct archive *archive, archive_on_news *done,
                  void *arg) MUST_USE;

/* This bundle is at hand: need not be fetched, and mends a damaged row. */
void archive_hold(struct archive *archive, struct bundle *bundle);

/* The row in force on a day (see timeline.h); NULL: nothing is published.
 * Borrowed until the next reading ends. */
const struct archive_row *archive_at(const struct archive *archive,
                                     int32_t day);
/* The number of the last publication, 0: there is none. */
int64_t archive_last(const struct archive *archive);
/* All rows but damaged ones, as a new reference; NULL: there are none. */
struct timeline *archive_timeline(const struct archive *archive);

#endif
