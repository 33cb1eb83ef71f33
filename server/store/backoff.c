/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A lost server must be found again soon, and must not be stormed while it
 * starts. Pure: chance is handed in, so that it can be tested. */
#include "store/backoff.h"

int64_t backoff_next_ms(struct backoff *backoff, uint32_t random)
{
    int64_t span = backoff->span_ms ? backoff->span_ms : BACKOFF_FIRST_MS;
    int64_t half = span / 2;

    backoff->span_ms = span * 2 < BACKOFF_LAST_MS ? span * 2 : BACKOFF_LAST_MS;
    return half + (int64_t)(random % (uint32_t)(span - half + 1));
}

void backoff_reset(struct backoff *backoff)
{
    backoff->span_ms = 0;
}
