/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_ENGINE_COUNTERS_H
#define PALIER_ENGINE_COUNTERS_H

#include <stdatomic.h>
#include <stdint.h>

enum counter {
#define X(name, section, help) COUNTER_##name,
#include "palier/counters.def"
#undef X
    COUNTERS
};

/* One thread's counters: it alone writes, any thread reads. */
struct counters {
    _Atomic uint64_t n[COUNTERS];
};

static inline void counter_add(struct counters *counters, enum counter which,
                               uint64_t by)
{
    uint64_t n =
        atomic_load_explicit(&counters->n[which], memory_order_relaxed);
    atomic_store_explicit(&counters->n[which], n + by, memory_order_relaxed);
}

static inline uint64_t counter_read(const struct counters *counters,
                                    enum counter which)
{
    return atomic_load_explicit(&counters->n[which], memory_order_relaxed);
}

const char *counter_name(enum counter which);
const char *counter_section(enum counter which);

#endif
