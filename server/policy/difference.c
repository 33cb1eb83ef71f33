/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Two versions of a page side by side, as a program manager would tell a
 * colleague: which tiers are new or gone, what each now needs, what is now
 * counted otherwise, what now earns more. */
#include "policy/requirement.h"

struct differences {
    const struct plan *before, *after;
    struct arena *arena;
    struct str *lines;
    size_t n, max;
};

static PRINTF_LIKE(2, 3) void say(struct differences *d, const char *format,
                                  ...)
{
    va_list values;
    if (d->n == d->max) {
        d->max = d->max ? d->max * 2 : 16;
        struct str *grown = arena_take_array(d->arena, d->max, sizeof *grown);
        for (size_t i = 0; i < d->n; i++)
            grown[i] = d->lines[i];
        d->lines = grown;
    }
    va_start(values, format);
    d->lines[d->n++] = arena_print_list(d->arena, format, values);
    va_end(values);
}

static struct str percent(struct differences *d, int64_t value)
{
    char text[DECIMAL_TEXT];
    return arena_copy(d->arena, decimal_short(value, PERCENT_DECIMALS, text));
}

/* --- requirements ------------------------------------------------------- */

static struct str metric_name(const struct plan *plan,
                              const struct clause *clause)
{
    return plan->metrics[clause->metric].name;
}

/* "revenue 350000.00", "revenue 350000.00 by revenue" */
static struct str say_clause(struct differences *d, const struct plan *plan,
                             const struct clause *clause)
{
    const struct metric *metric = &plan->metrics[clause->metric];
    struct str bound = requirement_bound(metric, &clause->bound, d->arena);
    return arena_print(d->arena, STR_FMT " " STR_FMT "%s" STR_FMT "%s",
                       STR_ARG(metric->name), STR_ARG(bound),
                       clause->path.len ? " (" : "", STR_ARG(clause->path),
                       clause->path.len ? ")" : "");
}

/* The clause of the same metric on the same path; as many came before it there
 * as here. */
static const struct clause *counterpart(const struct plan *from_plan,
                                        const struct tier_plan *from, size_t i,
                                        const struct plan *plan,
                                        const struct tier_plan *tier)
{
    const struct clause *wanted = from->clauses[i];
    struct str name = metric_name(from_plan, wanted);
    size_t skip = 0;
    for (size_t j = 0; j < i; j++)
        skip += str_is(metric_name(from_plan, from->clauses[j]), name) &&
                str_is(from->clauses[j]->path, wanted->path);
    for (size_t j = 0; j < tier->nclauses; j++)
        if (str_is(metric_name(plan, tier->clauses[j]), name) &&
            str_is(tier->clauses[j]->path, wanted->path) && skip-- == 0)
            return tier->clauses[j];
    return NULL;
}

static void compare_clause(struct differences *d, struct str tier,
                           const struct clause *before,
                           const struct clause *after)
{
    struct str now = say_clause(d, d->after, after);
    if (!before) {
        say(d, STR_FMT " now needs " STR_FMT, STR_ARG(tier), STR_ARG(now));
        return;
    }
    const struct metric *old = &d->before->metrics[before->metric];
    struct str was = say_clause(d, d->before, before);
    struct str bound = requirement_bound(old, &before->bound, d->arena);
    if (!str_is(now, was))
        say(d, STR_FMT " now needs " STR_FMT " (was " STR_FMT ")",
            STR_ARG(tier), STR_ARG(now), STR_ARG(bound));
}

static void compare_needs(struct differences *d, struct str name,
                          const struct tier_plan *before,
                          const struct tier_plan *after)
{
    for (size_t i = 0; i < after->nclauses; i++)
        compare_clause(d, name,
                       counterpart(d->after, after, i, d->before, before),
                       after->clauses[i]);
    for (size_t i = 0; i < before->nclauses; i++) {
        if (counterpart(d->before, before, i, d->after, after))
            continue;
        struct str was = say_clause(d, d->before, before->clauses[i]);
        say(d, STR_FMT " no longer needs " STR_FMT, STR_ARG(name),
            STR_ARG(was));
    }
}

/* --- tiers -------------------------------------------------------------- */

