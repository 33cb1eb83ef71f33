/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_STORE_REDIS_COMMAND_H
#define PALIER_STORE_REDIS_COMMAND_H

#include "base/base.h"

/* One command for Redis: its arguments, any bytes, one after the other.
 *   bytes  | argument 0 | argument 1 | ... | being written |
 *          0                               closed          buf_len
 * It can be sent again, so it is kept until its reply has come. */
struct redis_command {
    struct buf bytes;
    size_t closed; /* bytes of the finished arguments */
    size_t n, cap;
    size_t *lens;
    const char **at; /* filled by redis_command_args */
};

void redis_command_init(struct redis_command *command); /* no memory yet */
void redis_command_fini(struct redis_command *command);

void redis_command_add(struct redis_command *command, struct str arg);
void redis_command_add_int(struct redis_command *command, int64_t number);
/* An argument made of parts: add them to `bytes`, then close it. */
void redis_command_close_arg(struct redis_command *command);

size_t redis_command_bytes(const struct redis_command *command);
/* The arguments as hiredis takes them, until the next change; their lengths
 * are `lens`. */
const char **redis_command_args(struct redis_command *command);

#endif
