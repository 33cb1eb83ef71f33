/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_ANSWER_H
#define PALIER_MAIN_ANSWER_H

#include "base/base.h"

/* One reply of a server (RESP2), read without caring how hiredis keeps it.
 * Every reader accepts NULL and a reply of another type, and then gives the
 * empty value: a server may be anything. Parts are borrowed from the whole. */
struct redisReply;

void answer_free(struct redisReply *answer); /* NULL is fine */

bool answer_is_error(const struct redisReply *answer);
bool answer_is_nil(const struct redisReply *answer);
/* A text, a status or an error line; {NULL, 0} for anything else. */
struct str answer_text(const struct redisReply *answer);
/* The word before the first space of an error; FAULT_NONE for no error. */
enum fault_code answer_fault(const struct redisReply *answer);
bool answer_int(const struct redisReply *answer, int64_t *value) MUST_USE;

/* Arrays. A map of n pairs is an array of 2n. */
size_t answer_size(const struct redisReply *answer);
const struct redisReply *answer_at(const struct redisReply *answer, size_t i);
/* The value under a key of a map, NULL where there is none. */
const struct redisReply *answer_get(const struct redisReply *map,
                                    const char *key);

#endif
