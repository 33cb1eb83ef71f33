/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_CALENDAR_H
#define PALIER_SERVICE_CALENDAR_H

#include "engine/engine.h"

struct event_base;
struct calendar;

/* Keeps commons->day: the only place that knows time zones. Looks at the clock
 * each second. The day may grow by more than one (a machine that slept). By
 * itself it does not go back by one day or two (a clock corrected at midnight,
 * a zone further west: they are waited for), but follows a clock that was wrong
 * by more. With `pinned` not DAY_NONE the day is that. Begins in UTC. One
 * calendar a process: it sets the process's time zone. */
struct calendar *calendar_start(struct event_base *base,
                                struct commons *commons, int32_t pinned);
void calendar_stop(struct calendar *calendar); /* NULL: nothing */
/* Is the name one that this system's time-zone database knows? */
bool calendar_knows(struct str zone);
/* The zone whose name that most likely is a slip of, or whose city it is;
 * {NULL, 0} where none is near. Memory of `arena`. */
struct str calendar_nearest(struct str zone, struct arena *arena);
/* From now on days are of that zone, which is known. Sets the day at once, but
 * not before `first` (then it is waited for); DAY_FIRST: wherever it falls. */
void calendar_set_zone(struct calendar *calendar, struct str zone,
                       int32_t first);
/* Today in that zone, which is known. */
int32_t calendar_today(const struct calendar *calendar, struct str zone);
/* The day of a moment in that zone, which is known. */
int32_t calendar_day(struct str zone, int64_t wall_ms);

#endif
