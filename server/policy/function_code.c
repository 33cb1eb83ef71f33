/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Has a function of the page changed from one version to the next? Its words
 * say so: those of the lines it stands on, from the first `function` to the
 * last `end`, without blanks and comments. What it calls is not looked at. */
#include "policy/inside.h"
#include "policy/token.h"

enum { CODE_BYTES_COST = 4 };

static struct str file_text(const struct bundle *bundle, struct str name)
{
    for (size_t i = 0; i < bundle_files(bundle); i++)
        if (str_is(bundle_file(bundle, i)->name, name))
            return bundle_file(bundle, i)->text;
    return (struct str){NULL, 0};
}

/* The lines `first` to `last`, from 1. */
static struct str lines_of(struct str text, int first, int last)
{
    size_t from = 0, until;
    for (int line = 1; line < first; line++)
        from = str_find(text, '\n', from) + 1;
    until = from;
    for (int line = first; line <= last; line++)
        until = str_find(text, '\n', until) + 1;
    return str_part(text, from, until);
}

/* Adds the words; returns where the last `end` ends, 0 where there is none. */
static size_t add_words(struct buf *words, struct str lines)
{
    struct token_reader reader;
    struct token token;
    size_t end = 0;
    bool inside = false;
    token_init(&reader, lines);
    for (;;) {
        token = token_next(&reader);
        if (token.kind == TOKEN_END || token.kind == TOKEN_BAD)
            return end;
        inside = inside || token_is(token, TOKEN_NAME, "function");
        if (!inside)
            continue;
        buf_add_byte(words, (char)('0' + (int)token.kind));
        buf_add(words, token.text);
        buf_add_byte(words, '\n');
        if (token_is(token, TOKEN_NAME, "end"))
            end = buf_len(words);
    }
}

struct str function_code(lua_State *L, struct policy *policy)
{
    lua_Debug info;
    struct buf words;
    lua_pushvalue(L, -1);
    lua_getinfo(L, ">S", &info);
    struct str text =
        file_text(policy->bundle, str_part(str_of(info.source), 1, SIZE_MAX));
    struct str lines = lines_of(text, info.linedefined, info.lastlinedefined);
    sandbox_charge(L, lines.len / CODE_BYTES_COST);
    buf_init(&words);
    size_t end = add_words(&words, lines);
    struct str code =
        arena_copy(&policy->arena, str_part(buf_peek(&words), 0, end));
    buf_fini(&words);
    return code;
}
