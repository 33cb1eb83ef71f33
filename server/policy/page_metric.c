/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Metrics, in two passes. The first reads what each says and makes known what
 * it reads; the second, when every series and unit is known, settles in how
 * many decimals each counts. */
#include "policy/page.h"
#include "policy/page_schema.h"

static enum metric_source source_of(struct page *page, int entry)
{
    struct str word = page_text(page, entry, "source");
    for (int i = 0; i < METRIC_SOURCES; i++)
        if (str_is(word, str_of(metric_source_word((enum metric_source)i))))
            return (enum metric_source)i;
    page_fail(page, entry, "source \"" STR_FMT "\" is not of this server",
              STR_ARG(word));
}

static void read_window(struct page *page, int entry, struct metric *metric)
{
    metric->over = page_text(page, entry, "over");
    if (!metric->over.len)
        return;
    page_expect(page, entry, window_parse(metric->over, &metric->window),
                "over", metric->over,
                "\"calendar year\", \"program year\", \"quarter\", \"month\", "
                "\"last 12 months\", \"last 90 days\", \"last 4 closed "
                "quarters\" or \"ever\"");
    if (metric->window.kind == WINDOW_PROGRAM_YEAR) {
        metric->window.year_month = page->plan->year_month;
        metric->window.year_day = page->plan->year_day;
    }
}

static void read_decimals(struct page *page, int entry, struct metric *metric)
{
    int64_t decimals = page_integer(page, entry, "decimals", 0);
    metric->has_decimals = page_has(page, entry, "decimals");
    if (decimals < 0 || decimals > 9)
        page_fail(page, entry, "decimals = %lld: expected 0 to 9",
                  (long long)decimals);
    metric->decimals = (int)decimals;
}

static void read_attribute(struct page *page, int entry, struct metric *metric)
{
    struct str name = metric->selection.path;
    page_expect(page, entry, name_is_word(name), "attribute", name,
                "an attribute's name, such as csat");
    page_schema_expect_attribute(page, entry, name);
    page_schema_attribute(page, name);
    metric->shape = metric->has_decimals ? SHAPE_NUMBER : SHAPE_OPEN;
}

static void read_series(struct page *page, int entry, struct metric *metric)
{
    const char *word = metric_source_word(metric->source);
    bool amount =
        metric->source == METRIC_SUM || metric->source == METRIC_COUNT;
    page_expect(page, entry, name_is_path(metric->selection.path), word,
                metric->selection.path, "a series, such as revenue/cloud");
    enum series_kind kind = amount ? SERIES_AMOUNT : SERIES_TERM;
    page_schema_expect(page, entry, word, metric->selection.path, kind);
    page_schema_series(page, metric->selection.path, kind);
    metric->shape = metric->source == METRIC_HOLDS ? SHAPE_FLAG : SHAPE_NUMBER;
}

static void read_source(struct page *page, int entry, struct metric *metric)
{
    metric->source = source_of(page, entry);
    if (metric->source == METRIC_OF) {
        metric->shape = SHAPE_NUMBER;
        if (lua_getfield(page->L, entry, "of") != LUA_TFUNCTION)
            page_fail(page, entry, "of: expected function(p) ... end");
        metric->function = function_keep(page->L);
        page->plan->nfunctions++;
        return;
    }
    metric->selection.path = page_text(page, entry, "of");
    if (metric->source == METRIC_ATTRIBUTE)
        read_attribute(page, entry, metric);
    else
        read_series(page, entry, metric);
}

/* How the page's reader would say it, to tell one version from another. */
static struct str define(struct arena *arena, const struct metric *metric)
{
    if (metric->source == METRIC_OF)
        return STR("a function");
    struct str text =
        arena_print(arena, "%s of " STR_FMT, metric_source_word(metric->source),
                    STR_ARG(metric->selection.path));
    if (metric->over.len)
        text = arena_print(arena, STR_FMT " over " STR_FMT, STR_ARG(text),
                           STR_ARG(metric->over));
    for (size_t i = 0; i < metric->selection.nwhere; i++) {
        const struct pair *pair = &metric->selection.where[i];
        text = arena_print(arena, STR_FMT "%s" STR_FMT "=" STR_FMT,
                           STR_ARG(text), i ? ", " : " where ",
                           STR_ARG(pair->name), STR_ARG(pair->value));
    }
    return text;
}

