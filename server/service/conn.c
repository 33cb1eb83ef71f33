/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A connection: bytes in, commands in their order, replies in the same order,
 * one write. What makes it more than a loop is waiting: a command may need
 * Redis, those behind it may not, and neither a client that never reads nor a
 * busy store may cost more than a bounded amount of memory. */
#include "service/conn.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/command.h"
#include "service/loop.h"
#include "service/peer.h"

static void conn_on_readable(evutil_socket_t fd, short what, void *arg);
static void conn_on_writable(evutil_socket_t fd, short what, void *arg);
static void choose_events(struct conn *conn, bool paused);

struct conn *conn_new(struct worker *worker, int fd)
{
    struct conn *conn = mem_new(sizeof(*conn));

    conn->worker = worker;
    conn->fd = fd;
    conn->id = atomic_fetch_add(&worker->house->client_ids, 1) + 1;
    conn->proto = 2;
    conn->authenticated = worker->house->options->password.len == 0;
    conn->last = &conn->first;
    peer_name(fd, conn->peer, sizeof(conn->peer));
    resp_parser_init(&conn->parser);
    conn->parser.limits =
        conn->authenticated ? &resp_limits_open : &resp_limits_before_auth;
    buf_init(&conn->in);
    buf_init(&conn->out);
    conn->sink = &conn->out;
    conn->readable = event_new(worker->base, fd, EV_READ | EV_PERSIST,
                               conn_on_readable, conn);
    conn->writable =
        event_new(worker->base, fd, EV_WRITE, conn_on_writable, conn);
    ensure(conn->readable && conn->writable);
    choose_events(conn, false);
    return conn;
}

struct str conn_who(const struct conn *conn)
{
    return str_of(conn->name[0] ? conn->name : conn->peer);
}

/* --- ending --------------------------------------------------------------- */

void conn_free(struct conn *conn)
{
    if (conn->state != CONN_GONE) {
        event_free(conn->readable);
        event_free(conn->writable);
        close(conn->fd);
    }
    while (conn->first)
        request_free(request_take(conn));
    worker_forget(conn->worker, conn);
    buf_fini(&conn->in);
    buf_fini(&conn->out);
    resp_parser_fini(&conn->parser);
    free(conn);
}

static void free_if_over(struct conn *conn)
{
    while (conn->first && conn->first->state == REQUEST_DONE)
        request_free(request_take(conn));
    if (!conn->first && !conn->runnable && !conn->hungry)
        conn_free(conn);
}

void conn_kill(struct conn *conn)
{
    if (conn->state == CONN_GONE)
        return;
    conn->state = CONN_GONE;
    event_free(conn->readable);
    event_free(conn->writable);
    close(conn->fd);
    worker_count(conn->worker, COUNTER_connected_clients, (uint64_t)-1);
    conn_wake(conn); /* freed there, not under a caller's feet */
}

static void linger(struct conn *conn)
{
    const struct timeval most = {CONN_LINGER_MS / 1000, 0};

    conn->state = CONN_LINGERING;
    if (shutdown(conn->fd, SHUT_WR) < 0)
        conn_kill(conn);
    else
        ensure(event_add(conn->readable, &most) == 0);
}

static void linger_on(struct conn *conn, short what)
{
    struct worker *worker = conn->worker;
    ssize_t n = what & EV_TIMEOUT
                    ? 0
                    : recv(conn->fd, worker->in, sizeof(worker->in), 0);

    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    conn->dropped += n > 0 ? (size_t)n : 0;
    if (n <= 0 || conn->dropped > CONN_LINGER_BYTES)
        conn_kill(conn);
}

/* All is answered and written. */
static void close_gently(struct conn *conn)
{
    int unread = 0;

    if (conn->state == CONN_OPEN && ioctl(conn->fd, FIONREAD, &unread) < 0)
        unread = 0;
    if (conn->state == CONN_ENDING || unread > 0)
        linger(conn);
    else
        conn_kill(conn);
}

void conn_end(struct conn *conn)
{
    if (conn->state == CONN_OPEN)
        conn->state = CONN_ENDING;
    conn_wake(conn);
}

void conn_wake(struct conn *conn)
{
    if (!conn->runnable)
        worker_schedule(conn->worker, conn);
}

static void conn_on_room(void *arg)
{
    struct conn *conn = arg;

    conn->hungry = false;
    conn_wake(conn);
}

