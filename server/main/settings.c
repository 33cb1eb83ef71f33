/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A setting can come from a flag, the environment or a file, and is shown in
 * the help and over the wire. So that those five never differ, each setting is
 * one row of settings.def, and each type of value one row of the table below:
 * how it is read, and what to tell who wrote something else. */
#include "main/settings.h"

#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "facts/facts.h"
#include "service/service.h"
#include "store/store.h"

const struct setting_row setting_rows[SETTINGS] = {
#define X(id, name, type, preset, least, most, argument, help)                 \
    {name, SETTING_##type, preset, least, most, argument, help},
#include "palier/settings.def"
#undef X
};

/* --- one reader a type ---------------------------------------------------- */

typedef bool read_value(const struct setting_row *row, struct arena *arena,
                        struct setting_value *value);

static bool read_text(const struct setting_row *row UNUSED,
                      struct arena *arena UNUSED, struct setting_value *value)
{
    return value->text.len && str_is_printable(value->text);
}

static bool read_folder(const struct setting_row *row, struct arena *arena,
                        struct setting_value *value)
{
    struct stat status;
    return read_text(row, arena, value) && !stat(value->text.at, &status) &&
           S_ISDIR(status.st_mode);
}

static bool read_url(const struct setting_row *row UNUSED,
                     struct arena *arena UNUSED, struct setting_value *value)
{
    struct fault ignored;
    return store_url_check(value->text.at, &ignored);
}

static bool is_address(struct str s)
{
    struct address address;
    return address_split(s, &address) &&
           (address.is_unix || address.port != ADDRESS_NO_PORT);
}

static void add_item(struct setting_value *value, struct str item,
                     struct arena *arena)
{
    struct str *items =
        arena_take_array(arena, value->nitems + 1, sizeof *items);
    if (value->nitems)
        memcpy(items, value->items, value->nitems * sizeof *items);
    items[value->nitems++] = arena_copy(arena, item);
    value->items = items;
}

static bool read_addresses(const struct setting_row *row UNUSED,
                           struct arena *arena, struct setting_value *value)
{
    struct str rest = str_trim(value->text);
    if (!rest.len)
        return false;
    while (rest.len) {
        size_t end = str_find(rest, ' ', 0);
        struct str item = str_part(rest, 0, end);
        if (!is_address(item))
            return false;
        add_item(value, item, arena);
        rest = str_trim(str_part(rest, end, rest.len));
    }
    return true;
}

static bool read_program(const struct setting_row *row UNUSED,
                         struct arena *arena UNUSED,
                         struct setting_value *value)
{
    return name_is_program(value->text);
}

static bool read_level(const struct setting_row *row UNUSED,
                       struct arena *arena UNUSED, struct setting_value *value)
{
    enum log_level level;
    if (!log_level_of(value->text, &level))
        return false;
    value->number = level;
    return true;
}

static bool read_integer(const struct setting_row *row,
                         struct arena *arena UNUSED,
                         struct setting_value *value)
{
    return str_to_int64(value->text, &value->number) &&
           value->number >= row->least && value->number <= row->most;
}

static int64_t count_cores(const struct setting_row *row)
{
    cpu_set_t cores;
    CPU_ZERO(&cores);
    if (sched_getaffinity(0, sizeof cores, &cores))
        return row->least;
    int64_t n = CPU_COUNT(&cores);
    return n > row->most ? row->most : n;
}

static bool read_cores(const struct setting_row *row, struct arena *arena,
                       struct setting_value *value)
{
    if (!str_is(value->text, STR("cores")))
        return read_integer(row, arena, value);
    value->number = count_cores(row);
    return true;
}

static int size_shift(char suffix)
{
    switch (suffix) {
    case 'k':
    case 'K':
        return 10;
    case 'm':
    case 'M':
        return 20;
    case 'g':
    case 'G':
        return 30;
    }
    return 0;
}

static bool read_size(const struct setting_row *row, struct arena *arena UNUSED,
                      struct setting_value *value)
{
    struct str s = value->text;
    int shift = s.len ? size_shift(s.at[s.len - 1]) : 0;
    int64_t n;
    if (!str_to_int64(str_part(s, 0, s.len - (shift ? 1 : 0)), &n))
        return false;
    if (n < 0 || n > (row->most >> shift))
        return false;
    value->number = n << shift;
    return value->number >= row->least;
}

static const struct type {
    read_value *read;
    bool is_number, has_bounds;
    const char *expected;
} types[SETTING_TYPES] = {
    [SETTING_TEXT] = {read_text, false, false, "a text"},
    [SETTING_PATH] = {read_text, false, false, "a path"},
    [SETTING_FOLDER] = {read_folder, false, false, "a folder that is there"},
    [SETTING_URL] = {read_url, false, false,
                     "redis://[[user]:password@]host[:port][/db] or unix:PATH "
                     "(107 bytes at most)"},
    [SETTING_ADDRESSES] = {read_addresses, false, false,
                           "ADDR:PORT, [ADDR]:PORT or unix:PATH"},
    [SETTING_PROGRAM] = {read_program, false, false,
                         "a name: lower-case letters, then digits, _ or - too"},
    [SETTING_LEVEL] = {read_level, false, false, "debug, info, warn or error"},
    [SETTING_INTEGER] = {read_integer, true, true, "an integer"},
    [SETTING_CORES] = {read_cores, true, true, "cores, or an integer"},
    [SETTING_SECONDS] = {read_integer, true, true, "whole seconds"},
    [SETTING_SIZE] = {read_size, true, true,
                      "bytes, such as 1048576, 64m or 2g,"},
};

/* --- the door ------------------------------------------------------------- */

enum setting setting_find(struct str name)
{
    enum setting i = 0;
    while (i < SETTINGS && !str_is(name, str_of(setting_rows[i].name)))
        i++;
    return i;
}

struct str setting_nearest(struct str name)
{
    struct str names[SETTINGS];
    for (size_t i = 0; i < SETTINGS; i++)
        names[i] = str_of(setting_rows[i].name);
    return str_nearest(name, names, SETTINGS);
}

bool setting_read(enum setting which, struct str text, struct arena *arena,
                  struct setting_value *value)
{
    const struct setting_row *row = &setting_rows[which];
    value->text = arena_copy(arena, text);
    return types[row->type].read(row, arena, value);
}

struct str setting_expected(enum setting which, struct arena *arena)
{
    const struct setting_row *row = &setting_rows[which];
    const struct type *type = &types[row->type];
    if (!type->has_bounds)
        return str_of(type->expected);
    return arena_print(arena, "%s from %lld to %lld", type->expected,
                       (long long)row->least, (long long)row->most);
}

static struct str show_items(const struct setting_value *value,
                             struct arena *arena)
{
    struct str all = {0};
    for (size_t i = 0; i < value->nitems; i++)
        all = arena_print(arena, STR_FMT "%s" STR_FMT, STR_ARG(all),
                          i ? " " : "", STR_ARG(value->items[i]));
    return all;
}

/* redis://user:secret@host:6379/0 -> redis://host:6379/0; so too where the
 * scheme is another, or missing. */
static struct str show_url(struct str url, struct arena *arena)
{
    struct str place = address_place(url);
    size_t at = url.len - place.len;
    if (!at)
        return url;
    size_t scheme = str_find(url, ':', 0) + 3;
    if (scheme > at || !str_is(str_part(url, scheme - 3, scheme), STR("://")))
        scheme = 0;
    return arena_print(arena, STR_FMT STR_FMT,
                       STR_ARG(str_part(url, 0, scheme)), STR_ARG(place));
}

struct str setting_repeat(enum setting which, struct str text,
                          struct arena *arena)
{
    return setting_rows[which].type == SETTING_URL ? show_url(text, arena)
                                                   : text;
}

struct str setting_show(enum setting which, const struct setting_value *value,
                        struct arena *arena)
{
    enum setting_type type = setting_rows[which].type;
    if (types[type].is_number)
        return arena_print(arena, "%lld", (long long)value->number);
    if (type == SETTING_ADDRESSES)
        return show_items(value, arena);
    return type == SETTING_URL ? show_url(value->text, arena) : value->text;
}

struct str setting_variable(enum setting which, struct arena *arena)
{
    struct str s = arena_print(arena, "PALIER_%s", setting_rows[which].name);
    char *at = (char *)s.at; /* the arena's, just made */
    for (size_t i = 0; i < s.len; i++) {
        if (at[i] >= 'a' && at[i] <= 'z')
            at[i] = (char)(at[i] - 'a' + 'A');
        else if (at[i] == '-')
            at[i] = '_';
    }
    return s;
}
