/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The page's own examples, read; expect.c runs them. An example without a day
 * is about a fixed one, never about today: a page that loads once loads
 * always. */
#include "policy/example.h"
#include "policy/page.h"

enum { LINE_COST = 400 }; /* of a line of facts, in instructions */

static int32_t read_day(struct page *page, int entry)
{
    struct fault fault;
    int32_t day;
    struct str text = page_text(page, entry, "day");
    if (!text.len)
        return day_of_date((struct date){2026, 6, 30});
    if (!day_expect(text, "day", &day, &fault))
        page_fail(page, entry, "%s", fault.text);
    return day;
}

static void read_tier(struct page *page, int entry, struct expectation *expect)
{
    const struct ladder *ladder = page->plan->program.ladders;
    struct str name = page_text(page, entry, "tier");
    expect->has_tier = name.len > 0;
    expect->tier = ladder_tier(ladder, name);
    if (!name.len || expect->tier != TIER_NONE || str_is(name, STR("none")))
        return;
    struct str known[PLAN_TIERS];
    for (size_t i = 0; i < ladder->ntiers; i++)
        known[i] = ladder->tiers[i].name;
    struct str near = str_nearest(name, known, ladder->ntiers);
    page_fail(page, entry,
              "tier = \"" STR_FMT "\": no such tier%s" STR_FMT "%s",
              STR_ARG(str_part(name, 0, 64)), near.len ? "; did you mean " : "",
              STR_ARG(near), near.len ? "?" : "");
}

static enum metric_shape given_shape(int type)
{
    if (type == LUA_TSTRING)
        return SHAPE_TEXT;
    return type == LUA_TBOOLEAN ? SHAPE_FLAG : SHAPE_NUMBER;
}

static struct given read_given(struct page *page, int entry, int item)
{
    struct given given = {0};
    struct str name = page_text(page, item, "name");
    sandbox_charge(page->L, page->plan->nmetrics / 4);
    given.metric = plan_metric(page->plan, name);
    if (given.metric == page->plan->nmetrics)
        page_no_metric(page, entry, "with.", name);
    struct metric *metric = &page->plan->metrics[given.metric];
    int type = lua_getfield(page->L, item, "value");
    if (!page_shape(metric, given_shape(type)))
        page_fail(page, entry, "with." STR_FMT ": expected %s", STR_ARG(name),
                  metric->shape == SHAPE_NUMBER ? "a number"
                  : metric->shape == SHAPE_TEXT ? "a text"
                                                : "true");
    given.value = type == LUA_TBOOLEAN;
    if (metric->shape == SHAPE_NUMBER)
        given.value = page_number(
            page, entry, lua_gettop(page->L), metric->decimals,
            arena_print(page->arena, "with." STR_FMT, STR_ARG(name)).at);
    lua_pop(page->L, 1);
    if (metric->shape == SHAPE_TEXT)
        given.text = page_text(page, item, "value");
    return given;
}

static void read_with(struct page *page, int entry, struct expectation *expect)
{
    size_t n = page_list(page, entry, "with", PLAN_METRICS);
    int list = lua_gettop(page->L);
    struct given *with = arena_take_array(page->arena, n, sizeof *with);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        with[i] = read_given(page, entry, list + 1);
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    expect->with = with;
    expect->nwith = n;
}

static void check_line(struct page *page, int entry, struct str line)
{
    const struct schema *schema = &page->plan->program.schema;
    if (line.len && !schema_series(schema, line, SERIES_AMOUNT))
        page_fail(page, entry,
                  "sale.line = \"" STR_FMT "\": no such series of amounts",
                  STR_ARG(line));
}

static void read_sale(struct page *page, int entry, struct sale *sale)
{
    const struct program *program = &page->plan->program;
    sale->unit = program->currency;
    sale->line = page_text(page, entry, "line");
    sale->deal = page_text(page, entry, "deal");
    sale->labels = page_pairs(page, entry, "labels", &sale->nlabels);
    sale->has_amount = page_has(page, entry, "amount");
    check_line(page, entry, sale->line);
    if (!sale->has_amount)
        return;
    lua_getfield(page->L, entry, "amount");
    sale->amount =
        page_number(page, entry, lua_gettop(page->L),
                    currency_decimals(program->currency), "sale.amount");
    lua_pop(page->L, 1);
}

/* `deal = true` or an id: the sale is on a deal that is registered. */
static void read_registered(struct page *page, int entry,
                            struct expectation *expect, struct example *example)
{
    struct str id = page_text(page, entry, "registered");
    if (!id.len)
        return;
    page_expect(page, entry, name_is_id(id), "deal", id,
                "an id without spaces");
    expect->sale.deal = id;
    for (size_t i = 0; i < page->plan->nmargins; i++)
        if (page->plan->margins[i].with_deal.len)
            example_holds(example, page->plan->margins[i].with_deal, id);
}

/* Reading the lines here and making a record of them later. */
static void charge_facts(struct page *page, struct str facts)
{
    size_t n = 1;
    for (size_t i = 0; i < facts.len; i++)
        n += facts.at[i] == '\n';
    sandbox_charge(page->L, n * LINE_COST);
}

static void read_facts(struct page *page, int entry, struct expectation *expect)
{
    struct fault fault;
    struct example example;
    example_init(&example, &page->plan->program.schema, expect->day,
                 page->arena);
    struct str facts = page_text(page, entry, "facts");
    charge_facts(page, facts);
    if (!example_facts(&example, facts, &fault))
        page_fail(page, entry, "facts: %s", fault.text);
    read_registered(page, entry, expect, &example);
    expect->fields = example_fields(&example, &expect->nfields);
}

static void read_expectation(struct page *page, int entry,
                             struct expectation *expect)
{
    expect->name = page_text(page, entry, "name");
    expect->at = page_text(page, entry, "at");
    expect->day = read_day(page, entry);
    read_tier(page, entry, expect);
    expect->has_margin = page_has(page, entry, "margin");
    expect->margin = page_integer(page, entry, "margin", 0);
    read_with(page, entry, expect);
    read_sale(page, entry, &expect->sale);
    read_facts(page, entry, expect);
}

void page_expectations(struct page *page)
{
    size_t n = page_list(page, page->table, "expectations", PLAN_EXPECTATIONS);
    int list = lua_gettop(page->L);
    struct expectation *expectations =
        arena_take_array(page->arena, n, sizeof *expectations);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        read_expectation(page, list + 1, &expectations[i]);
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    page->plan->expectations = expectations;
    page->plan->nexpectations = n;
    for (size_t i = 0; i < page->plan->nmetrics; i++)
        page_shape(&page->plan->metrics[i], SHAPE_TEXT);
}
