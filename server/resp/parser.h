/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_RESP_PARSER_H
#define PALIER_RESP_PARSER_H

#include "base/base.h"

enum {
    RESP_INLINE_BYTES = 64 * 1024,         /* an inline command's line */
    RESP_COUNT_BYTES = 64 * 1024,          /* a count or length line */
    RESP_BULK_BYTES = 1024 * 1024,         /* one argument */
    RESP_ARGS = 1024 * 1024,               /* arguments of one command */
    RESP_COMMAND_BYTES = 16 * 1024 * 1024, /* one command, all its bytes */
    RESP_ARGS_BEFORE_AUTH = 10,
    RESP_BULK_BYTES_BEFORE_AUTH = 16 * 1024,
    /* as many arguments as may come, each with its length line */
    RESP_COMMAND_BYTES_BEFORE_AUTH =
        RESP_ARGS_BEFORE_AUTH * (RESP_BULK_BYTES_BEFORE_AUTH + 32) + 32,
};

/* What may come: at most the figures above, which the parser also knows to be
 * the most there is, and less before the connection has authenticated. They
 * may be changed between commands. */
struct resp_limits {
    size_t args;
    size_t bulk_bytes;
    size_t command_bytes; /* all bytes of one command with a count */
};
extern const struct resp_limits resp_limits_open; /* the usual ones */
extern const struct resp_limits resp_limits_before_auth;

enum resp_result {
    RESP_MORE,    /* not a whole command yet: come back with more bytes */
    RESP_COMMAND, /* args[0..argc) is one; argc may be 0 (an empty line) */
    RESP_BAD,     /* `error` says why; nothing after it can be parsed */
};

/* Turns a growing run of bytes into commands, one at a time. It remembers how
 * far it has read, so bytes are looked at once however they are split.
 *
 *   IDLE  done = 0   in the first line: the count "*n", or an inline command;
 *                    `scanned` bytes of it hold no end of line
 *   ARGS  done > 0   behind "*n": `wanted` > 0 arguments are missing; `bulk`
 *                    is the length of the next, -1 where it is not read yet
 * After RESP_COMMAND it is IDLE; after RESP_BAD it must not be used again. */
struct resp_parser {
    const struct resp_limits *limits;
    /* Into the bytes last given; into `unquoted` for an inline command. */
    struct str *args;
    size_t argc;
    /* As Redis words it: "Protocol error: ...", without ERR. */
    const char *error;
    /* private */
    size_t args_cap; /* of args and offsets */
    size_t done;     /* bytes of this command already understood */
    size_t scanned;  /* bytes of the line behind them already searched */
    size_t wanted;
    int64_t bulk;
    size_t *offsets; /* where args[0..kept) begin: the bytes may move */
    size_t kept;
    struct buf unquoted;
    char error_text[48];
};

/* With resp_limits_open. */
void resp_parser_init(struct resp_parser *parser);
void resp_parser_fini(struct resp_parser *parser);

/* Parse one command. `bytes` begins at the first byte of the command being
 * parsed, and holds at least what earlier calls that answered RESP_MORE were
 * given. With RESP_COMMAND, `*used` is the command's length; drop that before
 * the next call. The args live until the bytes move or the parser is called
 * again. Ask until RESP_MORE: only the question for the next command gives the
 * memory of a big one back. */
enum resp_result resp_parse(struct resp_parser *parser, struct str bytes,
                            size_t *used) MUST_USE;

#endif
