/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A process that goes on after the impossible has happened tells lies. It
 * ends here instead, after one line written straight to stderr: no buffers, no
 * heap, since either may be what is broken. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/die.h"

enum { LINE_BYTES = 1024 };

/* How much a printf into `room` bytes left there. */
static size_t printed(int n, size_t room)
{
    if (n < 0)
        return 0;
    return (size_t)n < room ? (size_t)n : room - 1;
}

static void write_line(const char *line, size_t len)
{
    /* Nowhere to report a failure to: what counts is the abort. */
    while (write(STDERR_FILENO, line, len) < 0 && errno == EINTR)
        continue;
}

_Noreturn void die(const char *format, ...)
{
    char line[LINE_BYTES];
    size_t room = sizeof(line) - 1; /* one byte for the line's end */
    size_t len = printed(
        snprintf(line, room, "%s: ", program_invocation_short_name), room);
    va_list values;
    va_start(values, format);
    len +=
        printed(vsnprintf(line + len, room - len, format, values), room - len);
    va_end(values);
    line[len++] = '\n';
    write_line(line, len);
    abort();
}

_Noreturn void die_ensure(const char *condition, const char *file, int line)
{
    die("%s:%d: this should have held: %s", file, line, condition);
}
