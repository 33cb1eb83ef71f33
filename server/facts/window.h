/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_WINDOW_H
#define PALIER_FACTS_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/* A window on a day d, as policies say it in `over`. */
enum window_kind {
    WINDOW_EVER,            /* "ever": every day up to d */
    WINDOW_LAST_MONTHS,     /* "last 12 months": (d - 12 months, d] */
    WINDOW_LAST_DAYS,       /* "last 90 days": (d - 90, d] */
    WINDOW_YEAR,            /* "calendar year": 1 January to d */
    WINDOW_PROGRAM_YEAR,    /* "program year": from year_from to d */
    WINDOW_QUARTER,         /* "quarter": its first day to d */
    WINDOW_MONTH,           /* "month" */
    WINDOW_CLOSED_QUARTERS, /* "last 4 closed quarters" */
    WINDOW_CLOSED_MONTHS,   /* "last 3 closed months" */
};
struct window {
    enum window_kind kind;
    int32_t count;                /* of "last <count> ..." 1 to 1200, days
                                     to 36525; else 0 */
    int32_t year_month, year_day; /* where the program year begins */
};
struct span {
    int32_t from, until; /* both included; empty where from > until */
};

/* From the words above, singular too ("last 1 month"). False where they are
 * none of them. year_month and year_day are set to 1, 1. */
bool window_parse(struct str words, struct window *window) MUST_USE;
struct span window_span(const struct window *window, int32_t day);
/* The first day after `day` on which an entry of `entry_day`, which the window
 * of `day` holds, is no longer held; DAY_NEVER for "ever". */
int32_t window_leaves(const struct window *window, int32_t entry_day,
                      int32_t day);
/* The first day after `day` on which the window holds `entry_day`, which it
 * does not yet hold on `day`; DAY_NEVER where it never will. */
int32_t window_enters(const struct window *window, int32_t entry_day,
                      int32_t day);

#endif
