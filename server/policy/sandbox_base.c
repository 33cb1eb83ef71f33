/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The basic functions. They differ from Lua's where Lua's would let a script
 * see what differs from run to run (addresses, the order of a table's keys) or
 * hand an error a value that is no text. */
#include "policy/sandbox_libs.h"

enum { BASE_PAIRS_COST = 64, BASE_BYTES_COST = 8 };

/* --- arguments ------------------------------------------------------------ */

lua_Integer sandbox_check_integer(lua_State *L, int arg)
{
    luaL_checktype(L, arg, LUA_TNUMBER);
    return luaL_checkinteger(L, arg);
}

lua_Integer sandbox_check_integer_or(lua_State *L, int arg,
                                     lua_Integer otherwise)
{
    return lua_isnoneornil(L, arg) ? otherwise : sandbox_check_integer(L, arg);
}

struct str sandbox_check_text(lua_State *L, int arg)
{
    struct str s;

    s.at = luaL_checklstring(L, arg, &s.len);
    sandbox_charge(L, 1 + s.len / BASE_BYTES_COST);
    return s;
}

/* --- values and texts ----------------------------------------------------- */

static int base_type(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

void sandbox_push_said(lua_State *L, int index)
{
    lua_Number n;

    switch (lua_type(L, index)) {
    case LUA_TNUMBER:
        n = lua_tonumber(L, index);
        if (n != n) {
            lua_pushliteral(L, "nan"); /* its sign differs by machine */
            return;
        }
        lua_pushvalue(L, index);
        lua_tostring(L, -1);
        return;
    case LUA_TSTRING:
        lua_pushvalue(L, index);
        return;
    case LUA_TBOOLEAN:
        lua_pushstring(L, lua_toboolean(L, index) ? "true" : "false");
        return;
    default: /* not Lua's text, which holds an address */
        lua_pushstring(L, luaL_typename(L, index));
    }
}

static int base_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    sandbox_push_said(L, 1);
    return 1;
}

/* The value of one digit in bases up to 36, else 36. */
static int digit(int c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'z' ? c - 'a' + 10 : 36;
}

static bool to_integer(struct str s, int base, lua_Integer *value)
{
    lua_Unsigned n = 0;
    bool negative = s.len > 0 && s.at[0] == '-';

    s = str_part(s, negative, s.len);
    for (size_t i = 0; i < s.len; i++) {
        int d = digit((unsigned char)s.at[i]);
        if (d >= base)
            return false;
        n = n * (lua_Unsigned)base + (lua_Unsigned)d; /* wraps, as Lua's */
    }
    *value = (lua_Integer)(negative ? 0u - n : n);
    return s.len > 0;
}

/* The one argument as a number, as Lua reads it; nil where it is none. */
static int convert(lua_State *L)
{
    struct str s;

    lua_settop(L, 1);
    if (lua_type(L, 1) == LUA_TNUMBER)
        return 1;
    if (lua_type(L, 1) == LUA_TSTRING) {
        s = sandbox_check_text(L, 1);
        if (lua_stringtonumber(L, s.at) == s.len + 1)
            return 1;
    }
    lua_pushnil(L);
    return 1;
}

static int base_tonumber(lua_State *L)
{
    lua_Integer base, value;

    luaL_checkany(L, 1);
    if (lua_isnoneornil(L, 2))
        return convert(L);
    base = sandbox_check_integer(L, 2);
    luaL_checktype(L, 1, LUA_TSTRING);
    luaL_argcheck(L, base >= 2 && base <= 36, 2, "base out of range");
    if (to_integer(str_trim(sandbox_check_text(L, 1)), (int)base, &value))
        lua_pushinteger(L, value);
    else
        lua_pushnil(L);
    return 1;
}

static int base_select(lua_State *L)
{
    int n = lua_gettop(L);
    lua_Integer from;

    if (lua_type(L, 1) == LUA_TSTRING && lua_tostring(L, 1)[0] == '#') {
        lua_pushinteger(L, n - 1);
        return 1;
    }
    from = sandbox_check_integer(L, 1);
    if (from < 0)
        from = n + from;
    else if (from > n)
        from = n;
    luaL_argcheck(L, from >= 1, 1, "index out of range");
    return n - (int)from;
}

/* --- errors --------------------------------------------------------------- */

/* Raises the text at `index` with the place it stands at. */
static int raise_text(lua_State *L, int index, int level)
{
    luaL_where(L, level);
    if (lua_type(L, index) == LUA_TSTRING || lua_type(L, index) == LUA_TNUMBER)
        lua_pushvalue(L, index);
    else
        lua_pushfstring(L, "the error is no text but a %s",
                        luaL_typename(L, index));
    sandbox_charge(L, lua_rawlen(L, -1) / BASE_BYTES_COST);
    lua_concat(L, 2);
    return lua_error(L);
}

static int base_error(lua_State *L)
{
    lua_Integer level = sandbox_check_integer_or(L, 2, 1);

    lua_settop(L, 1);
    return raise_text(L, 1, level >= 0 && level < 100 ? (int)level : 1);
}

static int base_assert(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_toboolean(L, 1))
        return lua_gettop(L);
    if (lua_gettop(L) < 2)
        return luaL_error(L, "assertion failed");
    return raise_text(L, 2, 1);
}

