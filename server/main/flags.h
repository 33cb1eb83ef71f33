/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_FLAGS_H
#define PALIER_MAIN_FLAGS_H

#include <stdbool.h>
#include <stddef.h>

/* One flag of a subcommand: with a value (`text`), or just said (`is_said`).
 */
struct flag {
    const char *name; /* without the two dashes */
    const char **text;
    bool *is_said;
};
struct flags {
    const char *command; /* "import" */
    const char *help;    /* what --help prints */
    const struct flag *rows;
    size_t n;
    const char **file; /* the one argument that is no flag */
};

enum flags_result { FLAGS_GOOD, FLAGS_HELP, FLAGS_WRONG };

/* Reads `argv`, of which [0] is the subcommand: --flag VALUE, --flag=VALUE,
 * --flag, one FILE, in any order; "--" ends the flags. Prints
 * the help, or one line on standard error about what is wrong. */
enum flags_result flags_read(const struct flags *flags, int argc, char **argv);
/* That line: "palier import: <wrong>; see palier import --help". */
enum flags_result flags_refuse(const struct flags *flags, const char *wrong,
                               const char *word);
/* The exit code after the help or a wrong command line. */
int flags_code(enum flags_result result);

#endif
