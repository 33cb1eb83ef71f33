/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to engine: the near-cache. */
#ifndef PALIER_ENGINE_CACHE_H
#define PALIER_ENGINE_CACHE_H

#include "base/base.h"
#include "facts/facts.h"
#include "policy/policy.h"

/* An answer worth keeping: given by the versions of `generation`, good for the
 * days from `judged` until before `horizon`. `generation` 0: there is none. */
struct memo {
    uint32_t generation;
    int32_t judged, horizon;
    struct fault *fault; /* the policy failed: this is the answer */
    struct standing held;
};

/* A partner in memory: its facts, and the answers that most ask for. */
struct entry {
    uint64_t hash;
    struct record *record;
    uint32_t count;       /* the clock of changes when its fetch began */
    bool visited;         /* asked for since the hand last passed */
    struct memo tier;     /* today's; of `held` only the tier is known */
    struct memo standing; /* today's, folded */
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
/* Sets one of the entry's memos, with a copy of `fault` (NULL: none). */
void cache_keep(struct cache *cache, struct entry *entry, struct memo *memo,
                struct memo value, const struct fault *fault);
void cache_drop(struct cache *cache, struct entry *entry);
void cache_clear(struct cache *cache);

size_t cache_entries(const struct cache *cache);
size_t cache_bytes(const struct cache *cache);
uint64_t cache_evictions(const struct cache *cache);

#endif
