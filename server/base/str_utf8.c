/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Which bytes are text? Strict UTF-8 (RFC 3629): no overlong forms, no
 * surrogates, nothing above U+10FFFF, so that a text has one spelling. */
#include "base/str.h"

/* How long a character is by its first byte, and what its second may be: the
 * table 3-7 of the Unicode standard. All bytes after are 0x80 to 0xbf. */
static const struct shape {
    unsigned char first, last, len, low, high;
} shapes[] = {
    {0x00, 0x7f, 1, 0x00, 0x00}, {0xc2, 0xdf, 2, 0x80, 0xbf},
    {0xe0, 0xe0, 3, 0xa0, 0xbf}, {0xe1, 0xec, 3, 0x80, 0xbf},
    {0xed, 0xed, 3, 0x80, 0x9f}, {0xee, 0xef, 3, 0x80, 0xbf},
    {0xf0, 0xf0, 4, 0x90, 0xbf}, {0xf1, 0xf3, 4, 0x80, 0xbf},
    {0xf4, 0xf4, 4, 0x80, 0x8f},
};

static bool has_shape(const unsigned char *at, const struct shape *shape)
{
    if (shape->len > 1 && (at[1] < shape->low || at[1] > shape->high))
        return false;
    for (unsigned i = 2; i < shape->len; i++)
        if ((at[i] & 0xc0) != 0x80)
            return false;
    return true;
}

size_t str_utf8_at(struct str s, size_t from)
{
    if (from >= s.len)
        return 0;
    const unsigned char *at = (const unsigned char *)s.at + from;
    for (size_t i = 0; i < COUNT_OF(shapes); i++) {
        const struct shape *shape = &shapes[i];
        if (*at >= shape->first && *at <= shape->last)
            return shape->len <= s.len - from && has_shape(at, shape)
                       ? shape->len
                       : 0;
    }
    return 0;
}

bool str_is_utf8(struct str s)
{
    size_t at = 0;
    while (at < s.len) {
        size_t len = str_utf8_at(s, at);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

bool str_is_printable(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.at[i] < 0x20 || s.at[i] == 0x7f)
            return false;
    return str_is_utf8(s);
}
