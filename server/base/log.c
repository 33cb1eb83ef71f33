/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * One line of logfmt for each thing worth telling, made in a local array and
 * written with one call, so that lines of several threads never mix and
 * nothing is lost in a buffer when the process dies. A line is at most
 * PIPE_BUF bytes, the most that a pipe takes in one piece; what does not fit
 * is left out, but quotes are closed and the line is ended. */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"

/* The one mutable global here: a level may be changed while threads log. */
static _Atomic int lowest = LOG_INFO;

static const struct str names[] = {
    [LOG_DEBUG] = STR_INIT("debug"),
    [LOG_INFO] = STR_INIT("info"),
    [LOG_WARN] = STR_INIT("warn"),
    [LOG_ERROR] = STR_INIT("error"),
};

void log_set_level(enum log_level level)
{
    atomic_store_explicit(&lowest, (int)level, memory_order_relaxed);
}

bool log_level_of(struct str name, enum log_level *level)
{
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        if (str_is(name, names[i])) {
            *level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

/* A line being made. `full`: something did not fit; nothing more goes in. */
struct line {
    char text[PIPE_BUF];
    size_t len;
    bool full;
};

enum { END_BYTES = 2 }; /* always left free: a quote and the line's end */

static size_t room_left(const struct line *line)
{
    return sizeof(line->text) - END_BYTES - line->len;
}

static void line_add(struct line *line, struct str s)
{
    line->full |= s.len > room_left(line);
    if (line->full || s.len == 0)
        return;
    memcpy(line->text + line->len, s.at, s.len);
    line->len += s.len;
}

/* How one character stands between quotes. `room` is used where it has to be
 * spelled otherwise. */
static struct str spelled(struct str s, size_t at, size_t size, char room[5])
{
    unsigned char c = (unsigned char)s.at[at];
    if (c == '"' || c == '\\')
        snprintf(room, 5, "\\%c", c);
    else if (c == '\n')
        snprintf(room, 5, "\\n");
    else if (size == 0 || c < 0x20 || c == 0x7f)
        snprintf(room, 5, "\\x%02x", (unsigned)c);
    else
        return str_part(s, at, at + size);
    return str_of(room);
}

static bool needs_quotes(struct str s)
{
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.at[i];
        if (c <= ' ' || c >= 0x7f || c == '"' || c == '\\' || c == '=')
            return true;
    }
    return s.len == 0;
}

static void line_add_value(struct line *line, struct str s)
{
    if (!needs_quotes(s) && s.len <= room_left(line)) {
        line_add(line, s);
        return;
    }
    line_add(line, STR("\""));
    bool opened = !line->full;
    for (size_t at = 0; at < s.len && !line->full;) {
        char room[5];
        size_t size = str_utf8_at(s, at);
        line_add(line, spelled(s, at, size, room));
        at += size ? size : 1;
    }
    if (opened)
        line->text[line->len++] = '"';
}

static void line_add_text(struct line *line, const char *key, struct str text)
{
    /* A key without a value would be a lie: both begin, or neither. */
    struct str name = str_of(key);
    line->full |= name.len + sizeof(" =\"x\"") > room_left(line);
    line_add(line, line->len ? STR(" ") : STR(""));
    line_add(line, name);
    line_add(line, STR("="));
    if (!line->full)
        line_add_value(line, text);
}

static void line_add_field(struct line *line, const struct log_field *field)
{
    char digits[24];
    struct str text = field->text;
    if (field->kind == LOG_NUMBER) {
        snprintf(digits, sizeof(digits), "%lld", (long long)field->number);
        text = str_of(digits);
    }
    line_add_text(line, field->key, text);
}

static void line_write(struct line *line)
{
    int kept = errno; /* who logs a failure may still want to look at it */
    line->text[line->len++] = '\n';
    /* Nowhere to report a failure to: the line is lost. */
    while (write(STDERR_FILENO, line->text, line->len) < 0 && errno == EINTR)
        continue;
    errno = kept;
}

void log_write(enum log_level level, const char *msg,
               const struct log_field *fields)
{
    if ((int)level < atomic_load_explicit(&lowest, memory_order_relaxed))
        return;
    char time[21];
    struct line line;
    line.len = 0;
    line.full = false;
    clock_utc(clock_wall_ms(), time);
    line_add_text(&line, "time", str_of(time));
    line_add_text(&line, "level", names[level]);
    line_add_text(&line, "msg", str_of(msg));
    for (; fields && fields->kind != LOG_END; fields++)
        line_add_field(&line, fields);
    line_write(&line);
}
