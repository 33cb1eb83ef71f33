/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Names end up inside names of fields and keys, where ':' '/' ',' '=' and
 * blanks separate. Whatever passes here can be put together and taken apart
 * again without quoting. */
#include "facts/name.h"

enum { NAME_WORD_BYTES = 64 };

/* Which bytes a name may have, first and later. */
enum { LOWER = 1, UPPER = 2, DIGIT = 4, UNDERLINE = 8, HYPHEN = 16 };

static bool is_one_of(char c, unsigned classes)
{
    if (c >= 'a' && c <= 'z')
        return classes & LOWER;
    if (c >= 'A' && c <= 'Z')
        return classes & UPPER;
    if (c >= '0' && c <= '9')
        return classes & DIGIT;
    return (c == '_' && classes & UNDERLINE) || (c == '-' && classes & HYPHEN);
}

static bool is_name(struct str s, unsigned first, unsigned later)
{
    if (s.len == 0 || s.len > NAME_WORD_BYTES || !is_one_of(s.at[0], first))
        return false;
    for (size_t i = 1; i < s.len; i++)
        if (!is_one_of(s.at[i], later))
            return false;
    return true;
}

bool name_is_word(struct str s)
{
    return is_name(s, LOWER, LOWER | DIGIT | UNDERLINE);
}

bool name_is_path(struct str s)
{
    if (s.len == 0 || s.len > NAME_PATH_BYTES)
        return false;
    for (size_t from = 0; from <= s.len;) {
        size_t slash = str_find(s, '/', from);
        if (!name_is_word(str_part(s, from, slash)))
            return false;
        from = slash + 1;
    }
    return true;
}

bool name_is_unit(struct str s)
{
    return is_name(s, LOWER | UPPER, LOWER | UPPER | DIGIT | UNDERLINE);
}

bool name_is_program(struct str s)
{
    return is_name(s, LOWER, LOWER | DIGIT | UNDERLINE | HYPHEN);
}

bool name_is_token(struct str s)
{
    unsigned any = LOWER | UPPER | DIGIT | UNDERLINE | HYPHEN;
    return is_name(s, any, any);
}

static bool has(struct str s, char byte)
{
    return str_find(s, byte, 0) < s.len;
}

bool name_is_id(struct str s)
{
    return s.len > 0 && s.len <= NAME_ID_BYTES && !has(s, ' ') &&
           str_is_printable(s);
}

bool name_is_partner(struct str s)
{
    return name_is_id(s) && !has(s, ':');
}

bool name_is_label_value(struct str s)
{
    return name_is_id(s) && !has(s, ',') && !has(s, '=') && !has(s, ':');
}

bool name_is_value(struct str s)
{
    return s.len > 0 && s.len <= NAME_VALUE_BYTES && str_is_printable(s);
}

bool path_is_under(struct str path, struct str ancestor)
{
    if (!str_has_prefix(path, ancestor))
        return false;
    return path.len == ancestor.len || path.at[ancestor.len] == '/';
}
