/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Private to the sandbox: what a call may use, and what it has used. Knows
 * nothing of Lua. */
#ifndef PALIER_POLICY_SANDBOX_METER_H
#define PALIER_POLICY_SANDBOX_METER_H

#include "base/base.h"

enum meter_cause {
    METER_NONE,
    METER_INSTRUCTIONS,
    METER_BYTES,
    METER_TEXT,
    METER_CLOCK,
};

/* Of Lua: its table of texts. It grows and shrinks with garbage, too, so only
 * its bytes count. */
enum meter_block { METER_BLOCK_PLAIN, METER_BLOCK_TEXT, METER_BLOCK_OF_LUA };

/* The heap's account goes on for the life of the state; the others are one
 * call's. A call that loads chunks keeps what it made, so `longest` and
 * `largest` of later calls begin with it; of other calls they are forgotten
 * with the call, whose texts and tables nobody can reach any more. */
struct meter {
    size_t used, peak, cap;
    size_t high;          /* the most that was used since the call began */
    int64_t budget, left; /* left < 0: spent */
    int64_t taken;        /* from the budget, by the last call that ended */
    int64_t unseen;       /* instructions since the clock was looked at */
    int64_t began_ms, backstop_ms; /* of this thread's processor time */
    size_t longest, largest;       /* text, block at hand */
    size_t kept_longest, kept_largest;
    bool keeps;
    enum meter_cause refused; /* why the heap last refused */
    enum meter_cause cause;   /* what ended the call */
};

void meter_init(struct meter *meter, size_t cap);
void meter_begin(struct meter *meter, int64_t budget, int64_t backstop_ms);
/* From here on only bytes are refused. What a failed call made is not kept. */
void meter_end(struct meter *meter, bool ok);

/* Did the call that has ended fail by a limit, or come so near to one that it
 * might have from a heap with other garbage? */
bool meter_was_near(const struct meter *meter);

/* May a block of `held` bytes (0: none yet) grow to `size`? Charges it, and
 * keeps in `refused` why not. */
bool meter_may_grow(struct meter *meter, size_t held, size_t size,
                    enum meter_block kind);
void meter_moved(struct meter *meter, size_t held, size_t size);

/* Takes n from the budget. METER_NONE, or why the call must end. */
enum meter_cause meter_charge(struct meter *meter, int64_t n);
/* Takes the price of n instructions, and looks at the clock. */
enum meter_cause meter_tick(struct meter *meter, int64_t n);

/* The limit that a cause speaks of. */
int64_t meter_limit(const struct meter *meter, enum meter_cause cause);

#endif
