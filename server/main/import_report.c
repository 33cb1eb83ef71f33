/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A wrong column spoils every line of a file, and nobody reads a million
 * refusals: enough of them are kept to see what is wrong, all are counted. */
#include "main/import_report.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

void import_report_init(struct import_report *report, const char *file,
                        bool dry_run)
{
    *report = (struct import_report){.file = file, .dry_run = dry_run};
}

void import_report_fini(struct import_report *report)
{
    for (size_t i = 0; i < report->kept; i++)
        free(report->refusals[i].text);
    free(report->refusals);
    *report = (struct import_report){0};
}

void import_report_refuse(struct import_report *report, size_t line,
                          struct str text)
{
    report->refused++;
    if (report->kept == IMPORT_REPORT_KEPT)
        return;
    if (report->kept == report->cap) {
        report->cap = report->cap ? report->cap * 2 : 16;
        report->refusals = mem_resize(report->refusals,
                                      report->cap * sizeof(*report->refusals));
    }
    struct import_refusal *refusal = &report->refusals[report->kept++];
    refusal->line = line;
    refusal->text = mem_new(text.len + 1);
    for (size_t i = 0; i < text.len; i++)
        refusal->text[i] = text.at[i];
}

void import_report_refuse_fault(struct import_report *report, size_t line,
                                const struct fault *fault)
{
    struct buf text;
    buf_init(&text);
    buf_print(&text, "%s %s", fault_word(fault->code), fault->text);
    import_report_refuse(report, line, buf_peek(&text));
    buf_fini(&text);
}

void import_report_stop(struct import_report *report, const struct fault *fault)
{
    if (!report->is_stopped)
        report->stopped = *fault;
    report->is_stopped = true;
}

bool import_report_is_good(const struct import_report *report)
{
    return !report->is_stopped && report->refused == 0;
}

static void print_counts(const struct import_report *report)
{
    printf("%zu of %zu lines %s", report->accepted, report->lines,
           report->dry_run ? "would be accepted" : "accepted");
    if (!report->dry_run && !report->is_uncertain && report->accepted > 0)
        printf(": %zu changed something, %zu changed nothing", report->changed,
               report->unchanged);
    printf("\n");
    if (report->dry_run)
        printf("nothing was changed; what only an import can tell: whether an "
               "id was used before with\nother content, and whether an "
               "entry's total passes the limit\n");
    if (report->dayless > 0)
        printf("%zu lines leave out from or on, and mean today: imported on "
               "another day they\nchange something\n",
               report->dayless);
}

static void print_text(const struct import_report *report)
{
    print_counts(report);
    if (report->refused > 0)
        printf("%zu of %zu lines refused:\n", report->refused, report->lines);
    size_t shown =
        report->kept < IMPORT_REPORT_SHOWN ? report->kept : IMPORT_REPORT_SHOWN;
    for (size_t i = 0; i < shown; i++)
        printf("line %zu: %s\n", report->refusals[i].line,
               report->refusals[i].text);
    if (report->refused > shown)
        printf("... and %zu more\n", report->refused - shown);
    if (report->is_stopped)
        printf("stopped before the end: %s %s; import the file again to go "
               "on, nothing is counted twice\n",
               fault_word(report->stopped.code), report->stopped.text);
}

static json_t *number(size_t n)
{
    return json_integer((json_int_t)n);
}

static json_t *refusals_json(const struct import_report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->kept; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:s}", "line",
                                        number(report->refusals[i].line),
                                        "error", report->refusals[i].text));
    return list;
}

static void print_json(const struct import_report *report)
{
    bool tells = !report->dry_run && !report->is_uncertain;
    json_t *json = json_object();
    json_object_set_new(json, "file", json_string(report->file));
    json_object_set_new(json, "dry_run", json_boolean(report->dry_run));
    json_object_set_new(json, "lines", number(report->lines));
    json_object_set_new(json, "accepted", number(report->accepted));
    json_object_set_new(json, "refused", number(report->refused));
    json_object_set_new(json, "changed",
                        tells ? number(report->changed) : json_null());
    json_object_set_new(json, "unchanged",
                        tells ? number(report->unchanged) : json_null());
    json_object_set_new(json, "dayless", number(report->dayless));
    json_object_set_new(json, "stopped",
                        report->is_stopped ? json_string(report->stopped.text)
                                           : json_null());
    json_object_set_new(json, "refusals", refusals_json(report));
    json_dumpf(json, stdout, JSON_COMPACT);
    printf("\n");
    json_decref(json);
}

/* Lines that make no operation are refused before those that the server
 * refuses; people read them in the file's order. */
static int by_line(const void *a, const void *b)
{
    size_t x = ((const struct import_refusal *)a)->line;
    size_t y = ((const struct import_refusal *)b)->line;
    return (x > y) - (x < y);
}

void import_report_print(struct import_report *report, bool as_json)
{
    if (report->kept > 0)
        qsort(report->refusals, report->kept, sizeof(*report->refusals),
              by_line);
    if (as_json)
        print_json(report);
    else
        print_text(report);
}
