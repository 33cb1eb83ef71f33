/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Lua's own math, without chance. Its functions take a text for a number, and
 * reading a long one takes time that no hook sees: so each stands behind a
 * guard that takes numbers only. */
#include <lualib.h>

#include "policy/sandbox_libs.h"

/* Upvalue 1: Lua's function. */
static int guarded(lua_State *L)
{
    lua_CFunction function = lua_tocfunction(L, lua_upvalueindex(1));

    for (int arg = lua_gettop(L); arg > 0; arg--) {
        if (lua_type(L, arg) == LUA_TSTRING)
            luaL_typeerror(L, arg, "number");
    }
    return function(L);
}

/* Sets the field `name` of the table at `to` to the guarded form of what is on
 * the top; pops that. */
static void add_guarded(lua_State *L, int to, const char *name)
{
    if (lua_iscfunction(L, -1))
        lua_pushcclosure(L, guarded, 1);
    lua_setfield(L, to, name);
}

void sandbox_math_open(lua_State *L)
{
    static const char *const names[] = {
        "abs", "acos",       "asin",  "atan",       "ceil",      "cos",
        "deg", "exp",        "floor", "fmod",       "huge",      "log",
        "max", "maxinteger", "min",   "mininteger", "modf",      "pi",
        "rad", "sin",        "sqrt",  "tan",        "tointeger", "ult",
    };
    int to = lua_gettop(L);

    lua_pushcfunction(L, luaopen_math);
    lua_call(L, 0, 1);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        lua_getfield(L, to + 1, names[i]);
        add_guarded(L, to, names[i]);
    }
    lua_getfield(L, to + 1, "type"); /* tells what a value is: takes any */
    lua_setfield(L, to, "type");
    lua_settop(L, to);
}
