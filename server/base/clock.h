/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_CLOCK_H
#define PALIER_BASE_CLOCK_H

#include <stdint.h>

int64_t clock_ms(void);        /* monotonic */
int64_t clock_us(void);        /* monotonic */
int64_t clock_thread_ms(void); /* processor time of this thread */
int64_t clock_wall_ms(void);   /* since 1970-01-01 UTC */
/* "2026-06-30T09:15:02Z" and the terminator, from clock_wall_ms(). */
void clock_utc(int64_t wall_ms, char text[21]);

#endif
