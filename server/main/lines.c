/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * getline() grows with its input; a file without line ends would be read into
 * memory whole. Here a line has a cap, what is longer is skipped and reported,
 * and the position in bytes is known for the progress bar. */
#include "main/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK_BYTES = 64 * 1024 };

bool lines_open(struct lines *lines, const char *path, struct fault *fault)
{
    *lines = (struct lines){.fd = STDIN_FILENO, .name = "standard input"};
    if (strcmp(path, "-") != 0) {
        lines->name = path;
        lines->fd = open(path, O_RDONLY | O_CLOEXEC);
    }
    struct stat about;
    if (lines->fd < 0 || fstat(lines->fd, &about) < 0) {
        fault_set(fault, FAULT_INVALID, "cannot read %s: %s", lines->name,
                  strerror(errno));
        lines_close(lines);
        return false;
    }
    if (S_ISREG(about.st_mode) && about.st_size > 0)
        lines->size = (uint64_t)about.st_size;
    buf_init(&lines->held);
    return true;
}

void lines_close(struct lines *lines)
{
    if (lines->fd > STDIN_FILENO)
        close(lines->fd);
    lines->fd = -1;
    buf_fini(&lines->held);
}

/* More bytes, or the end. */
static bool fill(struct lines *lines, struct fault *fault)
{
    char *room = buf_reserve(&lines->held, CHUNK_BYTES);
    ssize_t n;
    do
        n = read(lines->fd, room, CHUNK_BYTES);
    while (n < 0 && errno == EINTR);
    if (n < 0)
        return fault_set(fault, FAULT_INVALID, "cannot read %s: %s",
                         lines->name, strerror(errno));
    if (n == 0)
        lines->state = LINES_ENDED;
    buf_grown(&lines->held, (size_t)n);
    lines->bytes += (uint64_t)n;
    return true;
}

/* Gives the first `len` bytes held as a line; `end` bytes follow it. */
static enum lines_result give(struct lines *lines, size_t len, size_t end,
                              struct str *line)
{
    *line = str_part(buf_peek(&lines->held), 0, len);
    if (line->len > 0 && line->at[line->len - 1] == '\r')
        line->len--;
    lines->given = len + end;
    lines->scanned = 0;
    lines->number++;
    if (lines->state != LINES_SKIPPING && len <= LINES_BYTES)
        return LINES_LINE;
    if (lines->state == LINES_SKIPPING)
        lines->state = LINES_READING;
    return LINES_TOO_LONG;
}

/* What is held has no line end: is it too long already? */
static void keep_short(struct lines *lines)
{
    lines->scanned = buf_len(&lines->held);
    if (lines->scanned <= LINES_BYTES && lines->state != LINES_SKIPPING)
        return;
    lines->state = LINES_SKIPPING;
    buf_drop(&lines->held, lines->scanned);
    lines->scanned = 0;
}

enum lines_result lines_next(struct lines *lines, struct str *line,
                             struct fault *fault)
{
    buf_drop(&lines->held, lines->given);
    lines->given = 0;
    for (;;) {
        struct str held = buf_peek(&lines->held);
        size_t end = str_find(held, '\n', lines->scanned);
        if (end < held.len)
            return give(lines, end, 1, line);
        if (lines->state == LINES_ENDED && held.len == 0)
            return LINES_END;
        if (lines->state == LINES_ENDED)
            return give(lines, held.len, 0, line);
        keep_short(lines);
        bool skipping = lines->state == LINES_SKIPPING;
        if (!fill(lines, fault))
            return LINES_FAILED;
        /* The end of the file ends a line that is too long, too. */
        if (skipping && lines->state == LINES_ENDED) {
            lines->number++;
            return LINES_TOO_LONG;
        }
    }
}
