/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_BACKOFF_H
#define PALIER_STORE_BACKOFF_H

#include <stdint.h>

enum { BACKOFF_FIRST_MS = 20, BACKOFF_LAST_MS = 1000 };

/* How long to wait before the next attempt: the span doubles from the first to
 * the last, and each wait is drawn from its upper half, so that many who lost
 * the same server do not come back at the same moment. */
struct backoff {
    int64_t span_ms; /* of the next wait; 0: none was made yet */
};

/* The next wait: in [span / 2, span]. `random`: any 32 bits. */
int64_t backoff_next_ms(struct backoff *backoff, uint32_t random);
void backoff_reset(struct backoff *backoff);

#endif
