/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The margin of a sale: what the tier gives, and what the sale itself adds. */
#include "service/answer.h"
#include "service/command.h"

enum { MARGIN_LABELS = LABELS_MAX };

/* The words of MARGIN, as sent. */
struct wanted {
    struct str amount, unit, line, deal, asof;
    struct pair labels[MARGIN_LABELS];
    size_t nlabels;
    bool with;
};

static const char *const keywords[] = {"AMOUNT", "LINE", "DEAL", "ASOF",
                                       "WITH"};

static bool is_keyword(struct str word)
{
    for (size_t i = 0; i < COUNT_OF(keywords); i++)
        if (str_is_nocase(word, str_of(keywords[i])))
            return true;
    return false;
}

static bool syntax(struct str word, struct fault *fault)
{
    return fault_set(fault, FAULT_ERR,
                     "syntax error in MARGIN at \"%.*s\": AMOUNT, LINE, DEAL "
                     "and ASOF take a value, WITH names and values, each once",
                     (int)(word.len < 64 ? word.len : 64), word.at);
}

/* One keyword's value into `*value`; returns how many words it took, 0: the
 * syntax is wrong. */
static size_t take_value(const struct request *rq, size_t i, struct str *value)
{
    if (value->at || i + 1 >= rq->n || rq->words[i + 1].len == 0)
        return 0;
    *value = rq->words[i + 1];
    return 2;
}

static size_t take_amount(const struct request *rq, size_t i,
                          struct wanted *wanted)
{
    size_t taken = take_value(rq, i, &wanted->amount);

    if (taken == 0 || i + 2 >= rq->n || is_keyword(rq->words[i + 2]))
        return taken;
    wanted->unit = rq->words[i + 2];
    return taken + 1;
}

static size_t take_labels(const struct request *rq, size_t i,
                          struct wanted *wanted)
{
    size_t at = i + 1;

    if (wanted->with)
        return 0;
    wanted->with = true;
    for (; at + 1 < rq->n && !is_keyword(rq->words[at]); at += 2) {
        if (wanted->nlabels == MARGIN_LABELS)
            return 0;
        wanted->labels[wanted->nlabels++] =
            (struct pair){rq->words[at], rq->words[at + 1]};
    }
    return at == i + 1 ? 0 : at - i;
}

static size_t take_keyword(const struct request *rq, size_t i,
                           struct wanted *wanted)
{
    struct str word = rq->words[i];

    if (str_is_nocase(word, STR("AMOUNT")))
        return take_amount(rq, i, wanted);
    if (str_is_nocase(word, STR("LINE")))
        return take_value(rq, i, &wanted->line);
    if (str_is_nocase(word, STR("DEAL")))
        return take_value(rq, i, &wanted->deal);
    if (str_is_nocase(word, STR("ASOF")))
        return take_value(rq, i, &wanted->asof);
    if (str_is_nocase(word, STR("WITH")))
        return take_labels(rq, i, wanted);
    return 0;
}

static bool read_words(const struct request *rq, struct wanted *wanted,
                       struct fault *fault)
{
    for (size_t i = 2, taken; i < rq->n; i += taken) {
        taken = take_keyword(rq, i, wanted);
        if (taken == 0)
            return syntax(rq->words[i], fault);
    }
    return true;
}

/* --- meaning -------------------------------------------------------------- */

static bool read_labels(const struct wanted *wanted, struct fault *fault)
{
    for (size_t i = 0; i < wanted->nlabels; i++) {
        const struct pair *label = &wanted->labels[i];
        if (!name_is_word(label->name) || !name_is_label_value(label->value))
            return fault_set(
                fault, FAULT_INVALID,
                "with: %.*s=%.*s is no label; expected a lower "
                "case name, and 1 to 128 printable bytes without "
                "space, ',', '=' or ':'",
                (int)(label->name.len < 64 ? label->name.len : 64),
                label->name.at,
                (int)(label->value.len < 64 ? label->value.len : 64),
                label->value.at);
        for (size_t j = 0; j < i; j++)
            if (str_is(wanted->labels[j].name, label->name))
                return fault_set(fault, FAULT_INVALID,
                                 "with: \"" STR_FMT "\" is given twice",
                                 STR_ARG(label->name));
    }
    return true;
}

