/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_PROGRESS_H
#define PALIER_MAIN_PROGRESS_H

#include "base/base.h"

/* A line on the terminal that shows how far long work has come; nothing at all
 * where standard error is not one. */
struct progress {
    bool is_shown;
    const char *what; /* "lines" */
    int64_t began_ms, drawn_ms;
};

void progress_init(struct progress *progress, const char *what);
/* `done` of `whole` are behind us (whole 0: unknown), which were `items` of
 * `what`. Draws ten times a second at most. */
void progress_show(struct progress *progress, uint64_t done, uint64_t whole,
                   uint64_t items);
/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
