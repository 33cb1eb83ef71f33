/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The words of the language are Lua too, but whoever wrote the page wants to
 * know which line of the page: so a place is looked for from the running
 * function upward, past the language's own. */
#include "policy/sandbox_place.h"

#include <stdio.h>
#include <string.h>

#include "policy/sandbox.h"

enum { PLACE_LEVELS = 256 }; /* how far up it is looked for */

static bool is_language(const char *source)
{
    return str_has_prefix(str_of(source), STR("@language/"));
}

static bool find(lua_State *L, bool language_too, lua_Debug *found)
{
    for (int level = 0; level < PLACE_LEVELS; level++) {
        if (!lua_getstack(L, level, found))
            return false;
        lua_getinfo(L, "Sl", found);
        if (found->source[0] == '@' && found->currentline > 0 &&
            (language_too || !is_language(found->source)))
            return true;
    }
    return false;
}

void place_note(struct place *place, lua_State *L, bool language_too)
{
    lua_Debug found;

    place->line = 0;
    if (find(L, false, &found) || (language_too && find(L, true, &found))) {
        struct str file = str_part(str_of(found.source), 1, PLACE_FILE);
        memcpy(place->file, file.at, file.len);
        place->file[file.len] = '\0';
        place->line = found.currentline;
    }
}

void place_write(const struct place *place, char text[PLACE_BYTES])
{
    text[0] = '\0';
    if (place->line > 0)
        snprintf(text, PLACE_BYTES, "%s:%d: ", place->file, place->line);
}

bool place_begins(struct str text)
{
    struct str first = str_part(text, 0, str_find(text, ':', 0));

    return first.len > 4 && first.len < text.len &&
           str_is(str_part(first, first.len - 4, first.len), STR(".lua"));
}

struct str place_skip_language(struct str text)
{
    size_t line = str_find(text, ':', 0) + 1;
    size_t end = str_find(text, ':', line);

    if (!str_has_prefix(text, STR("language/")) || !place_begins(text) ||
        end + 2 > text.len)
        return text;
    return str_part(text, end + 2, text.len);
}

void sandbox_where(lua_State *L, struct str *file, int *line)
{
    lua_Debug found;

    *file = (struct str){0};
    *line = 0;
    if (find(L, false, &found)) {
        *file = str_of(found.source + 1);
        *line = found.currentline;
    }
}
