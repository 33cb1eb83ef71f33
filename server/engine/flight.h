/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to engine: fetches under way. */
#ifndef PALIER_ENGINE_FLIGHT_H
#define PALIER_ENGINE_FLIGHT_H

#include "engine/engine.h"

struct flight_waiter {
    struct flight_waiter *next;
    engine_on_subject *done;
    void *arg;
};

/* One fetch and who waits for it. It carries what decides whether its result
 * may be kept and whether a later reader may join it:
 *   epoch   of the feed when it began
 *   count   of the partner's slot in the clock of changes when it began
 * It is LISTED while readers may join. A change heard of, or made by us, ends
 * that: the flight still serves those who wait, its result is not kept, and
 * the next reader starts another. */
struct flight {
    struct engine *engine;
    struct flight *next, **link; /* in its bucket; link NULL: not listed */
    struct flight *all_next, **all_link; /* among all under way */
    struct flight_waiter *first, **last;
    uint64_t hash, epoch;
    uint32_t count;
    size_t id_len;
    char id[];
};

enum { FLIGHT_BUCKETS = 1024 };

struct flights {
    struct flight *buckets[FLIGHT_BUCKETS];
    struct flight *all;
};

struct flight *flights_find(struct flights *flights, struct str id,
                            uint64_t hash);
struct flight *flight_new(struct flights *flights, struct str id,
                          uint64_t hash);
void flight_unlist(struct flight *flight);
void flights_unlist_all(struct flights *flights);
void flight_wait(struct flight *flight, engine_on_subject *done, void *arg);
/* Unlists, calls every waiter in order of arrival, frees. */
void flight_land(struct flight *flight, const struct subject *subject,
                 const struct fault *fault);
/* Frees without calling. */
void flight_free(struct flight *flight);
void flights_free_all(struct flights *flights);

#endif
