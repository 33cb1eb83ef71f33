/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_ARENA_H
#define PALIER_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"
#include "base/str.h"

/* Memory of one request or one load: taken piece by piece, given back all at
 * once. Pieces are aligned for any type and zeroed. The caller caps what a
 * peer can make it take (arena_used). */
struct arena {
    struct arena_block *newest;
    size_t used; /* bytes handed out since init or reset */
};

void arena_init(struct arena *arena);
void arena_fini(struct arena *arena);
/* Forget all pieces, keep one block for the next use. */
void arena_reset(struct arena *arena);
size_t arena_used(const struct arena *arena);

void *arena_take(struct arena *arena, size_t size);
void *arena_take_array(struct arena *arena, size_t n, size_t size);
struct str arena_copy(struct arena *arena, struct str s); /* 0-terminated too */
struct str arena_print(struct arena *arena, const char *format, ...)
    PRINTF_LIKE(2, 3);
struct str arena_print_list(struct arena *arena, const char *format,
                            va_list values) PRINTF_LIKE(2, 0);

#endif
