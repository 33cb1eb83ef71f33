/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The words of a policy are Lua of ours, files of the bundle under language/.
 * They run first, in an environment of their own, and leave their words in the
 * table `words`; then the page runs with those words as its globals, and the
 * words collect what it says in the table `page`. The few things that Lua in
 * the closed room cannot do, or should do as the server does, are in `native`.
 *
 *   language/ (one environment)   words  page  native  + safe libraries
 *   the page and its includes     the words            + safe libraries
 */
#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>

#include "policy/exact.h"
#include "policy/inside.h"

void words_push_where(lua_State *L)
{
    struct str file;
    int line;
    sandbox_where(L, &file, &line);
    if (line)
        lua_pushfstring(L, "%s:%d", file.at, line);
    else
        lua_pushliteral(L, "program.lua:1");
}

/* --- native ------------------------------------------------------------- */

/* where() -> "program.lua:31" */
static int native_where(lua_State *L)
{
    words_push_where(L);
    return 1;
}

static int name_order(const void *a, const void *b)
{
    const struct str *one = a, *other = b;
    return str_order(*one, *other);
}

static struct str text_at(lua_State *L, int index)
{
    struct str text = {NULL, 0};
    if (lua_type(L, index) == LUA_TSTRING)
        text.at = lua_tolstring(L, index, &text.len);
    return text;
}

/* nearest(word, { "known", ... }) -> a known word, or nil */
static int native_nearest(lua_State *L)
{
    struct str word = text_at(L, 1);
    luaL_checktype(L, 2, LUA_TTABLE);
    size_t n = (size_t)lua_rawlen(L, 2);
    struct str *known = lua_newuserdatauv(L, (n + 1) * sizeof *known, 0);
    sandbox_charge(L, n * 16);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(L, 2, (lua_Integer)i + 1);
        known[i] = text_at(L, -1);
        lua_pop(L, 1); /* the list holds it */
    }
    qsort(known, n, sizeof *known, name_order);
    struct str near = str_nearest(word, known, n);
    if (near.len)
        lua_pushlstring(L, near.at, near.len);
    else
        lua_pushnil(L);
    return 1;
}

/* How much of a text fits into a sentence: whole characters. */
static size_t shown_bytes(struct str text)
{
    size_t n = text.len < 60 ? text.len : 60;
    while (n < text.len && n > 0 && ((unsigned char)text.at[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/* 20, not 20.0: as a person writes it. */
static void push_number(lua_State *L)
{
    char text[40];
    double number = (double)lua_tonumber(L, 1);
    snprintf(text, sizeof text, "%.14g", number);
    if (number != number) /* its sign differs between machines */
        lua_pushliteral(L, "nan");
    else if (lua_isinteger(L, 1))
        luaL_tolstring(L, 1, NULL);
    else
        lua_pushstring(L, text);
}

/* show(value) -> how a sentence calls it */
static int native_show(lua_State *L)
{
    struct str text;
    switch (lua_type(L, 1)) {
    case LUA_TSTRING:
        text = text_at(L, 1);
        lua_pushliteral(L, "\"");
        lua_pushlstring(L, text.at, shown_bytes(text));
        lua_pushstring(L, shown_bytes(text) < text.len ? "...\"" : "\"");
        lua_concat(L, 3);
        return 1;
    case LUA_TTABLE:
        lua_pushliteral(L, "{ ... }");
        return 1;
    case LUA_TFUNCTION:
        lua_pushliteral(L, "a function");
        return 1;
    case LUA_TNONE:
    case LUA_TNIL:
        lua_pushliteral(L, "nothing");
        return 1;
    case LUA_TNUMBER:
        push_number(L);
        return 1;
    case LUA_TUSERDATA:
        lua_pushliteral(L, "p");
        return 1;
    default:
        luaL_tolstring(L, 1, NULL);
        return 1;
    }
}

/* stray(value) -> a hint where the value is what a comma in a number leaves */
static int native_stray(lua_State *L)
{
    lua_pushstring(L, lua_type(L, 1) == LUA_TNUMBER
                          ? "; a number has no comma: write 250000 or 250 * "
                            "thousand, and 4.5"
                          : "");
    return 1;
}

/* exact(number, digits) -> number * 10^digits, nil where it is no integer */
static int native_exact(lua_State *L)
{
    int64_t value;
    int digits = (int)luaL_checkinteger(L, 2);
    if (digits < 0 || digits > 9 ||
        exact_number(L, 1, digits, &value) != DECIMAL_OK)
        lua_pushnil(L);
    else
        lua_pushinteger(L, value);
    return 1;
}

static const struct bundle_file *file_of(const struct bundle *bundle,
                                         struct str name)
{
    for (size_t i = 0; i < bundle_files(bundle); i++)
        if (str_is(bundle_file(bundle, i)->name, name))
            return bundle_file(bundle, i);
    return NULL;
}

static _Noreturn void no_file(lua_State *L)
{
    lua_pushfstring(L, "%s: include \"%s\": no such file beside program.lua",
                    lua_tostring(L, 1), lua_tostring(L, 2));
    lua_error(L);
    die("lua_error returned");
}

/* include(at, name) -> what the file returns. A file runs once.
 * Upvalues: the policy, the page's environment, name -> value. */
static int native_include(lua_State *L)
{
    struct policy *policy = lua_touserdata(L, lua_upvalueindex(1));
    luaL_checkstring(L, 1);
    luaL_checkstring(L, 2);
    const struct bundle_file *file = file_of(policy->bundle, text_at(L, 2));
    if (!file || str_has_prefix(file->name, STR("language/")))
        no_file(L);
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(3)) != LUA_TNIL)
        return 1;
    lua_pushvalue(L, 2);
    lua_pushboolean(L, 1); /* also for a file that includes itself */
    lua_rawset(L, lua_upvalueindex(3));
    sandbox_push_chunk(L, file->name, file->text, lua_upvalueindex(2));
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1))
        return 1;
    lua_pushvalue(L, 2);
    lua_pushvalue(L, -2);
    lua_rawset(L, lua_upvalueindex(3));
    return 1;
}

