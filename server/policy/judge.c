/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * judge(facts, version, day). Every metric's figure is read first, then each
 * ladder's tiers are tried from the top. Integers only, over a plan that is
 * read only, into arrays that the policy has ready: nothing is allocated, and
 * Lua is entered, once, only where metrics are functions. */
#include "policy/inside.h"

/* Facts that metrics may look at for one question: so many for each of the
 * instructions that functions may use. And what a judgement costs without
 * them: what it takes in time, counted in instructions. */
enum { JUDGE_WALKED = 10, JUDGE_COST = 100, JUDGE_COST_OF_CALL = 500 };

static bool read_decimal(struct str text, int decimals, int64_t *value)
{
    int64_t fine;
    switch (decimal_parse(text, decimals, PLAN_NUMBER_MAX, value)) {
    case DECIMAL_OK:
        return true;
    case DECIMAL_TOO_PRECISE:
        return decimal_parse(text, 9, INT64_MAX, &fine) == DECIMAL_OK &&
               decimal_rescale(fine, 9, decimals, value);
    case DECIMAL_NOT_A_NUMBER:
    case DECIMAL_OUT_OF_RANGE:
        break;
    }
    return false;
}

static void read_attribute(const struct metric *metric,
                           const struct record *record, int32_t day,
                           struct figure *figure)
{
    int32_t until = DAY_NEVER;
    struct str text =
        record_attribute_on(record, metric->selection.path, day, &until);
    figure->horizon = until == DAY_NEVER ? DAY_NEVER : until + 1;
    figure->absent = text.len == 0;
    if (metric->shape == SHAPE_TEXT)
        figure->text = text;
    else
        figure->absent = !read_decimal(text, metric->decimals, &figure->value);
    if (figure->absent)
        figure->value = 0;
}

/* False where the number is out of range. */
static bool read_figure(const struct metric *metric,
                        const struct record *record, int32_t day,
                        struct figure *figure)
{
    struct measure measure = {0, DAY_NEVER};
    const struct selection *selection = &metric->selection;
    bool ok = true;
    *figure = (struct figure){.horizon = DAY_NEVER};
    switch (metric->source) {
    case METRIC_SUM:
        ok = measure_sum(record, selection, &metric->window, day, &measure);
        break;
    case METRIC_COUNT:
        ok = measure_count(record, selection, &metric->window, day, &measure);
        break;
    case METRIC_PEOPLE:
        measure_people(record, selection, day, &measure);
        break;
    case METRIC_TOTAL:
        ok = measure_total(record, selection, day, &measure);
        break;
    case METRIC_HOLDS:
        measure_holds(record, selection, (struct str){NULL, 0}, day, &measure);
        break;
    case METRIC_ATTRIBUTE:
        read_attribute(metric, record, day, figure);
        return true;
    case METRIC_OF:
    case METRIC_SOURCES:
        return true;
    }
    figure->value = measure.value;
    figure->horizon = measure.horizon;
    return ok;
}

/* What metrics look at is known before: the facts of a partner, times the
 * metrics that walk over them. As deterministic as the count of instructions,
 * and as great as it may be that a question ends soon. */
static int64_t walked_facts(const struct plan *plan,
                            const struct record *record)
{
    return (int64_t)(plan->amount_walks * record_amounts(record) +
                     plan->term_walks * record_terms(record));
}

static int64_t cost_of(const struct policy *policy, const struct record *record)
{
    return JUDGE_COST + walked_facts(&policy->plan, record) / JUDGE_WALKED;
}

static bool check_walks(const struct policy *policy,
                        const struct record *record, struct fault *fault)
{
    int64_t most = policy->limits.ask_instructions * JUDGE_WALKED;
    int64_t walked = walked_facts(&policy->plan, record);
    if (walked <= most)
        return true;
    return fault_set(fault, FAULT_BUDGET,
                     "the metrics look at %lld facts of this partner, at most "
                     "%lld",
                     (long long)walked, (long long)most);
}

