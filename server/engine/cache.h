/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to engine: the near-cache. */
#ifndef PALIER_ENGINE_CACHE_H
#define PALIER_ENGINE_CACHE_H

#include "base/base.h"
#include "facts/facts.h"
#include "policy/policy.h"

/* A partner in memory: its facts, and the answer that most ask for. `ready`
 * says whether the answer below it is one: given by the versions of
 * `generation`, for the days from `judged` until before `horizon`. */
struct entry {
    uint64_t hash;
    struct record *record;
    uint32_t count; /* the clock of changes when its fetch began */
    bool visited;   /* asked for since the hand last passed */
    bool ready;
    bool folded; /* all of `held`, not just its tier */
    int32_t judged, horizon;
    uint32_t generation;
    struct standing held;
    struct fault *fault; /* the policy failed: this is the answer */
    struct entry *newer, *older;
    size_t bytes;
    size_t id_len;
    char id[];
};

/* A table of entries, bounded in bytes. What to evict is decided by SIEVE
 * (Zhang et al., NSDI 2024): a hand moves from the oldest entry to the newest,
 * spares and unmarks the visited, takes the first that is not. A hit writes
 * one bit.
 *
 *   oldest <-> ... <-> hand <-> ... <-> newest
 */
struct cache;

struct cache *cache_new(size_t bytes);
void cache_free(struct cache *cache);

struct entry *cache_find(struct cache *cache, struct str id, uint64_t hash);
/* Takes a reference to `record`. Replaces an entry of that id. NULL where the
 * record is more than an eighth of the bound. */
struct entry *cache_put(struct cache *cache, struct str id, uint64_t hash,
                        struct record *record, uint32_t count);
/* Forget the answer, keep the facts. */
void entry_reset(struct entry *entry);
void cache_drop(struct cache *cache, struct entry *entry);
void cache_clear(struct cache *cache);

size_t cache_entries(const struct cache *cache);
size_t cache_bytes(const struct cache *cache);
uint64_t cache_evictions(const struct cache *cache);

#endif
