/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Look-ups in a plan. They serve loading and explaining; judging goes by
 * place, never by name. */
#include "policy/plan.h"

static const char *const source_words[METRIC_SOURCES] = {
    [METRIC_SUM] = "sum",       [METRIC_COUNT] = "count",
    [METRIC_PEOPLE] = "people", [METRIC_TOTAL] = "total",
    [METRIC_HOLDS] = "holds",   [METRIC_ATTRIBUTE] = "attribute",
    [METRIC_OF] = "of",
};

const char *metric_source_word(enum metric_source source)
{
    return source_words[source];
}

size_t plan_metric(const struct plan *plan, struct str name)
{
    for (size_t i = 0; i < plan->nmetrics; i++)
        if (str_is(plan->metrics[i].name, name))
            return i;
    return plan->nmetrics;
}

struct str plan_nearest(const struct plan *plan, struct str name)
{
    struct str known[PLAN_METRICS];
    for (size_t i = 0; i < plan->nmetrics; i++)
        known[i] = plan->metrics[i].name;
    return str_nearest(name, known, plan->nmetrics);
}

struct str plan_label(const struct plan *plan, const struct str *labels,
                      struct str language, struct str name)
{
    const struct program *program = &plan->program;
    for (size_t i = 0; i < program->nlanguages; i++)
        if (labels[i].len && str_is_nocase(program->languages[i], language))
            return labels[i];
    for (size_t i = 0; i < program->nlanguages; i++)
        if (labels[i].len)
            return labels[i];
    return name;
}
