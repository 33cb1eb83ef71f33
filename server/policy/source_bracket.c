/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Brackets and blocks. Lua tells of a missing one where it gives up, which is
 * often the end of the file; here the one that is open is named. */
#include "policy/source_parts.h"

static const struct pair_of {
    const char *open, *close;
} pairs[] = {
    {"(", ")"},          {"[", "]"},    {"{", "}"},    {"function", "end"},
    {"repeat", "until"}, {"if", "end"}, {"do", "end"},
};

static const char *closer_of(struct token open)
{
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (str_is(open.text, str_of(pairs[i].open)))
            return pairs[i].close;
    return "end";
}

static bool closes(struct token token)
{
    static const char *const words[] = {"end", "until", NULL};
    static const char *const marks[] = {")", "]", "}", NULL};
    return source_is_any(token, TOKEN_NAME, words) ||
           source_is_any(token, TOKEN_MARK, marks);
}

static bool check_closer(struct source *s, struct token token)
{
    if (!closes(token))
        return true;
    if (s->depth == 0)
        return source_refuse(s, token.line,
                             "an extra " STR_FMT ": nothing is open here; "
                             "leave it out",
                             STR_ARG(token.text));
    struct token open = s->open[s->depth - 1];
    const char *closer = closer_of(open);
    if (str_is(token.text, str_of(closer)))
        return true;
    return source_refuse(s, token.line,
                         "\"%s\" is missing before " STR_FMT ": the " STR_FMT
                         " of line %d is still open",
                         closer, STR_ARG(token.text), STR_ARG(open.text),
                         open.line);
}

static bool check_end(struct source *s, struct token token)
{
    if (token.kind != TOKEN_END || s->depth == 0)
        return true;
    struct token open = s->open[s->depth - 1];
    return source_refuse(s, open.line,
                         "the " STR_FMT " of this line is not closed; "
                         "\"%s\" is missing",
                         STR_ARG(open.text), closer_of(open));
}

/* program { ... tier "gold" { ... }: the word begins a line, and no value of
 * the table can. */
static bool check_inside(struct source *s, struct token token)
{
    static const char *const words[] = {"tier",    "metric", "margin",
                                        "expect",  "facts",  "movement",
                                        "program", NULL};
    struct token left = source_before(s, 1), next;
    if (!source_in_table(s) || !source_on_page(s) ||
        !source_is_any(token, TOKEN_NAME, words) || left.line == token.line ||
        !(source_starts_field(left) || source_ends_value(left)))
        return true;
    next = source_after(s, 1);
    if (next.kind != TOKEN_TEXT && !source_is_mark(next, "{"))
        return true;
    return source_refuse(s, token.line,
                         "\"}\" is missing before " STR_FMT
                         ": the { of line %d is still open",
                         STR_ARG(token.text), s->open[s->depth - 1].line);
}

bool source_bracket_check(struct source *s, struct token token)
{
    return check_closer(s, token) && check_end(s, token) &&
           check_inside(s, token);
}
