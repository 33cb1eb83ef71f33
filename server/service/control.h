/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: the control loop, on the main thread, and the stages in
 * which a process comes up and goes down. */
#ifndef PALIER_SERVICE_CONTROL_H
#define PALIER_SERVICE_CONTROL_H

#include <signal.h>

#include "service/calendar.h"
#include "service/keeper.h"
#include "service/policies.h"
#include "service/watch.h"
#include "service/worker.h"

enum { CONTROL_SIGNALS = 3 };

/* What the stages have made; what a stage has not made yet is NULL or 0. */
struct control {
    const struct service_options *options;
    struct event_base *base;
    struct event *signals[CONTROL_SIGNALS];
    struct house *house;
    struct keeper *keeper; /* NULL with --redis */
    struct store *store;
    struct calendar *calendar;
    struct watch *watch; /* NULL without --scripts */
    struct policies *policies;
    int *listeners;
    size_t nlisteners;
    struct worker **workers;
    size_t nworkers;
    bool stopping; /* a signal asked to end */
};

/* Serves until a signal asks to end. Returns the exit code. */
int control_run(const struct service_options *options) MUST_USE;

/* Runs the loop until `is_done`, at most `ms`. False where the time is over or
 * a signal asked to end first. */
bool control_await(struct control *control,
                   bool (*is_done)(const struct control *control),
                   int64_t ms) MUST_USE;

/* A stage makes its part of the control, or says why it cannot; what goes down
 * may be half made. */
struct stage {
    const char *name;
    bool (*up)(struct control *control, struct fault *fault);
    void (*down)(struct control *control);
};
extern const struct stage control_stages[];
extern const size_t control_nstages;

#endif
