/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Bytes come and go at a socket's pace, not at ours. They wait in one piece of
 * memory, so that a parser may look at them as they lie. Moving them is
 * avoided: an emptied queue starts again at the front, and a full one is moved
 * to the front only when that gives back at least as much as it costs. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/die.h"

enum { FIRST_BYTES = 256, KEPT_BYTES = 64 * 1024 };

static void check(const struct buf *buf)
{
    ensure(buf->head <= buf->tail && buf->tail <= buf->cap);
}

void buf_init(struct buf *buf)
{
    *buf = (struct buf){0};
}

void buf_fini(struct buf *buf)
{
    free(buf->at);
    buf_init(buf);
}

void buf_reset(struct buf *buf)
{
    if (buf->cap > KEPT_BYTES)
        buf_fini(buf);
    buf->head = buf->tail = 0;
}

size_t buf_len(const struct buf *buf)
{
    return buf->tail - buf->head;
}

struct str buf_peek(const struct buf *buf)
{
    if (!buf->at)
        return (struct str){NULL, 0};
    return (struct str){buf->at + buf->head, buf->tail - buf->head};
}

/* New memory for what is held and `size` bytes more; at least twice the old,
 * so that a byte is moved a bounded number of times while the queue grows. */
static void grow(struct buf *buf, size_t size)
{
    size_t len = buf_len(buf), cap = buf->cap ? buf->cap : FIRST_BYTES / 2;
    if (size > SIZE_MAX / 4 - len || cap > SIZE_MAX / 4)
        die("out of memory: %zu bytes more for a buffer", size);
    cap = cap * 2 > len + size ? cap * 2 : len + size;
    char *at = malloc(cap);
    if (!at)
        die("out of memory: a buffer of %zu bytes", cap);
    if (buf->at)
        memcpy(at, buf->at + buf->head, len);
    free(buf->at);
    *buf = (struct buf){.at = at, .head = 0, .tail = len, .cap = cap};
}

static void make_room(struct buf *buf, size_t size)
{
    size_t len = buf_len(buf);
    if (buf->at && buf->cap - len >= size && buf->head >= len) {
        memcpy(buf->at, buf->at + buf->head, len); /* they do not overlap */
        buf->head = 0;
        buf->tail = len;
    } else {
        grow(buf, size);
    }
    check(buf);
}

char *buf_reserve(struct buf *buf, size_t size)
{
    if (!buf->at || buf->cap - buf->tail < size)
        make_room(buf, size);
    return buf->at + buf->tail;
}

void buf_grown(struct buf *buf, size_t size)
{
    ensure(size <= buf->cap - buf->tail);
    buf->tail += size;
}

void buf_add(struct buf *buf, struct str s)
{
    if (s.len == 0)
        return;
    memcpy(buf_reserve(buf, s.len), s.at, s.len);
    buf->tail += s.len;
}

void buf_add_byte(struct buf *buf, char byte)
{
    *buf_reserve(buf, 1) = byte;
    buf->tail++;
}

void buf_print(struct buf *buf, const char *format, ...)
{
    va_list values, again;
    va_start(values, format);
    va_copy(again, values);
    int len = vsnprintf(NULL, 0, format, values);
    ensure(len >= 0); /* formats are ours, and none converts wide characters */
    char *at = buf_reserve(buf, (size_t)len + 1); /* its terminator */
    ensure(vsnprintf(at, (size_t)len + 1, format, again) == len);
    buf->tail += (size_t)len;
    va_end(again);
    va_end(values);
}

void buf_drop(struct buf *buf, size_t size)
{
    ensure(size <= buf_len(buf));
    buf->head += size;
    if (buf->head == buf->tail)
        buf->head = buf->tail = 0;
}

void buf_cut(struct buf *buf, size_t len)
{
    ensure(len <= buf_len(buf));
    buf->tail = buf->head + len;
    if (len == 0)
        buf->head = buf->tail = 0;
}
