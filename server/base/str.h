/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_STR_H
#define PALIER_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"

/* Borrowed bytes, not terminated. {NULL, 0} is "no text"; it equals "". */
struct str {
    const char *at;
    size_t len;
};

#define STR(literal) ((struct str){("" literal), sizeof(literal) - 1})
/* The same where C wants a constant: in the initializer of a static table. */
#define STR_INIT(literal)                                                      \
    {                                                                          \
        ("" literal), sizeof(literal) - 1                                      \
    }
/* For printf: STR_FMT, STR_ARG(s) */
#define STR_FMT "%.*s"
#define STR_ARG(s) ((int)(s).len), ((s).at ? (s).at : "")

struct str str_of(const char *text); /* NULL gives {NULL, 0} */
bool str_is(struct str a, struct str b);
bool str_is_nocase(struct str a, struct str b); /* ASCII letters only */
int str_order(struct str a, struct str b);      /* bytewise: <0, 0, >0 */
bool str_has_prefix(struct str s, struct str prefix);
/* The byte's first place at or after `from`; s.len where it is not there. */
size_t str_find(struct str s, char byte, size_t from);
struct str str_part(struct str s, size_t from, size_t until); /* clamped */
struct str str_trim(struct str s); /* spaces, tabs, CR, LF at both ends */

/* A whole decimal integer, an optional '-', nothing else; no leading '+', no
 * blanks, no leading zeros but "0", no "-0". False where it is not one or
 * overflows. */
bool str_to_int64(struct str s, int64_t *value) MUST_USE;

/* Which of `known` is `word` most likely a slip of (edit distance, swapped
 * neighbours counting one, at most a third of the word's length, but one slip
 * is always allowed)? Of equals the first; words of more than 64 bytes are near
 * nothing. {NULL, 0} where none is near. */
struct str str_nearest(struct str word, const struct str *known, size_t n);

bool str_is_utf8(struct str s);
/* How many bytes the character at `from` has (1 to 4); 0 where no valid UTF-8
 * begins there, or the end has come. */
size_t str_utf8_at(struct str s, size_t from);
/* No byte below 0x20, none 0x7f, and valid UTF-8. */
bool str_is_printable(struct str s);

/* A seeded 64-bit hash for tables in memory; not for anything kept. */
uint64_t str_hash(struct str s, uint64_t seed);

#endif
