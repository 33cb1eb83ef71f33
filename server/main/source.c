/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The reader pulls rows and need not know the format. To know it ourselves,
 * the first line that is not empty is looked at when the file is opened: it
 * is the header of a CSV file, and the first row of JSON lines, for which it
 * is kept until the first call of source_next. */
#include "main/source.h"

#include <stdlib.h>
#include <string.h>

#include "main/import_csv.h"
#include "main/import_json.h"
#include "main/lines.h"

struct source {
    struct lines lines;
    struct import_csv *csv; /* NULL: JSON lines */
    struct str first;       /* the line read ahead, until lines_next */
    bool has_first;
};

static bool ends_with(struct str s, struct str end)
{
    return s.len >= end.len &&
           str_is_nocase(str_part(s, s.len - end.len, s.len), end);
}

static bool is_json(const char *path, struct str first)
{
    static const struct str ends[] = {STR_INIT(".jsonl"), STR_INIT(".ndjson"),
                                      STR_INIT(".json")};
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (ends_with(str_of(path), ends[i]))
            return true;
    return !ends_with(str_of(path), STR(".csv")) && first.len > 0 &&
           first.at[0] == '{';
}

/* Begins reading by what the first line shows. */
static bool choose_format(struct source *source, const char *path,
                          struct fault *fault)
{
    struct str first = str_trim(source->first);
    bool json = is_json(path, first);
    if (first.len > 0 && first.at[0] == '[')
        return fault_set(fault, FAULT_INVALID,
                         "%s: a JSON array, expected JSON lines: one object "
                         "a line, without [ ] and commas between",
                         path);
    source->has_first = json;
    if (json)
        return true;
    source->csv = import_csv_new(source->first, fault);
    if (source->csv)
        return true;
    struct fault why = *fault;
    return fault_set(fault, why.code, "%s: line %zu: %s", path,
                     source->lines.number, why.text);
}

/* The first line that holds something; a byte order mark is dropped. */
static bool read_first(struct source *source, const char *path,
                       struct fault *fault)
{
    for (;;) {
        enum lines_result result =
            lines_next(&source->lines, &source->first, fault);
        if (result == LINES_FAILED)
            return false;
        if (result == LINES_END)
            return true;
        if (result == LINES_TOO_LONG)
            return fault_set(fault, FAULT_INVALID,
                             "%s: line %zu is longer than %d bytes", path,
                             source->lines.number, LINES_BYTES);
        if (str_has_prefix(source->first, STR("\xef\xbb\xbf")))
            source->first = str_part(source->first, 3, source->first.len);
        if (str_trim(source->first).len > 0)
            return choose_format(source, path, fault);
    }
}

struct source *source_open(const char *path, struct fault *fault)
{
    struct source *source = mem_new(sizeof(*source));
    if (!lines_open(&source->lines, path, fault)) {
        free(source);
        return NULL;
    }
    if (read_first(source, path, fault))
        return source;
    source_close(source);
    return NULL;
}

void source_close(struct source *source)
{
    if (!source)
        return;
    import_csv_free(source->csv);
    lines_close(&source->lines);
    free(source);
}

/* One line to a row, or to nothing yet (SOURCE_END: none in this line). */
static enum source_result take_line(struct source *source, struct str line,
                                    struct arena *arena, struct import_row *row,
                                    struct fault *fault)
{
    size_t number = source->lines.number;
    *row = (struct import_row){.line = number};
    if (!source->csv && str_trim(line).len == 0)
        return SOURCE_END;
    if (!source->csv)
        return import_json_row(line, arena, row, fault) ? SOURCE_ROW
                                                        : SOURCE_REFUSED;
    switch (import_csv_line(source->csv, number, line, arena, row, fault)) {
    case IMPORT_CSV_ROW:
        return SOURCE_ROW;
    case IMPORT_CSV_REFUSED:
        return SOURCE_REFUSED;
    case IMPORT_CSV_MORE:
        break;
    }
    return SOURCE_END;
}

static enum source_result finish(struct source *source, struct import_row *row,
                                 struct fault *fault)
{
    if (source->csv &&
        import_csv_end(source->csv, row, fault) == IMPORT_CSV_REFUSED)
        return SOURCE_REFUSED;
    return SOURCE_END;
}

enum source_result source_next(struct source *source, struct arena *arena,
                               struct import_row *row, struct fault *fault)
{
    for (;;) {
        struct str line = source->first;
        enum lines_result got = LINES_LINE;
        if (!source->has_first)
            got = lines_next(&source->lines, &line, fault);
        source->has_first = false;
        if (got == LINES_FAILED)
            return SOURCE_FAILED;
        if (got == LINES_END)
            return finish(source, row, fault);
        if (got == LINES_TOO_LONG) {
            *row = (struct import_row){.line = source->lines.number};
            fault_set(fault, FAULT_INVALID, "longer than %d bytes",
                      LINES_BYTES);
            return SOURCE_REFUSED;
        }
        enum source_result result = take_line(source, line, arena, row, fault);
        if (result != SOURCE_END)
            return result;
    }
}

uint64_t source_bytes(const struct source *source)
{
    return source->lines.bytes;
}

uint64_t source_size(const struct source *source)
{
    return source->lines.size;
}
