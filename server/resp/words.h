/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to resp: the words of an inline command. */
#ifndef PALIER_RESP_WORDS_H
#define PALIER_RESP_WORDS_H

#include "base/base.h"

/* A line being taken apart. `unquoted` must have room for line.len + 1 bytes
 * beforehand: then it does not move, and words taken earlier stay good. */
struct words {
    struct str line;
    size_t at; /* the next byte to look at */
    struct buf *unquoted;
};

enum words_result {
    WORDS_END,        /* no word is left */
    WORDS_WORD,       /* `*word` is the next one, in `unquoted` */
    WORDS_UNBALANCED, /* a quote is not closed, or closed inside a word */
};

enum words_result words_next(struct words *words, struct str *word) MUST_USE;

#endif
