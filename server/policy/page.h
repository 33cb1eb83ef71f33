/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: from the table that the words collected to the plan.
 * Everything here runs in a body of the sandbox and may longjmp; it holds
 * nothing but the policy's arena. */
#ifndef PALIER_POLICY_PAGE_H
#define PALIER_POLICY_PAGE_H

#include "policy/inside.h"

enum { PAGE_ITEM_COST = 64 }; /* of reading a declaration, in instructions */

struct page {
    lua_State *L;
    struct policy *policy;
    struct plan *plan;
    struct arena *arena;
    int table;             /* the stack index of the table `page` */
    size_t nclauses;       /* bounds read so far */
    struct series *series; /* the schema while it grows */
    size_t nseries;
    struct str *attributes;
    size_t nattributes;
    /* Where the page has `facts`: the first of `series` that it declares. */
    bool has_facts;
    size_t ndeclared;
};

/* Reads the table at the top of the stack (popped) into policy->plan. */
void page_read(lua_State *L, struct policy *policy);

/* The parts, in the order in which page_read asks for them. */
void page_program(struct page *page);
void page_facts(struct page *page);
void page_metrics(struct page *page);
void page_settle(struct page *page);
void page_tiers(struct page *page);
void page_margins(struct page *page);
void page_margins_sum(struct page *page);
void page_expectations(struct page *page);

/* The bound that the need at `index` says of `metric`, whose shape, where it
 * is still open, it settles. */
struct bound page_bound(struct page *page, int entry, int index,
                        struct metric *metric);
/* The tree of requirements in the declaration's list `needs`, and its bounds
 * in the order in which they are explained. */
void page_needs(struct page *page, int entry, struct tier_plan *tier);
/* Raises that there is no such metric, with the nearest. */
_Noreturn void page_no_metric(struct page *page, int entry, const char *where,
                              struct str name);
/* Is the metric's shape this one, or still open and now this one? */
bool page_shape(struct metric *metric, enum metric_shape shape);

/* --- readers: `entry` and `index` are stack indices --------------------- */

/* Raises "<where>: <title>: <text>" of the declaration at `entry`. */
_Noreturn void page_fail(struct page *page, int entry, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* A field of a declaration, {NULL, 0} or `otherwise` where it is absent; what
 * is of another type is a fault of the language, not of the page. */
struct str page_text(struct page *page, int entry, const char *key);
int64_t page_integer(struct page *page, int entry, const char *key,
                     int64_t otherwise);
bool page_has(struct page *page, int entry, const char *key);
/* Pushes the list `key` of the table at `from` and returns its length, at most
 * `max`; absent: 0 and an empty table. */
size_t page_list(struct page *page, int from, const char *key, size_t max);
/* Pushes item `i`, from 0, of the list at `list`, a table. */
void page_item(struct page *page, int list, size_t i);
/* A list of { name, value } texts, sorted by name. */
const struct pair *page_pairs(struct page *page, int entry, const char *key,
                              size_t *n);
const struct str *page_labels(struct page *page, int entry);
/* The number at `index` in 10^-decimals, exactly; a fault names `what`. */
int64_t page_number(struct page *page, int entry, int index, int decimals,
                    const char *what);
/* As page_fail, unless `good`: "<what> = \"<value>\": expected <expected>". */
void page_expect(struct page *page, int entry, bool good, const char *what,
                 struct str value, const char *expected);

#endif
