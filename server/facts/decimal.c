/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Money must not pass through binary fractions: 0.1 is none. So a decimal
 * number is an integer of its smallest part, read from its digits and written
 * as digits; only the text has a point. */
#include <string.h>

#include "facts/decimal.h"
#include "facts/expect.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The number's digits on both sides of the point. False where it is none. */
static bool split(struct str s, struct str *whole, struct str *part)
{
    size_t point = str_find(s, '.', 0);
    *whole = str_part(s, 0, point);
    *part = str_part(s, point + 1, s.len);
    if (whole->len == 0 || (point < s.len && part->len == 0))
        return false;
    for (size_t i = 0; i < s.len; i++)
        if (i != point && !is_digit(s.at[i]))
            return false;
    return true;
}

/* Appends a digit to a number that stays at or below INT64_MAX; else -1. */
static int64_t append(int64_t number, int digit)
{
    if (number < 0 || number > (INT64_MAX - digit) / 10)
        return -1;
    return number * 10 + digit;
}

enum decimal_result decimal_parse(struct str s, int decimals, int64_t limit,
                                  int64_t *value)
{
    bool negative = s.len > 0 && s.at[0] == '-';
    struct str whole, part;
    if (!split(str_part(s, negative, s.len), &whole, &part))
        return DECIMAL_NOT_A_NUMBER;
    int64_t number = 0;
    for (size_t i = 0; i < whole.len; i++)
        number = append(number, whole.at[i] - '0');
    for (size_t i = 0; i < (size_t)decimals; i++)
        number = append(number, i < part.len ? part.at[i] - '0' : 0);
    for (size_t i = (size_t)decimals; i < part.len; i++)
        if (part.at[i] != '0')
            return DECIMAL_TOO_PRECISE;
    if (number < 0 || number > limit)
        return DECIMAL_OUT_OF_RANGE;
    *value = negative ? -number : number;
    return DECIMAL_OK;
}

bool decimal_expect(struct str s, int decimals, const char *field,
                    int64_t *value, struct fault *fault)
{
    char most[DECIMAL_TEXT];
    switch (decimal_parse(s, decimals, DECIMAL_ENTRY_MAX, value)) {
    case DECIMAL_OK:
        return true;
    case DECIMAL_NOT_A_NUMBER:
        return expect_failed(fault, field, s,
                             "is not a number; expected digits as in 1250%s",
                             decimals > 0 ? " or 1250.5" : "");
    case DECIMAL_TOO_PRECISE:
        if (decimals == 0)
            return expect_failed(fault, field, s,
                                 "has decimals; expected a whole number");
        return expect_failed(fault, field, s,
                             "has too many decimals; expected at most %d",
                             decimals);
    case DECIMAL_OUT_OF_RANGE:
        break;
    }
    return expect_failed(
        fault, field, s, "is out of range; at most " STR_FMT,
        STR_ARG(decimal_text(DECIMAL_ENTRY_MAX, decimals, most)));
}

struct str decimal_text(int64_t value, int decimals, char text[DECIMAL_TEXT])
{
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    char *end = text + DECIMAL_TEXT - 1, *at = end;
    *at = '\0';
    for (int place = 0; place <= decimals || left > 0; place++) {
        if (place == decimals && decimals > 0)
            *--at = '.';
        *--at = (char)('0' + left % 10);
        left /= 10;
    }
    if (value < 0)
        *--at = '-';
    size_t len = (size_t)(end - at);
    memmove(text, at, len + 1);
    return (struct str){text, len};
}

struct str decimal_short(int64_t value, int decimals, char text[DECIMAL_TEXT])
{
    struct str s = decimal_text(value, decimals, text);
    if (decimals == 0)
        return s;
    while (text[s.len - 1] == '0')
        s.len--;
    if (text[s.len - 1] == '.')
        s.len--;
    text[s.len] = '\0';
    return s;
}
