/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_LINK_H
#define PALIER_STORE_LINK_H

#include "base/base.h"
#include "store/backoff.h"
#include "store/redis_command.h"
#include "store/redis_url.h"

struct event;
struct event_base;
struct redisAsyncContext;

/* One connection to Redis that is made again for ever. Each state owns one
 * thing. Only set_state() moves between them.
 *   CLOSED      wait before the next attempt armed   no context
 *   CONNECTING  connect deadline armed               context, not writable yet
 *   GREETING    answer deadline armed                AUTH, SELECT, SETNAME and
 *                                                    the role's own in flight
 *   READY       nothing armed                        sends what it is given
 *   DRAINING    answer deadline armed                sends nothing new, hears
 *                                                    old answers
 * CLOSED > CONNECTING > GREETING > READY > DRAINING > CLOSED; every state may
 * fall back to CLOSED. `generation` grows with every attempt: what was sent in
 * one generation is never answered in another. */
enum link_state {
    LINK_CLOSED,
    LINK_CONNECTING,
    LINK_GREETING,
    LINK_READY,
    LINK_DRAINING,
};

struct link;

/* What a link is for. Both functions run from the event loop, and must not
 * close the link. */
struct link_role {
    const char *name; /* in logs */
    /* Connected; AUTH, SELECT and SETNAME are on their way. Send the rest of
     * the greeting; when it is answered, call link_greeted(). */
    void (*greet)(struct link *link);
    /* The state has changed. What was sent and not answered before CLOSED
     * never will be. */
    void (*on_state)(struct link *link, enum link_state was);
};

struct link {
    const struct link_role *role;
    void *owner;
    const struct redis_url *url;
    struct event_base *base;
    int64_t connect_ms, answer_ms;
    /* private */
    enum link_state state;
    struct redisAsyncContext *context;
    struct event *timer;
    struct backoff backoff;
    uint64_t generation;
    int64_t ready_ms; /* when it last became READY */
    bool complained;  /* the log knows that it is down */
};

/* The fields above "private" are set. Starts the first attempt from the event
 * loop. */
void link_open(struct link *link);
/* Runs nothing. May be called in any callback but the role's. */
void link_close(struct link *link);

bool link_is_ready(const struct link *link);
bool link_is_draining(const struct link *link);

/* The greeting is answered: GREETING becomes READY. */
void link_greeted(struct link *link);
/* To CLOSED, and another attempt later. No effect where it is CLOSED. */
void link_drop(struct link *link, const char *why);
/* READY becomes DRAINING: the server takes no more of what we are for. */
void link_drain(struct link *link, const char *why);
/* Drop it, but not now: from the event loop. For whoever may not change the
 * state where he stands. */
void link_drop_soon(struct link *link);

/* `fn` (a redisCallbackFn) must begin with link_of_reply(). False where the
 * connection takes nothing any more. */
typedef void link_fn(struct redisAsyncContext *context, void *reply, void *arg);
bool link_send(struct link *link, struct redis_command *command, link_fn *fn,
               void *arg) MUST_USE;
/* Whose reply is it? NULL: nobody's, `arg` may be gone. Notices, by the NULL
 * reply, that the connection has ended. */
struct link *link_of_reply(struct redisAsyncContext *context,
                           const void *reply);

#endif
