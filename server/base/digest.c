/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A policy version is named by the SHA-256 of its files, and what a client
 * sends under an id is remembered by it. libmd does the work. */
#include <sha2.h>

#include "base/digest.h"

_Static_assert(DIGEST_HEX + 1 == SHA256_DIGEST_STRING_LENGTH,
               "a digest in hexadecimal is what libmd writes");

void digest_hex(struct str bytes, char hex[DIGEST_HEX + 1])
{
    const char *at = bytes.at ? bytes.at : "";
    SHA256Data((const uint8_t *)at, bytes.len, hex);
}

bool digest_same(struct str a, struct str b)
{
    char left[DIGEST_HEX + 1], right[DIGEST_HEX + 1];
    digest_hex(a, left);
    digest_hex(b, right);
    /* Digests have one length, whatever they are of, and each byte is looked
     * at: the time says nothing about the bytes. */
    unsigned difference = 0;
    for (int i = 0; i < DIGEST_HEX; i++)
        difference |= (unsigned)(left[i] ^ right[i]);
    return difference == 0;
}
