/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What comes from Redis is input: another service may have written the key, a
 * proxy may stand between. Every reply is looked at through these functions,
 * which take any shape and give the asked one or nothing. */
#include <hiredis/hiredis.h>
#include <string.h>

#include "store/redis_answer.h"

bool redis_answer_is_error(const struct redisReply *reply, const char *prefix)
{
    return reply && reply->type == REDIS_REPLY_ERROR &&
           str_has_prefix((struct str){reply->str, reply->len}, str_of(prefix));
}

bool redis_answer_is_unfit(const struct redisReply *reply)
{
    return redis_answer_is_error(reply, "READONLY ") ||
           redis_answer_is_error(reply, "MASTERDOWN ") ||
           redis_answer_is_error(reply, "LOADING ");
}

struct str redis_answer_text(const struct redisReply *reply)
{
    if (reply && (reply->type == REDIS_REPLY_STRING ||
                  reply->type == REDIS_REPLY_STATUS))
        return (struct str){reply->str, reply->len};
    return (struct str){NULL, 0};
}

bool redis_answer_int(const struct redisReply *reply, int64_t *number)
{
    if (reply && reply->type == REDIS_REPLY_INTEGER) {
        *number = reply->integer;
        return true;
    }
    return str_to_int64(redis_answer_text(reply), number);
}

size_t redis_answer_count(const struct redisReply *reply)
{
    return reply && reply->type == REDIS_REPLY_ARRAY ? reply->elements : 0;
}

const struct redisReply *redis_answer_at(const struct redisReply *reply,
                                         size_t i)
{
    return i < redis_answer_count(reply) ? reply->element[i] : NULL;
}

enum store_result redis_answer_result(const struct redisReply *reply,
                                      struct fault *fault)
{
    fault_clear(fault);
    if (!reply) {
        fault_set(fault, FAULT_UNAVAILABLE, "Redis cannot be reached in time");
        return STORE_UNAVAILABLE;
    }
    if (reply->type != REDIS_REPLY_ERROR)
        return STORE_OK;
    fault_set(fault, FAULT_UNAVAILABLE, "Redis refuses: " STR_FMT,
              (int)reply->len, reply->str);
    return redis_answer_is_unfit(reply) ? STORE_UNAVAILABLE : STORE_REFUSED;
}

enum store_result redis_answer_formless(struct fault *fault)
{
    fault_set(fault, FAULT_UNAVAILABLE,
              "the answer of Redis has no form; the change may have been made "
              "all the same");
    return STORE_UNAVAILABLE;
}

enum store_result redis_answer_verdict(const struct redisReply *reply,
                                       struct fault *fault)
{
    struct str word = redis_answer_text(redis_answer_at(reply, 0));
    struct str text = redis_answer_text(redis_answer_at(reply, 1));

    fault_clear(fault);
    if (str_is(word, STR("OK")))
        return STORE_OK;
    if (fault_code_of(word) == FAULT_NONE)
        return redis_answer_formless(fault);
    fault_set(fault, fault_code_of(word), STR_FMT, STR_ARG(text));
    return STORE_REFUSED;
}