static bool read_figures(struct policy *policy, const struct record *record,
                         int32_t day, int32_t *horizon, struct fault *fault)
{
    const struct plan *plan = &policy->plan;
    bool ok = true;
    for (size_t i = 0; i < plan->nmetrics; i++) {
        struct figure *figure = &policy->figures[i];
        if (!read_figure(&plan->metrics[i], record, day, figure))
            ok = fault_set(
                fault, FAULT_POLICYERR,
                STR_FMT ": metric \"" STR_FMT "\": the number is out of range",
                STR_ARG(plan->metrics[i].at), STR_ARG(plan->metrics[i].name));
        if (figure->horizon < *horizon)
            *horizon = figure->horizon;
    }
    return ok;
}

static int ask_body(lua_State *L)
{
    function_ask(L, lua_touserdata(L, 1));
    return 0;
}

static bool ask_functions(struct policy *policy, const struct record *record,
                          int32_t day, int32_t *horizon, struct fault *fault)
{
    struct question question = {record, day, DAY_NEVER, DAY_NEVER};
    if (!policy->plan.nfunctions)
        return true;
    policy->question = &question;
    bool ok = sandbox_call(policy->sandbox, ask_body, policy,
                           policy->limits.ask_instructions,
                           policy->limits.backstop_ms, fault);
    policy->question = NULL;
    if (question.earliest < *horizon)
        *horizon = question.earliest;
    return ok;
}

static bool has_item(struct str list, struct str item)
{
    for (size_t from = 0; from < list.len;) {
        size_t comma = str_find(list, ',', from);
        if (str_is(str_part(list, from, comma), item))
            return true;
        from = comma + 1;
    }
    return false;
}

static bool is_one_of(const struct bound *bound, const struct figure *figure)
{
    for (size_t i = 0; i < bound->n; i++)
        if (bound->texts ? has_item(figure->text, bound->texts[i])
                         : bound->numbers[i] == figure->value)
            return true;
    return false;
}

bool judge_meets(const struct bound *bound, const struct figure *figure)
{
    if (figure->absent)
        return false;
    if (bound->kind == BOUND_ONE_OF)
        return is_one_of(bound, figure);
    return figure->value >= bound->low && figure->value <= bound->high;
}

static bool is_met(const struct need *need, const struct figure *figures)
{
    bool all = need->kind == NEED_ALL;
    if (need->kind == NEED_CLAUSE)
        return judge_meets(&need->clause->bound,
                           &figures[need->clause->metric]);
    for (size_t i = 0; i < need->n; i++)
        if (is_met(&need->of[i], figures) != all)
            return !all;
    return all;
}

void judge_qualify(const struct plan *plan, const struct figure *figures,
                   int *qualifies)
{
    for (size_t l = 0; l < plan->program.nladders; l++) {
        int tier = (int)plan->program.ladders[l].ntiers - 1;
        while (tier >= 0 &&
               !is_met(&plan->ladders[l].tiers[tier].needs, figures))
            tier--;
        qualifies[l] = tier;
    }
}

bool policy_judge(struct policy *policy, const struct record *record,
                  int32_t day, struct verdict *verdict, struct fault *fault)
{
    *verdict = (struct verdict){.horizon = DAY_NEVER,
                                .qualifies = policy->qualifies,
                                .figures = policy->figures,
                                .cost = cost_of(policy, record)};
    bool ok = check_walks(policy, record, fault) &&
              read_figures(policy, record, day, &verdict->horizon, fault) &&
              ask_functions(policy, record, day, &verdict->horizon, fault);
    if (policy->plan.nfunctions > 0)
        verdict->cost += JUDGE_COST_OF_CALL + sandbox_taken(policy->sandbox);
    if (ok) {
        judge_qualify(&policy->plan, policy->figures, policy->qualifies);
        return true;
    }
    for (size_t i = 0; i < policy->plan.program.nladders; i++)
        policy->qualifies[i] = TIER_NONE;
    if (verdict->horizon == DAY_NEVER)
        verdict->horizon = day_add(day, 1);
    return false;
}
