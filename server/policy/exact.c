/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Scripts have 64-bit integers and doubles; bounds and figures are integers in
 * a metric's smallest part. A double on the page stands for the decimal that
 * was written there, which its "%.15g" gives back. */
#include "policy/exact.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "policy/plan.h"

static enum decimal_result exact_double(double number, int decimals,
                                        int64_t *value)
{
    char text[64];
    if (!isfinite(number) || fabs(number) >= 1e15)
        return DECIMAL_OUT_OF_RANGE;
    int n = snprintf(text, sizeof text, "%.15g", number);
    if (memchr(text, 'e', (size_t)n))
        return DECIMAL_TOO_PRECISE;
    if (number == 0)
        return decimal_parse(STR("0"), decimals, PLAN_NUMBER_MAX, value);
    return decimal_parse((struct str){text, (size_t)n}, decimals,
                         PLAN_NUMBER_MAX, value);
}

enum decimal_result exact_number(lua_State *L, int index, int decimals,
                                 int64_t *value)
{
    char text[32];
    if (lua_type(L, index) != LUA_TNUMBER)
        return DECIMAL_NOT_A_NUMBER;
    if (!lua_isinteger(L, index))
        return exact_double(lua_tonumber(L, index), decimals, value);
    int n =
        snprintf(text, sizeof text, "%lld", (long long)lua_tointeger(L, index));
    return decimal_parse((struct str){text, (size_t)n}, decimals,
                         PLAN_NUMBER_MAX, value);
}

bool exact_round(lua_State *L, int index, int decimals, int64_t *value)
{
    if (lua_type(L, index) != LUA_TNUMBER)
        return false;
    if (lua_isinteger(L, index))
        return decimal_rescale(lua_tointeger(L, index), 0, decimals, value);
    return decimal_of_double(lua_tonumber(L, index), decimals, value);
}

void exact_push(lua_State *L, int64_t value, int decimals)
{
    double scale = 1;
    for (int i = 0; i < decimals; i++)
        scale *= 10;
    if (decimals)
        lua_pushnumber(L, (double)value / scale);
    else
        lua_pushinteger(L, value);
}
