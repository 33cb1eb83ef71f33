/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What FACT GET tells of a partner, said again in operations that may be
 * repeated: on the server that it came from they change nothing, on another
 * one they make an equal partner. FACT GET has today's value of an attribute
 * and not since when; so a `set` has no day, and on another server the value
 * holds from the day of the import. */
#include "main/export_partner.h"

#include <stdio.h>

/* A row under construction, on the stack. */
struct line {
    struct import_row row;
    struct field fields[IMPORT_NAMES];
    char number[24];
};

static void begin(struct line *line, const char *op, struct str partner)
{
    line->row = (struct import_row){.fields = line->fields, .n = 2};
    line->fields[0] = (struct field){STR("op"), str_of(op)};
    line->fields[1] = (struct field){STR("partner"), partner};
}

static void add(struct line *line, const char *name, struct str value)
{
    if (value.len > 0)
        line->fields[line->row.n++] = (struct field){str_of(name), value};
}

/* The texts of a map under the same names as the row's fields. */
static void add_from(struct line *line, const struct redisReply *map,
                     const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        add(line, names[i], answer_text(answer_get(map, names[i])));
}

static void add_count(struct line *line, const struct redisReply *map)
{
    int64_t count = 1;
    if (!answer_int(answer_get(map, "count"), &count) || count == 1)
        return;
    int len =
        snprintf(line->number, sizeof(line->number), "%lld", (long long)count);
    add(line, "count", (struct str){line->number, (size_t)len});
}

/* A map of labels as name=value,... in `text`. */
static void add_with(struct line *line, const struct redisReply *map,
                     struct buf *text)
{
    const struct redisReply *with = answer_get(map, "with");
    buf_reset(text);
    for (size_t i = 0; i + 1 < answer_size(with); i += 2)
        buf_print(text, "%s" STR_FMT "=" STR_FMT, i > 0 ? "," : "",
                  STR_ARG(answer_text(answer_at(with, i))),
                  STR_ARG(answer_text(answer_at(with, i + 1))));
    add(line, "with", buf_peek(text));
}

static void write_attribute(struct export_writer *writer, struct str partner,
                            struct str name, struct str value,
                            struct export_counts *counts)
{
    struct line line;
    begin(&line, "set", partner);
    add(&line, "name", name);
    add(&line, "value", value);
    export_writer_row(writer, &line.row);
    counts->set++;
}

static void write_attributes(struct export_writer *writer, struct str partner,
                             const struct redisReply *map,
                             struct export_counts *counts)
{
    struct str kind = answer_text(answer_get(map, "kind"));
    if (kind.len > 0)
        write_attribute(writer, partner, STR("kind"), kind, counts);
    else
        fprintf(stderr,
                "palier export: " STR_FMT " has no kind today: a server that "
                "does not know it will refuse its lines\n",
                STR_ARG(partner));
    for (size_t i = 0; i + 1 < answer_size(map); i += 2) {
        struct str name = answer_text(answer_at(map, i));
        struct str value = answer_text(answer_at(map, i + 1));
        if (value.len > 0 && !str_is(name, STR("kind")))
            write_attribute(writer, partner, name, value, counts);
    }
}

static void write_amount(struct export_writer *writer, struct str partner,
                         const struct redisReply *map, struct buf *text)
{
    static const char *const names[] = {"series", "amount", "unit", "on"};
    struct line line;
    begin(&line, "put", partner);
    add_from(&line, map, names, COUNT_OF(names));
    add_count(&line, map);
    add_with(&line, map, text);
    export_writer_row(writer, &line.row);
}

static void write_term(struct export_writer *writer, struct str partner,
                       const struct redisReply *map, struct buf *text)
{
    static const char *const names[] = {"series", "id",    "from",
                                        "until",  "value", "unit"};
    struct line line;
    begin(&line, "grant", partner);
    add_from(&line, map, names, COUNT_OF(names));
    add_with(&line, map, text);
    export_writer_row(writer, &line.row);
}

/* What cannot be exported is said, not left out in silence. */
static void tell_ignored(struct str partner, const struct redisReply *names,
                         struct export_counts *counts)
{
    for (size_t i = 0; i < answer_size(names); i++)
        fprintf(stderr,
                "palier export: " STR_FMT ": field " STR_FMT
                " cannot be read by Palier and is not exported\n",
                STR_ARG(partner), STR_ARG(answer_text(answer_at(names, i))));
    counts->ignored += answer_size(names);
}

void export_partner(struct export_writer *writer, struct str partner,
                    const struct redisReply *facts,
                    struct export_counts *counts)
{
    const struct redisReply *amounts = answer_get(facts, "amounts");
    const struct redisReply *terms = answer_get(facts, "terms");
    struct buf text;
    buf_init(&text);
    write_attributes(writer, partner, answer_get(facts, "attributes"), counts);
    for (size_t i = 0; i < answer_size(amounts); i++)
        write_amount(writer, partner, answer_at(amounts, i), &text);
    for (size_t i = 0; i < answer_size(terms); i++)
        write_term(writer, partner, answer_at(terms, i), &text);
    tell_ignored(partner, answer_get(facts, "ignored"), counts);
    counts->put += answer_size(amounts);
    counts->grant += answer_size(terms);
    counts->partners++;
    buf_fini(&text);
}
