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
/* No more: sorted, and the program's. */
void page_schema_close(struct page *page);

#endif
