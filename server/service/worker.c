/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A worker: one thread that owns everything it touches on a request's way.
 * The rest of the process talks to it through a mailbox and a bell. */
#include "service/worker.h"

#include <errno.h>
#include <event2/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "service/loop.h"

enum { ACCEPTS_A_WAKEUP = 64, ACCEPT_WARN_MS = 10000, TICK_MS = 100 };

void worker_count(struct worker *worker, enum counter which, uint64_t by)
{
    counter_add(worker->counters, which, by);
}

/* --- connections ---------------------------------------------------------- */

void worker_schedule(struct worker *worker, struct conn *conn)
{
    if (!worker->runnable) {
        worker->runnable_last = &worker->runnable;
        event_active(worker->turn, EV_TIMEOUT, 0);
    }
    conn->runnable = true;
    conn->next_runnable = NULL;
    *worker->runnable_last = conn;
    worker->runnable_last = &conn->next_runnable;
}

/* Those scheduled meanwhile wait for the next turn: the work of one is
 * bounded. */
static void worker_on_turn(evutil_socket_t fd UNUSED, short what UNUSED,
                           void *arg)
{
    struct worker *worker = arg;
    struct conn *conn = worker->runnable, *next;

    worker->runnable = NULL;
    for (; conn; conn = next) {
        next = conn->next_runnable;
        conn->runnable = false;
        conn_work(conn);
    }
}

void worker_starve(struct worker *worker, struct hunger *hunger)
{
    if (!worker->hungry)
        worker->hungry_last = &worker->hungry;
    hunger->next = NULL;
    *worker->hungry_last = hunger;
    worker->hungry_last = &hunger->next;
}

/* As many as there is room for; one that finds none queues up again. */
static void feed_hungry(struct worker *worker)
{
    while (worker->hungry && engine_has_room(worker->engine)) {
        struct hunger *hunger = worker->hungry;
        worker->hungry = hunger->next;
        hunger->feed(hunger->arg);
    }
}

/* No descriptors or memory left: the listener would wake us for ever. The next
 * tick tries again. */
static void pause_accepting(struct worker *worker)
{
    int64_t now = clock_ms();

    if (now - worker->accept_warned_ms >= ACCEPT_WARN_MS) {
        log_warn("accept failed", KV("error", strerrordesc_np(errno)));
        worker->accept_warned_ms = now;
    }
    for (size_t i = 0; i < worker->naccepts; i++)
        event_del(worker->accepts[i]);
    worker->accept_paused = true;
}

static void resume_accepting(struct worker *worker)
{
    worker->accept_paused = false;
    for (size_t i = 0; i < worker->naccepts && !worker->stopping; i++)
        ensure(event_add(worker->accepts[i], NULL) == 0);
}

/* A client that gets in is served: the first is let in when the store has
 * answered. After that Redis may come and go. */
static void worker_on_room(void *arg)
{
    struct worker *worker = arg;

    if (!worker->serving && engine_is_ready(worker->engine)) {
        worker->serving = true;
        resume_accepting(worker);
    }
    feed_hungry(worker);
}

void worker_forget(struct worker *worker, struct conn *conn)
{
    *conn->link = conn->next;
    if (conn->next)
        conn->next->link = conn->link;
    worker->nconns--;
    if (worker->stopping && worker->nconns == 0)
        event_base_loopbreak(worker->base);
}

static void adopt_conn(struct worker *worker, int fd)
{
    struct conn *conn = conn_new(worker, fd);

    conn->next = worker->conns;
    if (conn->next)
        conn->next->link = &conn->next;
    conn->link = &worker->conns;
    worker->conns = conn;
    worker->nconns++;
    worker_count(worker, COUNTER_total_connections_received, 1);
    worker_count(worker, COUNTER_connected_clients, 1);
}

static uint64_t connected(const struct house *house)
{
    uint64_t n = 0;

    for (size_t i = 0; i < house->workers; i++)
        n += counter_read(&house->counters[i], COUNTER_connected_clients);
    return n;
}

