/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Tiers and the trees of their requirements. A tree is what is judged; the
 * list of its bounds, in the order in which an answer names them, is what is
 * explained: first what is always needed, by the order in which metrics are
 * declared, then each alternative in the same way. */
#include "policy/page.h"

/* What grows while one tier's tree is read. */
struct tree {
    struct page *page;
    int entry;
    const struct clause **clauses;
    size_t n, max;
};

void page_no_metric(struct page *page, int entry, const char *where,
                    struct str name)
{
    struct str near = plan_nearest(page->plan, name);
    struct str shown = str_part(name, 0, 64);
    if (near.len)
        page_fail(page, entry,
                  "%s" STR_FMT ": no such metric; did you mean " STR_FMT "?",
                  where, STR_ARG(shown), STR_ARG(near));
    for (size_t i = 0; i < page->nattributes; i++)
        if (str_is(page->attributes[i], name))
            page_fail(page, entry,
                      "%s" STR_FMT ": no such metric; it is an "
                      "attribute: write metric \"" STR_FMT "\" { attribute = "
                      "\"" STR_FMT "\" }",
                      where, STR_ARG(shown), STR_ARG(shown), STR_ARG(shown));
    page_fail(page, entry,
              "%s" STR_FMT ": no such metric; write metric \"" STR_FMT
              "\" { ... }",
              where, STR_ARG(shown), STR_ARG(shown));
}

static void tree_add(struct tree *tree, const struct clause *clause)
{
    if (tree->page->nclauses++ >= PLAN_CLAUSES)
        page_fail(tree->page, tree->entry,
                  "needs: the page has more than %d requirements",
                  PLAN_CLAUSES);
    if (tree->n == tree->max) {
        tree->max = tree->max ? tree->max * 2 : 8;
        const struct clause **grown =
            arena_take_array(tree->page->arena, tree->max, sizeof *grown);
        for (size_t i = 0; i < tree->n; i++)
            grown[i] = tree->clauses[i];
        tree->clauses = grown;
    }
    tree->clauses[tree->n++] = clause;
}

static struct need read_clause(struct tree *tree, int item, struct str path)
{
    struct page *page = tree->page;
    struct str name = page_text(page, item, "metric");
    sandbox_charge(page->L, page->plan->nmetrics / 4);
    size_t place = plan_metric(page->plan, name);
    if (place == page->plan->nmetrics)
        page_no_metric(page, tree->entry, "needs.", name);
    struct clause *clause = arena_take(page->arena, sizeof *clause);
    clause->metric = place;
    clause->path = path;
    clause->bound =
        page_bound(page, tree->entry, item, &page->plan->metrics[place]);
    tree_add(tree, clause);
    return (struct need){.kind = NEED_CLAUSE, .clause = clause};
}

/* The name of an alternative within another: "by revenue/new business". */
static struct str path_in(struct tree *tree, int item, struct str path)
{
    struct page *page = tree->page;
    struct str name = page_text(page, item, "path");
    if (!name.len)
        return path;
    page_expect(page, tree->entry, name_is_value(name), "any", name,
                "a printable name");
    if (!path.len)
        return name;
    return arena_print(page->arena, STR_FMT "/" STR_FMT, STR_ARG(path),
                       STR_ARG(name));
}

static struct need read_group(struct tree *tree, int from, enum need_kind kind,
                              struct str path, int depth);

static struct need read_need(struct tree *tree, int item, struct str path,
                             int depth)
{
    struct str word = page_text(tree->page, item, "word");
    if (str_is(word, STR("any")))
        return read_group(tree, item, NEED_ANY, path, depth);
    if (str_is(word, STR("all")))
        return read_group(tree, item, NEED_ALL, path_in(tree, item, path),
                          depth);
    return read_clause(tree, item, path);
}

