/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The door of engine: answer one question about one partner. An engine belongs
 * to one event loop and owns its store and near-cache; what engines of a
 * process share is in struct commons. */
#ifndef PALIER_ENGINE_ENGINE_H
#define PALIER_ENGINE_ENGINE_H

#include "base/base.h"
#include "engine/commons.h"
#include "engine/counters.h"
#include "engine/timeline.h"
#include "facts/facts.h"
#include "policy/policy.h"
#include "store/store.h"

struct event_base;
struct engine;

struct engine_options {
    struct store_options store;
    size_t cache_bytes;   /* the near-cache's bound, all of its memory */
    int64_t max_stale_ms; /* how old an answer may be while Redis is away */
    struct commons *commons;
    struct counters *counters; /* this engine's own */
    /* There is room again (engine_has_room), or the store has come back. */
    void (*on_room)(void *arg);
    void *arg;
};

struct engine *engine_open(struct event_base *base,
                           const struct engine_options *options,
                           struct fault *fault);
void engine_close(struct engine *engine);

/* From now on answer by these versions. Policies of versions known already are
 * kept. False with `fault`, and nothing changed, where the version in force
 * does not load; a past one that does not is answered with POLICYERR. */
bool engine_adopt(struct engine *engine, struct timeline *timeline,
                  struct fault *fault) MUST_USE;
/* The policy in force on a day; NULL with `fault` where there is none or it
 * did not load. DAY_NONE: today. Borrowed until the next engine_adopt. */
struct policy *engine_policy(struct engine *engine, int32_t day,
                             struct fault *fault);
int32_t engine_today(const struct engine *engine);
/* May a fetch or a change be started now? */
bool engine_has_room(const struct engine *engine);
bool engine_is_ready(const struct engine *engine); /* the store answers */
struct store *engine_store(struct engine *engine);
/* To be called before questions are answered, in each turn of the event loop:
 * looks whether the feed still lives. What it finds is good for the turn. */
void engine_tick(struct engine *engine);

/* --- one partner --------------------------------------------------------- */

/* A partner at hand. Borrowed from the engine until its next call that finds,
 * fetches or changes, or control returns to the event loop. */
struct subject {
    struct record *record; /* NULL: no such partner */
    struct entry *entry;   /* its place in the near-cache, NULL: none */
    bool stale;            /* Redis is away: true as of a while ago */
};

enum engine_found {
    ENGINE_FOUND,
    ENGINE_MISSING,     /* engine_fetch brings it */
    ENGINE_UNAVAILABLE, /* neither in memory nor to be had */
};
enum engine_found engine_find(struct engine *engine, struct str partner,
                              struct subject *subject);

/* Ask Redis; one fetch serves all who wait for the same partner. The callback
 * law of store.h. `subject` NULL: not to be had, and `fault` says why. */
typedef void engine_on_subject(void *arg, const struct subject *subject,
                               const struct fault *fault);
bool engine_fetch(struct engine *engine, struct str partner,
                  engine_on_subject *done, void *arg) MUST_USE;

/* The tier held today in the program's own ladder. False with `fault` where
 * the policy failed. */
bool engine_tier(struct engine *engine, const struct subject *subject,
                 struct str *tier, struct fault *fault) MUST_USE;

/* A folded standing and what it was read from. */
struct answer {
    struct policy *policy; /* the version in force on the day */
    const struct ladder *ladder;
    struct standing standing;
    int qualifies;
    int32_t until; /* the day before the horizon, DAY_NEVER: none */
    /* The figures of the day; valid until the policy judges again. */
    struct verdict verdict;
};
bool engine_standing(struct engine *engine, const struct subject *subject,
                     size_t ladder, int32_t day, struct answer *answer,
                     struct fault *fault) MUST_USE;

/* --- changes -------------------------------------------------------------- */

/* As store_change and store_forget; once `done` runs, every engine of the
 * process answers with the change. */
bool engine_change(struct engine *engine, const struct change *change,
                   struct str who, struct str op, store_on_change *done,
                   void *arg) MUST_USE;
bool engine_forget(struct engine *engine, struct str partner,
                   store_on_done *done, void *arg) MUST_USE;

/* For INFO. */
size_t engine_cache_entries(const struct engine *engine);
size_t engine_cache_bytes(const struct engine *engine);

#endif
