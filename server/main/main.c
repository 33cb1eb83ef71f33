/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One binary, several commands: a row each in one table, from which the usage
 * text and the hint after a mistyped one come too. */
#include <stdio.h>

#include "base/base.h"
#include "main/export.h"
#include "main/import.h"
#include "main/serve.h"

enum { EXIT_USAGE = 2 };

static int version_main(int argc, char **argv);
static int help_main(int argc, char **argv);

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv); /* argv[0] is the name */
    const char *help;
} commands[] = {
    {"serve", serve_main, "answer for one partner program, until Ctrl-C"},
    {"import", import_main, "hand facts from a CSV or JSON lines file over"},
    {"export", export_main, "write every partner's facts as JSON lines"},
    {"version", version_main, "print this program's version"},
    {"help", help_main, "print this page"},
};

static int version_main(int argc UNUSED, char **argv UNUSED)
{
    printf("palier %s\n", PALIER_VERSION);
    return 0;
}

static int help_main(int argc UNUSED, char **argv UNUSED)
{
    puts("usage: palier COMMAND [OPTION]...\n\n"
         "The rules server of a partner program: which tier, which margin, "
         "and why.\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        printf("  %-10s%s\n", commands[i].name, commands[i].help);
    puts("\npalier COMMAND --help says more. To begin, in an empty folder:\n\n"
         "  palier serve &\n"
         "  redis-cli -p 7411 FACT SET northwind kind reseller\n"
         "  redis-cli -p 7411 STANDING northwind");
    return 0;
}

static int refuse(struct str word)
{
    struct str names[COUNT_OF(commands)];
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        names[i] = str_of(commands[i].name);
    struct str near = str_nearest(word, names, COUNT_OF(names));
    if (near.len)
        fprintf(stderr,
                "palier: \"" STR_FMT "\" is no command; did you mean " STR_FMT
                "?\n",
                STR_ARG(word), STR_ARG(near));
    else
        fprintf(stderr,
                "palier: \"" STR_FMT "\" is no command; see palier help\n",
                STR_ARG(word));
    return EXIT_USAGE;
}

/* "--help" and "-h" are "help", "--version" is "version". */
static struct str command_word(const char *arg)
{
    struct str word = str_of(arg);
    if (str_is(word, STR("-h")))
        return STR("help");
    return str_has_prefix(word, STR("--")) ? str_part(word, 2, word.len) : word;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_main(0, argv);
        return EXIT_USAGE;
    }
    struct str word = command_word(argv[1]);
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (str_is(word, str_of(commands[i].name)))
            return commands[i].run(argc - 1, argv + 1);
    return refuse(str_of(argv[1]));
}