static void refuse_conn(struct worker *worker, int fd)
{
    static const char text[] = "-ERR max number of clients reached\r\n";
    ssize_t n = send(fd, text, sizeof(text) - 1, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n < 0)
        log_debug("refused client had gone", KV_NONE);
    close(fd);
    worker_count(worker, COUNTER_rejected_connections, 1);
}

static void worker_on_accept(evutil_socket_t listener, short what UNUSED,
                             void *arg)
{
    struct worker *worker = arg;

    for (int i = 0; i < ACCEPTS_A_WAKEUP; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 &&
            (errno == ECONNABORTED || errno == EINTR || errno == EPROTO))
            continue;
        if (fd < 0 && errno != EAGAIN)
            pause_accepting(worker);
        if (fd < 0)
            return;
        if (connected(worker->house) >= worker->house->options->clients_max)
            refuse_conn(worker, fd);
        else
            adopt_conn(worker, fd);
    }
}

/* --- the mailbox ---------------------------------------------------------- */

static void ring(struct worker *worker)
{
    const uint64_t one = 1;
    ssize_t n = write(worker->mailbox.bell, &one, sizeof(one));

    ensure(n == sizeof(one) || errno == EAGAIN);
}

void worker_adopt(struct worker *worker, struct timeline *timeline)
{
    struct mailbox *mailbox = &worker->mailbox;

    pthread_mutex_lock(&mailbox->lock);
    timeline_unref(mailbox->timeline);
    mailbox->timeline = timeline_ref(timeline);
    pthread_mutex_unlock(&mailbox->lock);
    ring(worker);
}

static void adopt(struct worker *worker, struct timeline *timeline)
{
    struct fault fault = {0};

    if (!engine_adopt(worker->engine, timeline, &fault))
        log_error("policy does not load in a worker",
                  KV_INT("worker", worker->index), KV("error", fault.text));
    timeline_unref(timeline);
}

static void begin_stop(struct worker *worker, int64_t ms)
{
    const struct timeval end = {ms / 1000, (ms % 1000) * 1000};

    worker->stopping = true;
    for (size_t i = 0; i < worker->naccepts; i++)
        event_del(worker->accepts[i]);
    ensure(event_add(worker->deadline, &end) == 0);
    for (struct conn *conn = worker->conns; conn; conn = conn->next)
        conn_drain(conn);
    if (worker->nconns == 0)
        event_base_loopbreak(worker->base);
}

static void worker_on_bell(evutil_socket_t bell, short what UNUSED, void *arg)
{
    struct worker *worker = arg;
    struct mailbox *mailbox = &worker->mailbox;
    uint64_t rings;
    ssize_t n = read(bell, &rings, sizeof(rings));

    ensure(n == sizeof(rings) || errno == EAGAIN);
    pthread_mutex_lock(&mailbox->lock);
    struct timeline *timeline = mailbox->timeline;
    int64_t stop_ms = mailbox->stop_ms;
    mailbox->timeline = NULL;
    pthread_mutex_unlock(&mailbox->lock);
    if (timeline)
        adopt(worker, timeline);
    if (stop_ms >= 0 && !worker->stopping)
        begin_stop(worker, stop_ms);
}

static void worker_on_deadline(evutil_socket_t fd UNUSED, short what UNUSED,
                               void *arg)
{
    struct worker *worker = arg;

    log_warn("clients were cut off at shutdown",
             KV_INT("clients", worker->nconns));
    event_base_loopbreak(worker->base);
}

static void worker_on_tick(evutil_socket_t fd UNUSED, short what UNUSED,
                           void *arg)
{
    struct worker *worker = arg;

    engine_tick(worker->engine);
    feed_hungry(worker);
    if (worker->serving && worker->accept_paused)
        resume_accepting(worker);
}

/* --- life ----------------------------------------------------------------- */

static void free_events(struct worker *worker)
{
    struct event *own[] = {worker->rung, worker->tick, worker->turn,
                           worker->deadline};

    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (own[i])
            event_free(own[i]);
    for (size_t i = 0; i < worker->naccepts; i++)
        event_free(worker->accepts[i]);
    free(worker->accepts);
}

