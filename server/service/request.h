/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_REQUEST_H
#define PALIER_SERVICE_REQUEST_H

#include "engine/engine.h"
#include "resp/resp.h"
#include "service/conn.h"

struct command;

/* One command of one connection. Most are answered at once: NOW. One that must
 * wait for Redis becomes LATER: it moves to the heap, owns copies of its words
 * and its reply, and takes its place in the connection's queue.
 *
 *   NOW    on the stack of conn_work; words borrowed from the input
 *   LATER  queued; words in its own arena; ends by request_done()
 *   DONE   queued; its reply waits for those before it
 * A command that waits for a partner is run again, from the start, when the
 * partner is at hand. It must not have written anything before. */
enum request_state { REQUEST_NOW, REQUEST_LATER, REQUEST_DONE };

struct request {
    enum request_state state;
    struct conn *conn;
    struct worker *worker;
    struct engine *engine;
    const struct command *command;
    struct str *words; /* the name too */
    size_t n;
    struct reply reply;
    struct arena *arena; /* for the answer's making */
    bool again; /* NOW: there was no room; leave it unread and try later */
    bool given; /* run again: `subject` is what it waited for */
    struct subject subject;
    struct request *moved; /* NOW: became this */
    struct request *next;
    size_t cost; /* LATER: bytes that it keeps while it waits */
    struct buf out;
    struct arena own;
};

/* --- for commands -------------------------------------------------------- */

/* The partner at hand, or its absence (subject->record NULL). False: the
 * command has been answered, or will be run again: return at once. */
bool request_subject(struct request *rq, struct str partner,
                     struct subject *subject) MUST_USE;
/* The same, and an unknown partner is answered with NOPARTNER. */
bool request_partner(struct request *rq, struct str partner,
                     struct subject *subject) MUST_USE;
/* To be answered from a callback: returns the request to write to and to end
 * with request_done(). What `rq` held in words and arena stays valid. */
struct request *request_later(struct request *rq);
void request_done(struct request *rq);
/* The store had no room: the command is run again later, from the start. */
void request_retry(struct request *rq);
/* Answers with an error, and counts it. */
void request_fail(struct request *rq, const struct fault *fault);
void request_failf(struct request *rq, enum fault_code code, const char *format,
                   ...) PRINTF_LIKE(3, 4);

/* --- for connections ------------------------------------------------------ */

/* The reply of a command answered at once behind others that wait. */
void request_queue_done(struct conn *conn, struct str reply);
/* Takes the first of the queue. */
struct request *request_take(struct conn *conn);
void request_free(struct request *rq);

#endif
