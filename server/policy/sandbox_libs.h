/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to the sandbox: the libraries that scripts see. All of this may
 * longjmp. */
#ifndef PALIER_POLICY_SANDBOX_LIBS_H
#define PALIER_POLICY_SANDBOX_LIBS_H

#include <lauxlib.h>
#include <lua.h>

#include "policy/sandbox.h"

/* Each sets its functions as fields of the table on the top of the stack. */
void sandbox_base_open(lua_State *L);
void sandbox_math_open(lua_State *L);
void sandbox_string_open(lua_State *L);
void sandbox_table_open(lua_State *L);

/* What every environment falls back to; once, at the start. */
void sandbox_env_open(lua_State *L);

/* Pays for loading a chunk: what this call makes may be kept. */
void sandbox_charge_load(lua_State *L, size_t n);
/* Raises again what a library function reported as LUA_ERRMEM. */
_Noreturn void sandbox_out_of_memory(lua_State *L);

/* Is the table at `index` frozen? Then raises its "... cannot be changed". */
void sandbox_check_changeable(lua_State *L, int index);

/* Argument `arg` as an integer. Texts are refused: reading a long one as a
 * number would take time that nobody pays for. */
lua_Integer sandbox_check_integer(lua_State *L, int arg);
lua_Integer sandbox_check_integer_or(lua_State *L, int arg,
                                     lua_Integer otherwise);
/* Argument `arg` as a text, or a number as its text; its bytes are paid. */
struct str sandbox_check_text(lua_State *L, int arg);

/* Pushes what tostring says of the value at `index`. */
void sandbox_push_said(lua_State *L, int index);

/* A text that grows, in memory of the Lua heap: a userdata in a slot of the
 * stack. Above SANDBOX_TEXT_BYTES it raises. */
struct sandbox_text {
    lua_State *L;
    int slot;
    char *at;
    size_t len, cap;
};
void sandbox_text_begin(lua_State *L, struct sandbox_text *text); /* pushes */
void sandbox_text_add(struct sandbox_text *text, struct str s);
void sandbox_text_fill(struct sandbox_text *text, char byte, size_t n);
void sandbox_text_push(struct sandbox_text *text);

/* A value that has a place in an order: a number, or a text. Its text lives as
 * long as the value does. */
struct sandbox_key {
    int type;   /* LUA_TNUMBER, LUA_TSTRING */
    bool exact; /* an integer */
    lua_Integer integer;
    lua_Number number;
    struct str text;
    lua_Integer place; /* ties are broken by it */
};
/* False where the value at `index` is neither, or nan. */
bool sandbox_key_read(lua_State *L, int index, lua_Integer place,
                      struct sandbox_key *key);
/* Numbers ascending, then texts bytewise, then by place; pays for it. */
void sandbox_keys_sort(lua_State *L, struct sandbox_key *keys, size_t n);

/* table.sort: in a file of its own. */
int sandbox_sort(lua_State *L);

#endif
