/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The words of a standing's state, as the wire and the store say them. */
#include "policy/verdict.h"

static const char *const state_words[] = {
    [STANDING_HELD] = "held",           [STANDING_WARNED] = "warned",
    [STANDING_GRACE] = "grace",         [STANDING_APPROVAL] = "approval",
    [STANDING_EXCEPTION] = "exception",
};

const char *standing_state_word(enum standing_state state)
{
    ensure((size_t)state < COUNT_OF(state_words));
    return state_words[state];
}
