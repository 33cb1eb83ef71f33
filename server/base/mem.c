/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Small sizes that only our own code decides cannot fail in a way worth
 * handling at every call: here they end the process, with the size asked for.
 * A request of 0 bytes gets one, so that NULL never means success. */
#include <stdlib.h>
#include <string.h>

#include "base/die.h"
#include "base/mem.h"

static void *held(void *p, size_t size)
{
    if (!p)
        die("out of memory: %zu bytes", size);
    return p;
}

void *mem_new(size_t size)
{
    return held(calloc(1, size ? size : 1), size);
}

void *mem_new_array(size_t n, size_t size)
{
    size_t product;
    if (__builtin_mul_overflow(n, size, &product))
        die("out of memory: %zu pieces of %zu bytes", n, size);
    return mem_new(product);
}

void *mem_resize(void *p, size_t size)
{
    return held(realloc(p, size ? size : 1), size);
}

void *mem_copy(const void *p, size_t size)
{
    void *copy = held(malloc(size ? size : 1), size);
    if (size)
        memcpy(copy, p, size);
    return copy;
}

char *mem_copy_text(const char *text)
{
    return mem_copy(text, strlen(text) + 1);
}
