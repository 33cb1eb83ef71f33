/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Settings come from four sources, and one of them, the file, is named by two
 * others. So each value remembers its source, the sources are read in whatever
 * order suits, and a weaker one never replaces a stronger one; it is checked
 * all the same, so that a mistake does not wait for the flag to go away. */
#include "main/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "facts/facts.h"

#define PREFIX STR("PALIER_")

enum source {
    FROM_NOWHERE,
    FROM_PRESET,
    FROM_FILE,
    FROM_ENVIRONMENT,
    FROM_FLAG
};

/* A reading of all sources. `where` is what a message calls the setting now
 * being read: "--workers", "PALIER_WORKERS", "palier.conf:3: workers". */
struct reading {
    struct options *options;
    enum source sources[SETTINGS];
    size_t lines[SETTINGS]; /* of the file, that set it; 0: none did */
    struct fault *fault;
};

static bool put(struct reading *reading, enum setting which, enum source source,
                struct str where, struct str text)
{
    struct arena *arena = &reading->options->arena;
    struct setting_value value = {0};
    if (source == reading->sources[which])
        value = reading->options->values[which]; /* a list goes on */
    if (!setting_read(which, text, arena, &value))
        return fault_set(reading->fault, FAULT_INVALID,
                         STR_FMT " \"" STR_FMT "\": expected " STR_FMT,
                         STR_ARG(where),
                         STR_ARG(setting_repeat(which, text, arena)),
                         STR_ARG(setting_expected(which, arena)));
    if (source < reading->sources[which])
        return true;
    reading->options->values[which] = value;
    reading->sources[which] = source;
    return true;
}

static bool unknown(struct reading *reading, struct str where, struct str near)
{
    if (!near.len)
        return fault_set(reading->fault, FAULT_ERR,
                         STR_FMT ": no such setting; see palier serve --help",
                         STR_ARG(where));
    return fault_set(reading->fault, FAULT_ERR,
                     STR_FMT ": no such setting; did you mean " STR_FMT "?",
                     STR_ARG(where), STR_ARG(near));
}

/* --- flags ---------------------------------------------------------------- */

static struct str nearest_flag(struct reading *reading, struct str name)
{
    struct str near = setting_nearest(name);
    if (!near.len)
        return near;
    return arena_print(&reading->options->arena, "--" STR_FMT, STR_ARG(near));
}

/* `--name value` or `--name=value`; `*i` moves to the last word used. */
static bool read_flag(struct reading *reading, int argc, char **argv, int *i)
{
    struct str word = str_of(argv[*i]);
    if (!str_has_prefix(word, STR("--")))
        return fault_set(reading->fault, FAULT_ERR,
                         "\"" STR_FMT "\": expected a flag, such as --scripts",
                         STR_ARG(word));
    size_t equals = str_find(word, '=', 0);
    struct str flag = str_part(word, 0, equals);
    struct str name = str_part(flag, 2, flag.len);
    enum setting which = setting_find(name);
    if (which == SETTINGS)
        return unknown(reading, flag, nearest_flag(reading, name));
    if (equals < word.len)
        return put(reading, which, FROM_FLAG, flag,
                   str_part(word, equals + 1, word.len));
    if (*i + 1 == argc)
        return fault_set(reading->fault, FAULT_ERR,
                         STR_FMT ": expected %s after it", STR_ARG(flag),
                         setting_rows[which].argument);
    *i += 1;
    return put(reading, which, FROM_FLAG, flag, str_of(argv[*i]));
}

static bool read_flags(struct reading *reading, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        struct str word = str_of(argv[i]);
        if (str_is(word, STR("--help")) || str_is(word, STR("-h")))
            reading->options->help = true;
        else if (!read_flag(reading, argc, argv, &i))
            return false;
    }
    return true;
}

/* --- environment ---------------------------------------------------------- */

/* Compared without the prefix, which would make all names look alike. */
static struct str nearest_variable(struct reading *reading, struct str name)
{
    struct arena *arena = &reading->options->arena;
    struct str names[SETTINGS + 1];
    for (enum setting i = 0; i < SETTINGS; i++) {
        struct str variable = setting_variable(i, arena);
        names[i] = str_part(variable, PREFIX.len, variable.len);
    }
    names[SETTINGS] = STR("TODAY");
    struct str near =
        str_nearest(str_part(name, PREFIX.len, name.len), names, SETTINGS + 1);
    if (!near.len)
        return near;
    return arena_print(arena, STR_FMT STR_FMT, STR_ARG(PREFIX), STR_ARG(near));
}

static bool read_variable(struct reading *reading, struct str name,
                          struct str text)
{
    if (str_is(name, STR("PALIER_TODAY")))
        return day_expect(text, "PALIER_TODAY", &reading->options->today,
                          reading->fault);
    for (enum setting i = 0; i < SETTINGS; i++)
        if (str_is(name, setting_variable(i, &reading->options->arena)))
            return put(reading, i, FROM_ENVIRONMENT, name, text);
    struct str near = nearest_variable(reading, name);
    if (near.len)
        return unknown(reading, name, near);
    /* Like no setting of ours: a test's or a script's own, perhaps. */
    log_warn("no such setting; it is left alone", KV_STR("variable", name));
    return true;
}

