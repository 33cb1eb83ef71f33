/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: the schema while the page is being read. */
#ifndef PALIER_POLICY_PAGE_SCHEMA_H
#define PALIER_POLICY_PAGE_SCHEMA_H

#include "policy/page.h"

/* Makes the attribute known. */
void page_schema_attribute(struct page *page, struct str name);
/* The series that is `path` or its nearest ancestor; NULL: none. */
struct series *page_schema_find(struct page *page, struct str path,
                                enum series_kind kind);
/* The same, made known where there is none. */
struct series *page_schema_series(struct page *page, struct str path,
                                  enum series_kind kind);
/* Its unit is the program's currency. */
void page_schema_money(struct page *page, struct series *series);
/* Raises that `path`, read as `what`, is most likely a slip of what `facts`
 * declares. Where there are no facts, everything may be read. */
void page_schema_expect(struct page *page, int entry, const char *what,
                        struct str path, enum series_kind kind);
/* The same for an attribute. */
void page_schema_expect_attribute(struct page *page, int entry,
                                  struct str name);
/* No more: sorted, and the program's. */
void page_schema_close(struct page *page);

#endif
