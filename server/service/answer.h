/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_ANSWER_H
#define PALIER_SERVICE_ANSWER_H

#include "engine/engine.h"
#include "service/option.h"
#include "service/request.h"

/* What a question about a standing says: texts as sent, and their meaning. */
struct asked {
    struct str ladder_name, asof;
    int32_t day;
};

/* Reads the options after the partner and resolves the day. False: answered
 * with the fault. */
bool ask_words(struct request *rq, const struct option *options, size_t n,
               struct asked *asked) MUST_USE;
/* The folded standing. False: answered with the fault. */
bool ask(struct request *rq, const struct asked *asked,
         const struct subject *subject, struct answer *answer) MUST_USE;

enum { ANSWER_STANDING_KEYS = 11 };
/* The pairs of STANDING; the caller has written the map's head. */
void answer_standing(struct request *rq, const struct subject *subject,
                     const struct answer *answer);
/* The whole reply of EXPLAIN. */
void answer_explain(struct request *rq, const struct subject *subject,
                    const struct answer *answer, int target,
                    struct str language);

/* A day, or nil for DAY_NONE and DAY_NEVER. */
void answer_day(struct reply *reply, int32_t day);
/* "20", "27.5" */
void answer_percent(struct reply *reply, int64_t percent);

#endif
