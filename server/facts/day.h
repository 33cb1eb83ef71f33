/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_DAY_H
#define PALIER_FACTS_DAY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/base.h"

/* A day is an int32_t: days since 1970-01-01, proleptic Gregorian, in the
 * program's time zone. Days lie in [DAY_FIRST, DAY_LAST], 0001-01-01 to
 * 9999-12-31; results of arithmetic are clamped to that. */
#define DAY_NONE INT32_MIN  /* no day */
#define DAY_NEVER INT32_MAX /* after every day: an open end, no horizon */
#define DAY_FIRST (-719162)
#define DAY_LAST 2932896
enum { DAY_TEXT = 11 }; /* "2026-06-30" and the terminator */

struct date {
    int year, month, day; /* month 1 to 12, day 1 to 31 */
};

int32_t day_of_date(struct date date);
struct date date_of_day(int32_t day);
int date_month_days(int year, int month);

/* ISO only: ten bytes, an existing day. */
bool day_parse(struct str s, int32_t *day) MUST_USE;
/* As day_parse, else fills `fault`: INVALID <field>: "2026-02-30" is not a
 * day; expected YYYY-MM-DD */
bool day_expect(struct str s, const char *field, int32_t *day,
                struct fault *fault) MUST_USE;
/* Terminated; returns `text` as a str. DAY_NONE and DAY_NEVER give {NULL,0}. */
struct str day_text(int32_t day, char text[DAY_TEXT]);

int32_t day_add(int32_t day, int32_t days);
/* The same day of another month; one that does not exist becomes the month's
 * last. */
int32_t day_add_months(int32_t day, int32_t months);
/* The first day d with day_add_months(d, -months) >= day: when an entry of
 * `day` has left a window of the last `months` months. */
int32_t day_months_after(int32_t day, int32_t months);
int32_t day_month_start(int32_t day);
int32_t day_quarter_start(int32_t day);
int32_t day_year_start(int32_t day); /* 1 January */

#endif
