/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * An import must remember something of every distinct line and partner, and a
 * file may hold millions. Keeping hashes instead of texts makes that 16 bytes
 * each: open addressing with linear probing, doubled when it fills up. */
#include "main/tally.h"

#include <stdlib.h>

enum { FIRST_CAP = 1024 };

struct tally_place {
    uint64_t hash; /* 0: free */
    int64_t number;
};

void tally_init(struct tally *tally)
{
    *tally = (struct tally){.cap = FIRST_CAP};
    tally->places = mem_new_array(tally->cap, sizeof(*tally->places));
}

void tally_fini(struct tally *tally)
{
    free(tally->places);
    *tally = (struct tally){0};
}

/* Where the hash is, or the free place where it would go. */
static struct tally_place *find(const struct tally *tally, uint64_t hash)
{
    size_t i = (size_t)hash & (tally->cap - 1);
    while (tally->places[i].hash != 0 && tally->places[i].hash != hash)
        i = (i + 1) & (tally->cap - 1);
    return &tally->places[i];
}

static void grow(struct tally *tally)
{
    struct tally wider = {.cap = tally->cap * 2, .used = tally->used};
    wider.places = mem_new_array(wider.cap, sizeof(*wider.places));
    for (size_t i = 0; i < tally->cap; i++)
        if (tally->places[i].hash != 0)
            *find(&wider, tally->places[i].hash) = tally->places[i];
    free(tally->places);
    *tally = wider;
}

int64_t *tally_at(struct tally *tally, uint64_t hash, bool *is_new)
{
    if (hash == 0)
        hash = 1;
    if (tally->used >= tally->cap / 4 * 3)
        grow(tally);
    struct tally_place *place = find(tally, hash);
    bool added = place->hash == 0;
    if (added) {
        place->hash = hash;
        tally->used++;
    }
    if (is_new)
        *is_new = added;
    return &place->number;
}
