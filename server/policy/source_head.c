/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The head of a declaration: tier "gold" { ... }, without anything between. */
#include "policy/source_parts.h"

/* "tier("gold", { ... }): write tier "gold" { ... }" */
static bool advise(struct source *s, struct token word, const char *middle,
                   struct token name, const char *tail)
{
    const char *quote = name.kind == TOKEN_TEXT ? "\"" : "";
    struct str shown = str_part(name.text, 0, SOURCE_SHOWN);
    s->title = (struct str){NULL, 0};
    return source_refuse(s, name.line,
                         STR_FMT "%s%s" STR_FMT "%s%s: write " STR_FMT
                                 " \"" STR_FMT "\" { ... }",
                         STR_ARG(word.text), middle, quote, STR_ARG(shown),
                         quote, tail, STR_ARG(word.text), STR_ARG(shown));
}

/* tier gold { */
static bool check_bare(struct source *s, struct token token)
{
    struct token word = source_before(s, 1), left = source_before(s, 2);
    if (!source_is_word(token) || !source_is_declaration(word) ||
        word.line != token.line || source_is_mark(left, "=") ||
        source_is_mark(left, ",") || source_is_mark(left, "."))
        return true;
    struct token next = source_after(s, 1);
    if (next.kind == TOKEN_MARK && (unsigned char)next.text.at[0] >= 0x80)
        return true; /* a word that cannot be written; it is refused next */
    return advise(s, word, " ", token, "");
}

/* tier "gold", { ... }; tier "gold" = { ... }; tier "gold": { ... } */
static bool check_between(struct source *s, struct token token)
{
    static const struct {
        const char *mark, *shown;
    } rows[] = {{",", ", { ... }"}, {"=", " = { ... }"}, {":", ": { ... }"}};
    struct token name = source_before(s, 1), word = source_before(s, 2);
    if (name.kind != TOKEN_TEXT || !source_is_declaration(word) ||
        !source_is_mark(source_after(s, 1), "{"))
        return true;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (source_is_mark(token, rows[i].mark))
            return advise(s, word, " ", name, rows[i].shown);
    return true;
}

/* tier = "gold" { ... } */
static bool check_equals(struct source *s, struct token token)
{
    if (!source_is_mark(token, "{") || source_before(s, 1).kind != TOKEN_TEXT ||
        !source_is_mark(source_before(s, 2), "=") ||
        !source_is_declaration(source_before(s, 3)))
        return true;
    return advise(s, source_before(s, 3), " = ", source_before(s, 1),
                  " { ... }");
}

/* tier("gold", { ... }) */
static bool check_call(struct source *s, struct token token)
{
    if (!source_is_mark(token, ",") || source_before(s, 1).kind != TOKEN_TEXT ||
        !source_is_mark(source_before(s, 2), "(") ||
        !source_is_declaration(source_before(s, 3)) ||
        !source_is_mark(source_after(s, 1), "{"))
        return true;
    return advise(s, source_before(s, 3), "(", source_before(s, 1),
                  ", { ... })");
}

bool source_head_check(struct source *s, struct token token)
{
    if (s->depth > 0 && !source_on_page(s))
        return true;
    if (s->depth == 1)
        return check_call(s, token);
    return s->depth > 0 || (check_bare(s, token) && check_between(s, token) &&
                            check_equals(s, token));
}
