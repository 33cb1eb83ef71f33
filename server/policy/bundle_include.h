/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: which files a source includes. Pure. */
#ifndef PALIER_POLICY_BUNDLE_INCLUDE_H
#define PALIER_POLICY_BUNDLE_INCLUDE_H

#include "base/base.h"
#include "policy/token.h"

struct include {
    struct str file; /* into the source */
    int line;
};
struct include_reader {
    struct token_reader tokens;
    struct token before;
};

void include_init(struct include_reader *reader, struct str source);
/* The next `include "file"`, with or without parentheses, outside of comments
 * and texts. False where there is none. */
bool include_next(struct include_reader *reader, struct include *include);

/* Is this include of the file `from` in order? `exists`: its file was found. */
bool include_check(struct str from, const struct include *include, bool exists,
                   struct fault *fault) MUST_USE;

/* "markets.lua", "emea/markets.lua": names of [A-Za-z0-9_.-] joined by '/',
 * none beginning with a point, at most 200 bytes. */
bool include_is_name(struct str name);

#endif
