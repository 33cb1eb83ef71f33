/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The table of commands, and finding a row in it. A few dozen rows: their
 * lengths and first letters tell nearly all apart, so a walk is short, and the
 * commands asked most stand first. */
#include "service/command.h"

#include <stdio.h>

#define READ COMMAND_READ
#define WRITE COMMAND_WRITE
#define NOAUTH COMMAND_NOAUTH
#define ADMIN COMMAND_ADMIN
#define FAST COMMAND_FAST
#define BIG COMMAND_BIG
const struct command commands[] = {
#define X(function, name, sub, arity, flags, group, arguments, summary,        \
          example)                                                             \
    {{name, sizeof(name) - 1},                                                 \
     {sub, sizeof(sub) - 1},                                                   \
     command_##function,                                                       \
     arity,                                                                    \
     flags,                                                                    \
     group,                                                                    \
     arguments,                                                                \
     summary,                                                                  \
     example},
#include "palier/commands.def"
#undef X
};
const size_t commands_n = COUNT_OF(commands);

static const struct command *first_of(struct str name)
{
    for (size_t i = 0; i < commands_n; i++)
        if (str_is_nocase(commands[i].name, name))
            return &commands[i];
    return NULL;
}

static const struct command *sub_of(const struct command *first, struct str sub)
{
    const struct command *end = commands + commands_n;

    for (const struct command *row = first;
         row < end && str_is(row->name, first->name); row++)
        if (str_is_nocase(row->sub, sub))
            return row;
    return NULL;
}

static const struct command *unknown(const struct str *words, size_t n,
                                     struct fault *fault)
{
    char args[160] = "";
    size_t len = 0;

    for (size_t i = 1; i < n && len + 1 < sizeof(args); i++)
        len += (size_t)snprintf(args + len, sizeof(args) - len, "'%.*s' ",
                                (int)(words[i].len < 48 ? words[i].len : 48),
                                words[i].at);
    fault_set(fault, FAULT_ERR,
              "unknown command '%.*s', with args beginning with: %s",
              (int)(words[0].len < 64 ? words[0].len : 64), words[0].at, args);
    return NULL;
}

static bool arity_fits(const struct command *row, size_t n)
{
    return row->arity >= 0 ? n == (size_t)row->arity : n >= (size_t)-row->arity;
}

static const struct command *wrong_number(const struct command *row,
                                          struct fault *fault)
{
    struct arena arena;

    arena_init(&arena);
    fault_set(fault, FAULT_ERR,
              "wrong number of arguments for '" STR_FMT "' command",
              STR_ARG(command_full_name(row, &arena)));
    arena_fini(&arena);
    return NULL;
}

static const struct command *container_alone(const struct command *first,
                                             struct fault *fault)
{
    struct command bare = *first;

    bare.sub = STR("");
    return wrong_number(&bare, fault);
}

const struct command *command_find(const struct str *words, size_t n,
                                   struct fault *fault)
{
    const struct command *row = first_of(words[0]), *first = row;

    if (!row)
        return unknown(words, n, fault);
    bool container = row[0].sub.len > 0 || (row + 1 < commands + commands_n &&
                                            str_is(row[1].name, row->name));
    if (container && n >= 2)
        row = sub_of(first, words[1]);
    else if (first->sub.len > 0)
        return container_alone(first, fault);
    if (!row) {
        fault_set(fault, FAULT_ERR,
                  "unknown subcommand '%.*s'. Try " STR_FMT " HELP.",
                  (int)(words[1].len < 64 ? words[1].len : 64), words[1].at,
                  STR_ARG(first->name));
        return NULL;
    }
    return arity_fits(row, n) ? row : wrong_number(row, fault);
}

struct str command_full_name(const struct command *command, struct arena *arena)
{
    struct str name =
        arena_print(arena, STR_FMT "%s" STR_FMT, STR_ARG(command->name),
                    command->sub.len ? "|" : "", STR_ARG(command->sub));
    char *text = arena_take(arena, name.len + 1);

    for (size_t i = 0; i < name.len; i++) {
        char c = name.at[i];
        text[i] = c >= 'A' && c <= 'Z' ? (char)(c + 'a' - 'A') : c;
    }
    return (struct str){text, name.len};
}
