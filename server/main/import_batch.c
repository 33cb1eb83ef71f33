/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Rows of one partner must take effect in their order, so one connection
 * carries all; and a round trip for each would take a minute where a second
 * is enough, so a thousand travel together.
 *
 * Did a row change anything? The server answers with the partner's `ver` after
 * it, which must be compared with the one before. So a batch first asks for
 * the ver of partners met for the first time: a read, and therefore done
 * while no write is under way that it would have to wait for. (Where somebody
 * else changes the same partner at the same moment, his change counts as
 * ours.) TIER goes ahead of STANDING, because an unknown partner is no error
 * to it: a good import leaves none in the server's counters. In a dry run the
 * same questions tell whether the partner exists. */
#include "main/import_batch.h"

#include <stdlib.h>
#include <string.h>

struct import_line {
    size_t line;
    struct str *words; /* FACT, op, partner, ... */
    size_t n;
    uint64_t partner; /* its hash */
    bool is_asked;    /* the first row of this partner, and it has a ver */
    bool is_dayless;  /* another day, another meaning */
};

enum { VER_UNKNOWN = -1 };

void import_batch_init(struct import_batch *batch, struct client *client,
                       struct import_check *check, struct import_report *report)
{
    *batch = (struct import_batch){
        .client = client, .check = check, .report = report};
    arena_init(&batch->arena);
    batch->lines = mem_new_array(IMPORT_BATCH_LINES, sizeof(*batch->lines));
    tally_init(&batch->vers);
}

void import_batch_fini(struct import_batch *batch)
{
    tally_fini(&batch->vers);
    free(batch->lines);
    arena_fini(&batch->arena);
}

bool import_batch_is_full(const struct import_batch *batch)
{
    return batch->n == IMPORT_BATCH_LINES ||
           arena_used(&batch->arena) >= IMPORT_BATCH_BYTES;
}

/* A day that is left out is the server's today. An `add` is not meant: its id
 * is the same on every day. Nor is a `revoke`: what it ended stays ended. */
static bool is_dayless(const struct import_row *row)
{
    struct str op = import_row_value(row, STR("op"));
    if (str_is_nocase(op, STR("set")))
        return import_row_value(row, STR("on")).len == 0;
    return str_is_nocase(op, STR("grant")) &&
           import_row_value(row, STR("from")).len == 0;
}

void import_batch_add(struct import_batch *batch, const struct import_row *row)
{
    struct fault fault;
    struct str *words = NULL;
    size_t n = 0;
    if (!change_words(row->fields, row->n, &batch->arena, &words, &n, &fault)) {
        import_report_refuse_fault(batch->report, row->line, &fault);
        return;
    }
    struct import_line *line = &batch->lines[batch->n++];
    *line = (struct import_line){.line = row->line, .n = n + 1};
    line->words = arena_take_array(&batch->arena, n + 1, sizeof(*line->words));
    line->words[0] = STR("FACT");
    memcpy(line->words + 1, words, n * sizeof(*words));
    line->partner = str_hash(import_row_value(row, STR("partner")), 0);
    line->is_dayless = is_dayless(row);
}

/* --- what was before ------------------------------------------------------ */

/* Sends `command` for each first row of a partner. */
static void ask_partners(struct import_batch *batch, struct str command)
{
    for (size_t i = 0; i < batch->n; i++) {
        struct str words[] = {command, batch->lines[i].words[2]};
        if (batch->lines[i].is_asked)
            client_send(batch->client, words, 2);
    }
}

/* What TIER says: nil is a partner that does not exist, and an error one of
 * whom nothing is to be had; neither is asked about any further. */
static void take_tier(struct import_line *line, const struct redisReply *answer,
                      int64_t *ver)
{
    bool is_nil = answer_is_nil(answer);
    line->is_asked = !is_nil && !answer_is_error(answer);
    *ver = is_nil ? 0 : VER_UNKNOWN;
}

static void take_standing(struct import_line *line UNUSED,
                          const struct redisReply *answer, int64_t *ver)
{
    if (!answer_int(answer_get(answer, "ver"), ver))
        *ver = VER_UNKNOWN;
}

