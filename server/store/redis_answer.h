/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_REDIS_ANSWER_H
#define PALIER_STORE_REDIS_ANSWER_H

#include "base/base.h"
#include "store/store.h"

struct redisReply;

/* Reading what Redis has answered. Pure; NULL stands for "no answer". What is
 * not of the form asked for reads as nothing: {NULL, 0}, 0 elements, false. */
bool redis_answer_is_error(const struct redisReply *reply, const char *prefix);
/* Redis lives, but is not what we need: another server may stand at the same
 * address by now, or will soon. */
bool redis_answer_is_unfit(const struct redisReply *reply);
struct str redis_answer_text(const struct redisReply *reply);
bool redis_answer_int(const struct redisReply *reply, int64_t *number) MUST_USE;
size_t redis_answer_count(const struct redisReply *reply); /* of an array */
const struct redisReply *redis_answer_at(const struct redisReply *reply,
                                         size_t i); /* NULL beyond its end */

/* STORE_OK where there is an answer and it is no error; else `fault` says what
 * there was instead. */
enum store_result redis_answer_result(const struct redisReply *reply,
                                      struct fault *fault);
/* Of a script that has answered, and no error: {"OK", ...} or {word, text},
 * then STORE_REFUSED with the word's code and the text. */
enum store_result redis_answer_verdict(const struct redisReply *reply,
                                       struct fault *fault);
/* A change was answered, but nobody knows what. STORE_UNAVAILABLE. */
enum store_result redis_answer_formless(struct fault *fault);

#endif
