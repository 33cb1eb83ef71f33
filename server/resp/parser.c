/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Queries come by the million, mostly whole and small: `*2 $4 TIER $6 ...`. So
 * a command that lies in the buffer is read in one pass, its arguments are
 * places in that buffer, and nothing is allocated once the array of arguments
 * has grown. When bytes are missing, the step that lacks them is left as it
 * was, and what is understood so far is kept as offsets, since the buffer may
 * move before the rest arrives. The answer never depends on how the bytes were
 * split, limits included: each is a matter of positions, not of what happens
 * to have arrived. */
#include <stdio.h>
#include <stdlib.h>

#include "resp/parser.h"
#include "resp/words.h"

enum { FIRST_ARGS = 16, KEPT_ARGS = 1024, USUAL_DIGITS = 7 };

const struct resp_limits resp_limits_open = {
    .args = RESP_ARGS,
    .bulk_bytes = RESP_BULK_BYTES,
    .command_bytes = RESP_COMMAND_BYTES,
};

const struct resp_limits resp_limits_before_auth = {
    .args = RESP_ARGS_BEFORE_AUTH,
    .bulk_bytes = RESP_BULK_BYTES_BEFORE_AUTH,
    .command_bytes = RESP_COMMAND_BYTES_BEFORE_AUTH,
};

void resp_parser_init(struct resp_parser *parser)
{
    *parser = (struct resp_parser){.limits = &resp_limits_open, .bulk = -1};
}

static void free_args(struct resp_parser *parser)
{
    free(parser->args);
    free(parser->offsets);
    parser->args = NULL;
    parser->offsets = NULL;
    parser->args_cap = 0;
}

void resp_parser_fini(struct resp_parser *parser)
{
    free_args(parser);
    buf_fini(&parser->unquoted);
    resp_parser_init(parser);
}

static enum resp_result bad(struct resp_parser *parser, const char *error)
{
    parser->error = error;
    return RESP_BAD;
}

/* Room for more arguments; false where memory is exhausted. It grows with the
 * arguments that arrive, not by the number that was announced. */
static bool grow_args(struct resp_parser *parser)
{
    size_t cap = parser->args_cap ? parser->args_cap * 2 : FIRST_ARGS;
    struct str *args = realloc(parser->args, cap * sizeof(*args));
    if (!args)
        return false;
    parser->args = args;
    size_t *offsets = realloc(parser->offsets, cap * sizeof(*offsets));
    if (!offsets)
        return false;
    parser->offsets = offsets;
    parser->args_cap = cap;
    return true;
}

static enum resp_result add_arg(struct resp_parser *parser, struct str arg)
{
    if (parser->argc == parser->args_cap && !grow_args(parser))
        return bad(parser, "Protocol error: no memory for the arguments");
    parser->args[parser->argc++] = arg;
    return RESP_COMMAND;
}

/* The bytes are about to move: keep where the new arguments begin. Each is
 * kept once, so a command that comes byte by byte costs no more. */
static void keep_offsets(struct resp_parser *parser, struct str bytes)
{
    for (; parser->kept < parser->argc; parser->kept++) {
        const char *at = parser->args[parser->kept].at;
        parser->offsets[parser->kept] = (size_t)(at - bytes.at);
    }
}

static void restore_args(struct resp_parser *parser, struct str bytes)
{
    for (size_t i = 0; i < parser->kept; i++)
        parser->args[i].at = bytes.at + parser->offsets[i];
    parser->kept = 0;
}

/* What became of a line "*n" or "$n". */
enum line {
    LINE_MORE, /* its end has not come */
    LINE_LONG,
    LINE_WRONG, /* not a number, or not ended by CR LF */
    LINE_WHOLE,
};

/* Any line, and it may have been searched in part before. */
static enum line read_any_count(struct resp_parser *parser, struct str bytes,
                                int64_t *count)
{
    size_t from = parser->done + 1;
    struct str line = str_part(bytes, from, from + RESP_COUNT_BYTES + 1);
    size_t end = str_find(line, '\r', parser->scanned);
    parser->scanned = end;
    if (end == line.len)
        return end > RESP_COUNT_BYTES ? LINE_LONG : LINE_MORE;
    if (bytes.len - from == end + 1)
        return LINE_MORE; /* the LF */
    if (bytes.at[from + end + 1] != '\n' ||
        !str_to_int64(str_part(line, 0, end), count))
        return LINE_WRONG;
    parser->done = from + end + 2;
    parser->scanned = 0;
    return LINE_WHOLE;
}

/* The line at `done`, after its first byte. A few digits that lie there whole
 * are all that is usually seen. */
static inline enum line read_count(struct resp_parser *parser, struct str bytes,
                                   int64_t *count)
{
    const char *first = bytes.at + parser->done + 1, *at = first;
    const char *end = bytes.at + bytes.len;
    int64_t n = 0;
    while (at < end && at - first < USUAL_DIGITS && *at >= '0' && *at <= '9')
        n = n * 10 + (*at++ - '0');
    bool usual = at > first && (*first != '0' || at == first + 1) &&
                 end - at >= 2 && at[0] == '\r' && at[1] == '\n';
    if (!usual)
        return read_any_count(parser, bytes, count);
    *count = n;
    parser->done = (size_t)(at + 2 - bytes.at);
    parser->scanned = 0;
    return LINE_WHOLE;
}

