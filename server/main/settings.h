/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to main: the table of settings, and how a value of each type is
 * read. */
#ifndef PALIER_MAIN_SETTINGS_H
#define PALIER_MAIN_SETTINGS_H

#include "base/base.h"

enum setting {
#define X(id, name, type, preset, least, most, argument, help) SETTING_##id,
#include "palier/settings.def"
#undef X
    SETTINGS
};

enum setting_type {
    SETTING_TEXT,
    SETTING_PATH,
    SETTING_FOLDER,    /* which is there */
    SETTING_URL,       /* shown without user and password */
    SETTING_ADDRESSES, /* one or more, separated by blanks */
    SETTING_PROGRAM,
    SETTING_LEVEL,
    SETTING_INTEGER,
    SETTING_CORES, /* an integer, or "cores" */
    SETTING_SECONDS,
    SETTING_SIZE, /* bytes; k, m and g are powers of 1024 */
    SETTING_TYPES
};

struct setting_row {
    const char *name;
    enum setting_type type;
    const char *preset;
    int64_t least, most;
    const char *argument, *help;
};
extern const struct setting_row setting_rows[SETTINGS];

struct setting_value {
    struct str text; /* as given, 0-terminated; empty: not set */
    struct str *items;
    size_t nitems;  /* of SETTING_ADDRESSES */
    int64_t number; /* of the types that are numbers */
};

/* The setting of that name, SETTINGS where there is none. */
enum setting setting_find(struct str name);
/* The name it is most likely a slip of; {NULL, 0} where none is near. */
struct str setting_nearest(struct str name);
/* Reads `text` as a value of that setting; items of a list are added to those
 * that `value` holds. False where it is none: see setting_expected. Memory of
 * `arena`. */
bool setting_read(enum setting which, struct str text, struct arena *arena,
                  struct setting_value *value) MUST_USE;
/* "an integer from 1 to 256" */
struct str setting_expected(enum setting which, struct arena *arena);
/* `text` as a message may repeat it: no secrets. */
struct str setting_repeat(enum setting which, struct str text,
                          struct arena *arena);
/* The value as CONFIG GET shows it: no secrets, numbers in base units. */
struct str setting_show(enum setting which, const struct setting_value *value,
                        struct arena *arena);
/* "PALIER_MAX_STALE" */
struct str setting_variable(enum setting which, struct arena *arena);

#endif
