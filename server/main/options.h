/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to main: the settings of `palier serve`, from flags, environment and
 * file. */
#ifndef PALIER_MAIN_OPTIONS_H
#define PALIER_MAIN_OPTIONS_H

#include <stdio.h>

#include "main/settings.h"

struct options {
    struct arena arena; /* all texts below */
    struct setting_value values[SETTINGS];
    int32_t today; /* PALIER_TODAY, DAY_NONE: not pinned */
    bool help;     /* --help was asked; the values are not complete */
};

/* Flags (`argv` without the program and the subcommand) win over the
 * environment ("NAME=value", ends with NULL), the environment over the file,
 * the file over the presets. False with `fault`: one line that names flag,
 * variable or file and line, the value, and what was expected. The caller
 * always calls options_fini. */
bool options_collect(struct options *options, int argc, char **argv,
                     char **environment, struct fault *fault) MUST_USE;
void options_fini(struct options *options);

/* 0-terminated; NULL where it is not set. */
const char *options_text(const struct options *options, enum setting which);
int64_t options_number(const struct options *options, enum setting which);

/* What `palier serve --help` prints. */
void options_help(FILE *out);

#endif
