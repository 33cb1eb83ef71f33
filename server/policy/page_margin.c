/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Margins beside the tier's own, read. A margin may depend on a deal: a series
 * of terms, which is known by being named here, as a metric's is. Whether a
 * sale meets the conditions is margin.c's to say; but that no sale earns more
 * than all of its amount is looked at here. Margins whose conditions exclude
 * one another do not add up, and the greatest sum of those that do not is hard
 * to find: so, from each margin on, all are taken that still fit. What that
 * does not find, margin.c refuses. */
#include "policy/page.h"
#include "policy/page_schema.h"

static void read_margin(struct page *page, int entry,
                        struct margin_plan *margin)
{
    margin->name = page_text(page, entry, "name");
    margin->at = page_text(page, entry, "at");
    page_expect(page, entry, name_is_value(margin->name), "name", margin->name,
                "a printable name");
    margin->add = page_integer(page, entry, "add", 0);
    if (margin->add < 0 || margin->add > PERCENT_WHOLE)
        page_fail(page, entry, "add: expected 0 to 100 %%");
    margin->with_deal = page_text(page, entry, "with_deal");
    if (margin->with_deal.len) {
        page_expect(page, entry, name_is_path(margin->with_deal), "with_deal",
                    margin->with_deal, "a series of terms, such as deal");
        page_schema_expect(page, entry, "with_deal", margin->with_deal,
                           SERIES_TERM);
        page_schema_series(page, margin->with_deal, SERIES_TERM);
    }
    margin->where = page_pairs(page, entry, "where", &margin->nwhere);
    for (size_t i = 0; i < margin->nwhere; i++)
        if (str_is(margin->where[i].name, STR("line")))
            page_schema_expect(page, entry, "where.line",
                               margin->where[i].value, SERIES_AMOUNT);
    margin->labels = page_labels(page, entry);
}

void page_margins(struct page *page)
{
    size_t n = page_list(page, page->table, "margins", PLAN_MARGINS);
    int list = lua_gettop(page->L);
    struct margin_plan *margins =
        arena_take_array(page->arena, n, sizeof *margins);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        read_margin(page, list + 1, &margins[i]);
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    page->plan->margins = margins;
    page->plan->nmargins = n;
}

/* --- what may come together ---------------------------------------------- */

/* A sale: what it has to say to earn what was taken so far. */
struct sum {
    struct pair terms[LABELS_MAX];
    size_t n;
    int64_t percent;
};

static struct pair *term_of(struct sum *sum, struct str name)
{
    for (size_t i = 0; i < sum->n; i++)
        if (str_is(sum->terms[i].name, name))
            return &sum->terms[i];
    return NULL;
}

/* May a sale say both? Of two lines, where one is above the other. */
static bool agree(const struct pair *one, const struct pair *other)
{
    if (!str_is(one->name, STR("line")))
        return str_is(one->value, other->value);
    return path_is_under(one->value, other->value) ||
           path_is_under(other->value, one->value);
}

static bool fits(struct sum *sum, const struct margin_plan *margin)
{
    size_t n = sum->n;
    for (size_t i = 0; i < margin->nwhere; i++) {
        const struct pair *term = term_of(sum, margin->where[i].name);
        if (term ? !agree(term, &margin->where[i]) : ++n > LABELS_MAX)
            return false;
    }
    return true;
}

static void take(struct sum *sum, const struct margin_plan *margin)
{
    for (size_t i = 0; i < margin->nwhere; i++) {
        struct pair *term = term_of(sum, margin->where[i].name);
        if (!term)
            sum->terms[sum->n++] = margin->where[i];
        else if (margin->where[i].value.len > term->value.len)
            term->value = margin->where[i].value;
    }
    sum->percent += margin->add;
}

static _Noreturn void too_much(struct page *page,
                               const struct margin_plan *margin,
                               const struct tier *tier, int64_t percent)
{
    char sum[DECIMAL_TEXT], own[DECIMAL_TEXT];
    struct str all = decimal_short(percent, PERCENT_DECIMALS, sum);
    struct str held = decimal_short(tier->margin, PERCENT_DECIMALS, own);
    struct str text = arena_print(
        page->arena,
        STR_FMT ": margin \"" STR_FMT "\": one sale could earn " STR_FMT
                " %%, more than 100 %%: " STR_FMT " %% of tier \"" STR_FMT
                "\" and what the margins add",
        STR_ARG(margin->at), STR_ARG(margin->name), STR_ARG(all), STR_ARG(held),
        STR_ARG(tier->name));
    lua_pushlstring(page->L, text.at, text.len);
    lua_error(page->L);
    die("lua_error returned");
}

/* Takes margin `first`, then all that still fit. */
static void check_from(struct page *page, size_t first, const struct tier *tier)
{
    const struct plan *plan = page->plan;
    struct sum sum = {.percent = tier->margin};
    sandbox_charge(page->L, plan->nmargins);
    take(&sum, &plan->margins[first]);
    for (size_t i = 0; i < plan->nmargins; i++) {
        if (i == first || !fits(&sum, &plan->margins[i]))
            continue;
        take(&sum, &plan->margins[i]);
        if (sum.percent > PERCENT_WHOLE)
            too_much(page, &plan->margins[i], tier, sum.percent);
    }
    if (sum.percent > PERCENT_WHOLE)
        too_much(page, &plan->margins[first], tier, sum.percent);
}

void page_margins_sum(struct page *page)
{
    const struct ladder *ladder = &page->plan->program.ladders[0];
    const struct tier *most = NULL;
    for (size_t i = 0; i < ladder->ntiers; i++)
        if (!most || ladder->tiers[i].margin > most->margin)
            most = &ladder->tiers[i];
    for (size_t i = 0; most && i < page->plan->nmargins; i++)
        check_from(page, i, most);
}
