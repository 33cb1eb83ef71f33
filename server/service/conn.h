/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_CONN_H
#define PALIER_SERVICE_CONN_H

#include "base/base.h"
#include "resp/resp.h"

struct event;
struct request;
struct worker;

/* Waits for room in the store, first come first served. */
struct hunger {
    struct hunger *next;
    void (*feed)(void *arg);
    void *arg;
};

/* A client's connection: plain events and buffers of its own.
 *
 *   OPEN      reading and answering
 *   ENDING    nothing more is parsed; what was asked is answered
 *   LINGERING all is written, our side is shut; what the peer still sends is
 *             read and dropped, or the kernel would throw away replies that
 *             it has not read yet. Ends with the peer's end, in time or bytes
 *   GONE      socket closed; freed when the last request under way is done
 *
 *   bytes in -> [in] -> parser -> command -> [sink] -> one write
 *                                    |
 *                                    +-> later: a request in the queue, and
 *                                        every reply behind it waits there
 *
 * A wake-up reads once, at most CONN_READ_BYTES, into the worker's scratch;
 * `in` and `out` hold only what could not be finished, so an idle connection
 * owns no buffer. Parsing pauses (`in` keeps the rest, reading stops) while
 *   - a read must wait for this connection's own changes       (changes > 0)
 *   - CONN_QUEUE_MAX requests, CONN_BIG_MAX of which the reply may be long, or
 *     CONN_OUT_BYTES of words and replies are waiting
 *   - the store has no room for the call it needs              (hungry) */
enum conn_state { CONN_OPEN, CONN_ENDING, CONN_LINGERING, CONN_GONE };

enum {
    CONN_READ_BYTES = 64 * 1024,
    CONN_OUT_BYTES = 256 * 1024,
    CONN_QUEUE_MAX = 1024,
    CONN_BIG_MAX = 16,
    CONN_LINGER_MS = 1000,
    CONN_LINGER_BYTES = 1024 * 1024,
    CONN_DRAIN_BYTES = 1024 * 1024,
    CONN_NAME_BYTES = 128,
};

struct conn {
    struct worker *worker;
    enum conn_state state;
    int fd;
    uint64_t id;
    struct event *readable, *writable;
    struct resp_parser parser;
    struct buf in, out;
    struct buf *sink; /* where a reply goes now: out, or the worker's scratch */
    int proto;
    bool authenticated;
    bool reading;  /* the readable event is armed */
    bool held;     /* the next command may not be run yet */
    bool eof;      /* the peer sends no more; what it sent is answered */
    bool runnable; /* on the worker's list, to be worked this turn */
    bool hungry;   /* waits for room in the store, by `hunger` */
    struct request *first, **last; /* waiting replies, in order */
    size_t queued, queued_big, queued_bytes;
    size_t dropped; /* bytes, while LINGERING */
    size_t changes; /* of facts, under way */
    char name[CONN_NAME_BYTES + 1], peer[64];
    struct conn *next_runnable;
    struct hunger hunger;
    struct conn *next, **link; /* all of the worker's */
};

/* Takes `fd`, non-blocking. */
struct conn *conn_new(struct worker *worker, int fd);
/* Parse, answer, write: as far as it goes without waiting. */
void conn_work(struct conn *conn);
/* Answer what was asked, then close. */
void conn_end(struct conn *conn);
/* The server is stopping: answer what the peer has sent so far, then close. */
void conn_drain(struct conn *conn);
/* Close now; freed when nothing of it is under way any more. */
void conn_kill(struct conn *conn);
/* Free it with all that is under way: only when no callback can come. */
void conn_free(struct conn *conn);
/* To be worked at the end of this turn of the event loop. */
void conn_wake(struct conn *conn);
/* The store has no room: go on when it has. */
void conn_starve(struct conn *conn);
struct str conn_who(const struct conn *conn); /* its name, else its address */

#endif
