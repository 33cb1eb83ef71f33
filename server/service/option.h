/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_SERVICE_OPTION_H
#define PALIER_SERVICE_OPTION_H

#include "engine/engine.h"
#include "service/request.h"

/* A keyword of a command and where its value goes. */
struct option {
    const char *name; /* upper case */
    struct str *value;
};

/* Reads `NAME value` pairs from the words after `from`, in any order, each
 * once. False with `fault` (ERR). */
bool options_read(const struct request *rq, size_t from,
                  const struct option *options, size_t n,
                  struct fault *fault) MUST_USE;

/* Their meanings. Left out: `*day` today, `*ladder` 0. False with `fault`:
 * INVALID, naming the field, the value and what was expected. */
bool option_day(const struct request *rq, struct str text, const char *field,
                int32_t *day, struct fault *fault) MUST_USE;
bool option_ladder(const struct program *program, struct str name,
                   size_t *ladder, struct fault *fault) MUST_USE;
bool option_count(struct str text, const char *field, int64_t least,
                  int64_t most, int64_t *count, struct fault *fault) MUST_USE;

/* INVALID <field>: "<value>" is unknown; did you mean <nearest>? */
void option_unknown(const char *field, struct str value,
                    const struct str *known, size_t n, struct fault *fault);

#endif
