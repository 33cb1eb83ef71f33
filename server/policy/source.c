/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * People who write a page think in brochures and spreadsheets: 250,000 for a
 * number, a key written twice, quotes pasted from a document. Lua takes the
 * first two without a word and calls the third "unexpected symbol". So the
 * page's tokens are looked at before Lua is, for a handful of known slips, and
 * each is answered with what to write. Only what stands directly in { ... } is
 * held to the habits of a page; a function's body may be any Lua. */
#include "policy/source.h"

#include <stdio.h>
#include <string.h>

#include "policy/source_glyph.h"
#include "policy/token.h"

enum {
    SOURCE_DEPTH = 100, /* what is nested deeper is refused elsewhere */
    SOURCE_KEYS = 1000, /* of one table that are compared */
};

enum { BEFORE = 4 };

struct source {
    struct str name, text;
    struct fault *fault;
    struct token last[BEFORE]; /* the latest at the end */
    char open[SOURCE_DEPTH];   /* '{', '(', '[', or 'b' for a block */
    size_t depth;
    struct str word, title; /* of the declaration: tier, gold */
    struct buf keys;        /* struct str: of the tables that are open */
    size_t keys_from[SOURCE_DEPTH];
};

static bool is_mark(struct token token, const char *mark)
{
    return token_is(token, TOKEN_MARK, mark);
}

static struct token before(const struct source *s, size_t n)
{
    return s->last[BEFORE - n];
}

/* Are we directly in the braces of a table? */
static bool in_table(const struct source *s)
{
    return s->depth > 0 && s->open[s->depth - 1] == '{';
}

static PRINTF_LIKE(3, 4) bool refuse(struct source *s, int line,
                                     const char *format, ...)
{
    char text[sizeof s->fault->text];
    va_list values;
    va_start(values, format);
    vsnprintf(text, sizeof text, format, values);
    va_end(values);
    if (!s->title.len)
        return fault_set(s->fault, FAULT_POLICYERR, STR_FMT ":%d: %s",
                         STR_ARG(s->name), line, text);
    return fault_set(s->fault, FAULT_POLICYERR,
                     STR_FMT ":%d: " STR_FMT " \"" STR_FMT "\": %s",
                     STR_ARG(s->name), line, STR_ARG(s->word),
                     STR_ARG(s->title), text);
}

static bool is_digits(struct str text, size_t least, size_t most)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.len >= least && text.len <= most;
}

/* " or 250 * thousand", where that is another way to write it. */
static void say_round(struct str head, struct str tail, char *out, size_t size)
{
    out[0] = '\0';
    if (str_is(tail, STR("000")))
        snprintf(out, size, " or " STR_FMT " * thousand", STR_ARG(head));
}

/* name = 250,000 and 250 000 */
static bool check_groups(struct source *s, struct token token)
{
    struct token separator = before(s, 1);
    bool comma = is_mark(separator, ",");
    struct token head = comma ? before(s, 2) : separator;
    char round[64];
    if (token.kind != TOKEN_NUMBER || !is_digits(token.text, 3, 3) ||
        head.kind != TOKEN_NUMBER || !is_digits(head.text, 1, 3))
        return true;
    say_round(head.text, token.text, round, sizeof round);
    if (!comma)
        return refuse(s, token.line,
                      STR_FMT " " STR_FMT ": write " STR_FMT STR_FMT "%s",
                      STR_ARG(head.text), STR_ARG(token.text),
                      STR_ARG(head.text), STR_ARG(token.text), round);
    struct token name = before(s, 4);
    if (!in_table(s) || !is_mark(before(s, 3), "=") || name.kind != TOKEN_NAME)
        return true;
    return refuse(s, token.line,
                  STR_FMT " = " STR_FMT ", then a stray " STR_FMT
                          "; write " STR_FMT STR_FMT "%s",
                  STR_ARG(name.text), STR_ARG(head.text), STR_ARG(token.text),
                  STR_ARG(head.text), STR_ARG(token.text), round);
}

/* 250.000, 250_000 */
static bool check_number(struct source *s, struct token token)
{
    if (token.kind != TOKEN_NUMBER)
        return true;
    size_t point = str_find(token.text, '.', 0);
    struct str head = str_part(token.text, 0, point);
    struct str tail = str_part(token.text, point + 1, token.text.len);
    if (str_find(token.text, '_', 0) < token.text.len)
        return refuse(s, token.line,
                      STR_FMT ": a number has digits only; "
                              "write 250000 or 250 * thousand",
                      STR_ARG(token.text));
    if (point == token.text.len || !is_digits(head, 1, 3) ||
        !is_digits(tail, 3, 3) || str_is(head, STR("0")))
        return true;
    return refuse(s, token.line,
                  STR_FMT " is " STR_FMT " and a fraction; "
                          "write " STR_FMT STR_FMT ", or " STR_FMT
                          "0 for the fraction",
                  STR_ARG(token.text), STR_ARG(head), STR_ARG(head),
                  STR_ARG(tail), STR_ARG(token.text));
}

/* 20% before anything that is no operand */
static bool check_percent(struct source *s, struct token token)
{
    bool operand = token.kind == TOKEN_NUMBER || token.kind == TOKEN_NAME ||
                   is_mark(token, "(");
    if (operand || !is_mark(before(s, 1), "%") ||
        before(s, 2).kind != TOKEN_NUMBER)
        return true;
    return refuse(s, before(s, 1).line,
                  STR_FMT "%%: write percent(" STR_FMT ")",
                  STR_ARG(before(s, 2).text), STR_ARG(before(s, 2).text));
}

