/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Whatever a client sends, and however it arrives, the parser gives the same
 * commands or the same error: in one piece, cut in two, and in small pieces.
 * Where to cut is taken from a hash of the data, so a seed is nothing but what
 * a client might send. */
#include <stdlib.h>

#include "resp/resp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void note_command(struct buf *notes, const struct resp_parser *parser)
{
    buf_print(notes, "(%zu", parser->argc);
    for (size_t i = 0; i < parser->argc; i++) {
        buf_print(notes, " %zu:", parser->args[i].len);
        buf_add(notes, parser->args[i]);
    }
    buf_add_byte(notes, ')');
}

/* The bytes lie in memory of their own, which is gone before the next come. */
static enum resp_result feed(struct resp_parser *parser, struct str bytes,
                             size_t *dropped, struct buf *notes)
{
    char *copy = mem_copy(bytes.at, bytes.len);
    enum resp_result result = RESP_COMMAND;
    while (result == RESP_COMMAND) {
        size_t used = 0;
        struct str left = {copy + *dropped, bytes.len - *dropped};
        result = resp_parse(parser, left, &used);
        if (result == RESP_COMMAND) {
            ensure(used > 0 && used <= left.len);
            note_command(notes, parser);
            *dropped += used;
        }
    }
    if (result == RESP_BAD)
        buf_print(notes, "!%s", parser->error);
    free(copy);
    return result;
}

/* Cut at `first`, then every `step` bytes. */
static struct buf parse(struct str bytes, const struct resp_limits *limits,
                        size_t first, size_t step)
{
    struct buf notes;
    buf_init(&notes);
    struct resp_parser parser;
    resp_parser_init(&parser);
    parser.limits = limits;
    size_t dropped = 0;
    enum resp_result result = RESP_MORE;
    for (size_t end = first; result == RESP_MORE && end < bytes.len;
         end += step)
        result = feed(&parser, str_part(bytes, 0, end), &dropped, &notes);
    if (result == RESP_MORE)
        feed(&parser, bytes, &dropped, &notes);
    resp_parser_fini(&parser);
    return notes;
}

static void compare(struct str bytes, const struct resp_limits *limits,
                    uint64_t where)
{
    struct buf whole = parse(bytes, limits, bytes.len, 1);
    struct buf cut = parse(bytes, limits, where % (bytes.len + 1), bytes.len);
    size_t step = 1 + (where >> 32) % 8 + bytes.len / 256;
    struct buf small = parse(bytes, limits, 0, step);
    ensure(str_is(buf_peek(&whole), buf_peek(&cut)));
    ensure(str_is(buf_peek(&whole), buf_peek(&small)));
    buf_fini(&whole);
    buf_fini(&cut);
    buf_fini(&small);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str bytes = {(const char *)data, size};
    if (size == 0)
        return 0;
    uint64_t where = str_hash(bytes, 0);
    compare(bytes, &resp_limits_open, where);
    compare(bytes, &resp_limits_before_auth, where);
    return 0;
}
