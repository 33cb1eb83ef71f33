/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#ifndef PALIER_MAIN_TALLY_H
#define PALIER_MAIN_TALLY_H

#include "base/base.h"

/* A number for each of very many things, found by a 64-bit hash of the thing:
 * 16 bytes a place, at most 3 of 4 places taken. Two things of the same hash
 * would share a number; with a hundred million things the chance of one such
 * pair is below one in a thousand, and its users stay correct then. */
struct tally {
    struct tally_place *places;
    size_t cap, used;
};

void tally_init(struct tally *tally);
void tally_fini(struct tally *tally);
/* The thing's number, 0 at first; until the next call. `*is_new`, where asked
 * for: it was not there before. */
int64_t *tally_at(struct tally *tally, uint64_t hash, bool *is_new);

#endif
