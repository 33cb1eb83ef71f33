/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * `palier import`: rows from a file, in batches to a server, and a summary.
 * What is wrong with one line never stops the others: a file of a hundred
 * thousand lines is mended by its list of refusals, not by its first one. */
#include "main/import.h"

#include <stdio.h>

#include "main/flags.h"
#include "main/import_batch.h"
#include "main/import_id.h"
#include "main/progress.h"
#include "main/source.h"

static const char *const help =
    "palier import FILE [--server ADDR:PORT|unix:PATH] [--password-file F]\n"
    "                   [--dry-run] [--json]\n"
    "\n"
    "Gives the facts of a file to a server. FILE is CSV with a header line,\n"
    "or JSON lines: .csv, .jsonl, .ndjson, .json; - is standard input.\n"
    "`op` says what a line does, and the other fields depend on it:\n"
    "  set     partner name value on\n"
    "  add     partner series amount unit on count id with\n"
    "  put     partner series amount unit on count with\n"
    "  grant   partner series id from until value unit with\n"
    "  revoke  partner series id on\n"
    "`with` holds labels: class=license,customer=c17. A new partner is made\n"
    "by a line that sets its kind, before its other lines. An add line\n"
    "without an id gets one from its content, so that importing a file\n"
    "twice changes nothing.\n"
    "\n"
    "  --server         the server (" CLIENT_SERVER ")\n"
    "  --password-file  its password, on the first line of a file\n"
    "  --dry-run        check every line, change nothing\n"
    "  --json           the summary as one JSON object\n"
    "\n"
    "Example, two lines of CSV:\n"
    "  op,partner,series,amount,on\n"
    "  add,northwind,revenue/cloud,1250.50,2026-06-30\n"
    "  $ palier import sales.csv --dry-run\n"
    "\n"
    "Ends with 0; 1 where a line was refused; 2 for a wrong command line.\n";

struct import_options {
    struct client_options client;
    const char *file;
    bool dry_run, as_json;
};

static enum flags_result read_options(int argc, char **argv,
                                      struct import_options *options)
{
    *options = (struct import_options){.client.server = CLIENT_SERVER};
    const struct flag rows[] = {
        {.name = "server", .text = &options->client.server},
        {.name = "password-file", .text = &options->client.password_file},
        {.name = "dry-run", .is_said = &options->dry_run},
        {.name = "json", .is_said = &options->as_json},
    };
    const struct flags flags = {"import", help, rows, COUNT_OF(rows),
                                &options->file};
    enum flags_result result = flags_read(&flags, argc, argv);
    if (result == FLAGS_GOOD && !options->file)
        return flags_refuse(&flags, "expected a FILE, or - for standard input",
                            NULL);
    return result;
}

/* Everything that is open while a file is read. */
struct importing {
    struct source *source;
    struct import_batch batch;
    struct import_report report;
    struct tally seen; /* how often each content without an id came */
    struct progress progress;
};

static bool send_batch(struct importing *import)
{
    bool goes_on = import_batch_flush(&import->batch);
    progress_show(&import->progress, source_bytes(import->source),
                  source_size(import->source), import->report.lines);
    return goes_on;
}

/* One row into the batch. False at the end of the file. */
static bool take_row(struct importing *import)
{
    struct import_row row = {0};
    struct fault fault;
    struct arena *arena = &import->batch.arena;
    enum source_result result =
        source_next(import->source, arena, &row, &fault);
    if (result == SOURCE_FAILED)
        import_report_stop(&import->report, &fault);
    if (result == SOURCE_FAILED || result == SOURCE_END)
        return false;
    import->report.lines++;
    if (result == SOURCE_REFUSED) {
        import_report_refuse_fault(&import->report, row.line, &fault);
        return true;
    }
    import_id_give(&row, &import->seen, arena);
    import_batch_add(&import->batch, &row);
    return true;
}

static void read_rows(struct importing *import)
{
    bool goes_on = true;
    while (goes_on && take_row(import))
        if (import_batch_is_full(&import->batch))
            goes_on = send_batch(import);
    if (goes_on && import->batch.n > 0)
        goes_on = send_batch(import);
    ensure(goes_on || import->report.is_stopped);
}

static int run_import(const struct import_options *options,
                      struct client *client, struct import_check *check,
                      struct source *source)
{
    struct importing import = {.source = source};
    import_report_init(&import.report, options->file, options->dry_run);
    import_batch_init(&import.batch, client, check, &import.report);
    tally_init(&import.seen);
    progress_init(&import.progress, "lines");
    read_rows(&import);
    progress_end(&import.progress);
    import_report_print(&import.report, options->as_json);
    int code = import_report_is_good(&import.report) ? 0 : 1;
    tally_fini(&import.seen);
    import_batch_fini(&import.batch);
    import_report_fini(&import.report);
    return code;
}

int import_main(int argc, char **argv)
{
    struct import_options options;
    enum flags_result flags = read_options(argc, argv, &options);
    if (flags != FLAGS_GOOD)
        return flags_code(flags);
    struct fault fault;
    struct client *client = NULL;
    struct import_check *check = NULL;
    int code = 1;
    struct source *source = source_open(options.file, &fault);
    if (source)
        client = client_open(&options.client, "palier-import", &fault);
    if (client && options.dry_run)
        check = import_check_new(client, &fault);
    if (client && (check || !options.dry_run))
        code = run_import(&options, client, check, source);
    else
        fprintf(stderr, "palier import: %s\n", fault.text);
    import_check_free(check);
    client_close(client);
    source_close(source);
    return code;
}
