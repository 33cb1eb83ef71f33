/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Versions of the policy: published, refused, listed, read. What is kept of
 * them is described at the head of scripts/redis/publish.lua. */
#include <hiredis/hiredis.h>
#include <stdlib.h>

#include "store/inside.h"
#include "store/redis_answer.h"

/* --- versions ------------------------------------------------------------- */

/* {sha, from, seq, author, note, time, error} */
static bool read_version(const struct redisReply *reply,
                         struct version_row *row)
{
    struct str from = redis_answer_text(redis_answer_at(reply, 1));
    struct str seq = redis_answer_text(redis_answer_at(reply, 2));

    row->sha = redis_answer_text(redis_answer_at(reply, 0));
    row->author = redis_answer_text(redis_answer_at(reply, 3));
    row->note = redis_answer_text(redis_answer_at(reply, 4));
    row->time = redis_answer_text(redis_answer_at(reply, 5));
    row->error = redis_answer_text(redis_answer_at(reply, 6));
    row->from = DAY_NONE;
    row->seq = 0;
    if (from.len == 0)
        return true;
    while (seq.len > 1 && seq.at[0] == '0') /* ten digits */
        seq = str_part(seq, 1, seq.len);
    return day_parse(from, &row->from) && str_to_int64(seq, &row->seq);
}

static void end_versions(struct call *call, const struct redisReply *reply)
{
    enum store_result result = call_bare_result(call, reply);
    size_t count = redis_answer_count(reply), n = 0;
    struct version_row *rows = mem_new_array(count + 1, sizeof(*rows));

    for (size_t i = 0; i < count; i++)
        n += read_version(redis_answer_at(reply, i), &rows[n]);
    call->done.versions(call->arg, result, rows, n);
    free(rows);
}

bool store_versions(struct store *store, store_on_versions *done, void *arg)
{
    struct call *call = call_new_script(store, CALL_READ, SCRIPT_VERSIONS, 2,
                                        end_versions, arg);

    if (!call)
        return false;
    call->done.versions = done;
    call_add_key(call, "policies", STR(""));
    call_add_key(call, "ledger", STR(""));
    call_add_key(call, "policy:", STR(""));
    call_start(call);
    return true;
}

static void end_mark(struct call *call, const struct redisReply *reply)
{
    enum store_result result = call_bare_result(call, reply);

    call->done.text(call->arg, result, redis_answer_text(reply));
}

bool store_versions_mark(struct store *store, store_on_text *done, void *arg)
{
    struct call *call =
        call_new_script(store, CALL_READ, SCRIPT_MARK, 2, end_mark, arg);

    if (!call)
        return false;
    call->done.text = done;
    call_add_key(call, "policies", STR(""));
    call_add_key(call, "ledger", STR(""));
    call_start(call);
    return true;
}

/* --- files ---------------------------------------------------------------- */

static size_t read_files(const struct redisReply *reply, struct field *files)
{
    struct str prefix = STR("file:");
    size_t n = 0;

    for (size_t i = 0; i + 1 < redis_answer_count(reply); i += 2) {
        struct str name = redis_answer_text(redis_answer_at(reply, i));

        if (!str_has_prefix(name, prefix))
            continue;
        files[n].name = str_part(name, prefix.len, name.len);
        files[n++].value = redis_answer_text(redis_answer_at(reply, i + 1));
    }
    return n;
}

static void end_files(struct call *call, const struct redisReply *reply)
{
    enum store_result result = call_bare_result(call, reply);
    size_t n = redis_answer_count(reply) / 2;
    struct field *files = mem_new_array(n + 1, sizeof(*files));

    n = read_files(reply, files);
    if (result == STORE_OK && n == 0)
        result = STORE_NOT_FOUND;
    call->done.files(call->arg, result, files, n);
    free(files);
}

bool store_files(struct store *store, struct str sha, store_on_files *done,
                 void *arg)
{
    struct call *call = call_new(store, CALL_READ, end_files, arg);

    if (!call)
        return false;
    call->done.files = done;
    call_add(call, STR("HGETALL"));
    call_add_key(call, "policy:", sha);
    call_start(call);
    return true;
}

/* --- publish, refuse ------------------------------------------------------ */

/* A Redis that refuses for now is asked again by those who publish, as one that
 * is away. */
static void end_done(struct call *call, const struct redisReply *reply)
{
    struct fault fault;
    enum store_result result = call_result(call, reply, &fault);

    if (result == STORE_REFUSED)
        result = STORE_UNAVAILABLE;
    call->done.done(call->arg, result, &fault);
}

bool store_publish(struct store *store, const struct publication *publication,
                   store_on_done *done, void *arg)
{
    struct call *call =
        call_new_script(store, CALL_WRITE, SCRIPT_PUBLISH, 3, end_done, arg);
    char from[DAY_TEXT];

    if (!call)
        return false;
    call->done.done = done;
    call_add_key(call, "policy:", publication->sha);
    call_add_key(call, "policies", STR(""));
    call_add_key(call, "ledger", STR(""));
    call_add(call, publication->sha);
    call_add(call, day_text(publication->from, from));
    call_add(call, publication->author);
    call_add(call, publication->note);
    call_add_time(call);
    for (size_t i = 0; i < publication->nfiles; i++) {
        call_add(call, publication->files[i].name);
        call_add(call, publication->files[i].value);
    }
    call_start(call);
    return true;
}

bool store_refuse(struct store *store, struct str sha, struct str author,
                  struct str error, store_on_done *done, void *arg)
{
    struct call *call =
        call_new_script(store, CALL_WRITE, SCRIPT_REFUSE, 1, end_done, arg);

    if (!call)
        return false;
    call->done.done = done;
    call_add_key(call, "ledger", STR(""));
    call_add(call, sha);
    call_add(call, author);
    call_add(call, error);
    call_add_time(call);
    call_start(call);
    return true;
}
