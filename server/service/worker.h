/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_WORKER_H
#define PALIER_SERVICE_WORKER_H

#include "engine/engine.h"
#include "service/service.h"

/* What all workers of the process look at; written before they start, but for
 * the atomics in it. */
struct house {
    const struct service_options *options;
    const char *redis; /* URL, the private one's too */
    struct commons commons;
    struct counters *counters; /* one a worker */
    size_t workers;
    int64_t started_ms; /* wall */
    _Atomic uint64_t client_ids;
    _Atomic bool draining;
};

/* One thread with its event loop, engine and connections. Shares nothing but
 * the house. */
struct worker;

/* Listening sockets are non-blocking and shared by all workers. The thread
 * begins to accept when its store has answered. NULL with `fault`. */
struct worker *worker_start(struct house *house, size_t index,
                            const int *listeners, size_t nlisteners,
                            struct timeline *timeline, struct fault *fault);
/* Any thread: answer by these versions from now on. */
void worker_adopt(struct worker *worker, struct timeline *timeline);
/* Stop accepting, answer what has been sent, close; within `ms`. Does not
 * wait. */
void worker_drain(struct worker *worker, int64_t ms);
/* Waits for the end of a drained worker, then frees. */
void worker_stop(struct worker *worker);

#endif
