/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The order of values: what `pairs` walks by and `table.sort` sorts by where it
 * is given no comparison. Total, so that every machine gives the same. */
#include <stdlib.h>

#include "policy/sandbox_libs.h"

enum { KEY_BYTES_COST = 16 };

bool sandbox_key_read(lua_State *L, int index, lua_Integer place,
                      struct sandbox_key *key)
{
    *key = (struct sandbox_key){.type = lua_type(L, index), .place = place};
    if (key->type == LUA_TSTRING) {
        key->text.at = lua_tolstring(L, index, &key->text.len);
        return true;
    }
    if (key->type != LUA_TNUMBER)
        return false;
    key->exact = lua_isinteger(L, index);
    key->integer = lua_tointeger(L, index);
    key->number = lua_tonumber(L, index);
    return key->number == key->number;
}

static int order(bool less, bool more)
{
    return less ? -1 : more;
}

/* An integer and a float, exactly: rounding one to the other's kind would give
 * an order in which a < b, b = c, c = a. */
static int mixed_order(lua_Integer i, lua_Number n)
{
    lua_Integer whole;
    lua_Number rest;

    if (n >= 0x1p63)
        return -1;
    if (n < -0x1p63)
        return 1;
    whole = (lua_Integer)n;
    rest = n - (lua_Number)whole;
    return i != whole ? order(i<whole, i> whole) : order(rest > 0, rest < 0);
}

static int number_order(const struct sandbox_key *a,
                        const struct sandbox_key *b)
{
    if (a->exact && b->exact)
        return order(a->integer<b->integer, a->integer> b->integer);
    if (a->exact)
        return mixed_order(a->integer, b->number);
    if (b->exact)
        return -mixed_order(b->integer, a->number);
    return order(a->number<b->number, a->number> b->number);
}

static int key_order(const void *left, const void *right)
{
    const struct sandbox_key *a = left, *b = right;
    int n;

    if (a->type != b->type)
        return a->type == LUA_TNUMBER ? -1 : 1;
    n = a->type == LUA_TSTRING ? str_order(a->text, b->text)
                               : number_order(a, b);
    return n != 0 ? n : order(a->place<b->place, a->place> b->place);
}

/* Each comparison may read the longest text to its end. */
static size_t cost(const struct sandbox_key *keys, size_t n)
{
    size_t longest = 0, rounds = 1;

    for (size_t i = 0; i < n; i++) {
        if (keys[i].type == LUA_TSTRING && keys[i].text.len > longest)
            longest = keys[i].text.len;
    }
    while (n >> rounds != 0)
        rounds++;
    return n * rounds * (2 + longest / KEY_BYTES_COST);
}

void sandbox_keys_sort(lua_State *L, struct sandbox_key *keys, size_t n)
{
    sandbox_charge(L, cost(keys, n));
    if (n > 1)
        qsort(keys, n, sizeof(*keys), key_order);
}
