/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What comes back over the wire may be of any type, whatever was asked. So
 * that callers need no ladder of type checks, every reader here gives an empty
 * value for what it was not made for. */
#include "main/answer.h"

#include <hiredis/hiredis.h>

void answer_free(struct redisReply *answer)
{
    if (answer)
        freeReplyObject(answer);
}

bool answer_is_error(const struct redisReply *answer)
{
    return answer && answer->type == REDIS_REPLY_ERROR;
}

bool answer_is_nil(const struct redisReply *answer)
{
    return !answer || answer->type == REDIS_REPLY_NIL;
}

struct str answer_text(const struct redisReply *answer)
{
    if (!answer)
        return (struct str){0};
    if (answer->type != REDIS_REPLY_STRING &&
        answer->type != REDIS_REPLY_STATUS && answer->type != REDIS_REPLY_ERROR)
        return (struct str){0};
    return (struct str){answer->str, (size_t)answer->len};
}

enum fault_code answer_fault(const struct redisReply *answer)
{
    if (!answer_is_error(answer))
        return FAULT_NONE;
    struct str text = answer_text(answer);
    enum fault_code code =
        fault_code_of(str_part(text, 0, str_find(text, ' ', 0)));
    return code == FAULT_NONE ? FAULT_ERR : code;
}

bool answer_int(const struct redisReply *answer, int64_t *value)
{
    if (!answer || answer->type != REDIS_REPLY_INTEGER)
        return false;
    *value = answer->integer;
    return true;
}

size_t answer_size(const struct redisReply *answer)
{
    return answer && answer->type == REDIS_REPLY_ARRAY ? answer->elements : 0;
}

const struct redisReply *answer_at(const struct redisReply *answer, size_t i)
{
    return i < answer_size(answer) ? answer->element[i] : NULL;
}

const struct redisReply *answer_get(const struct redisReply *map,
                                    const char *key)
{
    for (size_t i = 0; i + 1 < answer_size(map); i += 2)
        if (str_is(answer_text(answer_at(map, i)), str_of(key)))
            return answer_at(map, i + 1);
    return NULL;
}
