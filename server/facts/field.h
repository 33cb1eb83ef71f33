/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_FIELD_H
#define PALIER_FACTS_FIELD_H

#include "base/base.h"

/* One field of a partner's hash in Redis, as text and as meaning. This is the
 * only place that knows the spelling:
 *   attr:<name>                             attr:<name>:<day>
 *   sum:<series>:<unit>:<day>[:<labels>]    cnt:<the same>
 *   has:<series>:<id>:<from>   = <until>/<number>/<unit>/<labels>
 *   held:<tier>:<from>         = <until>/<version>
 *   standing:<field>           ver */
struct field {
    struct str name, value;
};

enum field_kind {
    FIELD_UNREADABLE, /* none of these, or a value that does not fit */
    FIELD_ATTRIBUTE,  /* key, value */
    FIELD_PAST,       /* key, day, value (empty: none): until the day before */
    FIELD_SUM,        /* key, unit, day, labels, number */
    FIELD_COUNT,      /* key, unit, day, labels, number */
    FIELD_TERM,       /* key, id, day, until, number?, unit, labels */
    FIELD_HELD,
    FIELD_STANDING,
    FIELD_VER, /* number */
};

struct field_read {
    enum field_kind kind;
    struct str key; /* attribute's name, series' path */
    struct str id, unit, labels, value;
    int32_t day, until; /* until DAY_NEVER: open */
    bool has_number;
    int64_t number;
};

/* Pure; never fails: what it cannot read is FIELD_UNREADABLE. */
void field_decode(const struct field *field, struct field_read *read);

/* Names and values as written; `labels` already sorted and joined; `prefix` is
 * "sum:" or "cnt:". */
void field_encode_sum(struct buf *out, const char *prefix, struct str series,
                      struct str unit, int32_t day, struct str labels);
void field_encode_term(struct buf *out, struct str series, struct str id,
                       int32_t from);
void field_encode_term_value(struct buf *out, int32_t until, bool has_number,
                             int64_t number, struct str unit,
                             struct str labels);

#endif