static void new_tier(struct differences *d, int place)
{
    const struct ladder *ladder = &d->after->program.ladders[0];
    const struct tier_plan *plan = &d->after->ladders[0].tiers[place];
    struct str needs = {NULL, 0};
    struct str margin = percent(d, ladder->tiers[place].margin);
    for (size_t i = 0; i < plan->nclauses; i++) {
        struct str one = say_clause(d, d->after, plan->clauses[i]);
        needs = arena_print(d->arena, STR_FMT "%s" STR_FMT, STR_ARG(needs),
                            i ? ", " : "", STR_ARG(one));
    }
    if (!needs.len)
        needs = STR("nothing");
    say(d, STR_FMT " is new: margin " STR_FMT " %%, needs " STR_FMT,
        STR_ARG(ladder->tiers[place].name), STR_ARG(margin), STR_ARG(needs));
}

static void compare_tier(struct differences *d, int was, int is)
{
    const struct tier *before = &d->before->program.ladders[0].tiers[was];
    const struct tier *after = &d->after->program.ladders[0].tiers[is];
    if (before->margin != after->margin) {
        struct str old = percent(d, before->margin);
        struct str new = percent(d, after->margin);
        say(d, STR_FMT " now earns " STR_FMT " %% (was " STR_FMT " %%)",
            STR_ARG(after->name), STR_ARG(new), STR_ARG(old));
    }
    compare_needs(d, after->name, &d->before->ladders[0].tiers[was],
                  &d->after->ladders[0].tiers[is]);
}

/* Do the tiers that both pages have stand in the same order? */
static bool same_order(const struct ladder *before, const struct ladder *after)
{
    int last = TIER_NONE;
    for (size_t i = 0; i < after->ntiers; i++) {
        int place = ladder_tier(before, after->tiers[i].name);
        if (place != TIER_NONE && place < last)
            return false;
        last = place != TIER_NONE ? place : last;
    }
    return true;
}

static void compare_tiers(struct differences *d)
{
    const struct ladder *before = &d->before->program.ladders[0];
    const struct ladder *after = &d->after->program.ladders[0];
    for (size_t i = 0; i < after->ntiers; i++) {
        int was = ladder_tier(before, after->tiers[i].name);
        if (was == TIER_NONE)
            new_tier(d, (int)i);
        else
            compare_tier(d, was, (int)i);
    }
    for (size_t i = 0; i < before->ntiers; i++)
        if (ladder_tier(after, before->tiers[i].name) == TIER_NONE)
            say(d, STR_FMT " is gone", STR_ARG(before->tiers[i].name));
    if (!same_order(before, after))
        say(d, "the tiers stand in another order");
}

/* --- the program --------------------------------------------------------- */

static void compare_program(struct differences *d)
{
    const struct program *before = &d->before->program;
    const struct program *after = &d->after->program;
    if (!str_is(before->currency, after->currency))
        say(d, "the currency is now " STR_FMT " (was " STR_FMT ")",
            STR_ARG(after->currency), STR_ARG(before->currency));
    if (!str_is(before->timezone, after->timezone))
        say(d, "the time zone is now " STR_FMT " (was " STR_FMT ")",
            STR_ARG(after->timezone), STR_ARG(before->timezone));
    if (d->before->year_month != d->after->year_month ||
        d->before->year_day != d->after->year_day)
        say(d, "the year now begins on %02d-%02d (was %02d-%02d)",
            d->after->year_month, d->after->year_day, d->before->year_month,
            d->before->year_day);
}

/* --- metrics and margins ------------------------------------------------ */

static void compare_metric(struct differences *d, const struct metric *before,
                           const struct metric *after)
{
    if (!str_is(before->definition, after->definition))
        say(d, STR_FMT " is now " STR_FMT " (was " STR_FMT ")",
            STR_ARG(after->name), STR_ARG(after->definition),
            STR_ARG(before->definition));
    else if (!str_is(before->code, after->code))
        say(d, "metric \"" STR_FMT "\": its function changed",
            STR_ARG(after->name));
}

/* The metric that is only in `plan` and counts what `metric`, which is only in
 * `other`, counts; NULL where it is not the only one. */
static const struct metric *namesake(const struct plan *plan,
                                     const struct plan *other,
                                     const struct metric *metric)
{
    const struct metric *found = NULL;
    for (size_t i = 0; i < plan->nmetrics; i++) {
        const struct metric *one = &plan->metrics[i];
        if (!str_is(one->definition, metric->definition) ||
            !str_is(one->code, metric->code) ||
            plan_metric(other, one->name) < other->nmetrics)
            continue;
        if (found)
            return NULL;
        found = one;
    }
    return found;
}

