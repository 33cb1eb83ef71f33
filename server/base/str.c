/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Text arrives in the middle of other text and is not terminated: a place and
 * a length are all that is needed to look at it without copying. */
#include <string.h>

#include "base/str.h"

struct str str_of(const char *text)
{
    return (struct str){text, text ? strlen(text) : 0};
}

bool str_is(struct str a, struct str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

static unsigned char lower(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

bool str_is_nocase(struct str a, struct str b)
{
    if (a.len != b.len)
        return false;
    for (size_t i = 0; i < a.len; i++)
        if (lower(a.at[i]) != lower(b.at[i]))
            return false;
    return true;
}

int str_order(struct str a, struct str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.at, b.at, shared) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool str_has_prefix(struct str s, struct str prefix)
{
    return s.len >= prefix.len && str_is(str_part(s, 0, prefix.len), prefix);
}

size_t str_find(struct str s, char byte, size_t from)
{
    if (from >= s.len)
        return s.len;
    const char *found = memchr(s.at + from, byte, s.len - from);
    return found ? (size_t)(found - s.at) : s.len;
}

struct str str_part(struct str s, size_t from, size_t until)
{
    if (!s.at)
        return s;
    until = until < s.len ? until : s.len;
    from = from < until ? from : until;
    return (struct str){s.at + from, until - from};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct str str_trim(struct str s)
{
    size_t from = 0, until = s.len;
    while (from < until && is_blank(s.at[from]))
        from++;
    while (until > from && is_blank(s.at[until - 1]))
        until--;
    return str_part(s, from, until);
}

bool str_to_int64(struct str s, int64_t *value)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    struct str digits = str_part(s, negative, s.len);
    if (digits.len == 0 || digits.len > 19)
        return false;
    if (digits.at[0] == '0' && s.len > 1) /* "007" and "-0" */
        return false;
    uint64_t n = 0; /* 19 digits always fit */
    for (size_t i = 0; i < digits.len; i++) {
        unsigned digit = (unsigned)(digits.at[i] - '0');
        if (digit > 9)
            return false;
        n = n * 10 + digit;
    }
    if (n > (uint64_t)INT64_MAX + negative)
        return false;
    *value = (int64_t)(negative ? 0 - n : n);
    return true;
}
