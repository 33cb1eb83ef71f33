/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Sums and counts of amounts in a window. A run's amounts are sorted by day,
 * so the window is a range of them, found by search, and without labels its
 * sum is the difference of two running sums. Nothing else is looked at but the
 * range's first amount, which leaves the window next, and the first amount
 * behind it, which enters next: they give the horizon. */
#include "facts/measure.h"
#include "facts/day.h"
#include "facts/decimal.h"
#include "facts/record_parts.h"

/* No sum of so many amounts leaves int64_t, as none is beyond
 * DECIMAL_ENTRY_MAX. */
enum { SAFE_AMOUNTS = 900000 };

/* One reading, while it goes over the runs. */
struct reading {
    const struct record *record;
    const struct selection *selection;
    const uint64_t *running; /* record's sums or counts */
    struct span span;
    int64_t value;
    bool overflows;
    int32_t oldest; /* day of the earliest amount held; DAY_NEVER: none */
    int32_t next;   /* day of the earliest that is still to come */
};

static void add(struct reading *reading, int64_t number)
{
    if (!add_checked(reading->value, number, &reading->value))
        reading->overflows = true;
}

static void add_range(struct reading *reading, size_t from, size_t until)
{
    while (from < until) {
        size_t n = until - from;
        size_t to = n > SAFE_AMOUNTS ? from + SAFE_AMOUNTS : until;
        add(reading, (int64_t)(reading->running[to] - reading->running[from]));
        from = to;
    }
}

static void note(int32_t *earliest, int32_t day)
{
    if (day < *earliest)
        *earliest = day;
}

static bool carries(const struct reading *reading, size_t i)
{
    return labels_hold(record_text(reading->record, reading->record->labels[i]),
                       reading->selection->where, reading->selection->nwhere);
}

/* The amounts `from` to `until` - 1 are in the window, those from there to
 * `end` - 1 later. */
static void read_plain(struct reading *reading, size_t from, size_t until,
                       size_t end)
{
    add_range(reading, from, until);
    if (from < until)
        note(&reading->oldest, reading->record->days[from]);
    if (until < end)
        note(&reading->next, reading->record->days[until]);
}

static void read_labelled(struct reading *reading, size_t from, size_t until,
                          size_t end)
{
    for (size_t i = from; i < until; i++) {
        if (!carries(reading, i))
            continue;
        add_range(reading, i, i + 1);
        note(&reading->oldest, reading->record->days[i]);
    }
    while (until < end && !carries(reading, until))
        until++;
    if (until < end)
        note(&reading->next, reading->record->days[until]);
}

/* How many of `n` sorted days are before `day`. */
static size_t days_before(const int32_t *days, size_t n, int32_t day)
{
    size_t low = 0;
    while (n > 0) {
        size_t half = n / 2;
        bool before = days[low + half] < day;
        low += before ? half + 1 : 0;
        n = before ? n - half - 1 : half;
    }
    return low;
}

static void read_run(struct reading *reading, const struct run *run)
{
    const int32_t *days = reading->record->days + run->first;
    size_t from = days_before(days, run->n, reading->span.from);
    size_t until =
        from + days_before(days + from, run->n - from, reading->span.until + 1);
    size_t end = run->first + run->n;
    if (reading->selection->nwhere == 0)
        read_plain(reading, run->first + from, run->first + until, end);
    else
        read_labelled(reading, run->first + from, run->first + until, end);
}

static void read_runs(struct reading *reading)
{
    const struct record *record = reading->record;
    const struct selection *selection = reading->selection;
    size_t i =
        record_run_at(record, record->runs, record->nruns, selection->path);
    for (; i < record->nruns; i++) {
        const struct run *run = &record->runs[i];
        if (!path_is_under(record_text(record, run->series), selection->path))
            break;
        if (selection->unit.len == 0 ||
            str_is(record_text(record, run->unit), selection->unit))
            read_run(reading, run);
    }
}

static int32_t horizon(const struct reading *reading,
                       const struct window *window, int32_t day)
{
    int32_t leaves = DAY_NEVER, enters = DAY_NEVER;
    if (reading->oldest != DAY_NEVER)
        leaves = window_leaves(window, reading->oldest, day);
    if (reading->next != DAY_NEVER)
        enters = window_enters(window, reading->next, day);
    return leaves < enters ? leaves : enters;
}

static bool read_amounts(struct reading *reading, const struct window *window,
                         int32_t day, struct measure *out)
{
    reading->span = window_span(window, day);
    reading->oldest = reading->next = DAY_NEVER;
    read_runs(reading);
    out->value = reading->overflows ? 0 : reading->value;
    out->horizon = horizon(reading, window, day);
    return !reading->overflows;
}

bool measure_sum(const struct record *record, const struct selection *selection,
                 const struct window *window, int32_t day, struct measure *out)
{
    struct reading reading = {
        .record = record, .selection = selection, .running = record->sums};
    return read_amounts(&reading, window, day, out);
}

bool measure_count(const struct record *record,
                   const struct selection *selection,
                   const struct window *window, int32_t day,
                   struct measure *out)
{
    struct reading reading = {
        .record = record, .selection = selection, .running = record->counts};
    return read_amounts(&reading, window, day, out);
}
