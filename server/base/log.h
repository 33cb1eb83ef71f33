/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_LOG_H
#define PALIER_BASE_LOG_H

#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };

/* One field of a log line. Make them with KV*, end a list by log_*(). */
struct log_field {
    const char *key;
    enum { LOG_END, LOG_TEXT, LOG_NUMBER } kind;
    struct str text;
    int64_t number;
};

#define KV(k, z) ((struct log_field){(k), LOG_TEXT, str_of(z), 0})
#define KV_STR(k, s) ((struct log_field){(k), LOG_TEXT, (s), 0})
#define KV_INT(k, n) ((struct log_field){(k), LOG_NUMBER, {0}, (int64_t)(n)})
#define KV_NONE ((struct log_field){0})

/* One line of logfmt on stderr, written with one write(2):
 *   time=2026-06-30T09:15:02Z level=info msg="policy in force" version=ab12
 * Values are quoted where needed; control bytes are escaped. A line has at most
 * PIPE_BUF bytes: longer values are cut, fields after them left out. errno is
 * kept. Any thread. */
void log_write(enum log_level level, const char *msg,
               const struct log_field *fields);

/* log_info("msg", KV("key", "value"), ...): at least one field or KV_NONE. */
#define LOG_FIELDS_(...) ((const struct log_field[]){__VA_ARGS__, KV_NONE})
#define log_debug(msg, ...) log_write(LOG_DEBUG, msg, LOG_FIELDS_(__VA_ARGS__))
#define log_info(msg, ...) log_write(LOG_INFO, msg, LOG_FIELDS_(__VA_ARGS__))
#define log_warn(msg, ...) log_write(LOG_WARN, msg, LOG_FIELDS_(__VA_ARGS__))
#define log_error(msg, ...) log_write(LOG_ERROR, msg, LOG_FIELDS_(__VA_ARGS__))

/* Lines below `level` are not written (LOG_INFO at start). */
void log_set_level(enum log_level level);
/* False where the name is none of debug, info, warn, error. */
bool log_level_of(struct str name, enum log_level *level) MUST_USE;

#endif