static void worker_free(struct worker *worker)
{
    engine_close(worker->engine);
    while (worker->conns)
        conn_free(worker->conns);
    free_events(worker);
    timeline_unref(worker->mailbox.timeline);
    close(worker->mailbox.bell);
    pthread_mutex_destroy(&worker->mailbox.lock);
    event_base_free(worker->base);
    arena_fini(&worker->arena);
    buf_fini(&worker->out);
    buf_fini(&worker->answer);
    free(worker);
}

static void *worker_main(void *arg)
{
    struct worker *worker = arg;
    int ended = event_base_dispatch(worker->base);

    ensure(ended == 0);
    return NULL;
}

static void make_events(struct worker *worker, const int *listeners, size_t n)
{
    const struct timeval tick = {0, TICK_MS * 1000};

    worker->rung = event_new(worker->base, worker->mailbox.bell,
                             EV_READ | EV_PERSIST, worker_on_bell, worker);
    worker->tick =
        event_new(worker->base, -1, EV_PERSIST, worker_on_tick, worker);
    worker->turn = event_new(worker->base, -1, 0, worker_on_turn, worker);
    worker->deadline =
        event_new(worker->base, -1, 0, worker_on_deadline, worker);
    ensure(worker->rung && worker->tick && worker->turn && worker->deadline);
    ensure(event_add(worker->rung, NULL) == 0);
    ensure(event_add(worker->tick, &tick) == 0);
    worker->accepts = mem_new_array(n, sizeof(struct event *));
    for (size_t i = 0; i < n; i++) {
        worker->accepts[i] =
            event_new(worker->base, listeners[i], EV_READ | EV_PERSIST,
                      worker_on_accept, worker);
        ensure(worker->accepts[i]);
        worker->naccepts++;
    }
}

static struct worker *worker_new(struct house *house, size_t index)
{
    struct worker *worker = mem_new(sizeof(*worker));

    worker->house = house;
    worker->index = index;
    worker->counters = &house->counters[index];
    worker->mailbox.stop_ms = -1;
    worker->mailbox.bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    ensure(worker->mailbox.bell >= 0);
    ensure(pthread_mutex_init(&worker->mailbox.lock, NULL) == 0);
    arena_init(&worker->arena);
    buf_init(&worker->out);
    buf_init(&worker->answer);
    worker->base = event_base_new();
    ensure(worker->base);
    return worker;
}

static bool open_engine(struct worker *worker, struct timeline *timeline,
                        struct fault *fault)
{
    struct house *house = worker->house;
    struct engine_options options = {
        .store = store_options_default,
        .cache_bytes = house->options->cache_bytes / house->workers,
        .max_stale_ms = house->options->max_stale_ms,
        .commons = &house->commons,
        .counters = worker->counters,
        .on_room = worker_on_room,
        .arg = worker,
    };

    options.store.url = house->redis;
    options.store.program = house->options->program;
    options.store.feed = true;
    worker->engine = engine_open(worker->base, &options, fault);
    return worker->engine && engine_adopt(worker->engine, timeline, fault);
}

struct worker *worker_start(struct house *house, size_t index,
                            const int *listeners, size_t nlisteners,
                            struct timeline *timeline, struct fault *fault)
{
    struct worker *worker = worker_new(house, index);

    if (!open_engine(worker, timeline, fault)) {
        worker_free(worker);
        return NULL;
    }
    make_events(worker, listeners, nlisteners);
    if (pthread_create(&worker->thread, NULL, worker_main, worker) != 0)
        die("cannot start a thread");
    return worker;
}

void worker_drain(struct worker *worker, int64_t ms)
{
    pthread_mutex_lock(&worker->mailbox.lock);
    worker->mailbox.stop_ms = ms;
    pthread_mutex_unlock(&worker->mailbox.lock);
    ring(worker);
}

void worker_stop(struct worker *worker)
{
    ensure(pthread_join(worker->thread, NULL) == 0);
    worker_free(worker);
}
