/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: a worker as its connections see it. */
#ifndef PALIER_SERVICE_LOOP_H
#define PALIER_SERVICE_LOOP_H

#include <pthread.h>

#include "service/conn.h"
#include "service/worker.h"

struct event_base;

/* What other threads may touch is the mailbox, under its lock, and the bell. */
struct mailbox {
    pthread_mutex_t lock;
    struct timeline *timeline; /* to be adopted, or NULL */
    int64_t stop_ms;           /* to end within that, -1: not asked */
    int bell;                  /* an eventfd */
};

struct worker {
    struct house *house;
    size_t index;
    pthread_t thread;
    struct mailbox mailbox;
    struct event_base *base;
    struct event *rung, *tick, *turn, *deadline;
    struct event **accepts;
    size_t naccepts;
    struct engine *engine;
    struct counters *counters;
    struct conn *conns;
    size_t nconns;
    struct conn *runnable, **runnable_last;
    struct hunger *hungry, **hungry_last;
    int64_t accept_warned_ms;
    bool serving; /* has let clients in */
    bool stopping, accept_paused;
    struct arena arena;       /* of the command being answered */
    struct buf out, answer;   /* scratch: a wake-up's output, one reply */
    char in[CONN_READ_BYTES]; /* scratch: one read */
};

void worker_count(struct worker *worker, enum counter which, uint64_t by);
/* Run conn_work for it at the end of this turn. */
void worker_schedule(struct worker *worker, struct conn *conn);
/* Calls `hunger->feed` once, when the store has room again. */
void worker_starve(struct worker *worker, struct hunger *hunger);
/* The connection is gone: forget it; ends the loop of a stopping worker that
 * has no other. */
void worker_forget(struct worker *worker, struct conn *conn);

#endif
