/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Reading partners: one hash, a ledger, a page of ids. Each function builds a
 * command; its twin reads the answer, which lives only until it returns. */
#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "store/inside.h"
#include "store/redis_answer.h"

enum { ROWS_MAX = 100000 }; /* asked for at once */

static int64_t rows(size_t count)
{
    return count < ROWS_MAX ? (int64_t)count : ROWS_MAX;
}

/* --- fetch ---------------------------------------------------------------- */

static struct record *read_record(const struct redisReply *reply)
{
    size_t n = redis_answer_count(reply) / 2;
    struct field *fields = mem_new_array(n, sizeof(*fields));
    struct record *record;

    for (size_t i = 0; i < n; i++) {
        fields[i].name = redis_answer_text(redis_answer_at(reply, 2 * i));
        fields[i].value = redis_answer_text(redis_answer_at(reply, 2 * i + 1));
    }
    record = record_new(fields, n);
    free(fields);
    return record;
}

static void end_fetch(struct call *call, const struct redisReply *reply)
{
    struct fault fault;
    enum store_result result = call_result(call, reply, &fault);

    if (result == STORE_OK && redis_answer_count(reply) == 0)
        result = STORE_NOT_FOUND;
    call->done.record(call->arg, result,
                      result == STORE_OK ? read_record(reply) : NULL, &fault);
}

bool store_fetch(struct store *store, struct str partner, store_on_record *done,
                 void *arg)
{
    struct call *call = call_new(store, CALL_READ, end_fetch, arg);

    if (!call)
        return false;
    call->done.record = done;
    call_add(call, STR("HGETALL"));
    call_add_key(call, "partner:", partner);
    call_start(call);
    return true;
}

/* --- log ------------------------------------------------------------------ */

static size_t read_lines(const struct redisReply *reply,
                         struct ledger_line *lines)
{
    size_t n = 0;

    for (size_t i = 0; i < redis_answer_count(reply); i++) {
        const struct redisReply *row = redis_answer_at(reply, i);
        struct ledger_line *line = &lines[n];

        if (!redis_answer_int(redis_answer_at(row, 0), &line->ver))
            continue;
        line->time = redis_answer_text(redis_answer_at(row, 1));
        line->who = redis_answer_text(redis_answer_at(row, 2));
        line->op = redis_answer_text(redis_answer_at(row, 3));
        n++;
    }
    return n;
}

static void end_log(struct call *call, const struct redisReply *reply)
{
    enum store_result result = call_bare_result(call, reply);
    size_t n = redis_answer_count(reply);
    struct ledger_line *lines = mem_new_array(n + 1, sizeof(*lines));

    if (result == STORE_OK && reply->type == REDIS_REPLY_NIL)
        result = STORE_NOT_FOUND;
    n = read_lines(reply, lines);
    call->done.log(call->arg, result, lines, n);
    free(lines);
}

bool store_log(struct store *store, struct str partner, size_t count,
               store_on_log *done, void *arg)
{
    struct call *call =
        call_new_script(store, CALL_READ, SCRIPT_LOG, 2, end_log, arg);

    if (!call)
        return false;
    call->done.log = done;
    call_add_key(call, "partner:", partner);
    call_add_key(call, "ledger:", partner);
    call_add_int(call, rows(count));
    call_start(call);
    return true;
}

/* --- page ----------------------------------------------------------------- */

static void end_page(struct call *call, const struct redisReply *reply)
{
    enum store_result result = call_bare_result(call, reply);
    size_t n = redis_answer_count(reply);
    struct str *ids = mem_new_array(n + 1, sizeof(*ids));

    for (size_t i = 0; i < n; i++)
        ids[i] = redis_answer_text(redis_answer_at(reply, i));
    call->done.ids(call->arg, result, ids, n);
    free(ids);
}

static void add_bound(struct call *call, struct str after)
{
    if (after.len == 0) {
        call_add(call, STR("-"));
        return;
    }
    buf_add_byte(&call->command.bytes, '(');
    call_add(call, after);
}

bool store_page(struct store *store, struct str after, size_t count,
                store_on_ids *done, void *arg)
{
    struct call *call = call_new(store, CALL_READ, end_page, arg);

    if (!call)
        return false;
    call->done.ids = done;
    call_add(call, STR("ZRANGEBYLEX"));
    call_add_key(call, "partners", STR(""));
    add_bound(call, after);
    call_add(call, STR("+"));
    call_add(call, STR("LIMIT"));
    call_add_int(call, 0);
    call_add_int(call, rows(count));
    call_start(call);
    return true;
}
