/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What one question needs is many small pieces that die together: handing them
 * out from blocks is an addition, and giving them back is one loop.
 *
 *   newest -> block -> block -> big -> block      newest is where pieces are
 *             room     full     full   full       taken from, unless it is big
 *
 * A big piece gets a block of its own behind the newest, so that the room left
 * in that one is not lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/die.h"
#include "base/mem.h"

enum { BLOCK_BYTES = 16 * 1024, BIG_BYTES = BLOCK_BYTES / 4 };

struct arena_block {
    struct arena_block *older;
    size_t size, used; /* of `room`; used <= size */
    max_align_t room[];
};

void arena_init(struct arena *arena)
{
    *arena = (struct arena){0};
}

static void free_blocks(struct arena_block *block)
{
    while (block) {
        struct arena_block *older = block->older;
        free(block);
        block = older;
    }
}

void arena_fini(struct arena *arena)
{
    free_blocks(arena->newest);
    arena_init(arena);
}

void arena_reset(struct arena *arena)
{
    struct arena_block *kept = arena->newest;
    if (kept && kept->size == BLOCK_BYTES) {
        free_blocks(kept->older);
        kept->older = NULL;
        kept->used = 0;
        arena->used = 0;
    } else {
        arena_fini(arena);
    }
}

size_t arena_used(const struct arena *arena)
{
    return arena->used;
}

static struct arena_block *block_new(size_t size, struct arena_block *older)
{
    struct arena_block *block = malloc(sizeof(*block) + size);
    if (!block)
        die("out of memory: a block of %zu bytes", size);
    block->older = older;
    block->size = size;
    block->used = 0;
    return block;
}

static struct arena_block *block_with_room(struct arena *arena, size_t size)
{
    struct arena_block *newest = arena->newest;
    if (newest && newest->size - newest->used >= size)
        return newest;
    if (size > BIG_BYTES && newest)
        return newest->older = block_new(size, newest->older);
    return arena->newest =
               block_new(size > BIG_BYTES ? size : BLOCK_BYTES, newest);
}

void *arena_take(struct arena *arena, size_t size)
{
    if (size > SIZE_MAX / 2)
        die("out of memory: a piece of %zu bytes", size);
    size_t step = _Alignof(max_align_t);
    size_t whole = (size / step + (size % step != 0 || size == 0)) * step;
    struct arena_block *block = block_with_room(arena, whole);
    void *piece = (char *)block->room + block->used;
    block->used += whole;
    ensure(block->used <= block->size);
    arena->used += whole;
    return memset(piece, 0, whole);
}

void *arena_take_array(struct arena *arena, size_t n, size_t size)
{
    size_t product;
    if (__builtin_mul_overflow(n, size, &product))
        die("out of memory: %zu pieces of %zu bytes", n, size);
    return arena_take(arena, product);
}

struct str arena_copy(struct arena *arena, struct str s)
{
    char *copy = arena_take(arena, s.len + 1);
    if (s.len)
        memcpy(copy, s.at, s.len);
    return (struct str){copy, s.len};
}

struct str arena_print(struct arena *arena, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    struct str printed = arena_print_list(arena, format, values);
    va_end(values);
    return printed;
}

struct str arena_print_list(struct arena *arena, const char *format,
                            va_list values)
{
    va_list again;
    va_copy(again, values);
    int len = vsnprintf(NULL, 0, format, values);
    ensure(len >= 0); /* formats are ours, and none converts wide characters */
    char *text = arena_take(arena, (size_t)len + 1);
    ensure(vsnprintf(text, (size_t)len + 1, format, again) == len);
    va_end(again);
    return (struct str){text, (size_t)len};
}
