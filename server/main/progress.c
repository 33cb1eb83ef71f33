/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One line that is drawn over itself: a bar where the whole is known, the
 * number of items so far, and how many a second. */
#include "main/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum { BAR_CELLS = 30, REDRAW_MS = 100 };

void progress_init(struct progress *progress, const char *what)
{
    *progress =
        (struct progress){.is_shown = isatty(STDERR_FILENO), .what = what};
    progress->began_ms = clock_ms();
}

static void draw_bar(uint64_t done, uint64_t whole)
{
    if (done > whole)
        done = whole;
    int cells = (int)(done * BAR_CELLS / whole);
    char bar[BAR_CELLS + 1] = {0};
    for (int i = 0; i < BAR_CELLS; i++)
        bar[i] = i < cells ? '#' : '.';
    fprintf(stderr, "[%s] %3d %%  ", bar, (int)(done * 100 / whole));
}

void progress_show(struct progress *progress, uint64_t done, uint64_t whole,
                   uint64_t items)
{
    int64_t now_ms = clock_ms();
    if (!progress->is_shown || now_ms - progress->drawn_ms < REDRAW_MS)
        return;
    progress->drawn_ms = now_ms;
    uint64_t spent_ms = (uint64_t)(now_ms - progress->began_ms) + 1;
    fprintf(stderr, "\r\033[K");
    if (whole > 0)
        draw_bar(done, whole);
    fprintf(stderr, "%" PRIu64 " %s, %" PRIu64 " a second", items,
            progress->what, items * 1000 / spent_ms);
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->is_shown && progress->drawn_ms > 0)
        fprintf(stderr, "\r\033[K");
    progress->is_shown = false;
}
