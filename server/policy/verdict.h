/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_POLICY_VERDICT_H
#define PALIER_POLICY_VERDICT_H

#include "base/base.h"
#include "facts/facts.h"

/* A metric's number, or text, on a day. */
struct figure {
    int64_t value;   /* in 10^-decimals of the metric */
    int32_t horizon; /* the first later day on which it may differ */
    bool absent;     /* an attribute without a value, or with no number */
    struct str text; /* of a metric that is a text: borrowed from the record */
};

struct verdict {
    int32_t horizon;              /* the earliest of all figures' */
    const int *qualifies;         /* a tier's index for each ladder */
    const struct figure *figures; /* for each metric, as declared */
    int64_t cost; /* of the judgement, counted in a function's instructions */
};

enum standing_state {
    STANDING_HELD,
    STANDING_WARNED,
    STANDING_GRACE,
    STANDING_APPROVAL,
    STANDING_EXCEPTION,
};
struct standing {
    int tier;      /* TIER_NONE: below the first */
    int32_t since; /* DAY_NONE: never joined */
    enum standing_state state;
    int32_t review; /* the next review day, DAY_NONE: none */
};
const char *standing_state_word(enum standing_state state);

/* A number, or a text, as an answer shows it. A text {NULL, 0}: none. */
struct quantity {
    enum { QUANTITY_COUNT, QUANTITY_DECIMAL, QUANTITY_TEXT } kind;
    int64_t value;
    int decimals; /* of QUANTITY_DECIMAL: all are shown */
    struct str text;
};
struct requirement {
    struct str name, label;
    struct quantity have, need, gap;
    bool met;
    int32_t until;   /* the last day on which `have` stays, DAY_NEVER: open */
    struct str path; /* of an alternative; {NULL, 0}: none */
};

struct sale {
    bool has_amount;
    int64_t amount;
    struct str unit, line, deal; /* empty: not said */
    const struct pair *labels;
    size_t nlabels;
};
struct component {
    struct str name, reason;
    int64_t percent;
};
struct margin {
    int64_t percent;
    const struct component *components;
    size_t n;
};

#endif
