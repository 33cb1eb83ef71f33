/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * `palier export`: partners page by page, then each one's facts. A partner's
 * facts are one answer and therefore of one moment; different partners may be
 * seen at different moments of a server that goes on working. */
#include "main/export.h"

#include <stdio.h>
#include <string.h>

#include "main/client.h"
#include "main/export_partner.h"
#include "main/flags.h"
#include "main/progress.h"

/* How many FACT GET are under way at once: their answers may be large. */
#define PAGE_PARTNERS "64"

static const char *const help =
    "palier export [FILE] [--format csv|jsonl] [--server ADDR:PORT|unix:PATH]\n"
    "              [--password-file F]\n"
    "\n"
    "Writes the facts of every partner as lines that palier import reads:\n"
    "set, put and grant. Importing them where they came from changes\n"
    "nothing. FILE is replaced only when it is complete; without FILE,\n"
    "standard output. Attributes are written with their values of today:\n"
    "those set for a later day, and earlier values, are not in it.\n"
    "\n"
    "  --format         csv or jsonl (by FILE's name, else jsonl)\n"
    "  --server         the server (" CLIENT_SERVER ")\n"
    "  --password-file  its password, on the first line of a file\n"
    "\n"
    "Example:\n"
    "  $ palier export partners.csv\n"
    "\n"
    "Ends with 0; 1 where it failed; 2 for a wrong command line.\n";

struct export_options {
    struct client_options client;
    const char *file; /* NULL: standard output */
    enum export_format format;
};

/* By --format, else by the file's name. */
static bool choose_format(const char *said, struct export_options *options)
{
    const char *dot = options->file ? strrchr(options->file, '.') : NULL;
    if (!said)
        said = dot && strcasecmp(dot, ".csv") == 0 ? "csv" : "jsonl";
    options->format = strcmp(said, "csv") == 0 ? EXPORT_CSV : EXPORT_JSONL;
    return options->format == EXPORT_CSV || strcmp(said, "jsonl") == 0;
}

static enum flags_result read_options(int argc, char **argv,
                                      struct export_options *options)
{
    *options = (struct export_options){.client.server = CLIENT_SERVER};
    const char *format = NULL;
    const struct flag rows[] = {
        {.name = "server", .text = &options->client.server},
        {.name = "password-file", .text = &options->client.password_file},
        {.name = "format", .text = &format},
    };
    const struct flags flags = {"export", help, rows, COUNT_OF(rows),
                                &options->file};
    enum flags_result result = flags_read(&flags, argc, argv);
    if (result != FLAGS_GOOD)
        return result;
    if (options->file && strcmp(options->file, "-") == 0)
        options->file = NULL;
    if (!choose_format(format, options))
        return flags_refuse(&flags, "--format is csv or jsonl, not", format);
    return FLAGS_GOOD;
}

struct exporting {
    struct client *client;
    struct export_writer *writer;
    struct export_counts counts;
    struct progress progress;
};

/* Reads and writes the answer to one FACT GET. A partner forgotten since the
 * page was read is no fault. */
static bool take_partner(struct exporting *export, struct str partner,
                         struct fault *fault)
{
    struct redisReply *facts = client_receive(export->client, fault);
    if (!facts)
        return false;
    struct str text = answer_text(facts);
    enum fault_code code = answer_fault(facts);
    if (code == FAULT_NONE)
        export_partner(export->writer, partner, facts, &export->counts);
    else if (code != FAULT_NOPARTNER)
        fault_set(fault, code, STR_FMT ": " STR_FMT, STR_ARG(partner),
                  STR_ARG(text));
    answer_free(facts);
    return code == FAULT_NONE || code == FAULT_NOPARTNER;
}

static bool take_page(struct exporting *export, const struct redisReply *ids,
                      struct fault *fault)
{
    for (size_t i = 0; i < answer_size(ids); i++) {
        struct str words[] = {STR("FACT"), STR("GET"),
                              answer_text(answer_at(ids, i))};
        client_send(export->client, words, 3);
    }
    for (size_t i = 0; i < answer_size(ids); i++)
        if (!take_partner(export, answer_text(answer_at(ids, i)), fault))
            return false;
    progress_show(&export->progress, 0, 0, export->counts.partners);
    return true;
}

/* One page; `cursor` moves on, "0" after the last. */
static bool export_page(struct exporting *export, struct buf *cursor,
                        struct fault *fault)
{
    struct str words[] = {STR("PARTNERS"), STR("CURSOR"), buf_peek(cursor),
                          STR("COUNT"), STR(PAGE_PARTNERS)};
    struct redisReply *page = client_ask(export->client, words, 5, fault);
    if (!page)
        return false;
    struct str next = answer_text(answer_at(page, 0));
    buf_reset(cursor);
    buf_add(cursor, next.len > 0 ? next : STR("0"));
    bool is_done = take_page(export, answer_at(page, 1), fault);
    answer_free(page);
    return is_done;
}

static bool export_all(struct exporting *export, struct fault *fault)
{
    struct buf cursor;
    buf_init(&cursor);
    buf_add_byte(&cursor, '0');
    bool is_done = true;
    do
        is_done = export_page(export, &cursor, fault);
    while (is_done && !str_is(buf_peek(&cursor), STR("0")));
    buf_fini(&cursor);
    return is_done;
}

static void tell_counts(const struct export_counts *counts)
{
    fprintf(stderr,
            "exported %zu partners: %zu attributes, %zu amounts, %zu terms\n",
            counts->partners, counts->set, counts->put, counts->grant);
    if (counts->ignored > 0)
        fprintf(stderr, "%zu fields could not be read and are missing\n",
                counts->ignored);
}

static bool run_export(const struct export_options *options,
                       struct client *client, struct fault *fault)
{
    struct exporting export = {.client = client};
    export.writer = export_writer_open(options->file, options->format, fault);
    if (!export.writer)
        return false;
    progress_init(&export.progress, "partners");
    bool is_done = export_all(&export, fault);
    progress_end(&export.progress);
    struct fault other;
    bool is_kept =
        export_writer_close(export.writer, is_done, is_done ? fault : &other);
    if (is_done && is_kept)
        tell_counts(&export.counts);
    return is_done && is_kept;
}

int export_main(int argc, char **argv)
{
    struct export_options options;
    enum flags_result flags = read_options(argc, argv, &options);
    if (flags != FLAGS_GOOD)
        return flags_code(flags);
    struct fault fault;
    bool is_done = false;
    struct client *client =
        client_open(&options.client, "palier-export", &fault);
    if (client)
        is_done = run_export(&options, client, &fault);
    if (!is_done)
        fprintf(stderr, "palier export: %s\n", fault.text);
    client_close(client);
    return is_done ? 0 : 1;
}
