/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Where a result has more places than it may keep, it is rounded half-even:
 * errors of many roundings cancel out. Products are taken in 128 bits, so that
 * nothing is lost before the rounding. */
#include <math.h>
#include <stdio.h>

#include "facts/decimal.h"

__extension__ typedef __int128 wide;

static int64_t power_of_ten(int places)
{
    int64_t power = 1;
    while (places-- > 0)
        power *= 10;
    return power;
}

/* number / by, half-even; by > 0 */
static wide divide_even(wide number, wide by)
{
    wide quotient = number / by, rest = number % by;
    wide twice = 2 * (rest < 0 ? -rest : rest);
    bool away = twice > by || (twice == by && quotient % 2 != 0);
    if (!away)
        return quotient;
    return number < 0 ? quotient - 1 : quotient + 1;
}

static bool narrow(wide number, int64_t *out)
{
    if (number < INT64_MIN || number > INT64_MAX)
        return false;
    *out = (int64_t)number;
    return true;
}

int64_t decimal_share(int64_t amount, int64_t percent)
{
    wide share = divide_even((wide)amount * percent, (wide)PERCENT_WHOLE);
    int64_t result;
    if (narrow(share, &result))
        return result;
    return share < 0 ? INT64_MIN : INT64_MAX;
}

bool decimal_rescale(int64_t value, int from, int to, int64_t *out)
{
    if (to >= from)
        return narrow((wide)value * power_of_ten(to - from), out);
    return narrow(divide_even(value, power_of_ten(from - to)), out);
}

/* The 15 digits of "%.14e" as an integer, and the exponent of its last. */
static int64_t digits_of(double number, int *exponent)
{
    char text[40];
    snprintf(text, sizeof text, "%.14e", number);
    int64_t digits = 0;
    const char *at = text;
    for (; *at != 'e'; at++)
        if (*at >= '0' && *at <= '9') /* not the point, whatever it is */
            digits = digits * 10 + (*at - '0');
    int power = 0;
    for (const char *digit = at + 2; *digit; digit++)
        power = power * 10 + (*digit - '0');
    *exponent = (at[1] == '-' ? -power : power) - 14;
    return digits;
}

bool decimal_of_double(double number, int decimals, int64_t *value)
{
    if (!isfinite(number))
        return false;
    int exponent;
    wide digits = digits_of(number, &exponent);
    if (signbit(number))
        digits = -digits;
    int shift = exponent + decimals;
    if (digits == 0 || shift < -15) /* below half of the smallest part */
        return narrow(0, value);
    if (shift > 18)
        return false;
    if (shift >= 0)
        return narrow(digits * power_of_ten(shift), value);
    return narrow(divide_even(digits, power_of_ten(-shift)), value);
}

bool add_checked(int64_t a, int64_t b, int64_t *sum)
{
    return !__builtin_add_overflow(a, b, sum);
}
