/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Numbers as brochures print them. Lua takes 250,000 for two numbers and
 * 250.000 for 250; 1.500.000 and 250k it calls malformed. */
#include <stdio.h>

#include "policy/source_parts.h"

static bool is_digits(struct str text, size_t least, size_t most)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.at[i] < '0' || text.at[i] > '9')
            return false;
    return text.len >= least && text.len <= most;
}

static size_t digits_at(struct str text, size_t from, bool hex)
{
    size_t at = from;
    for (; at < text.len; at++) {
        char c = text.at[at];
        if (!(c >= '0' && c <= '9') &&
            !(hex && ((c | 32) >= 'a' && (c | 32) <= 'f')))
            break;
    }
    return at - from;
}

/* As Lua reads it. */
static bool is_number(struct str text)
{
    bool hex = text.len > 1 && text.at[0] == '0' && (text.at[1] | 32) == 'x';
    size_t at = hex ? 2 : 0, whole = digits_at(text, at, hex), fraction = 0;
    at += whole;
    if (at < text.len && text.at[at] == '.') {
        fraction = digits_at(text, at + 1, hex);
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (at < text.len && (text.at[at] | 32) == (hex ? 'p' : 'e')) {
        at++;
        at += at < text.len && (text.at[at] == '+' || text.at[at] == '-');
        size_t exponent = digits_at(text, at, false);
        return exponent > 0 && at + exponent == text.len;
    }
    return at == text.len;
}

/* Takes `mark` out of groups of three digits: 1.500.000, 250_000. */
static bool join(struct str text, char mark, struct buf *out)
{
    for (size_t from = 0; from <= text.len;) {
        size_t until = str_find(text, mark, from);
        struct str group = str_part(text, from, until);
        if (!is_digits(group, from ? 3 : 1, 3))
            return false;
        buf_add(out, group);
        from = until + 1;
    }
    return true;
}

/* 1.500.000 */
static bool check_joined(struct source *s, struct token token, char mark)
{
    struct buf number;
    bool ok = true;
    buf_init(&number);
    if (join(token.text, mark, &number)) {
        struct str joined = buf_peek(&number);
        ok = source_refuse(s, token.line,
                           STR_FMT ": a number has digits only; write " STR_FMT,
                           STR_ARG(token.text), STR_ARG(joined));
    }
    buf_fini(&number);
    return ok;
}

/* 250k, 3million, 250EUR */
static bool check_suffix(struct source *s, struct token token)
{
    static const struct {
        const char *suffix, *word;
    } rows[] = {{"k", "thousand"},      {"thousand", "thousand"},
                {"m", "million"},       {"mio", "million"},
                {"million", "million"}, {"millions", "million"}};
    size_t at = digits_at(token.text, 0, false);
    if (at < token.text.len && token.text.at[at] == '.')
        at += 1 + digits_at(token.text, at + 1, false);
    struct str number = str_part(token.text, 0, at);
    struct str suffix = str_part(token.text, at, token.text.len);
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_is_nocase(suffix, str_of(rows[i].suffix)))
            return source_refuse(
                s, token.line, STR_FMT ": write " STR_FMT " * %s",
                STR_ARG(token.text), STR_ARG(number), rows[i].word);
    if (is_number(number) && digits_at(suffix, 0, false) == 0 &&
        str_find(suffix, '.', 0) == suffix.len &&
        str_find(suffix, '_', 0) == suffix.len)
        return source_refuse(
            s, token.line, STR_FMT ": write the number alone: " STR_FMT,
            STR_ARG(str_part(token.text, 0, SOURCE_SHOWN)), STR_ARG(number));
    return source_refuse(s, token.line,
                         STR_FMT
                         ": no number; a number is digits, as in 250000 "
                         "or 4.5, and a day or a text stands in quotes",
                         STR_ARG(str_part(token.text, 0, SOURCE_SHOWN)));
}

static bool check_malformed(struct source *s, struct token token)
{
    return is_number(token.text) ||
           (check_joined(s, token, '.') && check_joined(s, token, '_') &&
            check_suffix(s, token));
}

/* 250.000 */
static bool check_fraction(struct source *s, struct token token)
{
    size_t point = str_find(token.text, '.', 0);
    struct str head = str_part(token.text, 0, point);
    struct str tail = str_part(token.text, point + 1, token.text.len);
    if (point == token.text.len || !is_digits(head, 1, 3) ||
        !is_digits(tail, 3, 3) || str_is(head, STR("0")))
        return true;
    return source_refuse(s, token.line,
                         STR_FMT " is " STR_FMT " and a fraction; "
                                 "write " STR_FMT STR_FMT ", or " STR_FMT
                                 "0 for the fraction",
                         STR_ARG(token.text), STR_ARG(head), STR_ARG(head),
                         STR_ARG(tail), STR_ARG(token.text));
}