/* The steps of a command answer RESP_COMMAND where they are whole. */
static enum resp_result begin_args(struct resp_parser *parser, struct str bytes)
{
    int64_t count = 0;
    enum line line = read_count(parser, bytes, &count);
    if (line == LINE_MORE)
        return RESP_MORE;
    if (line == LINE_LONG)
        return bad(parser, "Protocol error: too big mbulk count string");
    if (line == LINE_WRONG || count > RESP_ARGS)
        return bad(parser, "Protocol error: invalid multibulk length");
    if (count > (int64_t)parser->limits->args)
        return bad(parser, "Protocol error: unauthenticated multibulk length");
    parser->wanted = count > 0 ? (size_t)count : 0;
    return RESP_COMMAND;
}

static enum resp_result bad_type(struct resp_parser *parser, char type)
{
    snprintf(parser->error_text, sizeof(parser->error_text),
             "Protocol error: expected '$', got '%c'",
             type >= ' ' && type <= '~' ? type : ' ');
    return bad(parser, parser->error_text);
}

static enum resp_result begin_bulk(struct resp_parser *parser, struct str bytes)
{
    if (bytes.len == parser->done)
        return RESP_MORE;
    if (bytes.at[parser->done] != '$')
        return bad_type(parser, bytes.at[parser->done]);
    int64_t len = 0;
    enum line line = read_count(parser, bytes, &len);
    if (line == LINE_MORE)
        return RESP_MORE;
    if (line == LINE_LONG)
        return bad(parser, "Protocol error: too big bulk count string");
    if (line == LINE_WRONG || len < 0 || len > RESP_BULK_BYTES)
        return bad(parser, "Protocol error: invalid bulk length");
    if (len > (int64_t)parser->limits->bulk_bytes)
        return bad(parser, "Protocol error: unauthenticated bulk length");
    if (parser->done + (size_t)len + 2 > parser->limits->command_bytes)
        return bad(parser, "Protocol error: too big request");
    parser->bulk = len;
    return RESP_COMMAND;
}

static enum resp_result next_arg(struct resp_parser *parser, struct str bytes)
{
    if (parser->bulk < 0) {
        enum resp_result step = begin_bulk(parser, bytes);
        if (step != RESP_COMMAND)
            return step;
    }
    size_t len = (size_t)parser->bulk;
    const char *at = bytes.at + parser->done;
    if (bytes.len - parser->done < len + 2)
        return RESP_MORE;
    if (at[len] != '\r' || at[len + 1] != '\n')
        return bad(parser, "Protocol error: invalid bulk length");
    parser->done += len + 2;
    parser->bulk = -1;
    parser->wanted--;
    return add_arg(parser, (struct str){at, len});
}

static enum resp_result parse_args(struct resp_parser *parser, struct str bytes)
{
    enum resp_result step = RESP_COMMAND;
    if (parser->done == 0)
        step = begin_args(parser, bytes);
    while (step == RESP_COMMAND && parser->wanted > 0)
        step = next_arg(parser, bytes);
    if (step == RESP_MORE)
        keep_offsets(parser, bytes);
    else if (step == RESP_COMMAND)
        restore_args(parser, bytes);
    return step;
}

static enum resp_result add_word(struct resp_parser *parser, struct str word)
{
    if (parser->argc >= parser->limits->args)
        return bad(parser, "Protocol error: unauthenticated multibulk length");
    if (word.len > parser->limits->bulk_bytes)
        return bad(parser, "Protocol error: unauthenticated bulk length");
    return add_arg(parser, word);
}

static enum resp_result split_line(struct resp_parser *parser, struct str line)
{
    buf_reset(&parser->unquoted);
    buf_reserve(&parser->unquoted, line.len + 1);
    struct words words = {.line = line, .unquoted = &parser->unquoted};
    enum resp_result step = RESP_COMMAND;
    enum words_result next = WORDS_WORD;
    struct str word;
    while (step == RESP_COMMAND && next == WORDS_WORD) {
        next = words_next(&words, &word);
        if (next == WORDS_WORD)
            step = add_word(parser, word);
    }
    if (next == WORDS_UNBALANCED)
        return bad(parser, "Protocol error: unbalanced quotes in request");
    return step;
}

/* A line of words. No text has a NUL: that is another protocol (TLS, say), and
 * is refused at once rather than at the end of a line that never comes. */
static enum resp_result parse_inline(struct resp_parser *parser,
                                     struct str bytes)
{
    struct str line = str_part(bytes, 0, RESP_INLINE_BYTES + 1);
    size_t end = str_find(line, '\n', parser->scanned);
    if (str_find(str_part(line, 0, end), '\0', parser->scanned) < end)
        return bad(parser, "Protocol error: NUL byte in inline request");
    parser->scanned = end;
    if (end == line.len) {
        if (end > RESP_INLINE_BYTES)
            return bad(parser, "Protocol error: too big inline request");
        return RESP_MORE;
    }
    parser->done = end + 1;
    bool has_cr = end > 0 && line.at[end - 1] == '\r';
    return split_line(parser, str_part(line, 0, end - has_cr));
}

/* A command with thousands of arguments is rare: what its array took is given
 * back when the next begins. */
static void begin_command(struct resp_parser *parser)
{
    parser->argc = 0;
    if (parser->args_cap > KEPT_ARGS)
        free_args(parser);
}

enum resp_result resp_parse(struct resp_parser *parser, struct str bytes,
                            size_t *used)
{
    ensure(!parser->error);
    if (parser->done == 0)
        begin_command(parser);
    if (bytes.len == 0)
        return RESP_MORE;
    ensure(bytes.len >= parser->done);
    enum resp_result result = bytes.at[0] == '*' ? parse_args(parser, bytes)
                                                 : parse_inline(parser, bytes);
    if (result == RESP_COMMAND) {
        *used = parser->done;
        parser->done = parser->scanned = 0;
    }
    return result;
}
