/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Fields of a table: name = value, with commas between. Elsewhere it is a
 * colon, an arrow, a name in quotes; and a bound is written with >=. */
#include <stdio.h>
#include <string.h>

#include "policy/source_parts.h"

enum { FIELD_KEYS = 1000 }; /* of one table that are compared */

/* "revenue: 250000: write revenue = 250000" */
static bool refuse_sign(struct source *s, struct token key, const char *sign,
                        struct token value)
{
    char name[SOURCE_SHOWN + 8], shown[SOURCE_SHOWN + 8];
    struct str text = key.text;
    bool plain = text.len > 0 && (text.at[0] < '0' || text.at[0] > '9');
    for (size_t i = 0; i < text.len; i++)
        plain =
            plain &&
            (text.at[i] == '_' || (text.at[i] >= '0' && text.at[i] <= '9') ||
             ((text.at[i] | 32) >= 'a' && (text.at[i] | 32) <= 'z'));
    source_show(key, name, sizeof name);
    source_show(value, shown, sizeof shown);
    if (!plain)
        return source_refuse(s, key.line, "%s%s %s: write [%s] = %s", name,
                             sign, shown, name, shown);
    return source_refuse(s, key.line, "%s%s %s: write " STR_FMT " = %s", name,
                         sign, shown, STR_ARG(str_part(text, 0, SOURCE_SHOWN)),
                         shown);
}

static bool is_key(const struct source *s, struct token key, struct token left)
{
    return source_in_table(s) && source_starts_field(left) &&
           (key.kind == TOKEN_TEXT || source_is_word(key));
}

/* Words of a page after a colon; other names may be methods. */
static bool is_page_call(const struct source *s, struct token token)
{
    static const char *const words[] = {
        "percent", "permille", "over", "below", "at_most",
        "between", "one_of",   "any",  "all",   NULL};
    return source_on_page(s) && source_is_any(token, TOKEN_NAME, words);
}

static bool is_method(const struct source *s, struct token token)
{
    struct token next = source_after(s, 1);
    return source_is_word(token) && !is_page_call(s, token) &&
           (source_is_mark(next, "(") || source_is_mark(next, "{") ||
            next.kind == TOKEN_TEXT);
}

/* revenue: 250000, "revenue": 250000, revenue := 250000 */
static bool check_colon(struct source *s, struct token token)
{
    struct token key = source_before(s, 2);
    if (!source_is_mark(source_before(s, 1), ":") ||
        !is_key(s, key, source_before(s, 3)))
        return true;
    if (source_is_mark(token, "="))
        return refuse_sign(s, key, " :=", source_after(s, 1));
    if (key.kind != TOKEN_TEXT && is_method(s, token))
        return true;
    return refuse_sign(s, key, ":", token);
}

/* revenue => 250000, revenue =< 250000 */
static bool check_arrow(struct source *s, struct token token)
{
    struct token key = source_before(s, 2), value;
    bool more = source_is_mark(token, ">");
    char shown[SOURCE_SHOWN + 8];
    if (!(more || source_is_mark(token, "<")) ||
        !source_is_mark(source_before(s, 1), "="))
        return true;
    if (!is_key(s, key, source_before(s, 3)))
        return source_refuse(s, token.line,
                             "=" STR_FMT
                             " is not of the language; write " STR_FMT "=",
                             STR_ARG(token.text), STR_ARG(token.text));
    value = source_after(s, 1);
    if (more)
        return refuse_sign(s, key, " =>", value);
    return source_refuse(s, token.line, "=< %s: write at_most(%s)",
                         source_show(value, shown, sizeof shown).at, shown);
}

/* revenue == 250000 */
static bool check_equality(struct source *s, struct token token)
{
    struct token key = source_before(s, 2);
    bool plain = token.kind == TOKEN_NUMBER || token.kind == TOKEN_TEXT ||
                 token_is(token, TOKEN_NAME, "true");
    if (!plain || !source_is_mark(source_before(s, 1), "==") ||
        !source_on_page(s) || !is_key(s, key, source_before(s, 3)))
        return true;
    return refuse_sign(s, key, " ==", token);
}

/* "revenue" = 250000 */
static bool check_quoted(struct source *s, struct token token)
{
    struct token key = source_before(s, 1);
    if (key.kind != TOKEN_TEXT || !source_is_mark(token, "=") ||
        !is_key(s, key, source_before(s, 2)))
        return true;
    return refuse_sign(s, key, " =", source_after(s, 1));
}

/* revenue >= 250000 */
static bool check_comparison(struct source *s, struct token token)
{
    static const char *const marks[] = {">=", "<=", ">", "<"};
    static const char *const words[] = {"= ", "= at_most(", "= over(",
                                        "= below("};
    struct token name = source_before(s, 2);
    if (!source_on_page(s) || token.kind != TOKEN_NUMBER ||
        name.kind != TOKEN_NAME || !is_key(s, name, source_before(s, 3)))
        return true;
    for (size_t i = 0; i < COUNT_OF(marks); i++)
        if (source_is_mark(source_before(s, 1), marks[i]))
            return source_refuse(
                s, token.line,
                STR_FMT " %s " STR_FMT ": write " STR_FMT " %s" STR_FMT "%s%s",
                STR_ARG(name.text), marks[i], STR_ARG(token.text),
                STR_ARG(name.text), words[i], STR_ARG(token.text), i ? ")" : "",
                i ? "" : " (a number is at least that number)");
    return true;
}

/* a = 1 b = 2; term "training" term "deal"; "en" "fr"; {...} {...} */
static bool check_comma(struct source *s, struct token token)
{
    static const char *const first[] = {"{", ",", ";", "=", NULL};
    struct token value = source_before(s, 1);
    bool text = value.kind == TOKEN_TEXT &&
                source_is_any(source_before(s, 2), TOKEN_MARK, first);
    bool table = source_is_mark(value, "}") && !s->was_call;
    bool number = value.kind == TOKEN_NUMBER;
    bool open = token.kind == TOKEN_TEXT || source_is_mark(token, "{");
    char shown[SOURCE_SHOWN + 8];
    if (!source_in_bracket(s) || !source_ends_value(value) ||
        source_is_word(value))
        return true;
    if (!source_is_word(token) && !(open && (text || table || number)))
        return true;
    return source_refuse(s, value.line, "a comma is missing before %s",
                         source_show(token, shown, sizeof shown).at);
}

/* { a = 1, a = 2 } */
static bool check_key(struct source *s, struct token token)
{
    struct token name = source_before(s, 1);
    struct str key = name.text;
    if (!source_is_mark(token, "=") || name.kind != TOKEN_NAME ||
        !is_key(s, name, source_before(s, 2)))
        return true;
    struct str bytes = buf_peek(&s->keys);
    size_t n = bytes.len / sizeof key, from = s->keys_from[s->depth - 1];
    if (n - from >= FIELD_KEYS)
        return true;
    for (size_t i = from; i < n; i++) {
        struct str other;
        memcpy(&other, bytes.at + i * sizeof other, sizeof other);
        if (str_is(other, key))
            return source_refuse(s, token.line,
                                 STR_FMT " is said twice here; leave "
                                         "one of them out",
                                 STR_ARG(key));
    }
    buf_add(&s->keys, (struct str){(const char *)&key, sizeof key});
    return true;
}

bool source_field_check(struct source *s, struct token token)
{
    return check_colon(s, token) && check_arrow(s, token) &&
           check_equality(s, token) && check_quoted(s, token) &&
           check_comparison(s, token) && check_comma(s, token) &&
           check_key(s, token);
}