/* The group whose parts are the list `of` of the table at `from`. */
static struct need read_group(struct tree *tree, int from, enum need_kind kind,
                              struct str path, int depth)
{
    struct page *page = tree->page;
    const char *key = from == tree->entry ? "needs" : "of";
    if (depth > PLAN_DEPTH)
        page_fail(page, tree->entry, "needs: more than %d groups in groups",
                  PLAN_DEPTH);
    size_t n = page_list(page, from, key, PLAN_CLAUSES);
    int list = lua_gettop(page->L);
    struct need *of = arena_take_array(page->arena, n, sizeof *of);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        of[i] = read_need(tree, list + 1, path, depth + 1);
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    return (struct need){.kind = kind, .of = of, .n = n};
}

/* Stable: of equal metrics the one written first comes first. */
static void sort_clauses(struct tree *tree, size_t from, size_t until)
{
    for (size_t i = from + 1; i < until; i++) {
        const struct clause *clause = tree->clauses[i];
        size_t at = i;
        for (; at > from && tree->clauses[at - 1]->metric > clause->metric;
             at--)
            tree->clauses[at] = tree->clauses[at - 1];
        tree->clauses[at] = clause;
    }
}

/* What is always needed to the front, all else as it was. */
static size_t gather_always(struct tree *tree)
{
    const struct clause **sorted =
        arena_take_array(tree->page->arena, tree->n, sizeof *sorted);
    size_t always = 0, n = 0;
    for (size_t i = 0; i < tree->n; i++)
        if (!tree->clauses[i]->path.len)
            sorted[always++] = tree->clauses[i];
    n = always;
    for (size_t i = 0; i < tree->n; i++)
        if (tree->clauses[i]->path.len)
            sorted[n++] = tree->clauses[i];
    tree->clauses = sorted;
    return always;
}

static void order_clauses(struct tree *tree)
{
    size_t from = gather_always(tree);
    sort_clauses(tree, 0, from);
    for (size_t i = from + 1; i <= tree->n; i++) {
        if (i < tree->n &&
            str_is(tree->clauses[i]->path, tree->clauses[from]->path))
            continue;
        sort_clauses(tree, from, i);
        from = i;
    }
}

void page_needs(struct page *page, int entry, struct tier_plan *tier)
{
    struct tree tree = {.page = page, .entry = entry};
    tier->needs = read_group(&tree, entry, NEED_ALL, (struct str){NULL, 0}, 0);
    order_clauses(&tree);
    tier->clauses = tree.clauses;
    tier->nclauses = tree.n;
}

static void read_tier(struct page *page, int entry, struct tier *tier,
                      struct tier_plan *tier_plan)
{
    tier->name = page_text(page, entry, "name");
    tier_plan->at = page_text(page, entry, "at");
    page_expect(page, entry, name_is_word(tier->name), "name", tier->name,
                "small letters, digits and _, such as gold");
    page_expect(page, entry, !str_is(tier->name, STR("none")), "name",
                tier->name, "another name: none is who holds no tier");
    tier->margin = page_integer(page, entry, "margin", 0);
    if (tier->margin < 0 || tier->margin > PERCENT_WHOLE)
        page_fail(page, entry, "margin: expected 0 to 100 %%");
    page_needs(page, entry, tier_plan);
}

void page_tiers(struct page *page)
{
    struct program *program = &page->plan->program;
    size_t n = page_list(page, page->table, "tiers", PLAN_TIERS);
    int list = lua_gettop(page->L);
    struct tier *tiers = arena_take_array(page->arena, n, sizeof *tiers);
    struct tier_plan *plans = arena_take_array(page->arena, n, sizeof *plans);
    for (size_t i = 0; i < n; i++) {
        page_item(page, list, i);
        read_tier(page, list + 1, &tiers[i], &plans[i]);
        lua_pop(page->L, 1);
    }
    lua_pop(page->L, 1);
    struct ladder *ladder = arena_take(page->arena, sizeof *ladder);
    struct ladder_plan *ladder_plan =
        arena_take(page->arena, sizeof *ladder_plan);
    *ladder = (struct ladder){{NULL, 0}, tiers, n};
    ladder_plan->tiers = plans;
    page->plan->ladders = ladder_plan;
    program->ladders = ladder;
    program->nladders = 1;
}
