/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The command lines of the subcommands that are clients: a row for each flag,
 * and one way of saying what is wrong. */
#include "main/flags.h"

#include <stdio.h>

#include "base/base.h"

enum { FLAGS_MOST = 16 };

enum flags_result flags_refuse(const struct flags *flags, const char *wrong,
                               const char *word)
{
    fprintf(stderr, "palier %s: %s%s%s; see palier %s --help\n", flags->command,
            wrong, word ? " " : "", word ? word : "", flags->command);
    return FLAGS_WRONG;
}

int flags_code(enum flags_result result)
{
    return result == FLAGS_WRONG ? 2 : 0;
}

static enum flags_result refuse_unknown(const struct flags *flags,
                                        const char *word)
{
    struct str names[FLAGS_MOST];
    ensure(flags->n <= FLAGS_MOST);
    for (size_t i = 0; i < flags->n; i++)
        names[i] = str_of(flags->rows[i].name);
    struct str near = str_nearest(str_of(word + 2), names, flags->n);
    if (near.len == 0)
        return flags_refuse(flags, "unknown flag", word);
    fprintf(stderr, "palier %s: unknown flag %s; did you mean --" STR_FMT "?\n",
            flags->command, word, STR_ARG(near));
    return FLAGS_WRONG;
}

/* argv[*i] is a flag; moves on over its value. */
static enum flags_result read_flag(const struct flags *flags, int argc,
                                   char **argv, int *i)
{
    char *word = argv[*i];
    struct str name = str_of(word + 2);
    size_t equals = str_find(name, '=', 0);
    const char *value = equals < name.len ? name.at + equals + 1 : NULL;
    name = str_part(name, 0, equals);
    for (size_t row = 0; row < flags->n; row++) {
        const struct flag *flag = &flags->rows[row];
        if (!str_is(name, str_of(flag->name)))
            continue;
        if (flag->is_said && value)
            return flags_refuse(flags, "no value goes with", word);
        if (flag->is_said)
            *flag->is_said = true;
        else if (value)
            *flag->text = value;
        else if (*i + 1 < argc)
            *flag->text = argv[++*i];
        else
            return flags_refuse(flags, "a value is missing after", word);
        return FLAGS_GOOD;
    }
    return refuse_unknown(flags, word);
}

static enum flags_result read_file(const struct flags *flags, const char *word)
{
    if (*flags->file)
        return flags_refuse(flags, "one FILE at a time, not also", word);
    *flags->file = word;
    return FLAGS_GOOD;
}

enum flags_result flags_read(const struct flags *flags, int argc, char **argv)
{
    bool has_flags = true;
    for (int i = 1; i < argc; i++) {
        struct str word = str_of(argv[i]);
        enum flags_result result = FLAGS_GOOD;
        if (has_flags &&
            (str_is(word, STR("--help")) || str_is(word, STR("-h")))) {
            fputs(flags->help, stdout);
            return FLAGS_HELP;
        }
        if (has_flags && str_is(word, STR("--")))
            has_flags = false;
        else if (has_flags && str_has_prefix(word, STR("--")))
            result = read_flag(flags, argc, argv, &i);
        else if (has_flags && word.len > 1 && word.at[0] == '-')
            result = flags_refuse(flags, "unknown flag", argv[i]);
        else
            result = read_file(flags, argv[i]);
        if (result != FLAGS_GOOD)
            return result;
    }
    return FLAGS_GOOD;
}
