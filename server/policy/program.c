/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Names to places and back, for those who ask in words. */
#include "policy/program.h"

int program_ladder(const struct program *program, struct str name)
{
    for (size_t i = 0; i < program->nladders; i++)
        if (str_is(program->ladders[i].name, name))
            return (int)i;
    return -1;
}

int ladder_tier(const struct ladder *ladder, struct str name)
{
    for (size_t i = 0; i < ladder->ntiers; i++)
        if (str_is(ladder->tiers[i].name, name))
            return (int)i;
    return TIER_NONE;
}

struct str ladder_tier_name(const struct ladder *ladder, int tier)
{
    if (tier < 0 || (size_t)tier >= ladder->ntiers)
        return STR("none");
    return ladder->tiers[tier].name;
}