/* The digits of 250 000 and of the groups behind, and how to write them. */
static void say_groups(const struct source *s, struct token head,
                       struct token token, bool comma, struct buf *out)
{
    struct str first = token.text;
    struct token_reader reader = s->reader;
    buf_print(out, STR_FMT, STR_ARG(head.text));
    bool more = true;
    size_t groups = 0;
    while (more) {
        buf_add(out, token.text);
        groups++;
        token = token_next(&reader);
        more = !comma || source_is_mark(token, ",");
        if (comma && more)
            token = token_next(&reader);
        more =
            more && token.kind == TOKEN_NUMBER && is_digits(token.text, 3, 3);
    }
    if (groups == 1 && str_is(first, STR("000")))
        buf_print(out, " or " STR_FMT " * thousand", STR_ARG(head.text));
}

static bool refuse_groups(struct source *s, struct token head,
                          struct token token, struct token name)
{
    bool comma = name.kind == TOKEN_NAME;
    struct buf advice;
    buf_init(&advice);
    say_groups(s, head, token, comma, &advice);
    struct str write = buf_peek(&advice);
    bool call = comma && source_is_mark(source_before(s, 3), "(");
    if (call)
        source_refuse(s, token.line,
                      STR_FMT "(" STR_FMT "," STR_FMT "): write " STR_FMT,
                      STR_ARG(name.text), STR_ARG(head.text),
                      STR_ARG(token.text), STR_ARG(write));
    else if (comma)
        source_refuse(s, token.line,
                      STR_FMT " = " STR_FMT ", then a stray " STR_FMT
                              "; write " STR_FMT,
                      STR_ARG(name.text), STR_ARG(head.text),
                      STR_ARG(token.text), STR_ARG(write));
    else
        source_refuse(s, token.line, STR_FMT " " STR_FMT ": write " STR_FMT,
                      STR_ARG(head.text), STR_ARG(token.text), STR_ARG(write));
    buf_fini(&advice);
    return false;
}

/* The words that take one number. */
static bool takes_one(struct token word)
{
    static const char *const words[] = {"percent", "permille", "over",
                                        "below",   "at_most",  NULL};
    return source_is_any(word, TOKEN_NAME, words);
}

/* name = 250,000; over(250,000); 250 000 */
static bool check_groups(struct source *s, struct token token)
{
    struct token separator = source_before(s, 1);
    bool comma = source_is_mark(separator, ",");
    struct token head = comma ? source_before(s, 2) : separator;
    if (!is_digits(token.text, 3, 3) || head.kind != TOKEN_NUMBER ||
        !is_digits(head.text, 1, 3))
        return true;
    if (!comma)
        return refuse_groups(s, head, token, (struct token){.kind = TOKEN_END});
    struct token sign = source_before(s, 3), name = source_before(s, 4);
    bool field = source_in_table(s) && source_is_mark(sign, "=") &&
                 name.kind == TOKEN_NAME;
    bool call = source_is_mark(sign, "(") && takes_one(name);
    return (!field && !call) || refuse_groups(s, head, token, name);
}

/* percent(27,05): the word itself would see a 5. */
static bool check_argument(struct source *s, struct token token)
{
    struct token head = source_before(s, 2), word = source_before(s, 4);
    if (!source_is_mark(source_before(s, 1), ",") ||
        head.kind != TOKEN_NUMBER ||
        !source_is_mark(source_before(s, 3), "(") || !takes_one(word) ||
        !is_digits(token.text, 1, 9) || !is_digits(head.text, 1, 18) ||
        !source_is_mark(source_after(s, 1), ")"))
        return true;
    return source_refuse(
        s, token.line,
        STR_FMT ": expected one number; got " STR_FMT "(" STR_FMT ", " STR_FMT
                "): a number has no comma, write " STR_FMT "(" STR_FMT
                "." STR_FMT ")",
        STR_ARG(word.text), STR_ARG(word.text), STR_ARG(head.text),
        STR_ARG(token.text), STR_ARG(word.text), STR_ARG(head.text),
        STR_ARG(token.text));
}

/* 250'000 */
static bool check_apostrophe(struct source *s, struct token token)
{
    struct token head = source_before(s, 1);
    bool text = token.kind == TOKEN_TEXT || token.kind == TOKEN_BAD;
    if (head.kind != TOKEN_NUMBER || !text)
        return true;
    const char *end = head.text.at + head.text.len;
    if (*end != '\'' || token.text.at > end + 1)
        return true;
    return source_refuse(s, token.line,
                         STR_FMT "': a number has digits only, as in 250000",
                         STR_ARG(head.text));
}

/* 20% before anything that is no operand */
static bool check_percent(struct source *s, struct token token)
{
    struct token number = source_before(s, 2);
    bool operand = token.kind == TOKEN_NUMBER || token.kind == TOKEN_NAME ||
                   source_is_mark(token, "(");
    if (operand || !source_is_mark(source_before(s, 1), "%") ||
        number.kind != TOKEN_NUMBER)
        return true;
    return source_refuse(s, source_before(s, 1).line,
                         STR_FMT "%%: write percent(" STR_FMT ")",
                         STR_ARG(number.text), STR_ARG(number.text));
}

bool source_number_check(struct source *s, struct token token)
{
    if (token.kind != TOKEN_NUMBER)
        return check_apostrophe(s, token) && check_percent(s, token);
    return check_groups(s, token) && check_argument(s, token) &&
           check_malformed(s, token) && check_fraction(s, token);
}
