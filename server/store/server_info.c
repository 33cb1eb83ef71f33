/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What the server behind the store says of itself, for those who word promises
 * by it (durability) and for people who look. */
#include "store/inside.h"
#include "store/redis_answer.h"

static void end_info(struct call *call, const struct redisReply *reply)
{
    enum store_result result = call_bare_result(call, reply);

    call->done.text(call->arg, result, redis_answer_text(reply));
}

bool store_server_info(struct store *store, store_on_text *done, void *arg)
{
    struct call *call = call_new(store, CALL_READ, end_info, arg);

    if (!call)
        return false;
    call->done.text = done;
    call_add(call, STR("INFO"));
    call_start(call);
    return true;
}
