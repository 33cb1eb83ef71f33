/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Requests that wait. Replies must leave in the order in which the commands
 * came, whichever is ready first, so those that are not at once take a place
 * in the connection's queue, and every later reply queues up behind them. */
#include "service/request.h"

#include <stdio.h>
#include <stdlib.h>

#include "service/command.h"
#include "service/loop.h"

/* `command` is NULL where only the reply is kept. */
static bool is_big(const struct request *rq)
{
    return rq->command && rq->command->flags & COMMAND_BIG;
}

static void enqueue(struct conn *conn, struct request *rq)
{
    *conn->last = rq;
    conn->last = &rq->next;
    conn->queued++;
    conn->queued_big += is_big(rq);
    conn->queued_bytes += rq->cost + buf_len(&rq->out);
}

struct request *request_take(struct conn *conn)
{
    struct request *rq = conn->first;

    conn->first = rq->next;
    if (!conn->first)
        conn->last = &conn->first;
    conn->queued--;
    conn->queued_big -= is_big(rq);
    conn->queued_bytes -= rq->cost + buf_len(&rq->out);
    return rq;
}

void request_free(struct request *rq)
{
    buf_fini(&rq->out);
    arena_fini(&rq->own);
    free(rq);
}

void request_queue_done(struct conn *conn, struct str reply)
{
    struct request *rq = mem_new(sizeof(*rq));

    rq->state = REQUEST_DONE;
    arena_init(&rq->own);
    buf_init(&rq->out);
    buf_add(&rq->out, reply);
    enqueue(conn, rq);
}

/* What the command has made so far lives in the worker's arena: it moves along,
 * and the worker gets a new one. */
static void move_words(struct request *later)
{
    struct str *words = arena_take_array(&later->own, later->n, sizeof(*words));

    for (size_t i = 0; i < later->n; i++)
        words[i] = arena_copy(&later->own, later->words[i]);
    later->words = words;
}

struct request *request_later(struct request *rq)
{
    if (rq->state == REQUEST_LATER)
        return rq;
    ensure(rq->state == REQUEST_NOW && !rq->moved);
    struct request *later = mem_copy(rq, sizeof(*rq));

    later->state = REQUEST_LATER;
    later->own = *rq->arena;
    arena_init(rq->arena);
    later->arena = &later->own;
    move_words(later);
    buf_init(&later->out);
    later->reply.out = &later->out;
    later->cost = sizeof(*later) + arena_used(&later->own);
    enqueue(rq->conn, later);
    rq->moved = later;
    rq->words = later->words;
    return later;
}

void request_done(struct request *rq)
{
    ensure(rq->state == REQUEST_LATER);
    rq->state = REQUEST_DONE;
    rq->conn->queued_bytes += buf_len(&rq->out);
    conn_wake(rq->conn);
}

void request_retry(struct request *rq)
{
    ensure(rq->state == REQUEST_NOW && !rq->moved);
    rq->again = true;
    conn_starve(rq->conn);
}

void request_fail(struct request *rq, const struct fault *fault)
{
    worker_count(rq->worker, COUNTER_total_error_replies, 1);
    reply_error(&rq->reply, fault);
}

void request_failf(struct request *rq, enum fault_code code, const char *format,
                   ...)
{
    struct fault fault;
    char text[sizeof(fault.text)];
    va_list values;

    va_start(values, format);
    vsnprintf(text, sizeof(text), format, values);
    va_end(values);
    fault_set(&fault, code, "%s", text);
    request_fail(rq, &fault);
}

/* --- a partner ------------------------------------------------------------ */

static void unavailable(struct request *rq)
{
    request_failf(rq, FAULT_UNAVAILABLE, "Redis cannot be reached in time");
}

static void request_on_subject(void *arg, const struct subject *subject,
                               const struct fault *fault)
{
    struct request *rq = arg;

    if (subject) {
        rq->given = true;
        rq->subject = *subject;
        rq->command->run(rq);
    } else {
        request_fail(rq, fault);
    }
    request_done(rq);
}

bool request_subject(struct request *rq, struct str partner,
                     struct subject *subject)
{
    if (rq->given) {
        *subject = rq->subject;
        return true;
    }
    switch (engine_find(rq->engine, partner, subject)) {
    case ENGINE_FOUND:
        return true;
    case ENGINE_UNAVAILABLE:
        unavailable(rq);
        return false;
    case ENGINE_MISSING:
        break;
    }
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return false;
    }
    struct request *later = request_later(rq);
    ensure(engine_fetch(rq->engine, partner, request_on_subject, later));
    return false;
}

bool request_partner(struct request *rq, struct str partner,
                     struct subject *subject)
{
    if (!request_subject(rq, partner, subject))
        return false;
    if (subject->record)
        return true;
    request_failf(rq, FAULT_NOPARTNER,
                  "no such partner: \"%.*s\"; FACT SET makes one",
                  (int)(partner.len < 128 ? partner.len : 128), partner.at);
    return false;
}