/* revenue >= 250000 */
static bool check_comparison(struct source *s, struct token token)
{
    static const char *const marks[] = {">=", "<=", ">", "<"};
    static const char *const words[] = {"= ", "= at_most(", "= over(",
                                        "= below("};
    bool field = is_mark(before(s, 3), "{") || is_mark(before(s, 3), ",");
    if (!in_table(s) || !field || token.kind != TOKEN_NUMBER ||
        before(s, 2).kind != TOKEN_NAME)
        return true;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (is_mark(before(s, 1), marks[i]))
            return refuse(
                s, token.line,
                STR_FMT " %s " STR_FMT ": write " STR_FMT " %s" STR_FMT "%s%s",
                STR_ARG(before(s, 2).text), marks[i], STR_ARG(token.text),
                STR_ARG(before(s, 2).text), words[i], STR_ARG(token.text),
                i ? ")" : "", i ? "" : " (a number is at least that number)");
    return true;
}

/* a = 1 b = 2 */
static bool check_comma(struct source *s, struct token token)
{
    struct token value = before(s, 2);
    bool ends = value.kind == TOKEN_NUMBER || value.kind == TOKEN_TEXT ||
                is_mark(value, ")") || is_mark(value, "}");
    if (!in_table(s) || !is_mark(token, "=") || !ends ||
        before(s, 1).kind != TOKEN_NAME)
        return true;
    return refuse(s, value.line, "a comma is missing before " STR_FMT,
                  STR_ARG(before(s, 1).text));
}

/* { a = 1, a = 2 } */
static bool check_key(struct source *s, struct token token)
{
    struct str key = before(s, 1).text;
    bool field = is_mark(before(s, 2), "{") || is_mark(before(s, 2), ",") ||
                 is_mark(before(s, 2), ";");
    if (!in_table(s) || !is_mark(token, "=") || !field ||
        before(s, 1).kind != TOKEN_NAME)
        return true;
    struct str bytes = buf_peek(&s->keys);
    size_t n = bytes.len / sizeof key, from = s->keys_from[s->depth - 1];
    if (n - from >= SOURCE_KEYS)
        return true;
    for (size_t i = from; i < n; i++) {
        struct str other;
        memcpy(&other, bytes.at + i * sizeof other, sizeof other);
        if (str_is(other, key))
            return refuse(s, token.line,
                          STR_FMT " is said twice here; leave "
                                  "one of them out",
                          STR_ARG(key));
    }
    buf_add(&s->keys, (struct str){(const char *)&key, sizeof key});
    return true;
}

static bool check_glyph(struct source *s, struct token token)
{
    if (token.kind != TOKEN_MARK || (unsigned char)token.text.at[0] < 0x80)
        return true;
    size_t at = (size_t)(token.text.at - s->text.at);
    return refuse(s, token.line, "%s",
                  source_glyph_advice(str_part(s->text, at, s->text.len)));
}

static void push(struct source *s, char kind)
{
    s->open[s->depth] = kind;
    s->keys_from[s->depth++] = buf_len(&s->keys) / sizeof(struct str);
}

static void pop(struct source *s)
{
    if (s->depth > 0)
        buf_cut(&s->keys, s->keys_from[--s->depth] * sizeof(struct str));
}

static bool is_any(struct token token, enum token_kind kind,
                   const char *const *words)
{
    for (; *words; words++)
        if (token_is(token, kind, *words))
            return true;
    return false;
}

static void follow(struct source *s, struct token token)
{
    static const char *const opens[] = {"function", "if", "do", "repeat", NULL};
    static const char *const closes[] = {"end", "until", NULL};
    static const char *const left[] = {"(", "[", "{", NULL};
    static const char *const right[] = {")", "]", "}", NULL};
    if (s->depth == 0 && token.kind == TOKEN_TEXT &&
        before(s, 1).kind == TOKEN_NAME) {
        s->word = before(s, 1).text;
        s->title = str_part(token.text, 0, 64);
    } else if (s->depth == 0 && token.kind == TOKEN_NAME) {
        s->title = (struct str){NULL, 0};
    }
    if (is_any(token, TOKEN_NAME, opens))
        push(s, 'b');
    else if (is_any(token, TOKEN_MARK, left))
        push(s, token.text.at[0]);
    else if (is_any(token, TOKEN_NAME, closes) ||
             is_any(token, TOKEN_MARK, right))
        pop(s);
}

static bool check(struct source *s, struct token token)
{
    return check_glyph(s, token) && check_groups(s, token) &&
           check_number(s, token) && check_percent(s, token) &&
           check_comparison(s, token) && check_comma(s, token) &&
           check_key(s, token);
}

bool source_check(struct str name, struct str text, struct fault *fault)
{
    struct source s = {.name = name, .fault = fault};
    struct token_reader reader;
    struct token token;
    bool ok = true;
    if (str_has_prefix(text, STR("\xef\xbb\xbf")))
        text = str_part(text, 3, text.len);
    s.text = text;
    token_init(&reader, text);
    buf_init(&s.keys);
    do {
        token = token_next(&reader);
        ok = check(&s, token);
        follow(&s, token);
        for (size_t i = 0; i + 1 < BEFORE; i++)
            s.last[i] = s.last[i + 1];
        s.last[BEFORE - 1] = token;
    } while (ok && token.kind != TOKEN_END && token.kind != TOKEN_BAD &&
             s.depth < SOURCE_DEPTH);
    buf_fini(&s.keys);
    return ok;
}