/* --- walks ---------------------------------------------------------------- */

static int ipairs_next(lua_State *L)
{
    /* Wraps after the last, as Lua's does. */
    lua_Integer i = (lua_Integer)((lua_Unsigned)lua_tointeger(L, 2) + 1);

    lua_pushinteger(L, i);
    return lua_geti(L, 1, i) == LUA_TNIL ? 1 : 2;
}

static int base_ipairs(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_pushcfunction(L, ipairs_next);
    lua_pushvalue(L, 1);
    lua_pushinteger(L, 0);
    return 3;
}

/* Upvalues: contents, keys as found, places in those in order, n, how far. */
static int pairs_next(lua_State *L)
{
    const lua_Integer *order = lua_touserdata(L, lua_upvalueindex(3));
    lua_Integer n = lua_tointeger(L, lua_upvalueindex(4));
    lua_Integer at = lua_tointeger(L, lua_upvalueindex(5));

    for (; at < n; at++) {
        lua_settop(L, 0);
        lua_rawgeti(L, lua_upvalueindex(2), order[at]);
        lua_pushvalue(L, 1);
        if (lua_rawget(L, lua_upvalueindex(1)) == LUA_TNIL)
            continue; /* taken away since */
        lua_pushinteger(L, at + 1);
        lua_replace(L, lua_upvalueindex(5));
        return 2;
    }
    lua_pushnil(L);
    return 1;
}

/* Pushes a table of the keys of the table at `from`, returns their number. */
static lua_Integer push_keys(lua_State *L, int from)
{
    lua_Integer n = 0;

    lua_newtable(L);
    lua_pushnil(L);
    while (lua_next(L, from)) {
        if (++n > SANDBOX_ELEMENTS)
            luaL_error(L, "pairs: more than %d elements",
                       (int)SANDBOX_ELEMENTS);
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, -3, n);
    }
    return n;
}

/* Pushes the order of the n keys in the table at `keys`. */
static void push_order(lua_State *L, int keys, lua_Integer n)
{
    struct sandbox_key *sorted =
        lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(*sorted), 0);
    lua_Integer *order;

    for (lua_Integer i = 0; i < n; i++) {
        lua_rawgeti(L, keys, i + 1);
        if (!sandbox_key_read(L, -1, i + 1, &sorted[i]))
            luaL_error(L, "pairs: a key is a %s, which has no order",
                       luaL_typename(L, -1));
        lua_pop(L, 1);
    }
    sandbox_keys_sort(L, sorted, (size_t)n);
    order = lua_newuserdatauv(L, ((size_t)n + 1) * sizeof(*order), 0);
    for (lua_Integer i = 0; i < n; i++)
        order[i] = sorted[i].place;
    lua_remove(L, -2);
}

static int base_pairs(lua_State *L)
{
    lua_Integer n;

    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    sandbox_charge_walk(L);
    sandbox_push_contents(L, 1);
    n = push_keys(L, 2);
    sandbox_charge(L, BASE_PAIRS_COST + 4 * (size_t)n);
    push_order(L, 3, n);
    lua_pushinteger(L, n);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, pairs_next, 5);
    return 1;
}

void sandbox_base_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"assert", base_assert},
        {"error", base_error},
        {"ipairs", base_ipairs},
        {"pairs", base_pairs},
        {"select", base_select},
        {"tonumber", base_tonumber},
        {"tostring", base_tostring},
        {"type", base_type},
        {NULL, NULL},
    };

    luaL_setfuncs(L, functions, 0);
}
