/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: the facts of an expectation, said in the words of the
 * wire, as the fields of a partner's hash. */
#ifndef PALIER_POLICY_EXAMPLE_H
#define PALIER_POLICY_EXAMPLE_H

#include "base/base.h"
#include "facts/facts.h"

struct example_entry {
    struct str key; /* series:unit:day[:labels] as fields spell it */
    int64_t number, count;
};

struct example {
    const struct schema *schema;
    int32_t day;
    struct arena *arena;
    struct example_entry *entries; /* of amounts, as they came */
    size_t nentries, maxentries;
    size_t *order; /* their places, by key */
    size_t maxorder;
    struct field *fields; /* of attributes and terms */
    size_t nfields, maxfields;
};

/* Days left out are `day`. All memory is the arena's. */
void example_init(struct example *example, const struct schema *schema,
                  int32_t day, struct arena *arena);
/* Lines such as ADD revenue 250000 ON 2026-03-10; SET, ADD, PUT and GRANT. */
bool example_facts(struct example *example, struct str lines,
                   struct fault *fault) MUST_USE;
/* A term of that series and id holds from the day on. */
void example_holds(struct example *example, struct str series, struct str id);
const struct field *example_fields(struct example *example, size_t *n);

#endif
