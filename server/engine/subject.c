/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Recall, fetch, remember. A partner in memory is believed while three things
 * hold: the feed of invalidations lives, the entry has not been dropped by it,
 * and no connection of this process has changed the partner since the entry's
 * fetch began. */
#include "engine/inner.h"

static void count(struct engine *engine, enum counter which)
{
    counter_add(engine->options.counters, which, 1);
}

/* Found in memory, though not to be trusted: the answer of last resort. */
static enum engine_found find_stale(struct engine *engine, struct entry *entry,
                                    struct subject *subject)
{
    if (!entry || !engine_may_be_stale(engine))
        return ENGINE_UNAVAILABLE;
    *subject = (struct subject){entry->record, entry, true};
    count(engine, COUNTER_stale_answers);
    return ENGINE_FOUND;
}

enum engine_found engine_find(struct engine *engine, struct str partner,
                              struct subject *subject)
{
    uint64_t hash = engine_hash(engine, partner);
    struct entry *entry = cache_find(engine->cache, partner, hash);

    if (entry && engine->trusted &&
        entry->count == commons_count(engine->options.commons, hash)) {
        *subject = (struct subject){entry->record, entry, false};
        count(engine, COUNTER_keyspace_hits);
        return ENGINE_FOUND;
    }
    if (!store_is_ready(engine->store))
        return find_stale(engine, entry, subject);
    count(engine, COUNTER_keyspace_misses);
    return ENGINE_MISSING;
}

/* --- fetch --------------------------------------------------------------- */

static bool may_keep(const struct flight *flight)
{
    struct engine *engine = flight->engine;

    return flight->link && engine->trusted &&
           flight->epoch == store_epoch(engine->store) &&
           flight->count ==
               commons_count(engine->options.commons, flight->hash);
}

static void remember(struct flight *flight, struct subject *subject)
{
    struct engine *engine = flight->engine;
    struct str id = {flight->id, flight->id_len};
    uint64_t evicted = cache_evictions(engine->cache);

    if (!may_keep(flight))
        return;
    subject->entry = cache_put(engine->cache, id, flight->hash, subject->record,
                               flight->count);
    counter_add(engine->options.counters, COUNTER_cache_evictions,
                cache_evictions(engine->cache) - evicted);
}

/* Redis did not give it: what is in memory may do. */
static void land_without(struct flight *flight, const struct fault *fault)
{
    struct engine *engine = flight->engine;
    struct str id = {flight->id, flight->id_len};
    struct subject subject;
    struct entry *entry = cache_find(engine->cache, id, flight->hash);
    bool found = find_stale(engine, entry, &subject) == ENGINE_FOUND;

    count(engine, COUNTER_store_unavailable);
    flight_land(flight, found ? &subject : NULL, fault);
}

static void subject_on_record(void *arg, enum store_result result,
                              struct record *record, const struct fault *fault)
{
    struct flight *flight = arg;
    struct subject subject = {.record = record};

    engine_tick(flight->engine);
    if (result == STORE_UNAVAILABLE || result == STORE_REFUSED) {
        land_without(flight, fault);
        return;
    }
    if (record)
        remember(flight, &subject);
    flight_land(flight, &subject, fault);
    record_unref(record);
}

/* A flight that began before the latest change known to this process must not
 * serve a reader who may have seen that change acknowledged. */
static struct flight *joinable(struct engine *engine, struct str partner,
                               uint64_t hash)
{
    struct flight *flight = flights_find(&engine->flights, partner, hash);

    if (flight &&
        flight->count != commons_count(engine->options.commons, hash)) {
        flight_unlist(flight);
        return NULL;
    }
    return flight;
}

bool engine_fetch(struct engine *engine, struct str partner,
                  engine_on_subject *done, void *arg)
{
    uint64_t hash = engine_hash(engine, partner);
    struct flight *flight = joinable(engine, partner, hash);

    if (!flight) {
        flight = flight_new(&engine->flights, partner, hash);
        flight->engine = engine;
        flight->epoch = store_epoch(engine->store);
        flight->count = commons_count(engine->options.commons, hash);
        if (!store_fetch(engine->store, partner, subject_on_record, flight)) {
            flight_free(flight);
            return false;
        }
    }
    flight_wait(flight, done, arg);
    return true;
}