static bool read_environment(struct reading *reading, char **environment)
{
    for (; *environment; environment++) {
        struct str entry = str_of(*environment);
        size_t equals = str_find(entry, '=', 0);
        struct str name = str_part(entry, 0, equals);
        struct str text = str_part(entry, equals + 1, entry.len);
        /* Set to nothing is how a shell's line unsets a variable. */
        if (!str_has_prefix(name, PREFIX) || !text.len)
            continue;
        if (!read_variable(reading, name, text))
            return false;
    }
    return true;
}

/* --- file ----------------------------------------------------------------- */

static bool read_pair(struct reading *reading, const char *path, size_t number,
                      struct str line)
{
    struct arena *arena = &reading->options->arena;
    size_t equals = str_find(line, '=', 0);
    struct str name = str_trim(str_part(line, 0, equals));
    struct str where =
        arena_print(arena, "%s:%zu: " STR_FMT, path, number, STR_ARG(name));
    if (equals == line.len)
        return fault_set(reading->fault, FAULT_ERR,
                         STR_FMT ": expected name = value", STR_ARG(where));
    enum setting which = setting_find(name);
    if (which == SETTINGS)
        return unknown(reading, where, setting_nearest(name));
    if (which == SETTING_config)
        return fault_set(reading->fault, FAULT_ERR,
                         STR_FMT ": a file cannot name another",
                         STR_ARG(where));
    if (reading->lines[which])
        return fault_set(reading->fault, FAULT_ERR,
                         STR_FMT ": line %zu says it already%s", STR_ARG(where),
                         reading->lines[which],
                         setting_rows[which].type == SETTING_ADDRESSES
                             ? "; several addresses go on one line"
                             : "");
    reading->lines[which] = number;
    return put(reading, which, FROM_FILE, where,
               str_trim(str_part(line, equals + 1, line.len)));
}

/* The line without what a blank and '#' begin. */
static struct str without_comment(struct str line)
{
    for (size_t i = 1; i < line.len; i++)
        if (line.at[i] == '#' &&
            (line.at[i - 1] == ' ' || line.at[i - 1] == '\t'))
            return str_trim(str_part(line, 0, i));
    return line;
}

static bool read_lines(struct reading *reading, const char *path, FILE *file)
{
    char *line = NULL;
    size_t room = 0, number = 0;
    bool ok = true;
    ssize_t len;
    while (ok && (len = getline(&line, &room, file)) >= 0) {
        struct str text = str_trim((struct str){line, (size_t)len});
        number++;
        if (text.len && text.at[0] != '#')
            ok = read_pair(reading, path, number, without_comment(text));
    }
    if (ok && ferror(file))
        ok = fault_set(reading->fault, FAULT_ERR, "%s: %s", path,
                       strerror(errno));
    free(line);
    return ok;
}

static bool read_file(struct reading *reading)
{
    const char *path = options_text(reading->options, SETTING_config);
    if (!path)
        return true;
    FILE *file = fopen(path, "re");
    if (!file)
        return fault_set(reading->fault, FAULT_ERR, "--config %s: %s", path,
                         strerror(errno));
    bool ok = read_lines(reading, path, file);
    fclose(file);
    return ok;
}

/* --- presets -------------------------------------------------------------- */

static bool fill_in(struct reading *reading)
{
    for (enum setting i = 0; i < SETTINGS; i++) {
        const struct setting_row *row = &setting_rows[i];
        if (reading->sources[i] != FROM_NOWHERE || !*row->preset)
            continue;
        if (!put(reading, i, FROM_PRESET, str_of(row->name),
                 str_of(row->preset)))
            return false;
    }
    return true;
}

/* --- the door ------------------------------------------------------------- */

bool options_collect(struct options *options, int argc, char **argv,
                     char **environment, struct fault *fault)
{
    *options = (struct options){.today = DAY_NONE};
    arena_init(&options->arena);
    struct reading reading = {.options = options, .fault = fault};
    if (!read_flags(&reading, argc, argv))
        return false;
    return options->help || (read_environment(&reading, environment) &&
                             read_file(&reading) && fill_in(&reading));
}

void options_fini(struct options *options)
{
    arena_fini(&options->arena);
}

const char *options_text(const struct options *options, enum setting which)
{
    struct str text = options->values[which].text;
    return text.len ? text.at : NULL;
}

int64_t options_number(const struct options *options, enum setting which)
{
    return options->values[which].number;
}

static void help_line(FILE *out, const struct setting_row *row)
{
    char left[64];
    snprintf(left, sizeof left, "--%s %s", row->name, row->argument);
    fprintf(out, "  %-28s", left);
    if (strlen(left) > 27)
        fprintf(out, "\n  %-28s", "");
    fputs(row->help, out);
    if (*row->preset)
        fprintf(out, " [%s]", row->preset);
    fputc('\n', out);
}

void options_help(FILE *out)
{
    fputs("usage: palier serve [OPTION]...\n\n"
          "Serves one partner program to Redis clients until Ctrl-C.\n\n",
          out);
    for (size_t i = 0; i < SETTINGS; i++)
        help_line(out, &setting_rows[i]);
    fputs("\nEach option may also stand in the environment "
          "(PALIER_MAX_STALE=60) and in the\nfile that --config names, once "
          "each and one a line:\n\n"
          "  max-stale = 60   # a comment goes from '#' to the line's end; in "
          "a line,\n"
          "                   # a blank stands before it\n\n"
          "Flags win over the environment, the environment over the file.\n"
          "PALIER_TODAY=2026-06-30 pins the day, for tests and "
          "demonstrations.\n\n"
          "  palier serve --scripts my-program &\n"
          "  redis-cli -p 7411 TIER northwind\n",
          out);
}
