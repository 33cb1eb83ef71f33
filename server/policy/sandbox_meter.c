/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The budget is one number, `left`. The hook takes from it for instructions,
 * the heap for large blocks, our own functions for what they touch: nothing a
 * script can do is free, so one number bounds the time. Small blocks come with
 * the instructions that ask for them; whether those allocate may depend on what
 * was collected when, and the budget must not.
 *
 * An operator may copy or compare a whole text inside one instruction, where no
 * hook runs, or read it as a number, which is the slowest of all: so while a
 * call has long texts at hand, each instruction costs more, by the length of
 * the longest.
 *
 * Where memory is refused Lua collects all it can and asks again. Each such
 * round is charged, or a script near the limit would spend its life in the
 * collector without ever running out of anything. How many there are depends on
 * the garbage that the call began with: meter_was_near says of a call that this
 * could have mattered.
 *
 * The clock is a far backstop: it counts this thread's own time, so that a busy
 * machine does not decide what a policy may do. */
#include "policy/sandbox_meter.h"

#include "policy/sandbox.h"

enum {
    METER_SMALL_BLOCK = 1024,   /* up to here a block is free */
    METER_BYTES_PER_UNIT = 16,  /* of larger ones */
    METER_TEXT_PER_PRICE = 256, /* an instruction costs one more by these */
    METER_ROUNDS = 64,          /* a refusal costs that part of the heap */
    METER_TEXT_HEAD = 32,       /* what Lua adds to a text's bytes */
    METER_LOOK = 1000,          /* instructions from clock to clock */
    METER_NEAR_BYTES = 4,       /* that part of the heap is near its limit */
    METER_NEAR_END = 8,         /* that part of the budget is near its end */
};

void meter_init(struct meter *meter, size_t cap)
{
    *meter = (struct meter){.cap = cap};
}

void meter_begin(struct meter *meter, int64_t budget, int64_t backstop_ms)
{
    meter->budget = budget;
    meter->left = budget;
    meter->unseen = 0;
    meter->high = meter->used;
    meter->began_ms = clock_thread_ms();
    meter->backstop_ms = backstop_ms;
    meter->longest = meter->kept_longest;
    meter->largest = meter->kept_largest;
    meter->keeps = false;
    meter->refused = METER_NONE;
    meter->cause = METER_NONE;
}

void meter_end(struct meter *meter, bool ok)
{
    meter->taken = meter->budget - (meter->left > 0 ? meter->left : 0);
    meter->left = INT64_MAX;
    if (ok && meter->keeps) {
        meter->kept_longest = meter->longest;
        meter->kept_largest = meter->largest;
    }
}

bool meter_was_near(const struct meter *meter)
{
    return meter->cause != METER_NONE || meter->refused != METER_NONE ||
           meter->high > meter->cap / METER_NEAR_BYTES ||
           meter->budget - meter->taken < meter->budget / METER_NEAR_END;
}

static enum meter_cause grow(struct meter *meter, size_t held, size_t size,
                             enum meter_block kind)
{
    bool is_text = kind == METER_BLOCK_TEXT;

    if (is_text && size > SANDBOX_TEXT_BYTES + METER_TEXT_HEAD)
        return METER_TEXT;
    if (size > METER_SMALL_BLOCK && kind != METER_BLOCK_OF_LUA)
        meter->left -= (int64_t)(size / METER_BYTES_PER_UNIT);
    if (size > meter->cap || meter->used - held > meter->cap - size) {
        meter->left -= (int64_t)(meter->cap / METER_ROUNDS);
        return METER_BYTES;
    }
    if (meter->left < 0)
        return METER_INSTRUCTIONS;
    if (is_text && size > meter->longest)
        meter->longest = size;
    if (size > meter->largest && kind != METER_BLOCK_OF_LUA)
        meter->largest = size;
    return METER_NONE;
}

bool meter_may_grow(struct meter *meter, size_t held, size_t size,
                    enum meter_block kind)
{
    enum meter_cause why = grow(meter, held, size, kind);

    if (why != METER_NONE)
        meter->refused = why;
    return why == METER_NONE;
}

void meter_moved(struct meter *meter, size_t held, size_t size)
{
    meter->used += size - held;
    if (meter->used > meter->high)
        meter->high = meter->used;
    if (meter->used > meter->peak)
        meter->peak = meter->used;
}

enum meter_cause meter_charge(struct meter *meter, int64_t n)
{
    meter->left -= n;
    if (meter->left < 0)
        meter->cause = METER_INSTRUCTIONS;
    return meter->cause;
}

enum meter_cause meter_tick(struct meter *meter, int64_t n)
{
    int64_t more = (int64_t)(meter->longest / METER_TEXT_PER_PRICE);

    meter->unseen += n;
    if (meter_charge(meter, n * (1 + more)) != METER_NONE ||
        meter->unseen < METER_LOOK)
        return meter->cause;
    meter->unseen = 0;
    if (clock_thread_ms() - meter->began_ms > meter->backstop_ms)
        meter->cause = METER_CLOCK;
    return meter->cause;
}

int64_t meter_limit(const struct meter *meter, enum meter_cause cause)
{
    switch (cause) {
    case METER_INSTRUCTIONS:
        return meter->budget;
    case METER_BYTES:
        return (int64_t)meter->cap;
    case METER_TEXT:
        return SANDBOX_TEXT_BYTES;
    case METER_CLOCK:
        return meter->backstop_ms;
    case METER_NONE:
        break;
    }
    return 0;
}
