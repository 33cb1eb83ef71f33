/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_ENGINE_COMMONS_H
#define PALIER_ENGINE_COMMONS_H

#include <stdatomic.h>

#include "base/base.h"

/* All that the engines of one process share, besides immutable bundles: the
 * day, and a clock of changes.
 *
 * The clock answers "has this process changed the partner since?": a change
 * that was acknowledged advances the slot of the partner's hash, before its
 * reply is written; what was fetched under another count is not used. So a
 * reader sees every change acknowledged by any connection of this process,
 * without a message between workers. Two partners in one slot cost a fetch,
 * never truth. */
enum { COMMONS_SLOTS = 4096 };

struct commons {
    _Atomic int32_t day; /* today in the program's time zone */
    uint64_t seed;       /* of every str_hash of a partner's id */
    _Atomic uint32_t slots[COMMONS_SLOTS];
};

void commons_init(struct commons *commons, int32_t day, uint64_t seed);
uint32_t commons_count(struct commons *commons, uint64_t hash);
void commons_advance(struct commons *commons, uint64_t hash);

#endif
