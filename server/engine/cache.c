/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The near-cache: partners in memory, so that a question costs no round trip.
 * Open addressing with linear probing over (hash, entry) pairs: one cache line
 * decides a hit or a miss. Removal moves later members of the run back, so
 * there are no tombstones. */
#include "engine/cache.h"

#include <stdlib.h>
#include <string.h>

struct slot {
    uint64_t hash;
    struct entry *entry; /* NULL: free */
};

struct cache {
    struct slot *slots;
    size_t mask; /* slots - 1, a power of two less one */
    size_t entries;
    size_t bytes, bound;
    struct entry *newest, *oldest, *hand;
    uint64_t evictions;
};

enum { SLOTS_AT_FIRST = 1024, WHOLE_OVER_RECORD = 8 };

struct cache *cache_new(size_t bytes)
{
    struct cache *cache = mem_new(sizeof(*cache));

    cache->bound = bytes;
    cache->mask = SLOTS_AT_FIRST - 1;
    cache->slots = mem_new_array(SLOTS_AT_FIRST, sizeof(struct slot));
    cache->bytes = SLOTS_AT_FIRST * sizeof(struct slot);
    return cache;
}

void cache_free(struct cache *cache)
{
    if (!cache)
        return;
    cache_clear(cache);
    free(cache->slots);
    free(cache);
}

static size_t slot_of(const struct cache *cache, struct str id, uint64_t hash)
{
    size_t i = hash & cache->mask;

    for (; cache->slots[i].entry; i = (i + 1) & cache->mask) {
        const struct entry *entry = cache->slots[i].entry;
        if (cache->slots[i].hash == hash && entry->id_len == id.len &&
            memcmp(entry->id, id.at, id.len) == 0)
            break;
    }
    return i;
}

struct entry *cache_find(struct cache *cache, struct str id, uint64_t hash)
{
    struct entry *entry = cache->slots[slot_of(cache, id, hash)].entry;

    if (entry)
        entry->visited = true;
    return entry;
}

static void grow(struct cache *cache)
{
    size_t old_slots = cache->mask + 1;
    struct slot *old = cache->slots;

    cache->mask = old_slots * 2 - 1;
    cache->slots = mem_new_array(old_slots * 2, sizeof(struct slot));
    for (size_t i = 0; i < old_slots; i++) {
        if (!old[i].entry)
            continue;
        size_t to = old[i].hash & cache->mask;
        while (cache->slots[to].entry)
            to = (to + 1) & cache->mask;
        cache->slots[to] = old[i];
    }
    cache->bytes += old_slots * sizeof(struct slot);
    free(old);
}

/* Closes the gap at `i`: members of the run that may move back do. */
static void slot_free(struct cache *cache, size_t i)
{
    for (size_t j = (i + 1) & cache->mask; cache->slots[j].entry;
         j = (j + 1) & cache->mask) {
        size_t home = cache->slots[j].hash & cache->mask;
        if (((j - home) & cache->mask) < ((j - i) & cache->mask))
            continue;
        cache->slots[i] = cache->slots[j];
        i = j;
    }
    cache->slots[i].entry = NULL;
}

static void list_remove(struct cache *cache, struct entry *entry)
{
    if (cache->hand == entry)
        cache->hand = entry->newer;
    if (entry->newer)
        entry->newer->older = entry->older;
    else
        cache->newest = entry->older;
    if (entry->older)
        entry->older->newer = entry->newer;
    else
        cache->oldest = entry->newer;
}

static void list_add(struct cache *cache, struct entry *entry)
{
    entry->newer = NULL;
    entry->older = cache->newest;
    if (cache->newest)
        cache->newest->newer = entry;
    else
        cache->oldest = entry;
    cache->newest = entry;
}

static void memo_reset(struct cache *cache, struct entry *entry,
                       struct memo *memo)
{
    if (memo->fault) {
        entry->bytes -= sizeof(*memo->fault);
        cache->bytes -= sizeof(*memo->fault);
    }
    free(memo->fault);
    *memo = (struct memo){.fault = NULL};
}

void cache_keep(struct cache *cache, struct entry *entry, struct memo *memo,
                struct memo value, const struct fault *fault)
{
    memo_reset(cache, entry, memo);
    *memo = value;
    memo->fault = NULL;
    if (!fault)
        return;
    memo->fault = mem_copy(fault, sizeof(*fault));
    entry->bytes += sizeof(*fault);
    cache->bytes += sizeof(*fault);
}

void cache_drop(struct cache *cache, struct entry *entry)
{
    struct str id = {entry->id, entry->id_len};
    size_t slot = slot_of(cache, id, entry->hash);

    ensure(cache->slots[slot].entry == entry);
    slot_free(cache, slot);
    list_remove(cache, entry);
    memo_reset(cache, entry, &entry->tier);
    memo_reset(cache, entry, &entry->standing);
    cache->bytes -= entry->bytes;
    cache->entries--;
    record_unref(entry->record);
    free(entry);
}

void cache_clear(struct cache *cache)
{
    while (cache->oldest)
        cache_drop(cache, cache->oldest);
}

static void evict_one(struct cache *cache)
{
    struct entry *at = cache->hand ? cache->hand : cache->oldest;

    while (at->visited) {
        at->visited = false;
        at = at->newer ? at->newer : cache->oldest;
    }
    cache->hand = at;
    cache->evictions++;
    cache_drop(cache, at);
}

static struct entry *entry_new(struct str id, uint64_t hash,
                               struct record *record, uint32_t count)
{
    struct entry *entry = mem_new(sizeof(*entry) + id.len);

    entry->hash = hash;
    entry->record = record_ref(record);
    entry->count = count;
    entry->bytes = sizeof(*entry) + id.len + record_bytes(record);
    entry->id_len = id.len;
    memcpy(entry->id, id.at, id.len);
    return entry;
}

struct entry *cache_put(struct cache *cache, struct str id, uint64_t hash,
                        struct record *record, uint32_t count)
{
    struct entry *known = cache->slots[slot_of(cache, id, hash)].entry;

    if (known)
        cache_drop(cache, known);
    if (record_bytes(record) > cache->bound / WHOLE_OVER_RECORD)
        return NULL;
    struct entry *entry = entry_new(id, hash, record, count);
    if ((cache->entries + 1) * 4 > (cache->mask + 1) * 3)
        grow(cache);
    while (cache->oldest && cache->bytes + entry->bytes > cache->bound)
        evict_one(cache);
    cache->slots[slot_of(cache, id, hash)] = (struct slot){hash, entry};
    list_add(cache, entry);
    cache->bytes += entry->bytes;
    cache->entries++;
    return entry;
}

size_t cache_entries(const struct cache *cache)
{
    return cache->entries;
}

size_t cache_bytes(const struct cache *cache)
{
    return cache->bytes;
}

uint64_t cache_evictions(const struct cache *cache)
{
    return cache->evictions;
}
