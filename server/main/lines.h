/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_LINES_H
#define PALIER_MAIN_LINES_H

#include "base/base.h"

enum { LINES_BYTES = 1024 * 1024 }; /* the longest line that is read */

/* A file, line by line, in bounded memory.
 *
 *   READING    bytes come from the descriptor
 *   SKIPPING   inside a line that is too long: its bytes are dropped
 *   ENDED      no more bytes; `held` may still hold a last line */
struct lines {
    int fd;
    const char *name; /* of the file, for messages; borrowed */
    size_t number;    /* of the line last given, from 1 */
    uint64_t bytes;   /* read so far */
    uint64_t size;    /* of the whole file, 0 where it is not known (a pipe) */
    /* private */
    enum { LINES_READING, LINES_SKIPPING, LINES_ENDED } state;
    struct buf held;
    size_t given, scanned; /* bytes of `held`: of the last line, searched */
};

enum lines_result { LINES_LINE, LINES_TOO_LONG, LINES_END, LINES_FAILED };

/* `path` "-" is standard input. False with `fault` where it cannot be opened.
 */
bool lines_open(struct lines *lines, const char *path,
                struct fault *fault) MUST_USE;
void lines_close(struct lines *lines);
/* The next line, without its end (LF or CR LF), borrowed until the next call.
 * LINES_FAILED fills `fault`. */
enum lines_result lines_next(struct lines *lines, struct str *line,
                             struct fault *fault);

#endif
