/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What engines share. The clock of changes must order three things: the reply
 * of Redis to a change, the reader's fetch that follows it, and the look at the
 * slot. Release on the advance and acquire on the look do. */
#include "engine/commons.h"

void commons_init(struct commons *commons, int32_t day, uint64_t seed)
{
    atomic_init(&commons->day, day);
    commons->seed = seed;
    for (size_t i = 0; i < COMMONS_SLOTS; i++)
        atomic_init(&commons->slots[i], 0);
}

uint32_t commons_count(struct commons *commons, uint64_t hash)
{
    return atomic_load_explicit(&commons->slots[hash % COMMONS_SLOTS],
                                memory_order_acquire);
}

void commons_advance(struct commons *commons, uint64_t hash)
{
    atomic_fetch_add_explicit(&commons->slots[hash % COMMONS_SLOTS], 1,
                              memory_order_acq_rel);
}