static void check_labels(struct page *page, int entry, size_t place)
{
    const struct program *program = &page->plan->program;
    const struct metric *metrics = page->plan->metrics;
    sandbox_charge(page->L, place * program->nlanguages);
    for (size_t i = 0; i < place; i++)
        for (size_t l = 0; l < program->nlanguages; l++)
            if (metrics[place].labels[l].len &&
                str_is(metrics[i].labels[l], metrics[place].labels[l]))
                page_fail(page, entry,
                          "label \"" STR_FMT "\" is also that of "
                          "metric \"" STR_FMT "\"",
                          STR_ARG(metrics[i].labels[l]),
                          STR_ARG(metrics[i].name));
}

static void read_metric(struct page *page, int entry, size_t place)
{
    struct metric *metric = &page->plan->metrics[place];
    metric->name = page_text(page, entry, "name");
    metric->at = page_text(page, entry, "at");
    page_expect(page, entry, name_is_word(metric->name), "name", metric->name,
                "small letters, digits and _, such as trained_sales; what "
                "people read is its label");
    read_window(page, entry, metric);
    read_decimals(page, entry, metric);
    read_source(page, entry, metric);
    metric->selection.where =
        page_pairs(page, entry, "where", &metric->selection.nwhere);
    metric->labels = page_labels(page, entry);
    metric->definition = define(page->arena, metric);
    check_labels(page, entry, place);
}

void page_metrics(struct page *page)
{
    size_t n = page_list(page, page->table, "metrics", PLAN_METRICS);
    int list = lua_gettop(page->L);
    page->plan->metrics =
        arena_take_array(page->arena, n, sizeof *page->plan->metrics);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        read_metric(page, list + 1, i);
        page->plan->nmetrics = i + 1;
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    function_seal(page->L, page->policy);
}

/* A sum adds one unit only: a part of the series in another would be left out
 * in silence. */
static void check_parts(struct page *page, int entry,
                        const struct metric *metric)
{
    sandbox_charge(page->L, page->nseries);
    for (size_t i = 0; i < page->nseries; i++) {
        const struct series *part = &page->series[i];
        if (part->kind == SERIES_AMOUNT && part->unit.len &&
            path_is_under(part->path, metric->selection.path) &&
            !str_is(part->unit, metric->selection.unit))
            page_fail(page, entry,
                      "sum = \"" STR_FMT "\" adds " STR_FMT ", but \"" STR_FMT
                      "\" below it is declared in " STR_FMT,
                      STR_ARG(metric->selection.path),
                      STR_ARG(metric->selection.unit), STR_ARG(part->path),
                      STR_ARG(part->unit));
    }
}

static void settle_sum(struct page *page, struct metric *metric)
{
    struct series *series =
        page_schema_find(page, metric->selection.path, SERIES_AMOUNT);
    if (!series->unit.len)
        page_schema_money(page, series);
    metric->selection.unit = series->unit;
    metric->decimals = series->decimals;
}

/* The numbers of terms carry the unit that the series declares. */
static void settle_total(struct page *page, int entry, struct metric *metric)
{
    struct series *series =
        page_schema_find(page, metric->selection.path, SERIES_TERM);
    metric->selection.unit = series->unit;
    if (metric->has_decimals && metric->decimals != series->decimals)
        page_fail(page, entry,
                  "decimals = %d: the unit of \"" STR_FMT "\" has %d",
                  metric->decimals, STR_ARG(series->path), series->decimals);
    metric->decimals = series->decimals;
}

/* An unlabelled sum is a difference of running sums; all else walks. */
static void count_walk(struct plan *plan, const struct metric *metric)
{
    switch (metric->source) {
    case METRIC_SUM:
    case METRIC_COUNT:
        plan->amount_walks += metric->selection.nwhere > 0;
        break;
    case METRIC_PEOPLE:
    case METRIC_TOTAL:
    case METRIC_HOLDS:
        plan->term_walks++;
        break;
    default:
        break;
    }
}

void page_settle(struct page *page)
{
    struct plan *plan = page->plan;
    page_list(page, page->table, "metrics", PLAN_METRICS);
    int list = lua_gettop(page->L);
    for (size_t i = 0; i < plan->nmetrics; i++)
        if (plan->metrics[i].source == METRIC_SUM)
            settle_sum(page, &plan->metrics[i]);
    for (size_t i = 0; i < plan->nmetrics; i++) {
        page_item(page, list, i);
        if (plan->metrics[i].source == METRIC_TOTAL)
            settle_total(page, list + 1, &plan->metrics[i]);
        if (plan->metrics[i].source == METRIC_SUM)
            check_parts(page, list + 1, &plan->metrics[i]);
        count_walk(plan, &plan->metrics[i]);
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    page_schema_close(page);
}