void conn_starve(struct conn *conn)
{
    if (conn->hungry)
        return;
    conn->hungry = true;
    conn->hunger.feed = conn_on_room;
    conn->hunger.arg = conn;
    worker_starve(conn->worker, &conn->hunger);
}

/* --- reading and parsing -------------------------------------------------- */

static bool may_parse(const struct conn *conn)
{
    return conn->state == CONN_OPEN && !conn->hungry &&
           conn->queued < CONN_QUEUE_MAX &&
           conn->queued_bytes + buf_len(conn->sink) < CONN_OUT_BYTES;
}

static void protocol_error(struct conn *conn)
{
    struct reply reply = {conn->queued ? &conn->worker->answer : conn->sink,
                          conn->proto};

    worker_count(conn->worker, COUNTER_protocol_errors, 1);
    log_info("protocol error", KV("peer", conn->peer),
             KV("error", conn->parser.error));
    reply_errorf(&reply, FAULT_ERR, "%s", conn->parser.error);
    if (conn->queued) {
        request_queue_done(conn, buf_peek(&conn->worker->answer));
        buf_reset(&conn->worker->answer);
    }
    conn_end(conn);
}

/* A browser, or a proxy that was made to speak to us: its lines are not meant
 * for this server. */
static bool is_http(const struct request *rq)
{
    return str_is_nocase(rq->words[0], STR("POST")) ||
           str_is_nocase(rq->words[0], STR("Host:"));
}

static void refuse_http(struct conn *conn)
{
    log_warn("HTTP spoken to this port; connection closed",
             KV("peer", conn->peer));
    conn_kill(conn);
}

static bool dispatch(struct conn *conn, struct request *rq)
{
    struct fault fault = {0};

    rq->command = command_find(rq->words, rq->n, &fault);
    if (!rq->command && is_http(rq)) {
        refuse_http(conn);
        return true;
    }
    if (!conn->authenticated &&
        !(rq->command && rq->command->flags & COMMAND_NOAUTH)) {
        request_failf(rq, FAULT_NOAUTH, "Authentication required.");
        return true;
    }
    if (!rq->command) {
        request_fail(rq, &fault);
        return true;
    }
    if ((rq->command->flags & COMMAND_READ && conn->changes > 0) ||
        (rq->command->flags & COMMAND_BIG && conn->queued_big >= CONN_BIG_MAX))
        return false;
    rq->command->run(rq);
    return !rq->again;
}

/* Answers one command. False: it must be left unread, and tried again. */
static bool answer(struct conn *conn)
{
    struct worker *worker = conn->worker;
    bool behind = conn->queued > 0;
    struct request rq = {
        .state = REQUEST_NOW,
        .conn = conn,
        .worker = worker,
        .engine = worker->engine,
        .words = conn->parser.args,
        .n = conn->parser.argc,
        .reply = {behind ? &worker->answer : conn->sink, conn->proto},
        .arena = &worker->arena,
    };
    bool taken = dispatch(conn, &rq);

    if (taken && behind && !rq.moved)
        request_queue_done(conn, buf_peek(&worker->answer));
    buf_reset(&worker->answer);
    if (worker->arena.used > 0)
        arena_reset(&worker->arena);
    if (taken)
        worker_count(worker, COUNTER_total_commands_processed, 1);
    return taken;
}

/* Answers the commands in `bytes`; returns how many bytes they took. */
static size_t parse(struct conn *conn, struct str bytes)
{
    size_t done = 0;

    while (may_parse(conn) && done < bytes.len) {
        size_t used = 0;
        enum resp_result result =
            resp_parse(&conn->parser, str_part(bytes, done, bytes.len), &used);
        if (result == RESP_MORE)
            break;
        if (result == RESP_BAD) {
            protocol_error(conn);
            break;
        }
        conn->held = conn->parser.argc > 0 && !answer(conn);
        if (conn->held)
            break;
        done += used;
    }
    return done;
}

/* --- writing -------------------------------------------------------------- */

/* Replies at the head of the queue that are done go to the output. */
static void conn_deliver(struct conn *conn)
{
    while (conn->first && conn->first->state == REQUEST_DONE) {
        struct request *rq = request_take(conn);
        buf_add(conn->sink, buf_peek(&rq->out));
        request_free(rq);
    }
}

