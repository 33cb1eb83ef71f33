/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The schema: what `facts` declares, and what metrics and margins read. A
 * series that is read is known by being read; only its unit, where it is not
 * the program's currency, has to be said. So the schema grows while metrics
 * and margins are read, and is closed (sorted, units settled) after them. */
#include "policy/page_schema.h"
#include "policy/page.h"

#include <stdlib.h>

enum { NEAR_COST = 16 }; /* of comparing two names, in instructions */

static const char *const built_in[] = {"kind", "language", "market", "name"};

void page_schema_attribute(struct page *page, struct str name)
{
    for (size_t i = 0; i < page->nattributes; i++)
        if (str_is(page->attributes[i], name))
            return;
    page->attributes[page->nattributes++] = name;
}

struct series *page_schema_find(struct page *page, struct str path,
                                enum series_kind kind)
{
    struct series *best = NULL;
    sandbox_charge(page->L, page->nseries);
    for (size_t i = 0; i < page->nseries; i++) {
        struct series *series = &page->series[i];
        if (series->kind == kind && path_is_under(path, series->path) &&
            (!best || series->path.len > best->path.len))
            best = series;
    }
    return best;
}

struct series *page_schema_series(struct page *page, struct str path,
                                  enum series_kind kind)
{
    struct series *known = page_schema_find(page, path, kind);
    if (known)
        return known;
    struct series *added = &page->series[page->nseries++];
    *added = (struct series){.path = path, .kind = kind};
    return added;
}

static struct str head_of(struct str path)
{
    return str_part(path, 0, str_find(path, '/', 0));
}

/* Slips are looked for in the first part: below it, a page may read what it
 * likes. `near` is another word's, or none. */
static void check_near(struct page *page, int entry, const char *what,
                       struct str path, struct str near)
{
    struct str head = head_of(path);
    if (near.len && !str_is(near, head))
        page_fail(page, entry,
                  "%s = \"" STR_FMT
                  "\": not in facts; did you mean " STR_FMT STR_FMT "?",
                  what, STR_ARG(path), STR_ARG(near),
                  STR_ARG(str_part(path, head.len, path.len)));
}

void page_schema_expect(struct page *page, int entry, const char *what,
                        struct str path, enum series_kind kind)
{
    struct str *known =
        arena_take_array(page->arena, page->ndeclared, sizeof *known);
    size_t n = 0;
    sandbox_charge(page->L, page->ndeclared * NEAR_COST);
    for (size_t i = 0; i < page->ndeclared; i++)
        if (page->series[i].kind == kind)
            known[n++] = head_of(page->series[i].path);
    check_near(page, entry, what, path, str_nearest(head_of(path), known, n));
}

void page_schema_expect_attribute(struct page *page, int entry, struct str name)
{
    if (!page->has_facts)
        return;
    sandbox_charge(page->L, page->nattributes * NEAR_COST);
    check_near(page, entry, "attribute", name,
               str_nearest(name, page->attributes, page->nattributes));
}

static void check_unit(struct page *page, int entry,
                       const struct series *series, bool said)
{
    int places = currency_decimals(series->unit);
    if (places >= 0 && said && series->decimals != places)
        page_fail(page, entry, "decimals = %d: " STR_FMT " has %d",
                  series->decimals, STR_ARG(series->unit), places);
    for (size_t i = 0; i < page->nseries; i++) {
        const struct series *other = &page->series[i];
        if (str_is(other->unit, series->unit) &&
            other->decimals != series->decimals)
            page_fail(page, entry,
                      "decimals = %d: \"" STR_FMT "\" has the unit " STR_FMT
                      " with %d",
                      series->decimals, STR_ARG(other->path),
                      STR_ARG(series->unit), other->decimals);
    }
}

static void read_unit(struct page *page, int entry, struct series *series)
{
    bool said = page_has(page, entry, "decimals");
    int64_t decimals = page_integer(page, entry, "decimals", 0);
    series->unit = page_text(page, entry, "unit");
    if (!series->unit.len && said)
        page_fail(page, entry, "decimals go with a unit; write unit = \"...\"");
    if (!series->unit.len)
        return;
    page_expect(page, entry, name_is_unit(series->unit), "unit", series->unit,
                "a currency such as EUR, or a word such as points");
    if (decimals < 0 || decimals > 9)
        page_fail(page, entry, "decimals = %lld: expected 0 to 9",
                  (long long)decimals);
    int places = currency_decimals(series->unit);
    series->decimals = said || places < 0 ? (int)decimals : places;
    check_unit(page, entry, series, said);
}

void page_schema_money(struct page *page, struct series *series)
{
    series->unit = page->plan->program.currency;
    series->decimals = currency_decimals(series->unit);
}

static void read_fact(struct page *page, int entry)
{
    struct str shape = page_text(page, entry, "shape");
    struct str name = page_text(page, entry, "name");
    if (str_is(shape, STR("attribute"))) {
        page_expect(page, entry, name_is_word(name), "name", name,
                    "small letters, digits and _, such as csat");
        page_schema_attribute(page, name);
        return;
    }
    page_expect(page, entry, name_is_path(name), "name", name,
                "small letters, digits and _, in parts joined by /, such as "
                "revenue/cloud");
    struct series series = {.path = name};
    series.kind = str_is(shape, STR("term")) ? SERIES_TERM : SERIES_AMOUNT;
    read_unit(page, entry, &series);
    if (series.kind == SERIES_AMOUNT && !series.unit.len)
        page_schema_money(page, &series);
    page->series[page->nseries++] = series;
}

/* How many the page has of them. */
static size_t count(struct page *page, const char *key, size_t max)
{
    size_t n = page_list(page, page->table, key, max);
    lua_pop(page->L, 1);
    return n;
}

/* Room for everything that facts, metrics and margins can name. */
static void make_room(struct page *page)
{
    size_t most = count(page, "facts", PLAN_FACTS) +
                  count(page, "metrics", PLAN_METRICS) +
                  count(page, "margins", PLAN_MARGINS);
    page->series = arena_take_array(page->arena, most, sizeof *page->series);
    page->attributes = arena_take_array(page->arena, most + COUNT_OF(built_in),
                                        sizeof *page->attributes);
    for (size_t i = 0; i < COUNT_OF(built_in); i++)
        page_schema_attribute(page, str_of(built_in[i]));
}

void page_facts(struct page *page)
{
    make_room(page);
    size_t n = page_list(page, page->table, "facts", PLAN_FACTS);
    int list = lua_gettop(page->L);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        read_fact(page, list + 1);
        lua_pop(page->L, 1);
    }
    page->has_facts = n > 0;
    page->ndeclared = page->nseries;
    lua_pop(page->L, 1);
}

static int series_order(const void *a, const void *b)
{
    const struct series *one = a, *other = b;
    int order = str_order(one->path, other->path);
    return order ? order : (int)one->kind - (int)other->kind;
}

static int name_order(const void *a, const void *b)
{
    const struct str *one = a, *other = b;
    return str_order(*one, *other);
}

void page_schema_close(struct page *page)
{
    struct schema *schema = &page->plan->program.schema;
    qsort(page->series, page->nseries, sizeof *page->series, series_order);
    qsort(page->attributes, page->nattributes, sizeof *page->attributes,
          name_order);
    *schema = (struct schema){page->series, page->nseries, page->attributes,
                              page->nattributes};
}
