/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a store is made of: for the files of this room only. */
#ifndef PALIER_STORE_INSIDE_H
#define PALIER_STORE_INSIDE_H

#include "base/base.h"
#include "store/call.h"
#include "store/feed.h"
#include "store/link.h"
#include "store/redis_url.h"
#include "store/scripts.h"
#include "store/store.h"

struct event;
struct event_base;

/* What the caller is told by itself (the link's state, the epoch, calls that
 * ended without a link) is told by one event, `tell`: so none of it happens
 * inside a call, or while a link is changing its state. */
struct store {
    struct store_options options; /* without url and program */
    struct store_events events;
    struct event_base *base;
    struct redis_url url;
    char *prefix; /* "palier:{program}:" */
    struct link link;
    struct scripts scripts;
    struct calls calls;
    struct feed feed;
    struct event *tell;
    bool told_ready;
    uint64_t told_epoch;
    int held;    /* callbacks of the caller under way */
    bool closed; /* freed when the last of those has returned */
};

/* Tell the caller what there is to tell, from the event loop. */
void store_tell(struct store *store);
/* Around callbacks of the caller, which may close the store: between the two
 * its memory stays; after store_let it may be gone. */
void store_hold(struct store *store);
void store_let(struct store *store);

#endif