/* --- the page's environment --------------------------------------------- */

/* Pushes the names as one text. */
static void push_known(lua_State *L, struct str *known, size_t n)
{
    luaL_Buffer buffer;
    luaL_buffinit(L, &buffer);
    for (size_t i = 0; i < n; i++) {
        luaL_addstring(&buffer, i ? ", " : "");
        luaL_addlstring(&buffer, known[i].at, known[i].len);
    }
    luaL_pushresult(&buffer);
}

/* The names of the words, sorted; memory of a userdata that is pushed. */
static struct str *push_words(lua_State *L, size_t *n)
{
    size_t max = 0;
    *n = 0;
    for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)); lua_pop(L, 1))
        max++;
    struct str *known = lua_newuserdatauv(L, (max + 1) * sizeof *known, 0);
    for (lua_pushnil(L); lua_next(L, lua_upvalueindex(1)); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            known[(*n)++] = text_at(L, -2);
    qsort(known, *n, sizeof *known, name_order);
    return known;
}

/* Words that people expect, and what to write. */
static const char *other_word(struct str word)
{
    static const struct {
        const char *word, *write;
    } rows[] = {
        {"at_least", "a number is at least that number: write it alone"},
        {"more_than", "write over(...)"},
        {"less_than", "write below(...)"},
        {"billion", "write 1000 * million"},
        {"yes", "write true"},
        {"True", "write true"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_is(word, str_of(rows[i].word)))
            return rows[i].write;
    return NULL;
}

static int unknown_word(lua_State *L, struct str word)
{
    const char *other = other_word(word);
    if (other) {
        words_push_where(L);
        lua_pushfstring(L, "%s: unknown word \"%s\"; %s", lua_tostring(L, -1),
                        word.at, other);
        return lua_error(L);
    }
    size_t n;
    struct str *known = push_words(L, &n);
    struct str near = str_nearest(word, known, n);
    words_push_where(L);
    lua_pushfstring(L, ": unknown word \"");
    lua_pushlstring(L, word.at, shown_bytes(word));
    lua_pushstring(L, near.len ? "\"; did you mean " : "\"; known: ");
    if (near.len)
        lua_pushlstring(L, near.at, near.len);
    else
        push_known(L, known, n);
    lua_pushstring(L, near.len ? "?" : "");
    lua_concat(L, 6);
    return lua_error(L);
}

/* __index; upvalues: words, an environment with the safe libraries. */
static int page_index(lua_State *L)
{
    lua_settop(L, 2);
    lua_pushvalue(L, 2);
    if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
        return 1;
    lua_pushvalue(L, 2);
    if (lua_gettable(L, lua_upvalueindex(2)) != LUA_TNIL)
        return 1;
    return unknown_word(L, text_at(L, 2));
}

/* __newindex; upvalue: words. */
static int page_newindex(lua_State *L)
{
    words_push_where(L);
    lua_pushvalue(L, 2);
    int type = lua_rawget(L, lua_upvalueindex(1));
    lua_pop(L, 1);
    if (type != LUA_TNIL) {
        lua_pushfstring(L, "%s: %s = ...: %s is a word of the page; %s",
                        lua_tostring(L, -1), lua_tostring(L, 2),
                        lua_tostring(L, 2),
                        type == LUA_TFUNCTION ? "it is written without ="
                                              : "take another name");
        return lua_error(L);
    }
    lua_pushfstring(L,
                    "%s: %s = ...: a name of your own is local; write local "
                    "%s = ...",
                    lua_tostring(L, -1), lua_tostring(L, 2),
                    lua_tostring(L, 2));
    return lua_error(L);
}

/* Pushes the environment of the page; `words` is a stack index. */
static void push_page_env(lua_State *L, int words)
{
    lua_newtable(L);
    lua_newtable(L);
    lua_pushvalue(L, words);
    sandbox_push_env(L);
    lua_pushcclosure(L, page_index, 2);
    lua_setfield(L, -2, "__index");
    lua_pushvalue(L, words);
    lua_pushcclosure(L, page_newindex, 1);
    lua_setfield(L, -2, "__newindex");
    lua_setmetatable(L, -2);
}

/* --- running ------------------------------------------------------------ */

static void push_native(lua_State *L, struct policy *policy, int page_env)
{
    static const luaL_Reg functions[] = {
        {"where", native_where}, {"nearest", native_nearest},
        {"show", native_show},   {"stray", native_stray},
        {"exact", native_exact}, {NULL, NULL},
    };
    luaL_newlib(L, functions);
    lua_pushlightuserdata(L, policy);
    lua_pushvalue(L, page_env);
    lua_newtable(L);
    lua_pushcclosure(L, native_include, 3);
    lua_setfield(L, -2, "include");
}

/* Leaves at base+1..: words, page, the page's and the language's
 * environments. */
static void push_world(lua_State *L, struct policy *policy)
{
    lua_newtable(L);
    int words = lua_gettop(L);
    lua_newtable(L);
    push_page_env(L, words);
    sandbox_push_env(L);
    lua_pushvalue(L, words);
    lua_setfield(L, -2, "words");
    lua_pushvalue(L, words + 1);
    lua_setfield(L, -2, "page");
    push_native(L, policy, words + 2);
    lua_setfield(L, -2, "native");
}

static void run_language(lua_State *L, struct policy *policy, int env)
{
    for (size_t i = 0; i < bundle_files(policy->bundle); i++) {
        const struct bundle_file *file = bundle_file(policy->bundle, i);
        if (!str_has_prefix(file->name, STR("language/")))
            continue;
        sandbox_push_chunk(L, file->name, file->text, env);
        lua_call(L, 0, 0);
    }
}

void words_run(lua_State *L, struct policy *policy)
{
    luaL_checkstack(L, 16, NULL);
    push_world(L, policy);
    int env = lua_gettop(L);
    run_language(L, policy, env);
    const struct bundle_file *file =
        file_of(policy->bundle, STR("program.lua"));
    if (!file) {
        luaL_error(L, "program.lua is missing");
        return;
    }
    sandbox_push_chunk(L, file->name, file->text, env - 1);
    lua_call(L, 0, 0);
    lua_getfield(L, env, "page_ends");
    lua_call(L, 0, 0);
    lua_settop(L, env - 2); /* the page is on top */
}
