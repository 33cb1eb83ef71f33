/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a script may not contain, and which files it includes, is decided before
 * Lua compiles it. Both need to know what is a word and what is only text or a
 * comment, by the very rules of Lua's own lexer: where the two disagreed, a
 * forbidden word could hide. So this follows llex.c step by step, down to the
 * four spellings of a line's end. */
#include "policy/token.h"

#include <string.h>

void token_init(struct token_reader *reader, struct str source)
{
    *reader = (struct token_reader){source, 0, 1};
}

bool token_is(struct token token, enum token_kind kind, const char *text)
{
    return token.kind == kind && str_is(token.text, str_of(text));
}

/* The byte `ahead` of the current one, -1 beyond the end. */
static int peek(const struct token_reader *r, size_t ahead)
{
    return r->at + ahead < r->source.len
               ? (unsigned char)r->source.at[r->at + ahead]
               : -1;
}

static bool is_newline(int c)
{
    return c == '\n' || c == '\r';
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* One line's end: \n, \r, \r\n or \n\r. */
static void skip_newline(struct token_reader *r)
{
    int first = peek(r, 0);

    r->at++;
    if (is_newline(peek(r, 0)) && peek(r, 0) != first)
        r->at++;
    r->line++;
}

/* How many '=' stand between the two brackets that open (`[==[`) or close a
 * long text here; -1 where none does. */
static int long_level(const struct token_reader *r, int bracket)
{
    size_t n = 1;

    if (peek(r, 0) != bracket)
        return -1;
    while (peek(r, n) == '=')
        n++;
    return peek(r, n) == bracket ? (int)(n - 1) : -1;
}

static struct token make(const struct token_reader *r, enum token_kind kind,
                         size_t from, size_t until, int line)
{
    return (struct token){kind, str_part(r->source, from, until), line};
}

static struct token unfinished(struct token_reader *r, size_t from, int line)
{
    r->at = r->source.len;
    return make(r, TOKEN_BAD, from, r->at, line);
}

static struct token long_text(struct token_reader *r, int level)
{
    size_t begin = r->at, from;
    int line = r->line;

    r->at += (size_t)level + 2;
    if (is_newline(peek(r, 0)))
        skip_newline(r);
    from = r->at;
    while (peek(r, 0) >= 0) {
        if (long_level(r, ']') == level) {
            size_t until = r->at;
            r->at += (size_t)level + 2;
            return make(r, TOKEN_TEXT, from, until, line);
        }
        if (is_newline(peek(r, 0)))
            skip_newline(r);
        else
            r->at++;
    }
    return unfinished(r, begin, line);
}

/* After a backslash: what it takes away from being the text's end. */
static void skip_escape(struct token_reader *r)
{
    if (is_newline(peek(r, 0))) {
        skip_newline(r);
    } else if (peek(r, 0) == 'z') {
        r->at++;
        while (peek(r, 0) >= 0 && memchr(" \f\t\v\n\r", peek(r, 0), 6)) {
            if (is_newline(peek(r, 0)))
                skip_newline(r);
            else
                r->at++;
        }
    } else if (peek(r, 0) >= 0) {
        r->at++;
    }
}

static struct token quoted_text(struct token_reader *r)
{
    size_t begin = r->at++;
    int quote = (unsigned char)r->source.at[begin];
    int line = r->line;

    while (peek(r, 0) >= 0 && !is_newline(peek(r, 0))) {
        int c = peek(r, 0);
        r->at++;
        if (c == quote)
            return make(r, TOKEN_TEXT, begin + 1, r->at - 1, line);
        if (c == '\\')
            skip_escape(r);
    }
    return unfinished(r, begin, line);
}

static struct token number(struct token_reader *r)
{
    size_t begin = r->at;
    bool hex = peek(r, 0) == '0' && (peek(r, 1) | 0x20) == 'x';
    int exponent = hex ? 'p' : 'e';

    r->at += hex ? 2 : 0;
    for (;;) {
        int c = peek(r, 0);
        if (c >= 0 && (c | 0x20) == exponent) {
            r->at++;
            if (peek(r, 0) == '+' || peek(r, 0) == '-')
                r->at++;
        } else if (is_digit(c) || is_letter(c) || c == '.') {
            r->at++;
        } else {
            break;
        }
    }
    return make(r, TOKEN_NUMBER, begin, r->at, r->line);
}

static struct token name(struct token_reader *r)
{
    size_t begin = r->at;

    while (is_letter(peek(r, 0)) || is_digit(peek(r, 0)))
        r->at++;
    return make(r, TOKEN_NAME, begin, r->at, r->line);
}

static struct token mark(struct token_reader *r)
{
    static const char *const longer[] = {"...", "..", "::", "<<", ">>",
                                         "//",  "==", "~=", "<=", ">="};
    size_t begin = r->at;
    struct str rest = str_part(r->source, begin, r->source.len);

    for (size_t i = 0; i < COUNT_OF(longer); i++) {
        struct str word = str_of(longer[i]);
        if (str_has_prefix(rest, word)) {
            r->at += word.len;
            return make(r, TOKEN_MARK, begin, r->at, r->line);
        }
    }
    r->at++;
    return make(r, TOKEN_MARK, begin, r->at, r->line);
}

/* At "--". False where the comment does not end, with `bad` set. */
static bool skip_comment(struct token_reader *r, struct token *bad)
{
    int level;

    r->at += 2;
    level = long_level(r, '[');
    if (level >= 0) {
        *bad = long_text(r, level);
        return bad->kind != TOKEN_BAD;
    }
    while (peek(r, 0) >= 0 && !is_newline(peek(r, 0)))
        r->at++;
    return true;
}

static bool skip_blanks(struct token_reader *r, struct token *bad)
{
    for (;;) {
        int c = peek(r, 0);
        if (is_newline(c))
            skip_newline(r);
        else if (c == ' ' || c == '\f' || c == '\t' || c == '\v')
            r->at++;
        else if (c != '-' || peek(r, 1) != '-')
            return true;
        else if (!skip_comment(r, bad))
            return false;
    }
}

struct token token_next(struct token_reader *r)
{
    struct token bad;
    int c, level;

    if (!skip_blanks(r, &bad))
        return bad;
    c = peek(r, 0);
    level = long_level(r, '[');
    if (c < 0)
        return make(r, TOKEN_END, r->at, r->at, r->line);
    if (level >= 0)
        return long_text(r, level);
    if (c == '"' || c == '\'')
        return quoted_text(r);
    if (is_digit(c) || (c == '.' && is_digit(peek(r, 1))))
        return number(r);
    return is_letter(c) ? name(r) : mark(r);
}
