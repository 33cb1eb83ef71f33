/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to policy: the tokens of a Lua source, for those who look at a page
 * before Lua does. Pure. */
#ifndef PALIER_POLICY_TOKEN_H
#define PALIER_POLICY_TOKEN_H

#include "base/base.h"

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,   /* reserved words too */
    TOKEN_NUMBER, /* as Lua delimits it, well-formed or not */
    TOKEN_TEXT,   /* quoted or in long brackets; `text` is what is between */
    TOKEN_MARK,   /* an operator or another byte */
    TOKEN_BAD,    /* a text or a comment that does not end */
};
struct token {
    enum token_kind kind;
    struct str text; /* into the source; escapes as written */
    int line;        /* where it begins, from 1 */
};

struct token_reader {
    struct str source;
    size_t at;
    int line;
};

void token_init(struct token_reader *reader, struct str source);
/* The next token; blanks and comments are skipped. TOKEN_END for ever at the
 * end and after TOKEN_BAD. Splits exactly as Lua 5.4 does. */
struct token token_next(struct token_reader *reader);
/* Is it this mark, or this name? */
bool token_is(struct token token, enum token_kind kind, const char *text);

#endif
