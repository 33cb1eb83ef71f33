/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_BASE_DIGEST_H
#define PALIER_BASE_DIGEST_H

#include "base/str.h"

enum { DIGEST_HEX = 64 };

/* SHA-256 (FIPS 180-4) in lower-case hexadecimal, and the terminator. */
void digest_hex(struct str bytes, char hex[DIGEST_HEX + 1]);

/* Do both hold the same bytes? In time that does not depend on where they
 * differ: for passwords. */
bool digest_same(struct str a, struct str b);

#endif
