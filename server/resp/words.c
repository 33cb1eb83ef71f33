/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A person at a terminal types words with blanks between them, and quotes
 * around what holds blanks, by the rules of redis-cli: "double" with \n \r \t
 * \a \b \xHH, 'single' with \' alone. */
#include "resp/words.h"

/* What may stand before a word and after its closing quote. */
static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* What ends a word without quotes: fewer, as redis-cli has it. */
static bool ends_word(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static char escaped(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    default:
        return c;
    }
}

/* The bytes of the text at `rest` that stand for one; that one in `*byte`. */
static size_t unescape(struct str rest, char quote, char *byte)
{
    *byte = rest.at[0];
    if (rest.at[0] != '\\' || rest.len < 2)
        return 1;
    if (quote == '\'') {
        if (rest.at[1] != '\'')
            return 1;
        *byte = '\'';
        return 2;
    }
    if (rest.at[1] == 'x' && rest.len >= 4) {
        int high = hex_digit(rest.at[2]), low = hex_digit(rest.at[3]);
        if (high >= 0 && low >= 0) {
            *byte = (char)(high * 16 + low);
            return 4;
        }
    }
    *byte = escaped(rest.at[1]);
    return 2;
}

/* From an opening quote to behind its closing one, which ends the word. */
static bool take_quoted(struct words *words)
{
    struct str line = words->line;
    char quote = line.at[words->at++], byte;
    while (words->at < line.len && line.at[words->at] != quote) {
        struct str rest = str_part(line, words->at, line.len);
        words->at += unescape(rest, quote, &byte);
        buf_add_byte(words->unquoted, byte);
    }
    if (words->at == line.len)
        return false;
    words->at++;
    return words->at == line.len || is_space(line.at[words->at]);
}

enum words_result words_next(struct words *words, struct str *word)
{
    struct str line = words->line;
    while (words->at < line.len && is_space(line.at[words->at]))
        words->at++;
    if (words->at == line.len)
        return WORDS_END;
    size_t from = buf_len(words->unquoted);
    while (words->at < line.len && !ends_word(line.at[words->at])) {
        char c = line.at[words->at];
        if (c == '"' || c == '\'') {
            if (!take_quoted(words))
                return WORDS_UNBALANCED;
            break;
        }
        buf_add_byte(words->unquoted, c);
        words->at++;
    }
    struct str all = buf_peek(words->unquoted);
    *word = str_part(all, from, all.len);
    return WORDS_WORD;
}