/* What `metric`, only in `plan`, is called in `other`; NULL where it is not
 * there. */
static const struct metric *renamed(const struct plan *plan,
                                    const struct plan *other,
                                    const struct metric *metric)
{
    const struct metric *found = namesake(other, plan, metric);
    return found && namesake(plan, other, found) == metric ? found : NULL;
}

static void new_metric(struct differences *d, const struct metric *after)
{
    const struct metric *before = renamed(d->after, d->before, after);
    if (before)
        say(d, "metric \"" STR_FMT "\" is now named \"" STR_FMT "\"",
            STR_ARG(before->name), STR_ARG(after->name));
    else
        say(d, "metric \"" STR_FMT "\" is new: " STR_FMT, STR_ARG(after->name),
            STR_ARG(after->definition));
}

static void compare_metrics(struct differences *d)
{
    for (size_t i = 0; i < d->after->nmetrics; i++) {
        const struct metric *after = &d->after->metrics[i];
        size_t was = plan_metric(d->before, after->name);
        if (was == d->before->nmetrics)
            new_metric(d, after);
        else
            compare_metric(d, &d->before->metrics[was], after);
    }
    for (size_t i = 0; i < d->before->nmetrics; i++) {
        const struct metric *before = &d->before->metrics[i];
        if (plan_metric(d->after, before->name) == d->after->nmetrics &&
            !renamed(d->before, d->after, before))
            say(d, "metric \"" STR_FMT "\" is gone", STR_ARG(before->name));
    }
}

static const struct margin_plan *margin_of(const struct plan *plan,
                                           struct str name)
{
    for (size_t i = 0; i < plan->nmargins; i++)
        if (str_is(plan->margins[i].name, name))
            return &plan->margins[i];
    return NULL;
}

/* " with deal where class=license" */
static struct str conditions(struct differences *d,
                             const struct margin_plan *margin)
{
    struct str text = STR("on every sale");
    if (margin->with_deal.len)
        text = arena_print(d->arena, "with a " STR_FMT,
                           STR_ARG(margin->with_deal));
    for (size_t i = 0; i < margin->nwhere; i++)
        text = arena_print(d->arena, STR_FMT "%s" STR_FMT "=" STR_FMT,
                           STR_ARG(text), i ? ", " : " where ",
                           STR_ARG(margin->where[i].name),
                           STR_ARG(margin->where[i].value));
    return text;
}

static void compare_margin(struct differences *d,
                           const struct margin_plan *after)
{
    const struct margin_plan *before = margin_of(d->before, after->name);
    struct str now = percent(d, after->add), when = conditions(d, after);
    if (!before) {
        say(d, STR_FMT " is new: adds " STR_FMT " %% " STR_FMT,
            STR_ARG(after->name), STR_ARG(now), STR_ARG(when));
        return;
    }
    struct str was = percent(d, before->add), old = conditions(d, before);
    if (!str_is(now, was))
        say(d, STR_FMT " now adds " STR_FMT " %% (was " STR_FMT " %%)",
            STR_ARG(after->name), STR_ARG(now), STR_ARG(was));
    if (!str_is(when, old))
        say(d, STR_FMT " now applies " STR_FMT " (was " STR_FMT ")",
            STR_ARG(after->name), STR_ARG(when), STR_ARG(old));
}

static void compare_margins(struct differences *d)
{
    for (size_t i = 0; i < d->after->nmargins; i++)
        compare_margin(d, &d->after->margins[i]);
    for (size_t i = 0; i < d->before->nmargins; i++)
        if (!margin_of(d->after, d->before->margins[i].name))
            say(d, STR_FMT " is gone", STR_ARG(d->before->margins[i].name));
}

const struct str *policy_differences(const struct policy *before,
                                     const struct policy *after,
                                     struct arena *arena, size_t *n)
{
    struct differences d = {
        .before = &before->plan, .after = &after->plan, .arena = arena};
    compare_program(&d);
    compare_tiers(&d);
    compare_metrics(&d);
    compare_margins(&d);
    *n = d.n;
    return d.lines;
}
