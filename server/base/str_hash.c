/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A hash for tables whose keys a stranger may choose: seeded, every bit of the
 * result depends on every bit of the key, and short keys (5 to 30 bytes) are
 * read in a few words that may overlap, never byte by byte. The mixing step,
 * the product of two words with its halves folded together, and the constants
 * are those of wyhash (public domain). */
#include <string.h>

#include "base/str.h"

__extension__ typedef unsigned __int128 product;

#define SECRET_0 UINT64_C(0xa0761d6478bd642f)
#define SECRET_1 UINT64_C(0xe7037ed1a0b428db)
#define SECRET_2 UINT64_C(0x8ebc6af09c88c6e3)

static inline uint64_t mix(uint64_t a, uint64_t b)
{
    product p = (product)a * b;
    return (uint64_t)p ^ (uint64_t)(p >> 64);
}

static inline uint64_t read_8(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

static inline uint64_t read_4(const char *at)
{
    uint32_t word;
    memcpy(&word, at, sizeof(word));
    return word;
}

/* Up to 3 bytes: first, middle and last, which may be the same one. */
static inline uint64_t read_few(const char *at, size_t len)
{
    uint64_t first = (unsigned char)at[0], last = (unsigned char)at[len - 1];
    return first << 16 | (uint64_t)(unsigned char)at[len / 2] << 8 | last;
}

uint64_t str_hash(struct str s, uint64_t seed)
{
    const char *at = s.at;
    uint64_t a = 0, b = 0, state = seed ^ SECRET_2;
    if (s.len > 16) {
        size_t left = s.len;
        for (; left > 16; left -= 16, at += 16)
            state = mix(read_8(at) ^ SECRET_1, read_8(at + 8) ^ state);
        a = read_8(at + left - 16);
        b = read_8(at + left - 8);
    } else if (s.len >= 8) {
        a = read_8(at);
        b = read_8(at + s.len - 8);
    } else if (s.len >= 4) {
        a = read_4(at);
        b = read_4(at + s.len - 4);
    } else if (s.len > 0) {
        a = read_few(at, s.len);
    }
    return mix(SECRET_0 ^ s.len, mix(a ^ SECRET_1, b ^ state));
}
