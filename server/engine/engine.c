/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Where a question goes: recall from the near-cache, else fetch from Redis
 * once for all who wait, judge, remember. What may be remembered, and for how
 * long it is believed, is the whole difficulty; inner.h draws it. */
#include "engine/engine.h"

#include <stdlib.h>

#include "engine/inner.h"

uint64_t engine_hash(const struct engine *engine, struct str partner)
{
    return str_hash(partner, engine->options.commons->seed);
}

static void count(struct engine *engine, enum counter which)
{
    counter_add(engine->options.counters, which, 1);
}

/* --- the feed ------------------------------------------------------------ */

void engine_tick(struct engine *engine)
{
    int64_t heard = store_heard_ms(engine->store);

    engine->trusted = store_is_hearing(engine->store) &&
                      engine->epoch == store_epoch(engine->store) &&
                      clock_ms() - heard < ENGINE_SILENCE_MS;
}

static void engine_on_changed(void *arg, struct str partner)
{
    struct engine *engine = arg;
    uint64_t hash = engine_hash(engine, partner);
    struct entry *entry = cache_find(engine->cache, partner, hash);
    struct flight *flight = flights_find(&engine->flights, partner, hash);

    count(engine, COUNTER_cache_invalidations);
    if (entry)
        cache_drop(engine->cache, entry);
    if (flight)
        flight_unlist(flight);
}

static void engine_on_epoch(void *arg)
{
    struct engine *engine = arg;

    flights_unlist_all(&engine->flights);
    /* Lost: what is in memory may still serve as stale. */
    if (store_is_hearing(engine->store)) {
        cache_clear(engine->cache);
        count(engine, COUNTER_cache_epochs);
    }
    engine->epoch = store_epoch(engine->store);
    engine_tick(engine);
}

static void engine_on_room(void *arg)
{
    struct engine *engine = arg;

    if (engine->options.on_room)
        engine->options.on_room(engine->options.arg);
}

static void engine_on_ready(void *arg, bool ready)
{
    if (ready)
        engine_on_room(arg);
}

bool engine_may_be_stale(const struct engine *engine)
{
    int64_t heard = store_heard_ms(engine->store);

    return heard > 0 && clock_ms() - heard <= engine->options.max_stale_ms;
}

/* --- life ---------------------------------------------------------------- */

struct engine *engine_open(struct event_base *base,
                           const struct engine_options *options,
                           struct fault *fault)
{
    struct engine *engine = mem_new(sizeof(*engine));
    const struct store_events events = {.arg = engine,
                                        .on_changed = engine_on_changed,
                                        .on_epoch = engine_on_epoch,
                                        .on_ready = engine_on_ready,
                                        .on_room = engine_on_room};

    engine->options = *options;
    engine->cache = cache_new(options->cache_bytes);
    engine->store = store_open(base, &options->store, &events, fault);
    if (!engine->store) {
        engine_close(engine);
        return NULL;
    }
    return engine;
}

void engine_close(struct engine *engine)
{
    if (!engine)
        return;
    if (engine->store)
        store_close(engine->store);
    flights_free_all(&engine->flights);
    tickets_free_all(engine);
    versions_free(engine->versions);
    cache_free(engine->cache);
    free(engine);
}

bool engine_adopt(struct engine *engine, struct timeline *timeline,
                  struct fault *fault)
{
    struct versions *versions =
        versions_new(timeline, engine_today(engine), engine->versions, fault);

    if (!versions)
        return false;
    engine->versions = versions;
    engine->generation++;
    return true;
}

int32_t engine_today(const struct engine *engine)
{
    return atomic_load_explicit(&engine->options.commons->day,
                                memory_order_relaxed);
}

struct policy *engine_policy(struct engine *engine, int32_t day,
                             struct fault *fault)
{
    if (day == DAY_NONE)
        day = engine_today(engine);
    if (!engine->versions) {
        fault_set(fault, FAULT_NOPOLICY, "no policy is in force");
        return NULL;
    }
    return versions_policy(
        engine->versions, timeline_at(versions_timeline(engine->versions), day),
        fault);
}

bool engine_has_room(const struct engine *engine)
{
    return store_has_room(engine->store);
}

bool engine_is_ready(const struct engine *engine)
{
    return store_is_ready(engine->store);
}

struct store *engine_store(struct engine *engine)
{
    return engine->store;
}

size_t engine_cache_entries(const struct engine *engine)
{
    return cache_entries(engine->cache);
}

size_t engine_cache_bytes(const struct engine *engine)
{
    return cache_bytes(engine->cache);
}
