/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A partner's hash as any service may write it: a field a line, its name, a
 * tab, its value. Whatever they are, a record is built and read, each measure
 * keeps its value until the day before its horizon, and what was read can be
 * written as fields that are read the same. */
#include <stdlib.h>

#include "facts/facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const windows[] = {"ever",
                                      "last 12 months",
                                      "last 1 month",
                                      "last 90 days",
                                      "calendar year",
                                      "program year",
                                      "quarter",
                                      "month",
                                      "last 4 closed quarters",
                                      "last 3 closed months"};

static size_t split(struct str bytes, struct field *fields)
{
    size_t n = 0;
    for (size_t from = 0; from <= bytes.len; n++) {
        size_t end = str_find(bytes, '\n', from);
        struct str line = str_part(bytes, from, end);
        size_t tab = str_find(line, '\t', 0);
        fields[n].name = str_part(line, 0, tab);
        fields[n].value = str_part(line, tab + 1, line.len);
        from = end + 1;
    }
    return n;
}

static void check_sum(const struct record *record,
                      const struct selection *selection, int32_t day,
                      struct window *window)
{
    struct measure now, then;
    window->year_month = 2;
    window->year_day = 29;
    bool fits = measure_sum(record, selection, window, day, &now);
    ensure(now.horizon > day);
    int32_t last = now.horizon > DAY_LAST ? DAY_LAST : now.horizon - 1;
    ensure(measure_sum(record, selection, window, last, &then) == fits);
    ensure(then.value == now.value && then.horizon == now.horizon);
    fits = measure_count(record, selection, window, day, &now);
    ensure(measure_count(record, selection, window, last, &then) == fits);
    ensure(then.value == now.value && then.horizon == now.horizon);
}

static void check_terms(const struct record *record,
                        const struct selection *selection, struct str id,
                        int32_t day)
{
    struct measure now, then;
    measure_people(record, selection, day, &now);
    ensure(now.horizon > day);
    int32_t last = now.horizon > DAY_LAST ? DAY_LAST : now.horizon - 1;
    measure_people(record, selection, last, &then);
    ensure(then.value == now.value && then.horizon == now.horizon);
    bool fits = measure_total(record, selection, day, &now);
    measure_holds(record, selection, id, day, &now);
    ensure(now.value == 0 || now.value == 1);
    ensure(measure_total(record, selection, last, &then) == fits);
}

static void check_measures(const struct record *record,
                           const struct selection *selection, struct str id,
                           int32_t day)
{
    for (size_t i = 0; i < COUNT_OF(windows); i++) {
        struct window window;
        ensure(window_parse(str_of(windows[i]), &window));
        check_sum(record, selection, day, &window);
    }
    check_terms(record, selection, id, day);
}

/* Everything under the series, with the labels of one of its rows. */
static void measure_like(const struct record *record, struct str series,
                         struct str unit, struct str labels, struct str id,
                         int32_t day)
{
    struct pair pairs[LABELS_MAX];
    int n = labels_parse(labels, pairs, LABELS_MAX);
    ensure(n >= 0);
    struct selection all = {.path = series};
    struct selection some = {series, unit, pairs, (size_t)n};
    check_measures(record, &all, (struct str){NULL, 0}, day);
    check_measures(record, &some, id, day_add(day, 40));
}

static void check_amount_field(const struct amount *amount)
{
    struct buf name;
    char number[DECIMAL_TEXT];
    struct field_read read;
    buf_init(&name);
    field_encode_sum(&name, "sum:", amount->series, amount->unit, amount->day,
                     amount->labels);
    struct field field = {buf_peek(&name),
                          decimal_text(amount->number, 0, number)};
    field_decode(&field, &read);
    ensure(read.kind == FIELD_SUM && read.day == amount->day);
    ensure(str_is(read.key, amount->series) && read.number == amount->number);
    ensure(str_is(read.labels, amount->labels));
    buf_fini(&name);
}

static void check_term_field(const struct term *term)
{
    struct buf name, value;
    struct field_read read;
    buf_init(&name);
    buf_init(&value);
    field_encode_term(&name, term->series, term->id, term->from);
    field_encode_term_value(&value, term->until, term->has_number, term->number,
                            term->unit, term->labels);
    struct field field = {buf_peek(&name), buf_peek(&value)};
    field_decode(&field, &read);
    ensure(read.kind == FIELD_TERM && read.until == term->until);
    ensure(str_is(read.id, term->id) && str_is(read.labels, term->labels));
    buf_fini(&value);
    buf_fini(&name);
}

static void read_amounts(const struct record *record)
{
    for (size_t i = 0; i < record_amounts(record); i++) {
        struct amount amount;
        record_amount(record, i, &amount);
        ensure(record_joined(record) <= amount.day);
        check_amount_field(&amount);
        if (i < 16)
            measure_like(record, amount.series, amount.unit, amount.labels,
                         amount.labels, amount.day);
    }
}

static void read_terms(const struct record *record)
{
    for (size_t i = 0; i < record_terms(record); i++) {
        struct term term;
        record_term(record, i, &term);
        ensure(term.from <= term.until);
        check_term_field(&term);
        if (i < 16)
            measure_like(record, term.series, term.unit, term.labels, term.id,
                         term.from);
    }
}

static void read_attributes(const struct record *record)
{
    for (size_t i = 0; i < record_attributes(record); i++) {
        struct attribute_since since[8];
        struct str name = record_attribute_name(record, i);
        size_t n = record_attribute_history(record, i, since, 8);
        ensure(n > 0);
        for (size_t s = 0; s < n && s < 8; s++) {
            int32_t day = since[s].from, until;
            struct str value = record_attribute_on(
                record, name, day == DAY_NONE ? DAY_FIRST - 1 : day, &until);
            ensure(str_is(value, since[s].value) && until >= day);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    size_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n';
    struct field *fields = mem_new_array(lines, sizeof(*fields));
    struct record *record = record_new(fields, split(bytes, fields));
    read_amounts(record);
    read_terms(record);
    read_attributes(record);
    for (size_t i = 0; i < record_ignored(record); i++)
        ensure(record_ignored_name(record, i).len <= size);
    record_unref(record);
    free(fields);
    return 0;
}
