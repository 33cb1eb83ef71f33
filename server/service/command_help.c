/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The table of commands, told to clients (COMMAND) and to people (HELP). */
#include "service/command.h"

/* A container's first row stands for it. */
static bool is_first(size_t i)
{
    return i == 0 || !str_is(commands[i].name, commands[i - 1].name);
}

static size_t rows_of(size_t first)
{
    size_t n = 1;

    while (first + n < commands_n && !is_first(first + n))
        n++;
    return n;
}

static bool is_container(size_t first)
{
    return commands[first].sub.len > 0 || rows_of(first) > 1;
}

static size_t count_names(void)
{
    size_t n = 0;

    for (size_t i = 0; i < commands_n; i++)
        n += is_first(i);
    return n;
}

/* SIZE_MAX where there is none. */
static size_t find_name(struct str name)
{
    for (size_t i = 0; i < commands_n; i++)
        if (is_first(i) && str_is_nocase(commands[i].name, name))
            return i;
    return SIZE_MAX;
}

/* --- COMMAND, COMMAND INFO ------------------------------------------------ */

static void write_flags(struct reply *reply, unsigned flags)
{
    static const struct {
        unsigned flag;
        const char *name;
    } names[] = {{COMMAND_READ, "readonly"},
                 {COMMAND_WRITE, "write"},
                 {COMMAND_NOAUTH, "no_auth"},
                 {COMMAND_ADMIN, "admin"},
                 {COMMAND_FAST, "fast"}};
    size_t n = 0;

    for (size_t i = 0; i < COUNT_OF(names); i++)
        n += (flags & names[i].flag) != 0;
    reply_array(reply, n);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (flags & names[i].flag)
            reply_simple(reply, str_of(names[i].name));
}

/* As Redis describes a command; ours have no keys of the client's. */
static void write_info(struct request *rq, const struct command *row,
                       struct str name, int arity, unsigned flags, size_t subs)
{
    struct reply *reply = &rq->reply;

    reply_array(reply, 10);
    reply_text(reply, name);
    reply_int(reply, arity);
    write_flags(reply, flags);
    for (int i = 0; i < 3; i++)
        reply_int(reply, 0);
    for (int i = 0; i < 3; i++)
        reply_array(reply, 0);
    reply_array(reply, subs);
    for (size_t i = 0; i < subs; i++)
        if (row[i].sub.len > 0)
            write_info(rq, &row[i], command_full_name(&row[i], rq->arena),
                       row[i].arity, row[i].flags, 0);
}

static struct str bare_name(const struct command *row, struct arena *arena)
{
    struct command bare = *row;

    bare.sub = STR("");
    return command_full_name(&bare, arena);
}

static void describe(struct request *rq, size_t first)
{
    const struct command *row = &commands[first];
    size_t own = row->sub.len == 0;
    size_t subs = is_container(first) ? rows_of(first) - own : 0;

    write_info(rq, row + (subs ? own : 0), bare_name(row, rq->arena),
               own ? row->arity : -2, own ? row->flags : 0, subs);
}

void command_command(struct request *rq)
{
    reply_array(&rq->reply, count_names());
    for (size_t i = 0; i < commands_n; i++)
        if (is_first(i))
            describe(rq, i);
}

void command_command_count(struct request *rq)
{
    reply_int(&rq->reply, (int64_t)count_names());
}

void command_command_info(struct request *rq)
{
    if (rq->n == 2) {
        command_command(rq);
        return;
    }
    reply_array(&rq->reply, rq->n - 2);
    for (size_t i = 2; i < rq->n; i++) {
        size_t first = find_name(rq->words[i]);
        if (first == SIZE_MAX)
            reply_nil(&rq->reply);
        else
            describe(rq, first);
    }
}

void command_command_list(struct request *rq)
{
    reply_array(&rq->reply, count_names());
    for (size_t i = 0; i < commands_n; i++)
        if (is_first(i))
            reply_text(&rq->reply, bare_name(&commands[i], rq->arena));
}

/* --- COMMAND DOCS --------------------------------------------------------- */

