/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_COMMAND_H
#define PALIER_SERVICE_COMMAND_H

#include "service/request.h"

enum command_flags {
    COMMAND_READ = 1,   /* waits for the connection's own changes */
    COMMAND_WRITE = 2,  /* changes facts */
    COMMAND_NOAUTH = 4, /* allowed before authentication */
    COMMAND_ADMIN = 8,  /* for operators */
    COMMAND_BIG = 32,   /* its reply may be long: few wait at a time */
    COMMAND_FAST = 16,  /* never waits for Redis, or is usually in memory */
};

/* One row of include/palier/commands.def. */
struct command {
    struct str name; /* "FACT" */
    struct str sub;  /* "SET", empty: none */
    void (*run)(struct request *rq);
    int arity; /* words, the name's too; negative: at least that many */
    unsigned flags;
    const char *group, *arguments, *summary, *example;
};

extern const struct command commands[];
extern const size_t commands_n;

/* The row of these words; NULL with `fault` worded as Redis words it. */
const struct command *command_find(const struct str *words, size_t n,
                                   struct fault *fault);
/* "fact|set", lower case, as Redis names a subcommand. */
struct str command_full_name(const struct command *command,
                             struct arena *arena);

/* Runs in commands.def's order: one function a row. */
#define X(function, name, sub, arity, flags, group, arguments, summary,        \
          example)                                                             \
    void command_##function(struct request *rq);
#include "palier/commands.def"
#undef X

#endif
