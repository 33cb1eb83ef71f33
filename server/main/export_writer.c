/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * An export is often the only copy of something. Errors of writing (a full
 * disk) are noticed at the end at the latest, and a half-written file never
 * has the name that was asked for. */
#include "main/export_writer.h"

#include <csv.h>
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct export_writer {
    enum export_format format;
    FILE *out;
    char *path, *partial; /* NULL: standard output */
    int error;            /* of the first row that was not written */
};

static bool open_partial(struct export_writer *writer, const char *path,
                         struct fault *fault)
{
    writer->path = mem_copy_text(path);
    if (asprintf(&writer->partial, "%s.partial", path) < 0)
        die("out of memory");
    writer->out = fopen(writer->partial, "we");
    if (writer->out)
        return true;
    return fault_set(fault, FAULT_INVALID, "cannot write %s: %s",
                     writer->partial, strerror(errno));
}

static void note(struct export_writer *writer, bool is_written)
{
    if (!is_written && writer->error == 0)
        writer->error = errno ? errno : EIO;
}

/* One line of CSV: a value under each of the columns. */
static void write_csv(struct export_writer *writer, const struct str *values)
{
    for (size_t i = 0; i < IMPORT_NAMES; i++) {
        if (i > 0)
            note(writer, fputc(',', writer->out) != EOF);
        if (values[i].len > 0)
            note(writer,
                 csv_fwrite(writer->out, values[i].at, values[i].len) != EOF);
    }
    note(writer, fputc('\n', writer->out) != EOF);
}

static void write_json(struct export_writer *writer, const struct str *values)
{
    json_t *json = json_object();
    for (size_t i = 0; i < IMPORT_NAMES; i++)
        if (values[i].len > 0)
            json_object_set_new(json, import_names[i].at,
                                json_stringn(values[i].at, values[i].len));
    note(writer, json_dumpf(json, writer->out, JSON_COMPACT) == 0);
    note(writer, fputc('\n', writer->out) != EOF);
    json_decref(json);
}

struct export_writer *export_writer_open(const char *path,
                                         enum export_format format,
                                         struct fault *fault)
{
    struct export_writer *writer = mem_new(sizeof(*writer));
    writer->format = format;
    writer->out = stdout;
    if (path && !open_partial(writer, path, fault)) {
        free(writer->partial);
        free(writer->path);
        free(writer);
        return NULL;
    }
    if (format == EXPORT_CSV)
        write_csv(writer, import_names);
    return writer;
}

void export_writer_row(struct export_writer *writer,
                       const struct import_row *row)
{
    struct str values[IMPORT_NAMES];
    for (size_t i = 0; i < IMPORT_NAMES; i++)
        values[i] = import_row_value(row, import_names[i]);
    if (writer->format == EXPORT_CSV)
        write_csv(writer, values);
    else
        write_json(writer, values);
}

/* The partial file gets its name, or goes away. */
static void settle_file(struct export_writer *writer, bool keep)
{
    note(writer, fsync(fileno(writer->out)) == 0);
    note(writer, fclose(writer->out) == 0);
    if (!keep || writer->error != 0)
        note(writer, unlink(writer->partial) == 0);
    else
        note(writer, rename(writer->partial, writer->path) == 0);
}

bool export_writer_close(struct export_writer *writer, bool keep,
                         struct fault *fault)
{
    note(writer, fflush(writer->out) == 0);
    if (writer->partial)
        settle_file(writer, keep);
    bool is_written = writer->error == 0;
    if (!is_written)
        fault_set(fault, FAULT_INVALID, "writing %s failed: %s",
                  writer->path ? writer->path : "to standard output",
                  strerror(writer->error));
    free(writer->partial);
    free(writer->path);
    free(writer);
    return is_written;
}
