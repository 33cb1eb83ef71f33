/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_FACTS_NAME_H
#define PALIER_FACTS_NAME_H

#include <stdbool.h>

#include "base/base.h"

enum { NAME_ID_BYTES = 128, NAME_VALUE_BYTES = 1024, NAME_PATH_BYTES = 256 };

bool name_is_word(struct str s);        /* [a-z][a-z0-9_]*, at most 64 bytes */
bool name_is_path(struct str s);        /* words joined by '/' */
bool name_is_unit(struct str s);        /* [A-Za-z][A-Za-z0-9_]*, at most 64 */
bool name_is_program(struct str s);     /* [a-z][a-z0-9_-]*, at most 64 */
bool name_is_partner(struct str s);     /* 1-128 printable, no space, no ':' */
bool name_is_id(struct str s);          /* 1-128 printable, no space */
bool name_is_label_value(struct str s); /* name_is_id without ',' '=' ':' */
bool name_is_token(struct str s);       /* [A-Za-z0-9_-], 1-64: of a list */
/* 1-1024 bytes of printable UTF-8: an attribute's value. */
bool name_is_value(struct str s);

/* Is `path` `ancestor` itself or below it? "revenue/cloud" is under "revenue",
 * "revenue2" is not. */
bool path_is_under(struct str path, struct str ancestor);

struct pair {
    struct str name, value;
};
/* "class=license,deal=D-9" to pairs, names sorted and distinct. Returns their
 * number, -1 where it is not that form; at most `max`. "" is 0 pairs. */
int labels_parse(struct str labels, struct pair *pairs, int max);
/* Does the packed text `labels` hold every pair of `wanted`? */
bool labels_hold(struct str labels, const struct pair *wanted, size_t n);
enum { LABELS_MAX = 16 };

#endif