/* The answers to ask_partners. */
static bool take_answers(struct import_batch *batch,
                         void (*take)(struct import_line *line,
                                      const struct redisReply *answer,
                                      int64_t *ver),
                         struct fault *fault)
{
    for (size_t i = 0; i < batch->n; i++) {
        struct import_line *line = &batch->lines[i];
        if (!line->is_asked)
            continue;
        struct redisReply *answer = client_receive(batch->client, fault);
        if (!answer)
            return false;
        take(line, answer, tally_at(&batch->vers, line->partner, NULL));
        answer_free(answer);
    }
    return true;
}

/* Learns the ver of partners met for the first time. */
static bool learn_partners(struct import_batch *batch, struct fault *fault)
{
    for (size_t i = 0; i < batch->n; i++)
        tally_at(&batch->vers, batch->lines[i].partner,
                 &batch->lines[i].is_asked);
    ask_partners(batch, STR("TIER"));
    if (!take_answers(batch, take_tier, fault))
        return false;
    ask_partners(batch, STR("STANDING"));
    return take_answers(batch, take_standing, fault);
}

/* --- what becomes of it --------------------------------------------------- */

/* Faults of the server rather than of the line: going on makes no sense. */
static bool is_fatal(enum fault_code code)
{
    return code == FAULT_NOAUTH || code == FAULT_NOPERM ||
           code == FAULT_LOADING || code == FAULT_NOPOLICY ||
           code == FAULT_UNAVAILABLE;
}

static void stop_at(struct import_batch *batch, size_t line,
                    enum fault_code code, struct str text)
{
    struct fault fault;
    struct str word = str_of(fault_word(code));
    if (str_has_prefix(text, word))
        text = str_trim(str_part(text, word.len, text.len));
    fault_set(&fault, code, "line %zu: " STR_FMT, line, STR_ARG(text));
    import_report_stop(batch->report, &fault);
}

static void accept_line(struct import_batch *batch,
                        const struct import_line *line,
                        const struct redisReply *answer)
{
    int64_t *known = tally_at(&batch->vers, line->partner, NULL);
    int64_t ver = VER_UNKNOWN;
    if (*known == VER_UNKNOWN || !answer_int(answer, &ver))
        batch->report->is_uncertain = true;
    else if (ver == *known)
        batch->report->unchanged++;
    else
        batch->report->changed++;
    *known = ver;
    batch->report->accepted++;
    batch->report->dayless += line->is_dayless;
}

static bool send_lines(struct import_batch *batch, struct fault *fault)
{
    for (size_t i = 0; i < batch->n; i++)
        client_send(batch->client, batch->lines[i].words, batch->lines[i].n);
    for (size_t i = 0; i < batch->n; i++) {
        const struct import_line *line = &batch->lines[i];
        struct redisReply *answer = client_receive(batch->client, fault);
        if (!answer)
            return false;
        enum fault_code code = answer_fault(answer);
        if (is_fatal(code))
            stop_at(batch, line->line, code, answer_text(answer));
        else if (code != FAULT_NONE)
            import_report_refuse(batch->report, line->line,
                                 answer_text(answer));
        else
            accept_line(batch, line, answer);
        answer_free(answer);
    }
    return true;
}

static void check_lines(struct import_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++) {
        const struct import_line *line = &batch->lines[i];
        int64_t *ver = tally_at(&batch->vers, line->partner, NULL);
        bool exists = *ver != 0;
        struct fault fault;
        if (import_check_line(batch->check, line->words + 1, line->n - 1,
                              &exists, &batch->arena, &fault)) {
            batch->report->accepted++;
            batch->report->dayless += line->is_dayless;
        } else {
            import_report_refuse_fault(batch->report, line->line, &fault);
        }
        if (exists && *ver == 0)
            *ver = VER_UNKNOWN;
    }
}

bool import_batch_flush(struct import_batch *batch)
{
    struct fault fault;
    bool is_done = learn_partners(batch, &fault);
    if (is_done && batch->check)
        check_lines(batch);
    else if (is_done)
        is_done = send_lines(batch, &fault);
    if (!is_done)
        import_report_stop(batch->report, &fault);
    batch->n = 0;
    arena_reset(&batch->arena);
    return !batch->report->is_stopped;
}
