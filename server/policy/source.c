/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * People who write a page think in brochures and spreadsheets: 250,000 for a
 * number, a key written twice, quotes pasted from a document. Lua takes the
 * first two without a word and calls the third "unexpected symbol". So the
 * page's tokens are looked at before Lua is, for a list of known slips, and
 * each is answered with what to write. Only what stands directly in { ... } is
 * held to the habits of a page; a function's body may be any Lua. */
#include "policy/source.h"

#include <stdio.h>

#include "policy/source_parts.h"

bool source_is_mark(struct token token, const char *mark)
{
    return token_is(token, TOKEN_MARK, mark);
}

bool source_is_any(struct token token, enum token_kind kind,
                   const char *const *words)
{
    for (; *words; words++)
        if (token_is(token, kind, *words))
            return true;
    return false;
}

struct token source_before(const struct source *s, size_t n)
{
    return s->last[SOURCE_BEFORE - n];
}

struct token source_after(const struct source *s, size_t n)
{
    struct token_reader reader = s->reader;
    struct token token = token_next(&reader);
    while (--n > 0)
        token = token_next(&reader);
    return token;
}

bool source_in_table(const struct source *s)
{
    return s->depth > 0 && source_is_mark(s->open[s->depth - 1], "{");
}

bool source_in_bracket(const struct source *s)
{
    return s->depth > 0 && s->open[s->depth - 1].kind == TOKEN_MARK;
}

bool source_on_page(const struct source *s)
{
    return s->blocks == 0;
}

bool source_is_word(struct token token)
{
    static const char *const reserved[] = {
        "and",      "break",  "do",   "else", "elseif", "end",   "false", "for",
        "function", "goto",   "if",   "in",   "local",  "nil",   "not",   "or",
        "repeat",   "return", "then", "true", "until",  "while", NULL};
    return token.kind == TOKEN_NAME &&
           !source_is_any(token, TOKEN_NAME, reserved);
}

bool source_ends_value(struct token token)
{
    static const char *const words[] = {"end", "true", "false", "nil", NULL};
    static const char *const marks[] = {")", "}", "]", NULL};
    return token.kind == TOKEN_NUMBER || token.kind == TOKEN_TEXT ||
           source_is_word(token) || source_is_any(token, TOKEN_NAME, words) ||
           source_is_any(token, TOKEN_MARK, marks);
}

bool source_starts_field(struct token token)
{
    static const char *const marks[] = {"{", ",", ";", NULL};
    return source_is_any(token, TOKEN_MARK, marks);
}

bool source_is_declaration(struct token token)
{
    static const char *const words[] = {"tier", "metric", "margin", "expect",
                                        NULL};
    return source_is_any(token, TOKEN_NAME, words);
}

struct str source_show(struct token token, char *out, size_t size)
{
    bool text = token.kind == TOKEN_TEXT;
    if (source_is_mark(token, "{"))
        snprintf(out, size, "{ ... }");
    else if (token.text.len > SOURCE_SHOWN || token.kind == TOKEN_MARK ||
             token_is(token, TOKEN_NAME, "function"))
        snprintf(out, size, "...");
    else
        snprintf(out, size, "%s" STR_FMT "%s", text ? "\"" : "",
                 STR_ARG(token.text), text ? "\"" : "");
    return str_of(out);
}

bool source_refuse(struct source *s, int line, const char *format, ...)
{
    char text[sizeof s->fault->text];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (line == s->remark.line)
        source_remark_advise(s, text, sizeof text);
    if (!s->title.len)
        return fault_set(s->fault, FAULT_POLICYERR, STR_FMT ":%d: %s",
                         STR_ARG(s->name), line, text);
    return fault_set(s->fault, FAULT_POLICYERR,
                     STR_FMT ":%d: " STR_FMT " \"" STR_FMT "\": %s",
                     STR_ARG(s->name), line, STR_ARG(s->word),
                     STR_ARG(s->title), text);
}

/* --- following ----------------------------------------------------------- */

static void push(struct source *s, struct token token)
{
    s->blocks += token.kind == TOKEN_NAME;
    s->open[s->depth] = token;
    s->is_call[s->depth] = source_ends_value(source_before(s, 1));
    s->keys_from[s->depth++] = buf_len(&s->keys) / sizeof(struct str);
}

static void pop(struct source *s)
{
    if (s->depth == 0)
        return;
    s->depth--;
    s->blocks -= s->open[s->depth].kind == TOKEN_NAME;
    s->was_call = s->is_call[s->depth];
    buf_cut(&s->keys, s->keys_from[s->depth] * sizeof(struct str));
}

/* Whole characters of a declaration's name. */
static struct str clip(struct str text)
{
    size_t n = text.len < 64 ? text.len : 64;
    while (n < text.len && n > 0 && ((unsigned char)text.at[n] & 0xc0) == 0x80)
        n--;
    return str_part(text, 0, n);
}

static void follow_title(struct source *s, struct token token)
{
    struct token word = source_before(s, 1);
    if (s->depth > 0)
        return;
    if (token.kind == TOKEN_TEXT && word.kind == TOKEN_NAME) {
        s->word = word.text;
        s->title = clip(token.text);
    } else if (token.kind == TOKEN_NAME) {
        s->title = (struct str){NULL, 0};
    }
}

static void follow(struct source *s, struct token token)
{
    static const char *const opens[] = {"function", "if", "do", "repeat", NULL};
    static const char *const closes[] = {"end", "until", NULL};
    static const char *const left[] = {"(", "[", "{", NULL};
    static const char *const right[] = {")", "]", "}", NULL};
    follow_title(s, token);
    if (source_is_any(token, TOKEN_NAME, opens) ||
        source_is_any(token, TOKEN_MARK, left))
        push(s, token);
    else if (source_is_any(token, TOKEN_NAME, closes) ||
             source_is_any(token, TOKEN_MARK, right))
        pop(s);
    for (size_t i = 0; i + 1 < SOURCE_BEFORE; i++)
        s->last[i] = s->last[i + 1];
    s->last[SOURCE_BEFORE - 1] = token;
}

static bool check(struct source *s, struct token token)
{
    return source_remark_check(s, token) && source_glyph_check(s, token) &&
           source_bracket_check(s, token) && source_head_check(s, token) &&
           source_number_check(s, token) && source_unit_check(s, token) &&
           source_field_check(s, token);
}

bool source_check(struct str name, struct str text, struct fault *fault)
{
    struct source s = {.name = name, .text = text, .fault = fault};
    struct token token;
    if (!source_encoding_check(&s))
        return false;
    if (str_has_prefix(text, STR("\xef\xbb\xbf")))
        s.text = str_part(text, 3, text.len);
    token_init(&s.reader, s.text);
    buf_init(&s.keys);
    bool ok = true;
    do {
        token = token_next(&s.reader);
        ok = check(&s, token);
        follow(&s, token);
    } while (ok && token.kind != TOKEN_END && token.kind != TOKEN_BAD &&
             s.depth < SOURCE_DEPTH);
    buf_fini(&s.keys);
    return ok;
}