static void write_arguments(struct reply *reply, const struct command *row)
{
    reply_key(reply, "arguments");
    reply_array(reply, 1);
    reply_map(reply, 2);
    reply_pair_text(reply, "name", str_of(row->arguments));
    reply_pair_text(reply, "type", STR("string"));
}

static void write_doc(struct reply *reply, const struct command *row,
                      size_t more)
{
    bool arguments = row->arguments[0] != '\0';

    reply_map(reply, 3 + (size_t)arguments + more);
    reply_pair_text(reply, "summary", str_of(row->summary));
    reply_pair_text(reply, "since", STR("0.1.0"));
    reply_pair_text(reply, "group", str_of(row->group));
    if (arguments)
        write_arguments(reply, row);
}

static void document(struct request *rq, size_t first)
{
    const struct command *row = &commands[first];
    size_t own = row->sub.len == 0, rows = rows_of(first);
    struct command container = {.summary = "A container of commands",
                                .group = row->group,
                                .arguments = ""};

    reply_text(&rq->reply, bare_name(row, rq->arena));
    write_doc(&rq->reply, own ? row : &container, is_container(first));
    if (!is_container(first))
        return;
    reply_key(&rq->reply, "subcommands");
    reply_map(&rq->reply, rows - own);
    for (size_t i = own; i < rows; i++) {
        reply_text(&rq->reply, command_full_name(&row[i], rq->arena));
        write_doc(&rq->reply, &row[i], 0);
    }
}

void command_command_docs(struct request *rq)
{
    size_t known = 0;

    for (size_t i = 2; i < rq->n; i++)
        known += find_name(rq->words[i]) != SIZE_MAX;
    reply_map(&rq->reply, rq->n == 2 ? count_names() : known);
    for (size_t i = 0; i < commands_n && rq->n == 2; i++)
        if (is_first(i))
            document(rq, i);
    for (size_t i = 2; i < rq->n; i++)
        if (find_name(rq->words[i]) != SIZE_MAX)
            document(rq, find_name(rq->words[i]));
}

/* --- HELP ----------------------------------------------------------------- */

static void print_usage(struct buf *out, const struct command *row)
{
    buf_add(out, row->name);
    if (row->sub.len > 0) {
        buf_add_byte(out, ' ');
        buf_add(out, row->sub);
    }
    if (row->arguments[0])
        buf_print(out, " %s", row->arguments);
    buf_print(out, "\n    %s\n", row->summary);
}

static bool is_asked(const struct request *rq, const struct command *row)
{
    return (rq->n < 2 || str_is_nocase(rq->words[1], row->name)) &&
           (rq->n < 3 || str_is_nocase(rq->words[2], row->sub));
}

void command_help(struct request *rq)
{
    struct buf out;
    size_t found = 0;

    buf_init(&out);
    for (size_t i = 0; i < commands_n; i++) {
        if (!is_asked(rq, &commands[i]))
            continue;
        print_usage(&out, &commands[i]);
        buf_print(&out, "    example: %s\n", commands[i].example);
        found++;
    }
    if (found > 0)
        reply_verbatim(&rq->reply, buf_peek(&out));
    else
        request_failf(rq, FAULT_ERR,
                      "no such command: \"%.*s\"; HELP shows all",
                      (int)(rq->words[1].len < 64 ? rq->words[1].len : 64),
                      rq->words[1].at);
    buf_fini(&out);
}

/* FACT HELP and its like: an array of lines, as Redis's containers answer. */
void command_container_help(struct request *rq)
{
    struct buf out;
    size_t lines = 0;

    buf_init(&out);
    for (size_t i = 0; i < commands_n; i++)
        if (str_is(commands[i].name, rq->command->name))
            print_usage(&out, &commands[i]);
    struct str text = buf_peek(&out);
    for (size_t i = 0; i < text.len; i++)
        lines += text.at[i] == '\n';
    reply_array(&rq->reply, lines);
    for (size_t from = 0; from < text.len;) {
        size_t end = str_find(text, '\n', from);
        reply_simple(&rq->reply, str_part(text, from, end));
        from = end + 1;
    }
    buf_fini(&out);
}
