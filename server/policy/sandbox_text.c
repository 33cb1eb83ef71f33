/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A text that grows. It lives in a userdata on Lua's stack, so that an error
 * in the middle leaves nothing behind; Lua's own buffer would need a metatable
 * with __gc and __close, which this room does without. */
#include <string.h>

#include "policy/sandbox_libs.h"

enum { TEXT_FIRST_BYTES = 240 };

void sandbox_text_begin(lua_State *L, struct sandbox_text *text)
{
    text->L = L;
    text->len = 0;
    text->cap = TEXT_FIRST_BYTES;
    text->at = lua_newuserdatauv(L, text->cap, 0);
    text->slot = lua_gettop(L);
}

/* Room for n bytes more. */
static void make_room(struct sandbox_text *text, size_t n)
{
    size_t cap = text->cap;
    char *wider;

    if (n > SANDBOX_TEXT_BYTES - text->len)
        sandbox_too_long(text->L);
    if (text->len + n <= cap)
        return;
    while (cap < text->len + n)
        cap *= 2;
    wider = lua_newuserdatauv(text->L, cap, 0);
    memcpy(wider, text->at, text->len);
    lua_replace(text->L, text->slot);
    text->at = wider;
    text->cap = cap;
}

void sandbox_text_add(struct sandbox_text *text, struct str s)
{
    make_room(text, s.len);
    if (s.len > 0)
        memcpy(text->at + text->len, s.at, s.len);
    text->len += s.len;
}

void sandbox_text_fill(struct sandbox_text *text, char byte, size_t n)
{
    make_room(text, n);
    memset(text->at + text->len, byte, n);
    text->len += n;
}

void sandbox_text_push(struct sandbox_text *text)
{
    lua_pushlstring(text->L, text->at, text->len);
}
