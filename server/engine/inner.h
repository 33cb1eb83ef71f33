/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to engine: what its own files see of struct engine. */
#ifndef PALIER_ENGINE_INNER_H
#define PALIER_ENGINE_INNER_H

#include "engine/cache.h"
#include "engine/engine.h"
#include "engine/flight.h"
#include "engine/fold.h"
#include "engine/versions.h"

/* The near-cache is TRUSTED while the feed lives (a beat came back within
 * ENGINE_SILENCE_MS) and its entries belong to the feed's epoch:
 *   TRUSTED   hits are answered; fetched partners are kept
 *   DOUBTED   nothing is kept; answers come from Redis, or, where it is away,
 *             from memory as `stale` until max_stale_ms
 * A feed that is there again after a loss empties the cache on its way back
 * to TRUSTED. */
enum { ENGINE_SILENCE_MS = 3000 };

struct engine {
    struct engine_options options;
    struct store *store;
    struct cache *cache;
    struct versions *versions;
    struct flights flights;
    struct ticket *tickets; /* changes under way */
    bool trusted;           /* as of the last engine_tick */
    uint64_t epoch;      /* of the feed, to which the cache's entries belong */
    uint32_t generation; /* of versions: grows with every engine_adopt */
};

/* DOUBTED: may what is in memory still be served? */
bool engine_may_be_stale(const struct engine *engine);
/* Changes whose reply will never come: the store is closed. */
void tickets_free_all(struct engine *engine);
uint64_t engine_hash(const struct engine *engine, struct str partner);

#endif
