/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_EXPORT_PARTNER_H
#define PALIER_MAIN_EXPORT_PARTNER_H

#include "main/answer.h"
#include "main/export_writer.h"

struct export_counts {
    size_t partners, set, put, grant, ignored;
};

/* One partner as rows: a `set` for each attribute, the kind first, because it
 * makes the partner; a `put` for each entry, a `grant` for each term. `facts`
 * is what FACT GET answered. */
void export_partner(struct export_writer *writer, struct str partner,
                    const struct redisReply *facts,
                    struct export_counts *counts);

#endif
