/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The margin of a sale: the tier's own, and beside it every margin of the page
 * whose conditions this sale meets. Each says why. */
#include "policy/inside.h"

static struct str tier_reason(const struct tier *tier, int32_t since,
                              struct arena *arena)
{
    char day[DAY_TEXT];
    if (since == DAY_NONE)
        return arena_print(arena, "tier " STR_FMT, STR_ARG(tier->name));
    struct str text = day_text(since, day);
    return arena_print(arena, "tier " STR_FMT " since " STR_FMT,
                       STR_ARG(tier->name), STR_ARG(text));
}

/* Does the sale say this? `line` is the series it is of, or one above it. */
static bool says(const struct sale *sale, const struct pair *wanted)
{
    if (str_is(wanted->name, STR("line")))
        return sale->line.len && path_is_under(sale->line, wanted->value);
    for (size_t i = 0; i < sale->nlabels; i++)
        if (str_is(sale->labels[i].name, wanted->name) &&
            str_is(sale->labels[i].value, wanted->value))
            return true;
    return false;
}

static bool fits(const struct margin_plan *margin, const struct sale *sale)
{
    for (size_t i = 0; i < margin->nwhere; i++)
        if (!says(sale, &margin->where[i]))
            return false;
    return true;
}

/* Does the sale's deal hold? `until` is its last day. */
static bool deal_holds(const struct margin_plan *margin,
                       const struct record *record, const struct sale *sale,
                       int32_t day, int32_t *until)
{
    struct selection selection = {.path = margin->with_deal};
    struct measure measure;
    if (!sale->deal.len)
        return false;
    measure_holds(record, &selection, sale->deal, day, &measure);
    *until = measure.horizon == DAY_NEVER ? DAY_NEVER : measure.horizon - 1;
    return measure.value != 0;
}

static struct str add_reason(struct arena *arena, struct str reason,
                             struct str more)
{
    if (!reason.len)
        return more;
    return arena_print(arena, STR_FMT ", " STR_FMT, STR_ARG(reason),
                       STR_ARG(more));
}

static struct str deal_reason(const struct sale *sale, int32_t until,
                              struct arena *arena)
{
    char day[DAY_TEXT];
    if (until == DAY_NEVER)
        return arena_print(arena, "deal " STR_FMT " holds",
                           STR_ARG(sale->deal));
    struct str text = day_text(until, day);
    return arena_print(arena, "deal " STR_FMT " holds until " STR_FMT,
                       STR_ARG(sale->deal), STR_ARG(text));
}

/* Why the margin applies; {NULL, 0} where it does not. */
static struct str applies(const struct margin_plan *margin,
                          const struct record *record, const struct sale *sale,
                          int32_t day, struct arena *arena)
{
    struct str reason = {NULL, 0};
    int32_t until = DAY_NEVER;
    if (!fits(margin, sale))
        return reason;
    if (margin->with_deal.len) {
        if (!deal_holds(margin, record, sale, day, &until))
            return reason;
        reason = deal_reason(sale, until, arena);
    }
    for (size_t i = 0; i < margin->nwhere; i++)
        reason = add_reason(arena, reason,
                            arena_print(arena, STR_FMT "=" STR_FMT,
                                        STR_ARG(margin->where[i].name),
                                        STR_ARG(margin->where[i].value)));
    return reason.len ? reason : STR("every sale");
}

/* Reasons are English: so is the label before one, where there is one that
 * says more than the name. */
static struct str labelled(const struct plan *plan,
                           const struct margin_plan *margin, struct str reason,
                           struct arena *arena)
{
    struct str label =
        plan_label(plan, margin->labels, STR("en"), margin->name);
    if (str_is_nocase(label, margin->name))
        return reason;
    return arena_print(arena, STR_FMT ": " STR_FMT, STR_ARG(label),
                       STR_ARG(reason));
}

/* The page is read so that this cannot be, as far as it can tell. */
static bool check_whole(const struct margin *margin, struct fault *fault)
{
    char text[DECIMAL_TEXT];
    struct str sum = decimal_short(margin->percent, PERCENT_DECIMALS, text);
    return margin->percent <= PERCENT_WHOLE ||
           fault_set(fault, FAULT_POLICYERR,
                     "margin: the parts add up to " STR_FMT
                     " %%, more than 100 %%",
                     STR_ARG(sum));
}

bool policy_margin(struct policy *policy, int tier, int32_t since,
                   const struct record *record, const struct sale *sale,
                   int32_t day, struct arena *arena, struct margin *margin,
                   struct fault *fault)
{
    const struct plan *plan = &policy->plan;
    const struct ladder *ladder = &plan->program.ladders[0];
    *margin = (struct margin){0};
    if (tier < 0 || (size_t)tier >= ladder->ntiers)
        return true;
    struct component *components =
        arena_take_array(arena, plan->nmargins + 1, sizeof *components);
    const struct tier *held = &ladder->tiers[tier];
    components[0] = (struct component){
        held->name, tier_reason(held, since, arena), held->margin};
    *margin = (struct margin){held->margin, components, 1};
    for (size_t i = 0; i < plan->nmargins; i++) {
        const struct margin_plan *more = &plan->margins[i];
        struct str reason = applies(more, record, sale, day, arena);
        if (!reason.len)
            continue;
        components[margin->n++] = (struct component){
            more->name, labelled(plan, more, reason, arena), more->add};
        if (!add_checked(margin->percent, more->add, &margin->percent))
            return fault_set(fault, FAULT_POLICYERR, "margin: out of range");
    }
    return check_whole(margin, fault);
}
