/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Words beside numbers: 250000 EUR, 0.25 million, at least 250000, percent 20.
 * No two values can stand beside one another, so the second is looked at, and
 * what comes next tells whether a unit or a comma is meant. */
#include <stdio.h>

#include "policy/source_parts.h"

static bool is_factor(struct token token)
{
    static const char *const words[] = {"thousand", "million", NULL};
    return source_is_any(token, TOKEN_NAME, words);
}

/* The words that are written with a number in parentheses. */
static bool is_call(struct token token)
{
    static const char *const words[] = {"percent", "permille", "over",
                                        "below",   "at_most",  NULL};
    return source_is_any(token, TOKEN_NAME, words);
}

/* Can the word be the beginning of what comes after the number? */
static bool begins_next(const struct source *s)
{
    static const char *const marks[] = {"=", ",", "(", ".",
                                        ":", "[", "{", NULL};
    struct token next = source_after(s, 1);
    if (source_in_bracket(s))
        return source_is_mark(next, "=") || source_is_mark(next, "(") ||
               source_is_mark(next, "{") || next.kind == TOKEN_TEXT;
    return next.kind == TOKEN_TEXT || source_is_any(next, TOKEN_MARK, marks);
}

/* 250000 EUR */
static bool check_unit(struct source *s, struct token token)
{
    struct str number = source_before(s, 1).text;
    if (source_before(s, 1).kind != TOKEN_NUMBER || !source_is_word(token) ||
        begins_next(s))
        return true;
    if (is_factor(token))
        return source_refuse(
            s, token.line, STR_FMT " " STR_FMT ": write " STR_FMT " * " STR_FMT,
            STR_ARG(number), STR_ARG(token.text), STR_ARG(number),
            STR_ARG(token.text));
    if (token_is(token, TOKEN_NAME, "billion"))
        return source_refuse(s, token.line,
                             STR_FMT " billion: write " STR_FMT
                                     " * 1000 * million",
                             STR_ARG(number), STR_ARG(number));
    if (is_call(token))
        return source_refuse(s, token.line,
                             STR_FMT " " STR_FMT ": write " STR_FMT "(" STR_FMT
                                     ")",
                             STR_ARG(number), STR_ARG(token.text),
                             STR_ARG(token.text), STR_ARG(number));
    return source_refuse(
        s, token.line, STR_FMT " " STR_FMT ": write the number alone: " STR_FMT,
        STR_ARG(number), STR_ARG(str_part(token.text, 0, SOURCE_SHOWN)),
        STR_ARG(number));
}

/* at least 250000; `token` is the second word */
static bool check_phrase(struct source *s, struct token token)
{
    static const struct {
        const char *first, *second, *head, *tail;
    } rows[] = {
        {"at", "least", "", " (a number is at least that number)"},
        {"at", "most", "at_most(", ")"},
        {"up", "to", "at_most(", ")"},
        {"more", "than", "over(", ")"},
        {"less", "than", "below(", ")"},
    };
    struct token number = source_after(s, 1);
    if (number.kind != TOKEN_NUMBER)
        return true;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (token_is(source_before(s, 1), TOKEN_NAME, rows[i].first) &&
            token_is(token, TOKEN_NAME, rows[i].second))
            return source_refuse(
                s, token.line, "%s %s " STR_FMT ": write %s" STR_FMT "%s",
                rows[i].first, rows[i].second, STR_ARG(number.text),
                rows[i].head, STR_ARG(number.text), rows[i].tail);
    return true;
}

static bool refuse_words(struct source *s, struct token first,
                         struct token second)
{
    char shown[SOURCE_SHOWN + 8];
    return source_refuse(s, second.line,
                         STR_FMT
                         " %s: a text stands in quotes, and a sign or a "
                         "comma between two values",
                         STR_ARG(str_part(first.text, 0, SOURCE_SHOWN)),
                         source_show(second, shown, sizeof shown).at);
}

static bool refuse_number(struct source *s, struct token name,
                          const char *between, struct token number)
{
    return source_refuse(s, number.line,
                         STR_FMT " %s" STR_FMT ": write " STR_FMT " = " STR_FMT,
                         STR_ARG(name.text), between, STR_ARG(number.text),
                         STR_ARG(name.text), STR_ARG(number.text));
}

/* revenue is 250000; revenue at least 250000 is left to the next word */
static bool check_verb(struct source *s, struct token token)
{
    struct token name = source_before(s, 1), next = source_after(s, 1);
    if (next.kind == TOKEN_NUMBER && token_is(token, TOKEN_NAME, "is"))
        return refuse_number(s, name, "is ", next);
    if (source_is_mark(next, "="))
        return source_refuse(s, name.line, "a comma is missing before " STR_FMT,
                             STR_ARG(token.text));
    return (source_is_word(next) && source_after(s, 2).kind == TOKEN_NUMBER) ||
           refuse_words(s, name, token);
}

/* Two words beside one another in a bracket; in a block it may be a statement
 * that ends and another that begins. */
static bool check_words(struct source *s, struct token token)
{
    struct token first = source_before(s, 1);
    return !source_is_word(token) || !source_is_word(first) ||
           !source_in_bracket(s) ||
           (check_phrase(s, token) && check_verb(s, token));
}

/* percent 20; revenue 250000; EUR 250000 */
static bool check_number(struct source *s, struct token token)
{
    struct token word = source_before(s, 1), left = source_before(s, 2);
    if (token.kind != TOKEN_NUMBER || !source_is_word(word))
        return true;
    if (is_call(word))
        return source_refuse(s, token.line,
                             STR_FMT " " STR_FMT ": write " STR_FMT "(" STR_FMT
                                     ")",
                             STR_ARG(word.text), STR_ARG(token.text),
                             STR_ARG(word.text), STR_ARG(token.text));
    if (is_factor(word) || source_is_word(source_after(s, 1)))
        return refuse_words(s, word, token);
    if (source_in_table(s) && source_starts_field(left))
        return refuse_number(s, word, "", token);
    return source_refuse(
        s, token.line, STR_FMT " " STR_FMT ": write the number alone: " STR_FMT,
        STR_ARG(str_part(word.text, 0, SOURCE_SHOWN)), STR_ARG(token.text),
        STR_ARG(token.text));
}

bool source_unit_check(struct source *s, struct token token)
{
    return check_unit(s, token) && check_words(s, token) &&
           check_number(s, token);
}
