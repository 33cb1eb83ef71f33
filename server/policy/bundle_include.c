/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The sources are read for `include` before they run, so it takes a plain text
 * and nothing that would have to be computed. */
#include "policy/bundle_include.h"

enum { INCLUDE_NAME_BYTES = 200 };

void include_init(struct include_reader *reader, struct str source)
{
    *reader = (struct include_reader){0};
    token_init(&reader->tokens, source);
}

/* Is this token the word itself, not a field (p.include) or a method of that
 * name? */
static bool is_include(struct token before, struct token token)
{
    return token_is(token, TOKEN_NAME, "include") &&
           !token_is(before, TOKEN_MARK, ".") &&
           !token_is(before, TOKEN_MARK, ":");
}

bool include_next(struct include_reader *reader, struct include *include)
{
    struct token token;

    do {
        bool found;
        token = token_next(&reader->tokens);
        found = is_include(reader->before, token);
        reader->before = token;
        if (!found)
            continue;
        token = token_next(&reader->tokens);
        if (token_is(token, TOKEN_MARK, "("))
            token = token_next(&reader->tokens);
        reader->before = token;
        if (token.kind == TOKEN_TEXT) {
            *include = (struct include){token.text, token.line};
            return true;
        }
    } while (token.kind != TOKEN_END);
    return false;
}

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* One name between slashes. */
static bool is_segment(struct str s)
{
    if (s.len == 0 || s.at[0] == '.')
        return false;
    for (size_t i = 0; i < s.len; i++) {
        if (!is_name_byte(s.at[i]))
            return false;
    }
    return true;
}

bool include_is_name(struct str name)
{
    size_t from = 0;

    if (name.len < 5 || name.len > INCLUDE_NAME_BYTES ||
        !str_is(str_part(name, name.len - 4, name.len), STR(".lua")))
        return false;
    while (from <= name.len) {
        size_t until = str_find(name, '/', from);
        if (!is_segment(str_part(name, from, until)))
            return false;
        from = until + 1;
    }
    return true;
}

static const char *wrong(const struct include *include, bool exists)
{
    if (!include_is_name(include->file))
        return "a file is named like \"markets.lua\" or \"emea/markets.lua\"";
    if (str_has_prefix(include->file, STR("language/")))
        return "the language is always there";
    return exists ? NULL : "no such file";
}

bool include_check(struct str from, const struct include *include, bool exists,
                   struct fault *fault)
{
    const char *why = wrong(include, exists);

    return why == NULL ||
           fault_set(fault, FAULT_POLICYERR,
                     STR_FMT ":%d: include \"" STR_FMT "\": %s", STR_ARG(from),
                     include->line, STR_ARG(include->file), why);
}
