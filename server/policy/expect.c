/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Expectations are judged like partners: facts are made into a record, figures
 * that the page gives replace those read, and tier and margin come out of the
 * same functions that answer queries. The first that is not met refuses the
 * policy, with the reason a person would give. */
#include "policy/requirement.h"

/* One example, while it is run. */
struct trial {
    struct policy *policy;
    const struct expectation *expect;
    struct arena *arena;
    struct record *record;
    struct verdict verdict;
    struct standing standing;
};

static void put_given(struct policy *policy, const struct expectation *expect)
{
    for (size_t i = 0; i < expect->nwith; i++) {
        struct figure *figure = &policy->figures[expect->with[i].metric];
        *figure = (struct figure){.value = expect->with[i].value,
                                  .horizon = DAY_NEVER,
                                  .text = expect->with[i].text};
    }
    judge_qualify(&policy->plan, policy->figures, policy->qualifies);
}

static struct str tier_name(const struct trial *trial, int tier)
{
    return ladder_tier_name(&trial->policy->plan.program.ladders[0], tier);
}

/* "revenue 2000000.00 is below 2500000.00" */
static struct str say_unmet(const struct trial *trial,
                            const struct clause *clause,
                            const struct figure *figure)
{
    const struct plan *plan = &trial->policy->plan;
    const struct metric *metric = &plan->metrics[clause->metric];
    struct arena *arena = trial->arena;
    struct requirement one =
        requirement_of(plan, clause, figure, (struct str){NULL, 0}, arena);
    struct str have = requirement_say(&one.have, arena);
    struct str need = requirement_say(&one.need, arena);
    if (figure->absent)
        return arena_print(arena, STR_FMT " has no value",
                           STR_ARG(metric->name));
    if (clause->bound.kind == BOUND_HOLDS)
        return arena_print(arena, STR_FMT " does not hold",
                           STR_ARG(metric->name));
    const char *verb = "is not";
    if (clause->bound.kind != BOUND_ONE_OF)
        verb = figure->value < clause->bound.low ? "is below" : "is above";
    return arena_print(arena, STR_FMT " " STR_FMT " %s " STR_FMT,
                       STR_ARG(metric->name), STR_ARG(have), verb,
                       STR_ARG(need));
}

/* Why the tier expected is not reached, or what the one reached is met by. */
static struct str say_tier(const struct trial *trial, int tier)
{
    struct arena *arena = trial->arena;
    struct str why = {NULL, 0};
    if (trial->standing.tier > tier) {
        struct str name = tier_name(trial, trial->standing.tier);
        return arena_print(arena, "all that " STR_FMT " needs is met",
                           STR_ARG(name));
    }
    const struct tier_plan *wanted =
        &trial->policy->plan.ladders[0].tiers[tier];
    for (size_t i = 0; i < wanted->nclauses; i++) {
        const struct clause *clause = wanted->clauses[i];
        const struct figure *figure = &trial->verdict.figures[clause->metric];
        if (judge_meets(&clause->bound, figure))
            continue;
        struct str one = say_unmet(trial, clause, figure);
        why = arena_print(arena, STR_FMT "%s" STR_FMT, STR_ARG(why),
                          why.len ? ", " : "", STR_ARG(one));
    }
    return why;
}

static bool check_tier(const struct trial *trial, struct fault *fault)
{
    const struct expectation *expect = trial->expect;
    int is = trial->standing.tier;
    if (!expect->has_tier || is == expect->tier)
        return true;
    struct str should_name = tier_name(trial, expect->tier);
    struct str is_name = tier_name(trial, is);
    struct str why = say_tier(trial, expect->tier);
    return fault_set(fault, FAULT_POLICYERR,
                     STR_FMT ": expect \"" STR_FMT "\": tier should be " STR_FMT
                             ", is " STR_FMT ": " STR_FMT
                             "; change the expectation if you mean it",
                     STR_ARG(expect->at), STR_ARG(expect->name),
                     STR_ARG(should_name), STR_ARG(is_name), STR_ARG(why));
}

/* "gold 20, registered deal 5" */
static struct str say_components(const struct margin *margin,
                                 struct arena *arena)
{
    char text[DECIMAL_TEXT];
    struct str list = {NULL, 0};
    for (size_t i = 0; i < margin->n; i++) {
        const struct component *one = &margin->components[i];
        struct str percent =
            decimal_short(one->percent, PERCENT_DECIMALS, text);
        list =
            arena_print(arena, STR_FMT "%s" STR_FMT " " STR_FMT, STR_ARG(list),
                        i ? ", " : "", STR_ARG(one->name), STR_ARG(percent));
    }
    return list.len ? list : STR("no tier is held");
}

static bool check_margin(const struct trial *trial, struct fault *fault)
{
    char should[DECIMAL_TEXT], is[DECIMAL_TEXT];
    const struct expectation *expect = trial->expect;
    struct margin margin;
    if (!expect->has_margin)
        return true;
    if (!policy_margin(trial->policy, trial->standing.tier,
                       trial->standing.since, trial->record, &expect->sale,
                       expect->day, trial->arena, &margin, fault))
        return false;
    if (margin.percent == expect->margin)
        return true;
    struct str should_text =
        decimal_short(expect->margin, PERCENT_DECIMALS, should);
    struct str is_text = decimal_short(margin.percent, PERCENT_DECIMALS, is);
    struct str why = say_components(&margin, trial->arena);
    return fault_set(fault, FAULT_POLICYERR,
                     STR_FMT ": expect \"" STR_FMT
                             "\": margin should be " STR_FMT ", is " STR_FMT
                             ": " STR_FMT
                             "; change the expectation if you mean it",
                     STR_ARG(expect->at), STR_ARG(expect->name),
                     STR_ARG(should_text), STR_ARG(is_text), STR_ARG(why));
}

static bool run(struct trial *trial, struct fault *fault)
{
    const struct expectation *expect = trial->expect;
    const struct standing before = {.tier = TIER_NONE, .since = DAY_NONE};
    if (!policy_judge(trial->policy, trial->record, expect->day,
                      &trial->verdict, fault))
        return false;
    put_given(trial->policy, expect);
    policy_step(trial->policy, 0, &before, &trial->verdict, expect->day,
                &trial->standing);
    return check_tier(trial, fault) && check_margin(trial, fault);
}

/* Each example has a question's budget; all of them together, a load's time. */
static bool check_time(const struct policy *policy, int64_t began_ms,
                       struct fault *fault)
{
    if (clock_thread_ms() - began_ms <= inside_load_ms(policy))
        return true;
    return fault_set(fault, FAULT_BUDGET,
                     "program.lua: the expectations took more than %lld ms",
                     (long long)inside_load_ms(policy));
}

bool expect_run(struct policy *policy, struct fault *fault)
{
    const struct plan *plan = &policy->plan;
    int64_t began_ms = clock_thread_ms();
    struct arena arena;
    bool ok = true;
    arena_init(&arena);
    for (size_t i = 0; ok && i < plan->nexpectations; i++) {
        const struct expectation *expect = &plan->expectations[i];
        struct trial trial = {
            .policy = policy, .expect = expect, .arena = &arena};
        trial.record = record_new(expect->fields, expect->nfields);
        ok = run(&trial, fault) && check_time(policy, began_ms, fault);
        record_unref(trial.record);
        arena_reset(&arena);
    }
    arena_fini(&arena);
    return ok;
}
