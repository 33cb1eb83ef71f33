/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_CONN_H
#define PALIER_SERVICE_CONN_H

#include "base/base.h"
#include "resp/resp.h"

struct event;
struct request;
struct worker;

/* A client's connection: plain events and buffers of its own.
 *
 *   OPEN      reading and answering
 *   ENDING    nothing more is read or parsed; what was asked is answered
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
 *   - CONN_QUEUE_MAX requests or CONN_OUT_BYTES of replies are waiting
 *   - the store has no room for the call it needs              (hungry) */
enum conn_state { CONN_OPEN, CONN_ENDING, CONN_GONE };

enum {
    CONN_READ_BYTES = 64 * 1024,
    CONN_OUT_BYTES = 256 * 1024,
    CONN_QUEUE_MAX = 1024,
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
    bool hungry;   /* on the worker's list of those who wait for room */
    struct request *first, **last; /* waiting replies, in order */
    size_t queued, queued_bytes;
    size_t changes; /* of facts, under way */
    char name[CONN_NAME_BYTES + 1], peer[64];
    struct conn *next_runnable, *next_hungry;
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
struct str conn_who(const struct conn *conn); /* its name, else its address */

#endif
