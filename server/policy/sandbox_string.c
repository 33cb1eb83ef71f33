/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Functions on texts. Lua's own run where no hook does, for as long as a
 * pattern or a count says; these are bounded by what a text may hold and pay
 * for the bytes that they touch. No patterns; `find` looks for plain bytes.
 * Letters are ASCII's, on every machine. */
#include <string.h>

#include "policy/sandbox_format.h"
#include "policy/sandbox_libs.h"

/* A place as scripts count: from 1, from the end where negative. */
static size_t clamp_place(lua_Integer place, size_t len, size_t least)
{
    if (place < 0)
        place = place < -(lua_Integer)len ? 0 : (lua_Integer)len + place + 1;
    if (place < (lua_Integer)least)
        return least;
    return place > (lua_Integer)len + 1 ? len + 1 : (size_t)place;
}

/* The part of `s` that two arguments choose, both included. */
static struct str chosen(lua_State *L, struct str s, int arg, lua_Integer from,
                         lua_Integer until)
{
    size_t first =
        clamp_place(sandbox_check_integer_or(L, arg, from), s.len, 1);
    size_t last =
        clamp_place(sandbox_check_integer_or(L, arg + 1, until), s.len, 0);

    if (last > s.len)
        last = s.len;
    return first <= last ? str_part(s, first - 1, last) : STR("");
}

static int string_len(lua_State *L)
{
    size_t len;

    luaL_checklstring(L, 1, &len);
    lua_pushinteger(L, (lua_Integer)len);
    return 1;
}

static int string_sub(lua_State *L)
{
    struct str s = sandbox_check_text(L, 1);
    lua_Integer from = sandbox_check_integer(L, 2);

    s = chosen(L, s, 2, from, -1);
    lua_pushlstring(L, s.at, s.len);
    return 1;
}

static int string_byte(lua_State *L)
{
    struct str s = sandbox_check_text(L, 1);
    lua_Integer from = sandbox_check_integer_or(L, 2, 1);

    s = chosen(L, s, 2, from, from);
    luaL_argcheck(L, s.len <= SANDBOX_VALUES, 3, "too many bytes at once");
    luaL_checkstack(L, (int)s.len, "too many bytes at once");
    for (size_t i = 0; i < s.len; i++)
        lua_pushinteger(L, (unsigned char)s.at[i]);
    return (int)s.len;
}

static int string_char(lua_State *L)
{
    char bytes[SANDBOX_VALUES];
    int n = lua_gettop(L);

    luaL_argcheck(L, n <= SANDBOX_VALUES, SANDBOX_VALUES + 1,
                  "too many bytes at once");
    for (int i = 0; i < n; i++) {
        lua_Integer byte = sandbox_check_integer(L, i + 1);
        luaL_argcheck(L, byte >= 0 && byte <= 255, i + 1, "not a byte");
        bytes[i] = (char)byte;
    }
    lua_pushlstring(L, bytes, (size_t)n);
    return 1;
}

/* Where `needle` begins in `s`, at or after the place in argument 3. */
static int string_find(lua_State *L)
{
    struct str s = sandbox_check_text(L, 1), needle = sandbox_check_text(L, 2);
    lua_Integer from = sandbox_check_integer_or(L, 3, 1);
    size_t skip = clamp_place(from, s.len, 1) - 1;
    const char *found;

    if (from > (lua_Integer)s.len + 1) {
        lua_pushnil(L);
        return 1;
    }
    found = memmem(s.at + skip, s.len - skip, needle.at, needle.len);
    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - s.at + 1);
    lua_pushinteger(L, found - s.at + (lua_Integer)needle.len);
    return 2;
}

/* Pushes what `change` makes of each byte of argument 1. */
static int mapped(lua_State *L, char (*change)(char))
{
    struct str s = sandbox_check_text(L, 1);
    struct sandbox_text text;

    sandbox_text_begin(L, &text);
    sandbox_text_add(&text, s);
    for (size_t i = 0; i < text.len; i++)
        text.at[i] = change(text.at[i]);
    sandbox_text_push(&text);
    return 1;
}

static char to_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static int string_lower(lua_State *L)
{
    return mapped(L, to_lower);
}

static int string_upper(lua_State *L)
{
    return mapped(L, to_upper);
}

static int string_reverse(lua_State *L)
{
    struct str s = sandbox_check_text(L, 1);
    struct sandbox_text text;

    sandbox_text_begin(L, &text);
    sandbox_text_fill(&text, ' ', s.len);
    for (size_t i = 0; i < s.len; i++)
        text.at[i] = s.at[s.len - 1 - i];
    sandbox_text_push(&text);
    return 1;
}

/* The length is known before anything is made: n times nothing is nothing. */
static int string_rep(lua_State *L)
{
    struct str s = sandbox_check_text(L, 1);
    lua_Integer n = sandbox_check_integer(L, 2);
    struct str between =
        lua_isnoneornil(L, 3) ? STR("") : sandbox_check_text(L, 3);
    size_t each = s.len + between.len;
    struct sandbox_text text;

    if (n < 1 || each == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    if (n - 1 > SANDBOX_TEXT_BYTES / (lua_Integer)each)
        sandbox_too_long(L);
    sandbox_charge(L, (size_t)n);
    sandbox_text_begin(L, &text);
    for (lua_Integer i = 0; i < n; i++) {
        if (i > 0)
            sandbox_text_add(&text, between);
        sandbox_text_add(&text, s);
    }
    sandbox_text_push(&text);
    return 1;
}

void sandbox_string_open(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"byte", string_byte}, {"char", string_char},
        {"find", string_find}, {"format", sandbox_format},
        {"len", string_len},   {"lower", string_lower},
        {"rep", string_rep},   {"reverse", string_reverse},
        {"sub", string_sub},   {"upper", string_upper},
        {NULL, NULL},
    };

    luaL_setfuncs(L, functions, 0);
}
