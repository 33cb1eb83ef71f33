/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Have, need and gap. The gap is what is missing on the way to the bound's
 * nearer end: need less have for a number that is too low, have less need for
 * one that is too high. */
#include "policy/requirement.h"

static struct quantity number_of(const struct metric *metric, int64_t value)
{
    bool decimal = metric->source == METRIC_SUM || metric->decimals > 0;
    return (struct quantity){
        .kind = decimal ? QUANTITY_DECIMAL : QUANTITY_COUNT,
        .value = value,
        .decimals = metric->decimals,
    };
}

static struct quantity text_of(struct str text)
{
    return (struct quantity){.kind = QUANTITY_TEXT, .text = text};
}

/* a - b where that is above zero, at most what an integer holds. */
static int64_t distance(int64_t a, int64_t b)
{
    int64_t gap;
    if (a <= b)
        return 0;
    return __builtin_sub_overflow(a, b, &gap) ? INT64_MAX : gap;
}

static struct str join(struct arena *arena, struct str list, struct str item)
{
    if (!list.len)
        return item;
    return arena_print(arena, STR_FMT " or " STR_FMT, STR_ARG(list),
                       STR_ARG(item));
}

struct str requirement_say(const struct quantity *quantity, struct arena *arena)
{
    char text[DECIMAL_TEXT];
    if (quantity->kind == QUANTITY_TEXT)
        return quantity->text.len ? quantity->text : STR("nothing");
    return arena_copy(arena, decimal_text(quantity->value,
                                          quantity->kind == QUANTITY_DECIMAL
                                              ? quantity->decimals
                                              : 0,
                                          text));
}

static struct str say_value(const struct metric *metric, int64_t value,
                            struct arena *arena)
{
    struct quantity quantity = number_of(metric, value);
    return requirement_say(&quantity, arena);
}

static struct str say_list(const struct metric *metric,
                           const struct bound *bound, struct arena *arena)
{
    struct str list = {NULL, 0};
    for (size_t i = 0; i < bound->n; i++)
        list = join(arena, list,
                    bound->texts ? bound->texts[i]
                                 : say_value(metric, bound->numbers[i], arena));
    return list;
}

struct str requirement_bound(const struct metric *metric,
                             const struct bound *bound, struct arena *arena)
{
    struct str low = say_value(metric, bound->low, arena);
    struct str high = say_value(metric, bound->high, arena);
    switch (bound->kind) {
    case BOUND_AT_LEAST:
        return low;
    case BOUND_OVER:
        low = say_value(metric, bound->low - 1, arena);
        return arena_print(arena, "over " STR_FMT, STR_ARG(low));
    case BOUND_BELOW:
        high = say_value(metric, bound->high + 1, arena);
        return arena_print(arena, "below " STR_FMT, STR_ARG(high));
    case BOUND_AT_MOST:
        return arena_print(arena, "at most " STR_FMT, STR_ARG(high));
    case BOUND_BETWEEN:
        return arena_print(arena, "between " STR_FMT " and " STR_FMT,
                           STR_ARG(low), STR_ARG(high));
    case BOUND_ONE_OF:
        return say_list(metric, bound, arena);
    case BOUND_HOLDS:
    case BOUND_KINDS:
        break;
    }
    return STR("to hold");
}

static void compare_list(const struct metric *metric, const struct bound *bound,
                         const struct figure *figure, struct requirement *out,
                         struct arena *arena)
{
    if (!bound->texts && bound->n == 1) {
        out->need = number_of(metric, bound->numbers[0]);
        out->gap =
            number_of(metric, distance(bound->numbers[0], figure->value));
        return;
    }
    out->need = text_of(say_list(metric, bound, arena));
    out->gap = text_of(out->met ? (struct str){NULL, 0} : out->need.text);
}

static void compare_range(const struct metric *metric,
                          const struct bound *bound,
                          const struct figure *figure, struct requirement *out)
{
    bool upper = bound->low == INT64_MIN ||
                 (bound->high != INT64_MAX && figure->value > bound->high);
    int64_t need = upper ? bound->high : bound->low;
    out->need = number_of(metric, need);
    out->gap = number_of(metric, upper ? distance(figure->value, need)
                                       : distance(need, figure->value));
}

struct requirement requirement_of(const struct plan *plan,
                                  const struct clause *clause,
                                  const struct figure *figure,
                                  struct str language, struct arena *arena)
{
    const struct metric *metric = &plan->metrics[clause->metric];
    struct requirement out = {
        .name = metric->name,
        .label = plan_label(plan, metric->labels, language, metric->name),
        .met = judge_meets(&clause->bound, figure),
        .until = figure->horizon == DAY_NEVER ? DAY_NEVER : figure->horizon - 1,
        .path = clause->path,
    };
    out.have = metric->shape == SHAPE_TEXT || figure->absent
                   ? text_of(arena_copy(arena, figure->text))
                   : number_of(metric, figure->value);
    if (!figure->text.len && out.have.kind == QUANTITY_TEXT)
        out.have.text = (struct str){NULL, 0};
    if (clause->bound.kind == BOUND_ONE_OF)
        compare_list(metric, &clause->bound, figure, &out, arena);
    else
        compare_range(metric, &clause->bound, figure, &out);
    return out;
}

const struct requirement *policy_explain(const struct policy *policy,
                                         const struct verdict *verdict,
                                         size_t ladder, int tier,
                                         struct str language,
                                         struct arena *arena, size_t *n)
{
    const struct plan *plan = &policy->plan;
    *n = 0;
    ensure(ladder < plan->program.nladders);
    if (tier < 0 || (size_t)tier >= plan->program.ladders[ladder].ntiers)
        return NULL;
    const struct tier_plan *asked = &plan->ladders[ladder].tiers[tier];
    struct requirement *list =
        arena_take_array(arena, asked->nclauses, sizeof *list);
    for (size_t i = 0; i < asked->nclauses; i++) {
        const struct clause *clause = asked->clauses[i];
        list[i] = requirement_of(
            plan, clause, &verdict->figures[clause->metric], language, arena);
    }
    *n = asked->nclauses;
    return list;
}
