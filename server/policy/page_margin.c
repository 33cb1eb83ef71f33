/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Margins beside the tier's own, read. A margin may depend on a deal: a series
 * of terms, which is known by being named here, as a metric's is. Whether a
 * sale meets the conditions is margin.c's to say. */
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
