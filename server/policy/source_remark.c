/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A comment begins with --, but in most languages with // or #. Lua reads the
 * one as a division and the other as a length, and stumbles over some word
 * behind it, or over an apostrophe. So a line with one of them is remembered:
 * whatever is wrong behind it is taken for a remark. */
#include <stdio.h>

#include "policy/source_parts.h"

/* The remark from its mark to the end of the line. */
static struct str remark_of(const struct source *s)
{
    size_t at = (size_t)(s->remark.text.at - s->text.at);
    return str_trim(str_part(s->text, at, str_find(s->text, '\n', at)));
}

void source_remark_advise(const struct source *s, char *out, size_t size)
{
    struct str remark = remark_of(s);
    size_t n = 0, mark = str_has_prefix(remark, STR("#")) ? 1 : 2;
    while (n < SOURCE_SHOWN && str_utf8_at(remark, n))
        n += str_utf8_at(remark, n);
    const char *dots = n < remark.len ? "..." : "";
    struct str shown = str_part(remark, 0, n);
    snprintf(out, size,
             STR_FMT "%s: a comment begins with --; write -- " STR_FMT "%s",
             STR_ARG(shown), dots,
             STR_ARG(str_trim(str_part(shown, mark, shown.len))), dots);
}

static bool refuse(struct source *s, struct token token)
{
    s->remark = token;
    if (s->depth == 0)
        s->title = (struct str){NULL, 0};
    return source_refuse(s, token.line, "a remark");
}

/* In "a // b c d", can a statement begin with c? */
static bool is_sentence(const struct source *s, int line)
{
    static const char *const goes_on[] = {"=", ",", "(", ".",
                                          ":", "[", "{", NULL};
    struct token second = source_after(s, 2), third = source_after(s, 3);
    return source_is_word(source_after(s, 1)) && source_is_word(second) &&
           second.line == line && third.kind != TOKEN_TEXT &&
           !source_is_any(third, TOKEN_MARK, goes_on);
}

static bool check_slashes(struct source *s, struct token token)
{
    struct token left = source_before(s, 1);
    bool page = source_on_page(s);
    if (!source_ends_value(left) || is_sentence(s, token.line) ||
        (page && (source_is_mark(left, "}") || left.kind == TOKEN_TEXT)))
        return refuse(s, token);
    if (page)
        s->remark = token;
    return true;
}

/* The length of a list is never a field of the page, nor a statement. */
static bool check_hash(struct source *s, struct token token)
{
    static const char *const blocks[] = {"do", "then", "repeat", "else", NULL};
    struct token left = source_before(s, 1);
    bool field = source_in_table(s) && source_starts_field(left);
    if (left.kind == TOKEN_END || source_ends_value(left) ||
        source_is_any(left, TOKEN_NAME, blocks) || (source_on_page(s) && field))
        return refuse(s, token);
    return true;
}

bool source_remark_check(struct source *s, struct token token)
{
    if (source_is_mark(token, "//"))
        return check_slashes(s, token);
    if (source_is_mark(token, "#"))
        return check_hash(s, token);
    if (source_is_mark(token, "*") && source_is_mark(source_before(s, 1), "/"))
        return refuse(s, source_before(s, 1));
    return token.kind != TOKEN_BAD || token.line != s->remark.line ||
           source_refuse(s, token.line, "a remark");
}
