/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_CALENDAR_H
#define PALIER_SERVICE_CALENDAR_H

#include "engine/engine.h"

struct event_base;
struct calendar;

/* Keeps commons->day: the only place that knows time zones. Looks at the clock
 * each second and at each midnight of the program's time zone; the day may
 * change by more than one, but never goes back by less than a day's change of
 * zone. With `pinned` not DAY_NONE the day is that. */
struct calendar *calendar_start(struct event_base *base,
                                struct commons *commons, int32_t pinned);
void calendar_stop(struct calendar *calendar);
/* Is the name one that this system's time-zone database knows? */
bool calendar_knows(struct str timezone);
/* From now on days are of that zone; sets the day at once. */
void calendar_set_zone(struct calendar *calendar, struct str timezone);

#endif
