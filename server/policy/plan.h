/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: the page in the form that is judged. Made once by page_*,
 * then read only; all of it lives in the policy's arena. */
#ifndef PALIER_POLICY_PLAN_H
#define PALIER_POLICY_PLAN_H

#include "base/base.h"
#include "facts/facts.h"
#include "policy/program.h"
#include "policy/verdict.h"

/* What one page may hold: far above any real program, low enough that every
 * loop over them ends soon. */
enum {
    PLAN_METRICS = 1000,
    PLAN_FACTS = 1000,
    PLAN_TIERS = 200,
    PLAN_MARGINS = 1000,
    PLAN_EXPECTATIONS = 2000,
    PLAN_CLAUSES = 10000, /* bounds of all tiers together */
    PLAN_DEPTH = 16,      /* of groups in groups */
    PLAN_VALUES = 256,    /* of one_of */
    PLAN_LANGUAGES = 16,
};
/* Bounds and values on the page, in a metric's smallest part. */
#define PLAN_NUMBER_MAX INT64_C(100000000000000000)

enum metric_source {
    METRIC_SUM,
    METRIC_COUNT,
    METRIC_PEOPLE,
    METRIC_TOTAL,
    METRIC_HOLDS,
    METRIC_ATTRIBUTE,
    METRIC_OF,
    METRIC_SOURCES
};
const char *metric_source_word(enum metric_source source);

/* What a metric's figure is. An attribute's shape is what its first bound
 * compares it with; a text where none does. */
enum metric_shape {
    SHAPE_OPEN, /* only while the page is read */
    SHAPE_NUMBER,
    SHAPE_FLAG, /* 0 or 1 */
    SHAPE_TEXT,
};

struct metric {
    struct str name, at, title, definition;
    const struct str *labels; /* one for each of the program's languages */
    enum metric_source source;
    enum metric_shape shape;
    int decimals;
    bool has_decimals; /* said on the page */
    struct str over;
    struct selection selection; /* path of a series; of an attribute: name */
    struct window window;
    int function;    /* METRIC_OF: its place among the functions, from 1 */
    struct str code; /* and its words, to tell one version from another */
};

enum bound_kind {
    BOUND_AT_LEAST,
    BOUND_OVER,
    BOUND_BELOW,
    BOUND_AT_MOST,
    BOUND_BETWEEN,
    BOUND_ONE_OF,
    BOUND_HOLDS,
    BOUND_KINDS
};
/* A number is met from `low` to `high`, both included, whatever its kind: over
 * 5 is from 6 where the metric has no decimals. ONE_OF compares with `texts`
 * or `numbers` instead. */
struct bound {
    enum bound_kind kind;
    int64_t low, high;
    const struct str *texts;
    const int64_t *numbers;
    size_t n; /* of texts or numbers */
};

/* One metric against one bound; `path` names the alternative it is part of. */
struct clause {
    size_t metric;
    struct bound bound;
    struct str path;
};

/* Requirements are a tree: bounds are its leaves. */
enum need_kind { NEED_CLAUSE, NEED_ALL, NEED_ANY };
struct need {
    enum need_kind kind;
    const struct clause *clause; /* NEED_CLAUSE */
    const struct need *of;       /* NEED_ALL, NEED_ANY */
    size_t n;
};

struct tier_plan {
    struct str at;
    struct need needs;
    /* Every bound of the tree, in the order in which they are explained. */
    const struct clause **clauses;
    size_t nclauses;
};
struct ladder_plan {
    const struct tier_plan *tiers;
};

struct margin_plan {
    struct str name, at;
    const struct str *labels;
    int64_t add;
    struct str with_deal; /* a series of terms; empty: any sale */
    const struct pair *where;
    size_t nwhere;
};

struct expectation {
    struct str name, at;
    int32_t day;
    const struct given *with; /* figures as the page says them */
    size_t nwith;
    const struct field *fields; /* of the partner's record */
    size_t nfields;
    bool has_tier, has_margin;
    int tier;
    int64_t margin;
    struct sale sale;
};
struct given {
    size_t metric;
    int64_t value;
    struct str text; /* of SHAPE_TEXT */
};

struct plan {
    struct program program; /* its ladders are one for one `ladders` */
    struct metric *metrics;
    size_t nmetrics;
    size_t nfunctions;
    /* Metrics that look at every amount, or at every term, of a record. */
    size_t amount_walks, term_walks;
    const struct ladder_plan *ladders;
    const struct margin_plan *margins;
    size_t nmargins;
    const struct expectation *expectations;
    size_t nexpectations;
    int year_month, year_day; /* where the program's year begins */
};

/* The metric's place, `nmetrics` where there is none of that name. */
size_t plan_metric(const struct plan *plan, struct str name);
/* The nearest metric's name; {NULL, 0} where none is near. */
struct str plan_nearest(const struct plan *plan, struct str name);
/* The label in `language`, else in the program's first that has one, else
 * `name`. */
struct str plan_label(const struct plan *plan, const struct str *labels,
                      struct str language, struct str name);

#endif