static bool read_line(const struct program *program, struct str line,
                      struct fault *fault)
{
    struct str known[64];
    size_t n = 0;

    if (!line.at || (name_is_path(line) &&
                     schema_series(&program->schema, line, SERIES_AMOUNT)))
        return true;
    for (size_t i = 0; i < program->schema.nseries && n < COUNT_OF(known); i++)
        if (program->schema.series[i].kind == SERIES_AMOUNT)
            known[n++] = program->schema.series[i].path;
    option_unknown("line", line, known, n, fault);
    return false;
}

static bool read_sale(const struct program *program,
                      const struct wanted *wanted, struct sale *sale,
                      struct fault *fault)
{
    *sale = (struct sale){.has_amount = wanted->amount.at,
                          .unit = wanted->unit,
                          .line = wanted->line,
                          .deal = wanted->deal,
                          .labels = wanted->labels,
                          .nlabels = wanted->nlabels};
    if (!sale->unit.at)
        sale->unit = program->currency;
    if (currency_decimals(sale->unit) < 0) {
        return fault_set(fault, FAULT_INVALID,
                         "unit: \"%.*s\" does not fit; expected " STR_FMT
                         " or another currency's code",
                         (int)(sale->unit.len < 64 ? sale->unit.len : 64),
                         sale->unit.at, STR_ARG(program->currency));
    }
    return read_line(program, sale->line, fault) &&
           read_labels(wanted, fault) &&
           (!sale->has_amount ||
            decimal_expect(wanted->amount, currency_decimals(sale->unit),
                           "amount", &sale->amount, fault));
}

/* --- the reply ------------------------------------------------------------ */

static void write_components(struct reply *reply, const struct margin *margin)
{
    reply_key(reply, "components");
    reply_array(reply, margin->n);
    for (size_t i = 0; i < margin->n; i++) {
        const struct component *component = &margin->components[i];
        reply_map(reply, 3);
        reply_pair_text(reply, "name", component->name);
        reply_key(reply, "percent");
        answer_percent(reply, component->percent);
        reply_pair_text(reply, "reason", component->reason);
    }
}

static void write_margin(struct reply *reply, const struct wanted *wanted,
                         const struct sale *sale, const struct margin *margin)
{
    char text[DECIMAL_TEXT];

    reply_map(reply, sale->has_amount ? 5 : 2);
    reply_key(reply, "margin");
    answer_percent(reply, margin->percent);
    write_components(reply, margin);
    if (!sale->has_amount)
        return;
    int64_t net = sale->amount - decimal_share(sale->amount, margin->percent);
    reply_pair_text(reply, "amount", wanted->amount);
    reply_pair_text(reply, "net",
                    decimal_text(net, currency_decimals(sale->unit), text));
    reply_pair_text(reply, "currency", sale->unit);
}

static bool decide(struct request *rq, const struct wanted *wanted,
                   const struct asked *asked, const struct subject *subject,
                   struct fault *fault)
{
    struct sale sale;
    struct answer answer;
    struct margin margin;
    struct policy *policy = engine_policy(rq->engine, asked->day, fault);

    if (!policy || !read_sale(policy_program(policy), wanted, &sale, fault) ||
        !engine_standing(rq->engine, subject, 0, asked->day, &answer, fault) ||
        !policy_margin(answer.policy, answer.standing.tier,
                       answer.standing.since, subject->record, &sale,
                       asked->day, rq->arena, &margin, fault))
        return false;
    write_margin(&rq->reply, wanted, &sale, &margin);
    return true;
}

void command_margin(struct request *rq)
{
    struct wanted wanted = {.with = false};
    struct asked asked = {.ladder_name = {0}};
    struct subject subject;
    struct fault fault = {0};

    if (!read_words(rq, &wanted, &fault) ||
        !option_day(rq, wanted.asof, "asof", &asked.day, &fault)) {
        request_fail(rq, &fault);
        return;
    }
    if (request_partner(rq, rq->words[1], &subject) &&
        !decide(rq, &wanted, &asked, &subject, &fault))
        request_fail(rq, &fault);
}