static void conn_write(struct conn *conn)
{
    struct str bytes = buf_peek(conn->sink);

    if (bytes.len == 0)
        return;
    ssize_t n = send(conn->fd, bytes.at, bytes.len, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR) {
        conn_kill(conn);
        return;
    }
    if (n > 0) {
        buf_drop(conn->sink, (size_t)n);
        worker_count(conn->worker, COUNTER_total_net_output_bytes, (uint64_t)n);
    }
    if (buf_len(conn->sink) > 0)
        ensure(event_add(conn->writable, NULL) == 0);
}

/* The scratch is given back: what was not written moves to the connection. */
static void give_back_sink(struct conn *conn)
{
    if (conn->sink == &conn->out)
        return;
    if (conn->state != CONN_GONE)
        buf_add(&conn->out, buf_peek(conn->sink));
    buf_reset(conn->sink);
    conn->sink = &conn->out;
}

static void take_sink(struct conn *conn)
{
    if (buf_len(&conn->out) == 0)
        conn->sink = &conn->worker->out;
}

/* --- a wake-up ------------------------------------------------------------ */

static bool is_over(const struct conn *conn, bool paused)
{
    if (conn->queued > 0 || buf_len(&conn->out) > 0)
        return false;
    return conn->state == CONN_ENDING || (conn->eof && !paused);
}

/* Reading stops while there are bytes that may not be parsed yet. */
static void choose_events(struct conn *conn, bool paused)
{
    bool reading = !paused && !conn->eof && conn->state == CONN_OPEN;

    if (reading == conn->reading)
        return;
    conn->reading = reading;
    ensure((reading ? event_add(conn->readable, NULL)
                    : event_del(conn->readable)) == 0);
}

/* Takes what can be parsed of what is kept and what came; keeps the rest.
 * Returns whether a whole command may be among the rest. */
static bool take_in(struct conn *conn, struct str fresh)
{
    bool kept = buf_len(&conn->in) > 0;

    if (kept)
        buf_add(&conn->in, fresh);
    struct str bytes = kept ? buf_peek(&conn->in) : fresh;
    conn->held = false;
    size_t done = parse(conn, bytes);
    bool paused = done < bytes.len && (conn->held || !may_parse(conn));
    if (kept)
        buf_drop(&conn->in, done);
    else if (conn->state == CONN_OPEN)
        buf_add(&conn->in, str_part(bytes, done, bytes.len));
    if (buf_len(&conn->in) == 0)
        buf_reset(&conn->in);
    return paused;
}

static void work(struct conn *conn, struct str fresh)
{
    engine_tick(conn->worker->engine);
    take_sink(conn);
    conn_deliver(conn);
    bool paused = take_in(conn, fresh);
    if (conn->state != CONN_GONE)
        conn_write(conn);
    give_back_sink(conn);
    if (conn->state == CONN_GONE)
        return;
    if (is_over(conn, paused)) {
        close_gently(conn);
        return;
    }
    choose_events(conn, paused);
    if (paused && !conn->held && may_parse(conn))
        conn_wake(conn); /* the replies that were in the way are written */
}

void conn_work(struct conn *conn)
{
    if (conn->state == CONN_GONE)
        free_if_over(conn);
    else if (conn->state != CONN_LINGERING)
        work(conn, (struct str){0});
}

/* One read. False: there was nothing to read, or there never will be. */
static bool read_once(struct conn *conn)
{
    struct worker *worker = conn->worker;
    ssize_t n = recv(conn->fd, worker->in, sizeof(worker->in), 0);

    if (n < 0 && errno != EAGAIN && errno != EINTR)
        conn_kill(conn);
    if (n < 0)
        return false;
    conn->eof = n == 0;
    worker_count(worker, COUNTER_total_net_input_bytes, (uint64_t)n);
    work(conn, (struct str){worker->in, (size_t)n});
    return n > 0;
}

static void conn_on_readable(evutil_socket_t fd UNUSED, short what, void *arg)
{
    struct conn *conn = arg;

    if (conn->state == CONN_LINGERING)
        linger_on(conn, what);
    else
        read_once(conn);
}

static void conn_on_writable(evutil_socket_t fd UNUSED, short what UNUSED,
                             void *arg)
{
    work(arg, (struct str){0});
}

/* Also where reading is paused: what the peer has sent is answered. */
void conn_drain(struct conn *conn)
{
    size_t reads = CONN_DRAIN_BYTES / CONN_READ_BYTES;

    while (reads-- > 0 && conn->state == CONN_OPEN && !conn->eof &&
           read_once(conn))
        continue;
    if (conn->state != CONN_OPEN)
        return;
    conn->eof = true;
    work(conn, (struct str){0});
}
