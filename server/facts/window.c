/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A window moves with the day it is asked on. Both of its ends only ever move
 * forward, so an entry enters once and leaves once, and the day of either can
 * be told from the entry's day alone. Three families:
 *   sliding   "last 12 months", "last 90 days": an entry leaves after its time
 *   restart   "quarter", "calendar year": all leave when the next one begins
 *   closed    "last 4 closed quarters": entries enter and leave at restarts */
#include "facts/window.h"

#include "facts/day.h"

/* The day the program year of `year` begins. One that says 29 February begins
 * on the 28th in other years. */
static int32_t program_year_start(const struct window *window, int year)
{
    if (year < 1)
        return DAY_FIRST;
    int last = date_month_days(year, window->year_month);
    int day = window->year_day < last ? window->year_day : last;
    return day_of_date((struct date){year, window->year_month, day});
}

/* The year in which the program year that holds the day began. */
static int program_year_of(const struct window *window, int32_t day)
{
    int year = date_of_day(day).year;
    return day < program_year_start(window, year) ? year - 1 : year;
}

static struct span closed(int32_t start, int32_t months)
{
    return (struct span){day_add_months(start, -months), start - 1};
}

struct span window_span(const struct window *window, int32_t day)
{
    struct span span = {DAY_FIRST, day};
    switch (window->kind) {
    case WINDOW_EVER:
        break;
    case WINDOW_LAST_MONTHS:
        span.from = day_add_months(day, -window->count) + 1;
        break;
    case WINDOW_LAST_DAYS:
        span.from = day_add(day, 1 - window->count);
        break;
    case WINDOW_YEAR:
        span.from = day_year_start(day);
        break;
    case WINDOW_PROGRAM_YEAR:
        span.from = program_year_start(window, program_year_of(window, day));
        break;
    case WINDOW_QUARTER:
        span.from = day_quarter_start(day);
        break;
    case WINDOW_MONTH:
        span.from = day_month_start(day);
        break;
    case WINDOW_CLOSED_QUARTERS:
        return closed(day_quarter_start(day), 3 * window->count);
    case WINDOW_CLOSED_MONTHS:
        return closed(day_month_start(day), window->count);
    }
    return span;
}

/* The first day on which the window is past the entry, in a calendar whose end
 * is a wall: what lies behind it comes out as DAY_LAST or before. */
static int32_t leaves(const struct window *window, int32_t entry)
{
    switch (window->kind) {
    case WINDOW_EVER:
        break;
    case WINDOW_LAST_MONTHS:
        return day_months_after(entry, window->count);
    case WINDOW_LAST_DAYS:
        return day_add(entry, window->count);
    case WINDOW_YEAR:
        return day_add_months(day_year_start(entry), 12);
    case WINDOW_PROGRAM_YEAR:
        return program_year_start(window, program_year_of(window, entry) + 1);
    case WINDOW_QUARTER:
        return day_add_months(day_quarter_start(entry), 3);
    case WINDOW_MONTH:
        return day_add_months(day_month_start(entry), 1);
    case WINDOW_CLOSED_QUARTERS:
        return day_add_months(day_quarter_start(entry),
                              3 * (window->count + 1));
    case WINDOW_CLOSED_MONTHS:
        return day_add_months(day_month_start(entry), window->count + 1);
    }
    return DAY_NEVER;
}

int32_t window_leaves(const struct window *window, int32_t entry_day,
                      int32_t day)
{
    int32_t leave = leaves(window, entry_day);
    if (leave <= day)
        return DAY_NEVER;
    /* At the wall it must be seen whether the entry has really left. */
    if (leave == DAY_LAST && window_span(window, leave).from <= entry_day)
        return DAY_NEVER;
    return leave;
}

int32_t window_enters(const struct window *window, int32_t entry_day,
                      int32_t day)
{
    if (entry_day <= window_span(window, day).until)
        return DAY_NEVER;
    int32_t enter = entry_day;
    if (window->kind == WINDOW_CLOSED_QUARTERS)
        enter = day_add_months(day_quarter_start(entry_day), 3);
    if (window->kind == WINDOW_CLOSED_MONTHS)
        enter = day_add_months(day_month_start(entry_day), 1);
    return window_span(window, enter).until < entry_day ? DAY_NEVER : enter;
}
