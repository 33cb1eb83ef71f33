/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_FEED_H
#define PALIER_STORE_FEED_H

#include "base/base.h"
#include "store/link.h"

struct event;
struct store;

/* Hears which partners have changed, on a link of its own, and proves that it
 * hears: the data link publishes a beat on a channel that only this feed knows,
 * and the beat must come back behind every invalidation that Redis sent before
 * it.
 *   OFF     nobody asked for a feed
 *   DEAF    the link is not READY, or no beat has come back over it yet
 *   HEARS   a beat came back over this connection
 * The epoch grows when HEARS begins, when it ends, and when all was flushed. */
enum feed_state { FEED_OFF, FEED_DEAF, FEED_HEARS };

struct feed {
    enum feed_state state;
    struct link link;
    char *channel;      /* of the beats */
    struct event *beat; /* every beat_ms */
    uint64_t epoch;
    int64_t heard_ms; /* when the newest beat that came back was sent */
    int unheard;      /* beats sent since then, or since the link is up */
};

void feed_init(struct store *store); /* OFF where the options say so */
void feed_fini(struct store *store);
/* The data link has become READY, or is gone. */
void feed_on_data(struct store *store, bool ready);

#endif
