/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: what is in force. */
#ifndef PALIER_SERVICE_REGIME_H
#define PALIER_SERVICE_REGIME_H

#include "service/archive.h"
#include "service/calendar.h"

/* Nothing is in force while `timeline` is NULL. `current` is the policy of
 * settled_day, as this thread's own copy. */
struct regime {
    struct archive *archive;
    struct calendar *calendar;
    struct commons *commons;
    struct timeline *timeline;
    struct policy *current;
    int32_t settled_day;
    /* The publication by which `current` is in force; seq 0: not known. */
    int32_t from;
    int64_t seq;
};

int32_t regime_today(const struct regime *regime);
/* Takes over what the archive holds now: loads the policy in force today where
 * it is another, says so in the log with what has changed, and sets the
 * calendar's zone. True also where nothing is published yet. False with
 * `fault`, and the timeline goes on as it was, where what should be in force
 * does not load. */
bool regime_settle(struct regime *regime, struct fault *fault) MUST_USE;
/* Is the policy in force gone from the list, and all that came after it? */
bool regime_is_lost(const struct regime *regime);
void regime_fini(struct regime *regime);

#endif
