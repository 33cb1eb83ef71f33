/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to service: which policy the process answers by. */
#ifndef PALIER_SERVICE_POLICIES_H
#define PALIER_SERVICE_POLICIES_H

#include "engine/engine.h"
#include "service/calendar.h"
#include "service/service.h"

struct event_base;

struct policies_options {
    struct event_base *base;
    struct store *store;
    struct calendar *calendar;
    struct commons *commons;
    const char *scripts; /* the folder that is published, or NULL */
    const char *seed;    /* the folder that seeds an empty Redis, or NULL */
    /* Other versions are in force, or scheduled: every worker's business.
     * Borrowed. Also called while deciding. */
    void (*on_timeline)(void *arg, struct timeline *timeline);
    void *arg;
};

/* Decides on a policy, then keeps it true: follows the folder, the versions
 * that other processes publish, and the day.
 *
 *   DECIDING   no timeline yet; goes on when the store is ready
 *   DECIDED    timeline and the policy in force are there, for good
 *   FAILED     there is no policy to answer by; `fault` says why
 */
enum policies_state { POLICIES_DECIDING, POLICIES_DECIDED, POLICIES_FAILED };

struct policies;
struct policies *policies_new(const struct policies_options *options);
void policies_free(struct policies *policies); /* NULL: nothing */

enum policies_state policies_state(const struct policies *policies);
const struct fault *policies_fault(const struct policies *policies);
/* Borrowed until the next on_timeline. */
struct timeline *policies_timeline(const struct policies *policies);

/* The folder was saved (or somebody asks to look again). */
void policies_on_save(struct policies *policies);
/* The store has become ready. */
void policies_on_ready(struct policies *policies);

#endif
