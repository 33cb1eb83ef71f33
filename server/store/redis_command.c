/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Commands are built from parts (prefix, id, a field's spelling) and some are
 * sent twice, so they are kept as one run of bytes and the arguments' lengths;
 * pointers are made when it is sent, after the bytes have stopped moving. */
#include <stdlib.h>

#include "store/redis_command.h"

void redis_command_init(struct redis_command *command)
{
    *command = (struct redis_command){0};
    buf_init(&command->bytes);
}

void redis_command_fini(struct redis_command *command)
{
    buf_fini(&command->bytes);
    free(command->lens);
    free(command->at);
}

void redis_command_close_arg(struct redis_command *command)
{
    size_t len = buf_len(&command->bytes);

    if (command->n == command->cap) {
        command->cap = command->cap ? command->cap * 2 : 16;
        command->lens =
            mem_resize(command->lens, command->cap * sizeof(*command->lens));
        command->at =
            mem_resize(command->at, command->cap * sizeof(*command->at));
    }
    command->lens[command->n++] = len - command->closed;
    command->closed = len;
}

void redis_command_add(struct redis_command *command, struct str arg)
{
    buf_add(&command->bytes, arg);
    redis_command_close_arg(command);
}

void redis_command_add_int(struct redis_command *command, int64_t number)
{
    buf_print(&command->bytes, "%lld", (long long)number);
    redis_command_close_arg(command);
}

size_t redis_command_bytes(const struct redis_command *command)
{
    return command->closed;
}

const char **redis_command_args(struct redis_command *command)
{
    const char *at = buf_peek(&command->bytes).at;

    ensure(command->closed == buf_len(&command->bytes));
    for (size_t i = 0; i < command->n; i++) {
        command->at[i] = at ? at : "";
        at = at ? at + command->lens[i] : at;
    }
    return command->at;
}
