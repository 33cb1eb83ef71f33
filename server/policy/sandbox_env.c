/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What a script's globals are, and what it may not change. An environment is
 * an empty table whose reads fall back to one shared table of safe functions;
 * a frozen table is an empty table too, its contents moved behind a metatable
 * that answers reads and refuses writes. Scripts get no function that looks at
 * metatables, and none of ours writes past one. */
#include "policy/sandbox_libs.h"

/* A key of the registry, by its address. */
static const char env_key = 'e'; /* the metatable of environments */

/* --- freezing ------------------------------------------------------------ */

/* __newindex; upvalue 1: what. */
static int on_assign(lua_State *L)
{
    return luaL_error(L, "%s cannot be changed",
                      lua_tostring(L, lua_upvalueindex(1)));
}

/* __len; upvalue 1: the contents. */
static int on_len(lua_State *L)
{
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, lua_upvalueindex(1)));
    return 1;
}

/* Pushes the contents of the frozen table at `index`; else nothing. */
static bool push_frozen(lua_State *L, int index)
{
    if (!lua_getmetatable(L, index))
        return false;
    if (lua_getfield(L, -1, "frozen") == LUA_TTABLE) {
        lua_remove(L, -2);
        return true;
    }
    lua_pop(L, 2);
    return false;
}

void sandbox_push_contents(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (!push_frozen(L, index))
        lua_pushvalue(L, index);
}

void sandbox_check_changeable(lua_State *L, int index)
{
    if (!push_frozen(L, index))
        return;
    lua_getmetatable(L, index);
    lua_getfield(L, -1, "__name");
    luaL_error(L, "%s cannot be changed", lua_tostring(L, -1));
}

/* Moves all fields of the table at `from` into the one on the top. */
static void move_fields(lua_State *L, int from)
{
    int to = lua_gettop(L);

    lua_pushnil(L);
    while (lua_next(L, from)) {
        lua_pushvalue(L, -2);
        lua_pushvalue(L, -2);
        lua_rawset(L, to);
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_pushnil(L);
        lua_rawset(L, from);
    }
}

void sandbox_freeze(lua_State *L, int index, const char *what)
{
    int contents;

    index = lua_absindex(L, index);
    luaL_checkstack(L, 10, NULL);
    if (push_frozen(L, index)) {
        lua_pop(L, 1);
        return;
    }
    lua_newtable(L);
    contents = lua_gettop(L);
    move_fields(L, index);
    if (lua_getmetatable(L, index)) /* what reads fell back to, they still do */
        lua_setmetatable(L, contents);
    lua_createtable(L, 0, 6);
    lua_pushvalue(L, contents);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, contents);
    lua_setfield(L, -2, "frozen");
    lua_pushvalue(L, contents);
    lua_pushcclosure(L, on_len, 1);
    lua_setfield(L, -2, "__len");
    lua_pushstring(L, what);
    lua_pushvalue(L, -1);
    lua_setfield(L, -3, "__name");
    lua_pushcclosure(L, on_assign, 1);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, index);
    lua_settop(L, contents - 1);
}

/* --- environments -------------------------------------------------------- */

void sandbox_push_env(lua_State *L)
{
    lua_newtable(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &env_key);
    lua_setmetatable(L, -2);
}

/* A library as a frozen field of the table below the top. */
static void add_library(lua_State *L, const char *name,
                        void (*open)(lua_State *))
{
    lua_newtable(L);
    open(L);
    sandbox_freeze(L, -1, name);
    lua_setfield(L, -2, name);
}

/* ("text"):upper() finds a copy of the library that nothing else reaches. */
static void set_text_metatable(lua_State *L)
{
    lua_pushliteral(L, "");
    lua_createtable(L, 0, 2);
    lua_newtable(L);
    sandbox_string_open(L);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void sandbox_env_open(lua_State *L)
{
    lua_newtable(L);
    sandbox_base_open(L);
    add_library(L, "math", sandbox_math_open);
    add_library(L, "string", sandbox_string_open);
    add_library(L, "table", sandbox_table_open);
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, "__index");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &env_key);
    lua_pop(L, 1);
    set_text_metatable(L);
}
