/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Labels are kept as one text, "class=license,deal=D-9". Names are sorted and
 * distinct, so that equal labels are equal texts, and comparing two entries or
 * finding one again needs no parsing. */
#include "facts/name.h"

/* "name=value" */
static bool pair_parse(struct str s, struct pair *pair)
{
    size_t equals = str_find(s, '=', 0);
    pair->name = str_part(s, 0, equals);
    pair->value = str_part(s, equals + 1, s.len);
    return name_is_word(pair->name) && name_is_label_value(pair->value);
}

int labels_parse(struct str labels, struct pair *pairs, int max)
{
    int n = 0;
    for (size_t from = 0; labels.len > 0 && from <= labels.len; n++) {
        size_t comma = str_find(labels, ',', from);
        if (n == max || !pair_parse(str_part(labels, from, comma), &pairs[n]))
            return -1;
        if (n > 0 && str_order(pairs[n - 1].name, pairs[n].name) >= 0)
            return -1;
        from = comma + 1;
    }
    return n;
}

static bool is_pair(struct str s, const struct pair *wanted)
{
    size_t value = wanted->name.len + 1;
    return s.len == value + wanted->value.len &&
           str_has_prefix(s, wanted->name) && s.at[value - 1] == '=' &&
           str_is(str_part(s, value, s.len), wanted->value);
}

static bool holds(struct str labels, const struct pair *wanted)
{
    for (size_t from = 0; from < labels.len;) {
        size_t comma = str_find(labels, ',', from);
        if (is_pair(str_part(labels, from, comma), wanted))
            return true;
        from = comma + 1;
    }
    return false;
}

bool labels_hold(struct str labels, const struct pair *wanted, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!holds(labels, &wanted[i]))
            return false;
    return true;
}
