/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_RECORD_H
#define PALIER_FACTS_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/base.h"
#include "facts/field.h"
#include "facts/name.h"

/* A partner's facts, packed into one piece of memory: sorted, so that windows
 * are found by search and unlabelled sums are differences of running sums.
 * Immutable; counted references, one thread. */
struct record;

/* From the fields of the partner's hash, in any order; copies what it needs.
 * Never fails on content: fields that cannot be read are kept as `ignored`,
 * of their names the first 1024 bytes. The caller caps the fields, which are
 * together below 4 GiB. */
struct record *record_new(const struct field *fields, size_t n);
struct record *record_ref(struct record *record);
void record_unref(struct record *record);

size_t record_bytes(const struct record *record); /* the whole allocation */
int64_t record_ver(const struct record *record);
/* The earliest day of its facts; DAY_NONE where no fact has a day. */
int32_t record_joined(const struct record *record);

/* An attribute: its latest value, then the days on which it changed. */
size_t record_attributes(const struct record *record);
struct str record_attribute_name(const struct record *record, size_t i);
/* The value on a day; empty where it had none. `*until` is the last day on
 * which it stays so (DAY_NEVER where nothing later is known). */
struct str record_attribute_on(const struct record *record, struct str name,
                               int32_t day, int32_t *until);

/* Dated amounts, ordered by series, unit, day, labels. */
struct amount {
    struct str series, unit, labels;
    int32_t day;
    int64_t number; /* in the unit's smallest part */
    int64_t count;
};
size_t record_amounts(const struct record *record);
void record_amount(const struct record *record, size_t i, struct amount *out);

/* Terms, ordered by series, id, from. */
struct term {
    struct str series, id, unit, labels;
    int32_t from, until; /* both included; until DAY_NEVER: open */
    bool has_number;
    int64_t number;
};
size_t record_terms(const struct record *record);
void record_term(const struct record *record, size_t i, struct term *out);

size_t record_ignored(const struct record *record);
struct str record_ignored_name(const struct record *record, size_t i);

/* An attribute's every spelling as fields, for those who write the record
 * again (export): name, day (DAY_NONE: from the beginning), value from then
 * (empty: none). Returns their number, one at least; fills at most `max`. */
struct attribute_since {
    struct str name, value;
    int32_t from;
};
size_t record_attribute_history(const struct record *record, size_t i,
                                struct attribute_since *out, size_t max);

#endif
