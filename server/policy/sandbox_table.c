/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Functions on lists. Lua's own ask a table for its length and believe what it
 * says; these count what is there, touch it raw, and pay by the element. */
#include "policy/sandbox_libs.h"

/* The list in argument 1: its length. What may be read of a frozen table is
 * put into that argument's place. */
static lua_Integer check_list(lua_State *L, bool changes)
{
    lua_Unsigned n;

    luaL_checktype(L, 1, LUA_TTABLE);
    if (changes) {
        sandbox_check_changeable(L, 1);
    } else {
        sandbox_push_contents(L, 1);
        lua_replace(L, 1);
    }
    n = lua_rawlen(L, 1);
    if (n > SANDBOX_ELEMENTS)
        luaL_error(L, "a list of more than %d elements", (int)SANDBOX_ELEMENTS);
    return (lua_Integer)n;
}

static int table_insert(lua_State *L)
{
    lua_Integer n = check_list(L, true), place = n + 1;

    luaL_argcheck(L, lua_gettop(L) == 2 || lua_gettop(L) == 3, 2,
                  "insert(list, value) or insert(list, place, value)");
    if (n == SANDBOX_ELEMENTS)
        return luaL_error(L, "a list of more than %d elements",
                          (int)SANDBOX_ELEMENTS);
    if (lua_gettop(L) == 3) {
        place = sandbox_check_integer(L, 2);
        luaL_argcheck(L, place >= 1 && place <= n + 1, 2, "out of the list");
    }
    sandbox_charge(L, 1 + (size_t)(n + 1 - place));
    for (lua_Integer i = n; i >= place; i--) {
        lua_rawgeti(L, 1, i);
        lua_rawseti(L, 1, i + 1);
    }
    lua_rawseti(L, 1, place);
    return 0;
}

static int table_remove(lua_State *L)
{
    lua_Integer n = check_list(L, true);
    lua_Integer place = sandbox_check_integer_or(L, 2, n);

    if (n == 0 && (place == 0 || place == 1)) {
        lua_pushnil(L);
        return 1;
    }
    luaL_argcheck(L, place >= 1 && place <= n, 2, "out of the list");
    sandbox_charge(L, 1 + (size_t)(n - place));
    lua_rawgeti(L, 1, place);
    for (lua_Integer i = place; i < n; i++) {
        lua_rawgeti(L, 1, i + 1);
        lua_rawseti(L, 1, i);
    }
    lua_pushnil(L);
    lua_rawseti(L, 1, n);
    return 1;
}

/* The places from..until, two arguments, the whole list where they are left
 * out. Returns how many, at most `most`. */
static lua_Integer check_range(lua_State *L, lua_Integer n, int arg,
                               lua_Integer most, lua_Integer *from)
{
    lua_Integer until = sandbox_check_integer_or(L, arg + 1, n);

    *from = sandbox_check_integer_or(L, arg, 1);
    if (*from > until)
        return 0;
    if ((lua_Unsigned)until - (lua_Unsigned)*from >= (lua_Unsigned)most)
        luaL_error(L, "more than %d elements at once", (int)most);
    return until - *from + 1;
}

static int table_concat(lua_State *L)
{
    lua_Integer n = check_list(L, false), from, count;
    struct str between =
        lua_isnoneornil(L, 2) ? STR("") : sandbox_check_text(L, 2);
    struct sandbox_text text;

    count = check_range(L, n, 3, SANDBOX_ELEMENTS, &from);
    sandbox_charge(L, (size_t)count * 2);
    sandbox_text_begin(L, &text);
    for (lua_Integer i = 0; i < count; i++) {
        int type = lua_rawgeti(L, 1, from + i);
        if (type != LUA_TSTRING && type != LUA_TNUMBER)
            luaL_error(L, "concat: element %I is a %s", from + i,
                       lua_typename(L, type));
        if (i > 0)
            sandbox_text_add(&text, between);
        sandbox_text_add(&text, sandbox_check_text(L, text.slot + 1));
        lua_settop(L, text.slot);
    }
    sandbox_text_push(&text);
    return 1;
}

static int table_unpack(lua_State *L)
{
    lua_Integer n = check_list(L, false), from, count;

    count = check_range(L, n, 2, SANDBOX_VALUES, &from);
    sandbox_charge(L, 1 + (size_t)count);
    luaL_checkstack(L, (int)count, "unpack");
    for (lua_Integer i = 0; i < count; i++)
        lua_rawgeti(L, 1, from + i);
    return (int)count;
}

void sandbox_table_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"concat", table_concat}, {"insert", table_insert},
        {"remove", table_remove}, {"sort", sandbox_sort},
        {"unpack", table_unpack}, {NULL, NULL},
    };

    luaL_setfuncs(L, functions, 0);
}
