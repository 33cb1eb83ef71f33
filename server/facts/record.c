/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Reading a packed record: rows are found by search and shown as structs whose
 * texts are borrowed from the record. */
#include <stdlib.h>

#include "facts/day.h"
#include "facts/record_parts.h"

struct record *record_ref(struct record *record)
{
    record->refs++;
    return record;
}

void record_unref(struct record *record)
{
    if (!record)
        return;
    ensure(record->refs > 0);
    if (--record->refs == 0)
        free(record);
}

size_t record_bytes(const struct record *record)
{
    return record->bytes;
}

int64_t record_ver(const struct record *record)
{
    return record->ver;
}

int32_t record_joined(const struct record *record)
{
    return record->joined;
}

size_t record_attributes(const struct record *record)
{
    return record->nattributes;
}

struct str record_attribute_name(const struct record *record, size_t i)
{
    ensure(i < record->nattributes);
    return record_text(record, record->attributes[i].name);
}

static const struct attribute_row *find_attribute(const struct record *record,
                                                  struct str name)
{
    size_t low = 0, high = record->nattributes;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct attribute_row *row = &record->attributes[middle];
        int order = str_order(name, record_text(record, row->name));
        if (order == 0)
            return row;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

struct str record_attribute_on(const struct record *record, struct str name,
                               int32_t day, int32_t *until)
{
    *until = DAY_NEVER;
    const struct attribute_row *row = find_attribute(record, name);
    if (!row)
        return (struct str){0};
    const struct step *step = &record->steps[row->first];
    const struct step *last = step + row->n - 1;
    while (step < last && step->before <= day)
        step++;
    struct str value = record_text(record, step->value);
    /* A step to the same value is no change. */
    while (step < last && str_is(record_text(record, step[1].value), value))
        step++;
    if (step < last)
        *until = step->before - 1;
    return value;
}

size_t record_attribute_history(const struct record *record, size_t i,
                                struct attribute_since *out, size_t max)
{
    ensure(i < record->nattributes);
    const struct attribute_row *row = &record->attributes[i];
    const struct step *steps = &record->steps[row->first];
    for (size_t s = 0; s < row->n && s < max; s++) {
        out[s].name = record_text(record, row->name);
        out[s].value = record_text(record, steps[s].value);
        out[s].from = s == 0 ? DAY_NONE : steps[s - 1].before;
    }
    return row->n;
}

size_t record_run_at(const struct record *record, const struct run *runs,
                     size_t n, struct str path)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (str_order(record_text(record, runs[middle].series), path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The run that holds row `i`. */
static const struct run *run_of(const struct run *runs, size_t n, size_t i)
{
    size_t low = 0, high = n;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (runs[middle].first <= i)
            low = middle;
        else
            high = middle;
    }
    return &runs[low];
}

size_t record_amounts(const struct record *record)
{
    return record->namounts;
}

void record_amount(const struct record *record, size_t i, struct amount *out)
{
    ensure(i < record->namounts);
    const struct run *run = run_of(record->runs, record->nruns, i);
    out->series = record_text(record, run->series);
    out->unit = record_text(record, run->unit);
    out->labels = record_text(record, record->labels[i]);
    out->day = record->days[i];
    out->number = (int64_t)(record->sums[i + 1] - record->sums[i]);
    out->count = (int64_t)(record->counts[i + 1] - record->counts[i]);
}

size_t record_terms(const struct record *record)
{
    return record->nterms;
}

void record_term(const struct record *record, size_t i, struct term *out)
{
    ensure(i < record->nterms);
    const struct run *group = run_of(record->groups, record->ngroups, i);
    const struct term_row *row = &record->terms[i];
    out->series = record_text(record, group->series);
    out->id = record_text(record, row->id);
    out->unit = record_text(record, row->unit);
    out->labels = record_text(record, row->labels);
    out->from = row->from;
    out->until = row->until;
    out->has_number = row->has_number;
    out->number = row->number;
}

size_t record_ignored(const struct record *record)
{
    return record->nignored;
}

struct str record_ignored_name(const struct record *record, size_t i)
{
    ensure(i < record->nignored);
    return record_text(record, record->ignored[i]);
}
