/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One bound. Whatever word the page uses, a number's bound becomes a range of
 * integers, both ends included, so that judging is two comparisons: over(5) of
 * a metric without decimals is "from 6". */
#include "policy/exact.h"
#include "policy/page.h"

static const char *const bound_words[BOUND_KINDS] = {
    [BOUND_AT_LEAST] = "at_least", [BOUND_OVER] = "over",
    [BOUND_BELOW] = "below",       [BOUND_AT_MOST] = "at_most",
    [BOUND_BETWEEN] = "between",   [BOUND_ONE_OF] = "one_of",
    [BOUND_HOLDS] = "holds",
};

static const char *const shape_words[] = {
    [SHAPE_OPEN] = "a value",
    [SHAPE_NUMBER] = "a number",
    [SHAPE_FLAG] = "true",
    [SHAPE_TEXT] = "a text",
};

bool page_shape(struct metric *metric, enum metric_shape shape)
{
    if (metric->shape == SHAPE_OPEN)
        metric->shape = shape;
    return metric->shape == shape;
}

/* Where a need is called in a fault: "needs.revenue". */
static const char *where_of(struct page *page, const struct metric *metric)
{
    return arena_print(page->arena, "needs." STR_FMT, STR_ARG(metric->name)).at;
}

static void check_shape(struct page *page, int entry, struct metric *metric,
                        enum metric_shape shape)
{
    if (!page_shape(metric, shape))
        page_fail(page, entry, "%s: expected %s, got %s",
                  where_of(page, metric), shape_words[metric->shape],
                  shape_words[shape]);
}

/* Counts and what terms say are never below zero. */
static bool may_be_negative(const struct metric *metric)
{
    return metric->source == METRIC_SUM || metric->source == METRIC_OF ||
           metric->source == METRIC_ATTRIBUTE || metric->source == METRIC_TOTAL;
}

/* Where the metric may say how many places it has, the fault says so. */
static void check_decimals(struct page *page, int entry,
                           const struct metric *metric, const char *where)
{
    int64_t value;
    bool says =
        metric->source == METRIC_OF || metric->source == METRIC_ATTRIBUTE;
    if (says && exact_number(page->L, -1, metric->decimals, &value) ==
                    DECIMAL_TOO_PRECISE)
        page_fail(page, entry,
                  "%s = %s: more places after the point than the metric has; "
                  "write decimals = ... in it",
                  where, lua_tostring(page->L, -1));
}

/* Item `i`, from 1, of the list of values at `list`. */
static int64_t bound_number(struct page *page, int entry, int list, int i,
                            const struct metric *metric)
{
    const char *where = where_of(page, metric);
    lua_rawgeti(page->L, list, i);
    check_decimals(page, entry, metric, where);
    int64_t value =
        page_number(page, entry, lua_gettop(page->L), metric->decimals, where);
    if (value < 0 && !may_be_negative(metric))
        page_fail(page, entry, "%s is below zero, which it can never be",
                  where);
    lua_pop(page->L, 1);
    return value;
}

static void read_texts(struct page *page, int entry, int list,
                       const struct metric *metric, struct bound *bound)
{
    struct str *texts = arena_take_array(page->arena, bound->n, sizeof *texts);
    for (size_t i = 0; i < bound->n; i++) {
        size_t len;
        lua_rawgeti(page->L, list, (lua_Integer)i + 1);
        if (lua_type(page->L, -1) != LUA_TSTRING)
            page_fail(page, entry, "%s: expected texts",
                      where_of(page, metric));
        const char *at = lua_tolstring(page->L, -1, &len);
        texts[i] = arena_copy(page->arena, (struct str){at, len});
        page_expect(page, entry, name_is_value(texts[i]),
                    where_of(page, metric), texts[i], "a printable text");
        lua_pop(page->L, 1);
    }
    bound->texts = texts;
}

static void read_one_of(struct page *page, int entry, int list,
                        struct metric *metric, struct bound *bound)
{
    bool text = lua_rawgeti(page->L, list, 1) == LUA_TSTRING;
    lua_pop(page->L, 1);
    check_shape(page, entry, metric, text ? SHAPE_TEXT : SHAPE_NUMBER);
    if (text) {
        read_texts(page, entry, list, metric, bound);
        return;
    }
    int64_t *numbers = arena_take_array(page->arena, bound->n, sizeof *numbers);
    for (size_t i = 0; i < bound->n; i++)
        numbers[i] = bound_number(page, entry, list, (int)i + 1, metric);
    bound->numbers = numbers;
}

static void read_range(struct page *page, int entry, int list,
                       struct metric *metric, struct bound *bound)
{
    check_shape(page, entry, metric, SHAPE_NUMBER);
    int64_t first = bound_number(page, entry, list, 1, metric);
    if (bound->kind == BOUND_AT_LEAST || bound->kind == BOUND_BETWEEN)
        bound->low = first;
    if (bound->kind == BOUND_OVER)
        bound->low = first + 1;
    if (bound->kind == BOUND_AT_MOST)
        bound->high = first;
    if (bound->kind == BOUND_BELOW)
        bound->high = first - 1;
    if (bound->kind != BOUND_BETWEEN)
        return;
    bound->high = bound_number(page, entry, list, 2, metric);
    if (bound->high < bound->low)
        page_fail(page, entry,
                  "%s: between: the first number is above the "
                  "second, so nothing is between",
                  where_of(page, metric));
}

static enum bound_kind kind_of(struct page *page, int entry, int index)
{
    struct str word = page_text(page, index, "word");
    for (int i = 0; i < BOUND_KINDS; i++)
        if (str_is(word, str_of(bound_words[i])))
            return (enum bound_kind)i;
    page_fail(page, entry, "needs: \"" STR_FMT "\" is no bound of this server",
              STR_ARG(word));
}

struct bound page_bound(struct page *page, int entry, int index,
                        struct metric *metric)
{
    struct bound bound = {.kind = kind_of(page, entry, index),
                          .low = INT64_MIN,
                          .high = INT64_MAX};
    bound.n = page_list(page, index, "values", PLAN_VALUES);
    int list = lua_gettop(page->L);
    if (bound.kind == BOUND_HOLDS) {
        check_shape(page, entry, metric, SHAPE_FLAG);
        bound.low = 1;
    } else if (bound.kind == BOUND_ONE_OF) {
        read_one_of(page, entry, list, metric, &bound);
    } else {
        read_range(page, entry, list, metric, &bound);
    }
    lua_pop(page->L, 1);
    return bound;
}
