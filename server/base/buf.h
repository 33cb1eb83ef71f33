/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_BUF_H
#define PALIER_BASE_BUF_H

#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

/* A queue of bytes in one piece of memory: filled at the tail, drained at the
 * head. The caller caps its length.
 *
 *   at        at+head       at+tail      at+cap
 *   | drained | bytes held  | room       |          head <= tail <= cap
 */
struct buf {
    char *at;
    size_t head, tail, cap;
};

void buf_init(struct buf *buf); /* no memory yet */
void buf_fini(struct buf *buf);
void buf_reset(struct buf *buf); /* empty; gives memory above 64 KiB back */

size_t buf_len(const struct buf *buf);
struct str buf_peek(const struct buf *buf); /* until the next change */

/* Room for at least `size` bytes at the tail; write there, then buf_grown. */
char *buf_reserve(struct buf *buf, size_t size);
void buf_grown(struct buf *buf, size_t size);

void buf_add(struct buf *buf, struct str s);
void buf_add_byte(struct buf *buf, char byte);
void buf_print(struct buf *buf, const char *format, ...) PRINTF_LIKE(2, 3);
/* Drain `size` bytes from the head. */
void buf_drop(struct buf *buf, size_t size);
/* Take back everything added after the queue held `len` bytes. */
void buf_cut(struct buf *buf, size_t len);

#endif
