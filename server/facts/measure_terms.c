/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Who holds something today. Terms of one series are sorted by id, so that
 * those of one person are neighbours and counting distinct ids needs no
 * memory; only where a path has several series, an id is looked up in the
 * series before. */
#include "facts/day.h"
#include "facts/decimal.h"
#include "facts/measure.h"
#include "facts/record_parts.h"

struct reading {
    const struct record *record;
    const struct selection *selection;
    int32_t day, horizon;
    const struct run *first, *end; /* the series under the path */
};

static void open_reading(struct reading *reading, const struct record *record,
                         const struct selection *selection, int32_t day)
{
    size_t from =
        record_run_at(record, record->groups, record->ngroups, selection->path);
    size_t until = from;
    while (until < record->ngroups &&
           path_is_under(record_text(record, record->groups[until].series),
                         selection->path))
        until++;
    *reading = (struct reading){.record = record,
                                .selection = selection,
                                .day = day,
                                .horizon = DAY_NEVER,
                                .first = record->groups + from,
                                .end = record->groups + until};
}

static bool is_selected(const struct reading *reading,
                        const struct term_row *term)
{
    const struct selection *selection = reading->selection;
    if (selection->unit.len > 0 &&
        !str_is(record_text(reading->record, term->unit), selection->unit))
        return false;
    return selection->nwhere == 0 ||
           labels_hold(record_text(reading->record, term->labels),
                       selection->where, selection->nwhere);
}

static bool is_held(const struct term_row *term, int32_t day)
{
    return term->from <= day && day <= term->until;
}

static void note(struct reading *reading, int32_t day)
{
    if (day < reading->horizon)
        reading->horizon = day;
}

/* Does the term count on the day? Notes when that changes. */
static bool holds(struct reading *reading, const struct term_row *term)
{
    if (term->until < reading->day || !is_selected(reading, term))
        return false;
    if (term->from > reading->day) {
        note(reading, term->from);
        return false;
    }
    if (term->until < DAY_LAST) /* nothing comes after the last day */
        note(reading, term->until + 1);
    return true;
}

static const struct term_row *terms_of(const struct reading *reading,
                                       const struct run *group)
{
    return reading->record->terms + group->first;
}

/* The place of the first term of a series whose id is not before `id`. */
static size_t find_id(const struct reading *reading, const struct run *group,
                      struct str id)
{
    const struct term_row *terms = terms_of(reading, group);
    size_t low = 0, high = group->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_order(record_text(reading->record, terms[middle].id), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Does a term of that id count in one of the series before `group`? */
static bool counts_before(const struct reading *reading,
                          const struct run *group, struct str id)
{
    for (const struct run *g = reading->first; g < group; g++) {
        const struct term_row *terms = terms_of(reading, g);
        for (size_t i = find_id(reading, g, id); i < g->n; i++) {
            if (!str_is(record_text(reading->record, terms[i].id), id))
                break;
            if (is_held(&terms[i], reading->day) &&
                is_selected(reading, &terms[i]))
                return true;
        }
    }
    return false;
}

/* Neighbours of equal id share its text. */
static int64_t people_of(struct reading *reading, const struct run *group)
{
    const struct term_row *terms = terms_of(reading, group);
    uint32_t counted = 0; /* the id last counted; none has the text 0 */
    int64_t people = 0;
    for (size_t i = 0; i < group->n; i++) {
        if (!holds(reading, &terms[i]) || terms[i].id == counted)
            continue;
        counted = terms[i].id;
        struct str id = record_text(reading->record, counted);
        people += counts_before(reading, group, id) ? 0 : 1;
    }
    return people;
}

void measure_people(const struct record *record,
                    const struct selection *selection, int32_t day,
                    struct measure *out)
{
    struct reading reading;
    open_reading(&reading, record, selection, day);
    out->value = 0;
    for (const struct run *g = reading.first; g < reading.end; g++)
        out->value += people_of(&reading, g);
    out->horizon = reading.horizon;
}

/* False where the sum leaves int64_t; the horizon is noted all the same. */
static bool add_total(struct reading *reading, const struct run *group,
                      int64_t *total)
{
    bool fits = true;
    const struct term_row *terms = terms_of(reading, group);
    for (size_t i = 0; i < group->n; i++)
        if (terms[i].has_number && holds(reading, &terms[i]))
            fits &= add_checked(*total, terms[i].number, total);
    return fits;
}

bool measure_total(const struct record *record,
                   const struct selection *selection, int32_t day,
                   struct measure *out)
{
    struct reading reading;
    open_reading(&reading, record, selection, day);
    bool fits = true;
    out->value = 0;
    for (const struct run *g = reading.first; g < reading.end; g++)
        fits &= add_total(&reading, g, &out->value);
    out->horizon = reading.horizon;
    if (!fits)
        out->value = 0;
    return fits;
}

static bool group_holds(struct reading *reading, const struct run *group,
                        struct str id)
{
    bool held = false;
    const struct term_row *terms = terms_of(reading, group);
    for (size_t i = id.len ? find_id(reading, group, id) : 0; i < group->n;
         i++) {
        if (id.len && !str_is(record_text(reading->record, terms[i].id), id))
            break;
        held |= holds(reading, &terms[i]);
    }
    return held;
}

void measure_holds(const struct record *record,
                   const struct selection *selection, struct str id,
                   int32_t day, struct measure *out)
{
    struct reading reading;
    open_reading(&reading, record, selection, day);
    out->value = 0;
    for (const struct run *g = reading.first; g < reading.end; g++)
        out->value |= group_holds(&reading, g, id);
    out->horizon = reading.horizon;
}
