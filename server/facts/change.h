/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_CHANGE_H
#define PALIER_FACTS_CHANGE_H

#include "base/base.h"
#include "facts/field.h"
#include "facts/name.h"
#include "facts/schema.h"

enum change_op {
    CHANGE_SET,
    CHANGE_ADD,
    CHANGE_PUT,
    CHANGE_GRANT,
    CHANGE_REVOKE,
};

/* One operation on one partner's facts, checked: everything but what only the
 * store knows (does the partner exist, was the id used, the entry's sum). */
struct change {
    enum change_op op;
    struct str partner;
    struct pair *attributes; /* SET: name and value, at least one; sorted by
                                name, names distinct */
    size_t nattributes;
    struct str series, unit, id, labels; /* labels sorted and joined */
    bool has_number;
    int64_t number;      /* amount, total or value, in the unit's smallest
                            part */
    int64_t count;       /* 1 unless said; -1e9 to 1e9 */
    int32_t on;          /* SET ADD PUT REVOKE; DAY_NONE: left out */
    int32_t from, until; /* GRANT; from DAY_NONE: left out; until DAY_NEVER */
};

/* From the words of the wire after FACT: op, partner, and so on, keywords in
 * any case and any order, each once. The result borrows from `words` and
 * `arena`. `today` is only for checks (a term that ends before it begins).
 * On failure fills `fault`: INVALID with field, value and what was expected
 * (the nearest known name), or ERR for wrong syntax. */
bool change_parse(const struct str *words, size_t n,
                  const struct schema *schema, int32_t today,
                  struct arena *arena, struct change *change,
                  struct fault *fault) MUST_USE;

/* From named fields (import, inbox): op, partner, and the fields of that
 * operation: `set name value` | `series amount unit on count id with` |
 * `series id from until value unit with`; with as name=value,... Gives the
 * words of FACT for change_parse or for the wire; empty fields are left out; a
 * field that the operation does not have is a fault. */
bool change_words(const struct field *fields, size_t n, struct arena *arena,
                  struct str **words, size_t *nwords,
                  struct fault *fault) MUST_USE;

/* The operation in the words of FACT, without the partner, values in the
 * unit's digits, words with spaces quoted: what the ledger keeps. `decimals`
 * of change->unit. */
void change_say(const struct change *change, const struct schema *schema,
                struct buf *out);

/* The digest of the content as sent, for idempotency by id: a left-out day
 * stays left out, a left-out unit or count equals its default. */
void change_digest(const struct change *change, char hex[DIGEST_HEX + 1]);

#endif
