/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * table.sort. Without a comparison it sorts numbers and texts in C. With one it
 * merges: the number of comparisons is bounded whatever they answer, the order
 * of equals is kept, and no answer can lead out of the list. Each comparison
 * runs under the hook like any function. In the end each neighbour is asked
 * once more the other way round: who says yes both times has no order.
 *
 * The merge works on two lists of its own and writes back last, so what a
 * comparison does to the list being sorted does not matter. */
#include "policy/sandbox_libs.h"

enum { LIST = 1, LESS = 2, FROM = 3, TO = 4, SORT_COST = 4 };

/* Does the element at `i` of the list on the stack come before that at `j`? */
static bool is_less(lua_State *L, int list, lua_Integer i, lua_Integer j)
{
    bool less;

    lua_pushvalue(L, LESS);
    lua_rawgeti(L, list, i);
    lua_rawgeti(L, list, j);
    lua_call(L, 2, 1);
    less = lua_toboolean(L, -1);
    lua_pop(L, 1);
    return less;
}

/* Merges the runs [low, middle) and [middle, high) of FROM into TO. */
static void merge(lua_State *L, lua_Integer low, lua_Integer middle,
                  lua_Integer high)
{
    lua_Integer a = low, b = middle;

    sandbox_charge(L, SORT_COST * (size_t)(high - low));
    for (lua_Integer to = low; to < high; to++) {
        bool right = a == middle || (b < high && is_less(L, FROM, b, a));
        lua_rawgeti(L, FROM, right ? b++ : a++);
        lua_rawseti(L, TO, to);
    }
}

static lua_Integer least(lua_Integer a, lua_Integer b)
{
    return a < b ? a : b;
}

/* Sorts the n elements of FROM, and leaves the sorted list there. */
static void merge_all(lua_State *L, lua_Integer n)
{
    for (lua_Integer run = 1; run < n; run *= 2) {
        for (lua_Integer low = 1; low <= n; low += 2 * run)
            merge(L, low, least(low + run, n + 1), least(low + 2 * run, n + 1));
        lua_pushvalue(L, FROM);
        lua_copy(L, TO, FROM);
        lua_replace(L, TO);
    }
}

static void copy(lua_State *L, int from, int to, lua_Integer n)
{
    sandbox_charge(L, (size_t)n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, from, i);
        lua_rawseti(L, to, i);
    }
}

static void sort_by_comparison(lua_State *L, lua_Integer n)
{
    lua_createtable(L, (int)n, 0);
    lua_createtable(L, (int)n, 0);
    copy(L, LIST, FROM, n);
    merge_all(L, n);
    for (lua_Integer i = 1; i < n; i++) {
        if (is_less(L, FROM, i + 1, i))
            luaL_error(L, "sort: the comparison says of two elements that each "
                          "comes before the other");
    }
    sandbox_check_changeable(L, LIST);
    copy(L, FROM, LIST, n);
}

/* Pushes the n elements as keys; the texts among them live in the list. */
static struct sandbox_key *push_sorted(lua_State *L, lua_Integer n)
{
    struct sandbox_key *keys =
        lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(*keys), 0);

    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, LIST, i);
        if (!sandbox_key_read(L, -1, i, &keys[i - 1]))
            luaL_error(L, "sort: element %I is a %s, which has no order", i,
                       lua_type(L, -1) == LUA_TNUMBER ? "nan"
                                                      : luaL_typename(L, -1));
        if (keys[i - 1].type != keys[0].type)
            luaL_error(L, "sort: numbers and texts in one list, at element %I",
                       i);
        lua_pop(L, 1);
    }
    sandbox_keys_sort(L, keys, (size_t)n);
    return keys;
}

static void sort_by_value(lua_State *L, lua_Integer n)
{
    struct sandbox_key *keys = push_sorted(L, n);

    lua_createtable(L, (int)n, 0);
    copy(L, LIST, lua_gettop(L), n);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, keys[i - 1].place);
        lua_rawseti(L, LIST, i);
    }
}

int sandbox_sort(lua_State *L)
{
    lua_Unsigned n;

    luaL_checktype(L, LIST, LUA_TTABLE);
    sandbox_check_changeable(L, LIST);
    if (!lua_isnoneornil(L, LESS))
        luaL_checktype(L, LESS, LUA_TFUNCTION);
    lua_settop(L, LESS);
    n = lua_rawlen(L, LIST);
    if (n > SANDBOX_ELEMENTS)
        return luaL_error(L, "sort: a list of more than %d elements",
                          (int)SANDBOX_ELEMENTS);
    if (lua_isnil(L, LESS))
        sort_by_value(L, (lua_Integer)n);
    else
        sort_by_comparison(L, (lua_Integer)n);
    return 0;
}
