/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The versions of the policy: which are published, which were refused and why,
 * and what they say. */
#include "service/answer.h"
#include "service/command.h"

/* --- POLICY LIST ---------------------------------------------------------- */

/* The greatest (from, seq) not after today is in force; the first also before.
 * Rows come in that order, refused ones behind them. */
static size_t in_force(const struct version_row *rows, size_t n, int32_t today)
{
    size_t at = 0;

    for (size_t i = 0; i < n && rows[i].from != DAY_NONE; i++)
        if (rows[i].from <= today)
            at = i;
    return at;
}

static const char *state_of(const struct version_row *row, size_t i,
                            size_t current)
{
    if (row->from == DAY_NONE)
        return "refused";
    if (i == current)
        return "in force";
    return i < current ? "past" : "scheduled";
}

static void write_version(struct reply *reply, const struct version_row *row,
                          const char *state)
{
    reply_map(reply, 7);
    reply_key(reply, "version");
    reply_text_or_nil(reply, row->sha);
    reply_pair_text(reply, "state", str_of(state));
    reply_key(reply, "from");
    answer_day(reply, row->from);
    reply_key(reply, "author");
    reply_text_or_nil(reply, row->author);
    reply_key(reply, "note");
    reply_text_or_nil(reply, row->note);
    reply_key(reply, "time");
    reply_text_or_nil(reply, row->time);
    reply_key(reply, "error");
    reply_text_or_nil(reply, row->error);
}

static void policy_on_versions(void *arg, enum store_result result,
                               const struct version_row *rows, size_t n)
{
    struct request *rq = arg;

    if (result != STORE_OK) {
        request_failf(rq, FAULT_UNAVAILABLE, "Redis cannot be reached in time");
    } else {
        size_t current = in_force(rows, n, engine_today(rq->engine));
        reply_array(&rq->reply, n);
        for (size_t i = 0; i < n; i++)
            write_version(&rq->reply, &rows[i], state_of(&rows[i], i, current));
    }
    request_done(rq);
}

void command_policy_list(struct request *rq)
{
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    struct request *later = request_later(rq);
    ensure(store_versions(engine_store(rq->engine), policy_on_versions, later));
}

/* --- POLICY SHOW ---------------------------------------------------------- */

static void show_bundle(struct reply *reply, const struct bundle *bundle)
{
    size_t n = bundle_files(bundle);

    reply_map(reply, n);
    for (size_t i = 0; i < n; i++) {
        const struct bundle_file *file = bundle_file(bundle, i);
        reply_text(reply, file->name);
        reply_verbatim(reply, file->text);
    }
}

static void no_version(struct request *rq)
{
    struct str version = str_part(rq->words[2], 0, DIGEST_HEX);

    request_failf(rq, FAULT_INVALID,
                  "version: \"" STR_FMT "\" is unknown; POLICY LIST shows the "
                  "versions, each by 64 hexadecimal digits",
                  STR_ARG(version));
}

static void policy_on_files(void *arg, enum store_result result,
                            const struct field *files, size_t n)
{
    struct request *rq = arg;

    if (result == STORE_NOT_FOUND) {
        no_version(rq);
    } else if (result != STORE_OK) {
        request_failf(rq, FAULT_UNAVAILABLE, "Redis cannot be reached in time");
    } else {
        reply_map(&rq->reply, n);
        for (size_t i = 0; i < n; i++) {
            reply_text(&rq->reply, files[i].name);
            reply_verbatim(&rq->reply, files[i].value);
        }
    }
    request_done(rq);
}

static bool is_sha(struct str version)
{
    for (size_t i = 0; i < version.len; i++)
        if (!((version.at[i] >= '0' && version.at[i] <= '9') ||
              (version.at[i] >= 'a' && version.at[i] <= 'f')))
            return false;
    return version.len == DIGEST_HEX;
}

static void show_stored(struct request *rq)
{
    if (!is_sha(rq->words[2])) {
        no_version(rq);
        return;
    }
    if (!engine_has_room(rq->engine)) {
        request_retry(rq);
        return;
    }
    struct request *later = request_later(rq);
    ensure(store_files(engine_store(rq->engine), later->words[2],
                       policy_on_files, later));
}

void command_policy_show(struct request *rq)
{
    struct fault fault = {0};

    if (rq->n > 3) {
        request_failf(rq, FAULT_ERR,
                      "syntax error: expected POLICY SHOW [version]");
        return;
    }
    if (rq->n == 3) {
        show_stored(rq);
        return;
    }
    const struct policy *policy = engine_policy(rq->engine, DAY_NONE, &fault);
    if (policy)
        show_bundle(&rq->reply, policy_bundle(policy));
    else
        request_fail(rq, &fault);
}
