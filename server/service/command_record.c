/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A partner's facts as they are kept, and the log of their changes. */
#include "service/answer.h"
#include "service/command.h"

/* --- FACT GET ------------------------------------------------------------- */

static void write_attributes(struct request *rq, const struct record *record)
{
    size_t n = record_attributes(record), held = 0;
    struct pair *today = arena_take_array(rq->arena, n + 1, sizeof(*today));

    for (size_t i = 0; i < n; i++) {
        int32_t until;
        struct str name = record_attribute_name(record, i);
        struct str value =
            record_attribute_on(record, name, engine_today(rq->engine), &until);
        if (value.len > 0)
            today[held++] = (struct pair){name, value};
    }
    reply_key(&rq->reply, "attributes");
    reply_map(&rq->reply, held);
    for (size_t i = 0; i < held; i++) {
        reply_text(&rq->reply, today[i].name);
        reply_text(&rq->reply, today[i].value);
    }
}

static void write_labels(struct reply *reply, struct str labels)
{
    struct pair pairs[LABELS_MAX];
    int n = labels_parse(labels, pairs, LABELS_MAX);

    ensure(n >= 0);
    reply_key(reply, "with");
    reply_map(reply, (size_t)n);
    for (int i = 0; i < n; i++) {
        reply_text(reply, pairs[i].name);
        reply_text(reply, pairs[i].value);
    }
}

static struct str number_text(const struct schema *schema, struct str unit,
                              int64_t number, char text[DECIMAL_TEXT])
{
    int decimals = schema_decimals(schema, unit);

    return decimal_text(number, decimals < 0 ? 0 : decimals, text);
}

static void write_amounts(struct reply *reply, const struct schema *schema,
                          const struct record *record)
{
    size_t n = record_amounts(record);
    char text[DECIMAL_TEXT];

    reply_key(reply, "amounts");
    reply_array(reply, n);
    for (size_t i = 0; i < n; i++) {
        struct amount amount;
        record_amount(record, i, &amount);
        reply_map(reply, 6);
        reply_pair_text(reply, "series", amount.series);
        reply_pair_text(reply, "amount",
                        number_text(schema, amount.unit, amount.number, text));
        reply_key(reply, "unit");
        reply_text_or_nil(reply, amount.unit);
        reply_key(reply, "on");
        answer_day(reply, amount.day);
        reply_pair_int(reply, "count", amount.count);
        write_labels(reply, amount.labels);
    }
}

static void write_term(struct reply *reply, const struct schema *schema,
                       const struct term *term)
{
    char text[DECIMAL_TEXT];

    reply_map(reply, 7);
    reply_pair_text(reply, "series", term->series);
    reply_pair_text(reply, "id", term->id);
    reply_key(reply, "from");
    answer_day(reply, term->from);
    reply_key(reply, "until");
    answer_day(reply, term->until);
    reply_key(reply, "value");
    if (term->has_number)
        reply_text(reply, number_text(schema, term->unit, term->number, text));
    else
        reply_nil(reply);
    reply_key(reply, "unit");
    reply_text_or_nil(reply, term->unit);
    write_labels(reply, term->labels);
}

static void write_terms(struct reply *reply, const struct schema *schema,
                        const struct record *record)
{
    size_t n = record_terms(record);

    reply_key(reply, "terms");
    reply_array(reply, n);
    for (size_t i = 0; i < n; i++) {
        struct term term;
        record_term(record, i, &term);
        write_term(reply, schema, &term);
    }
}

static void write_ignored(struct reply *reply, const struct record *record)
{
    size_t n = record_ignored(record);

    reply_key(reply, "ignored");
    reply_array(reply, n);
    for (size_t i = 0; i < n; i++)
        reply_text(reply, record_ignored_name(record, i));
}

void command_fact_get(struct request *rq)
{
    struct subject subject;
    struct fault fault = {0};

    if (!request_partner(rq, rq->words[2], &subject))
        return;
    const struct policy *policy = engine_policy(rq->engine, DAY_NONE, &fault);
    if (!policy) {
        request_fail(rq, &fault);
        return;
    }
    const struct schema *schema = &policy_program(policy)->schema;
    reply_map(&rq->reply, 5);
    reply_pair_int(&rq->reply, "ver", record_ver(subject.record));
    write_attributes(rq, subject.record);
    write_amounts(&rq->reply, schema, subject.record);
    write_terms(&rq->reply, schema, subject.record);
    write_ignored(&rq->reply, subject.record);
}

/* --- FACT LOG ------------------------------------------------------------- */

enum { LOG_LINES = 20, LOG_LINES_MAX = 10000 };

static void write_line(struct reply *reply, const struct ledger_line *line)
{
    reply_map(reply, 4);
    reply_pair_int(reply, "ver", line->ver);
    reply_pair_text(reply, "time", line->time);
    reply_pair_text(reply, "who", line->who);
    reply_pair_text(reply, "op", line->op);
}

static void record_on_log(void *arg, enum store_result result,
                          const struct ledger_line *lines, size_t n)
{
    struct request *rq = arg;

    if (result == STORE_NOT_FOUND) {
        request_failf(rq, FAULT_NOPARTNER,
                      "no such partner: \"" STR_FMT "\"; FACT SET makes one",
                      STR_ARG(rq->words[2]));
    } else if (result != STORE_OK) {
        request_failf(rq, FAULT_UNAVAILABLE, "Redis cannot be reached in time");
    } else {
        reply_array(&rq->reply, n);
        for (size_t i = 0; i < n; i++)
            write_line(&rq->reply, &lines[i]);
    }
    request_done(rq);
}

void command_fact_log(struct request *rq)
{
    struct str count_text = {0};
    const struct option options[] = {{"COUNT", &count_text}};
    struct fault fault = {0};
    int64_t count = LOG_LINES;

    if (!options_read(rq, 3, options, COUNT_OF(options), &fault) ||
        !option_count(count_text, "count", 1, LOG_LINES_MAX, &count, &fault)) {
        request_fail(rq, &fault);
        return;
    }
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    struct request *later = request_later(rq);
    ensure(store_log(engine_store(rq->engine), later->words[2], (size_t)count,
                     record_on_log, later));
}
