/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * A Lua state that no script can hold up, fill up or leave. Lua gives three
 * handles: an allocator, a hook called every so many instructions, and a
 * protected call. The first two report to the meter; when it says that enough
 * is used, an error is raised that scripts have no way to catch, so it ends the
 * one protected call there is.
 *
 *   IDLE     no hook; only sandbox_call may touch the state
 *   RUNNING  hook set, meter begun; `body` and what it calls
 *
 * The state is good for the next call after any ending: Lua unwinds to where it
 * was, and what the failed call left behind is collected at once.
 *
 * How far a budget reaches must not depend on what earlier calls left behind,
 * and garbage does show: in when the heap is full. To collect before every
 * call would cost more than the calls do. So a little garbage may stay, far
 * too little to bring a call that is not near a limit to one; and a call that
 * came near a limit without having begun from a settled heap is run again from
 * one, whose answer counts.
 *
 * The allocator calls nothing of Lua: it is called in the middle of Lua's own
 * changes. Where a call is when memory is refused, the hook has noted before;
 * it comes soon after the start, then ever more rarely. */
#include "policy/sandbox.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "policy/sandbox_libs.h"
#include "policy/sandbox_meter.h"
#include "policy/sandbox_place.h"
#include "policy/sandbox_say.h"

enum {
    SANDBOX_TICK = 1000, /* instructions from hook to hook, at most */
    SANDBOX_FIRST_TICK = 16,
    SANDBOX_NOTED_CHARGE = 256, /* from here on the place is noted too */
    SANDBOX_TEXTS_BYTES = 128 * sizeof(void *),
    /* So much of Lua's stack stays, so that collecting does not change what
     * a call pays for making it grow. */
    SANDBOX_STACK = 1000,
    SANDBOX_GARBAGE = 64 * 1024,
    SANDBOX_GARBAGE_PART = 16, /* of all bytes, at most */
    SANDBOX_WALK_BLOCK = 16 * 1024,
    SANDBOX_WALK_BYTES = 64,
    /* Opening the libraries cannot be held up: only bytes matter. */
    SANDBOX_OPEN_BUDGET = 1000 * 1000 * 1000,
    SANDBOX_OPEN_MS = 60 * 1000,
};

struct sandbox {
    lua_State *L;
    struct meter meter;
    bool running;
    bool settled;       /* no garbage: as all calls that matter begin */
    size_t baseline;    /* bytes that the last load left, settled */
    void *texts;        /* Lua's own block, see is_texts */
    int tick;           /* instructions until the next hook */
    struct place place; /* where the call failed, or was not long ago */
};

static struct sandbox *sandbox_of(lua_State *L)
{
    return *(struct sandbox **)lua_getextraspace(L);
}

/* --- the three handles -------------------------------------------------- */

/* Is the block Lua's table of short texts? The first of a state that has this
 * size and is no value (`old`, of a new block, is its kind). */
static bool is_texts(const struct sandbox *s, const void *at, size_t old,
                     size_t size)
{
    if (at != NULL)
        return at == s->texts;
    return s->texts == NULL && old == 0 && size == SANDBOX_TEXTS_BYTES;
}

static enum meter_block kind_of(const void *at, size_t old, bool texts)
{
    if (texts)
        return METER_BLOCK_OF_LUA;
    return at == NULL && old == LUA_TSTRING ? METER_BLOCK_TEXT
                                            : METER_BLOCK_PLAIN;
}

/* lua_Alloc */
static void *heap_move(void *arg, void *at, size_t old, size_t size)
{
    struct sandbox *s = arg;
    size_t held = at != NULL ? old : 0;
    bool texts = is_texts(s, at, old, size);
    void *moved;

    if (size == 0) {
        free(at);
        meter_moved(&s->meter, held, 0);
        return NULL;
    }
    if (size > held &&
        !meter_may_grow(&s->meter, held, size, kind_of(at, old, texts)))
        return NULL;
    moved = realloc(at, size);
    if (moved == NULL)
        die("out of memory: %zu bytes for a script", size);
    if (texts)
        s->texts = moved;
    meter_moved(&s->meter, held, size);
    return moved;
}

/* Ends the call: lua_error does not return. The error's value says nothing, the
 * meter's cause all. */
static _Noreturn void run_out(lua_State *L)
{
    place_note(&sandbox_of(L)->place, L, true);
    lua_pushnil(L);
    lua_error(L);
    die("lua_error came back");
}

static void hook_on_count(lua_State *L, lua_Debug *event UNUSED)
{
    struct sandbox *s = sandbox_of(L);

    if (meter_tick(&s->meter, s->tick) != METER_NONE)
        run_out(L);
    place_note(&s->place, L, false);
    if (s->tick == SANDBOX_TICK)
        return;
    s->tick = s->tick < SANDBOX_TICK / 2 ? s->tick * 2 : SANDBOX_TICK;
    lua_sethook(L, hook_on_count, LUA_MASKCOUNT, s->tick);
}

/* Message handler: while the stack still stands, where is this? */
static int on_error(lua_State *L)
{
    struct sandbox *s = sandbox_of(L);

    if (s->meter.cause == METER_NONE)
        place_note(&s->place, L, false);
    return 1;
}

static int panic(lua_State *L)
{
    die("an error outside of sandbox_call: %s",
        lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : "no text");
}

/* --- charges ------------------------------------------------------------ */

void sandbox_charge(lua_State *L, size_t n)
{
    int64_t units = n < INT32_MAX ? (int64_t)n : INT32_MAX;

    if (meter_charge(&sandbox_of(L)->meter, units) != METER_NONE)
        run_out(L);
    if (n >= SANDBOX_NOTED_CHARGE)
        place_note(&sandbox_of(L)->place, L, false);
}

void sandbox_charge_walk(lua_State *L)
{
    size_t largest = sandbox_of(L)->meter.largest;

    if (largest > SANDBOX_WALK_BLOCK)
        sandbox_charge(L, largest / SANDBOX_WALK_BYTES);
}

void sandbox_charge_load(lua_State *L, size_t n)
{
    sandbox_of(L)->meter.keeps = true;
    sandbox_charge(L, n);
}

void sandbox_too_long(lua_State *L)
{
    sandbox_of(L)->meter.cause = METER_TEXT;
    run_out(L);
}

void sandbox_out_of_memory(lua_State *L)
{
    struct meter *meter = &sandbox_of(L)->meter;

    meter->cause = meter->refused != METER_NONE ? meter->refused : METER_BYTES;
    run_out(L);
}

/* --- calls -------------------------------------------------------------- */

/* Collects until nothing is left to collect: Lua gives back its own tables by
 * halves. */
static void settle(struct sandbox *s)
{
    size_t before;

    do {
        before = s->meter.used;
        lua_gc(s->L, LUA_GCCOLLECT, 0);
    } while (s->meter.used < before && s->meter.used > s->baseline);
    s->settled = true;
}

/* What the call made stays: later calls begin from here. */
static void settle_load(struct sandbox *s)
{
    s->baseline = 0;
    settle(s);
    s->baseline = s->meter.used;
}

/* Is there more garbage than may stay? */
static bool is_littered(const struct sandbox *s)
{
    size_t most = s->baseline > SANDBOX_GARBAGE ? s->baseline : SANDBOX_GARBAGE;

    if (most > s->meter.cap / SANDBOX_GARBAGE_PART)
        most = s->meter.cap / SANDBOX_GARBAGE_PART;
    return s->meter.used > s->baseline + most;
}

struct call {
    lua_CFunction body;
    void *arg;
    int64_t instructions, backstop_ms;
};

static bool run(struct sandbox *s, const struct call *call, struct fault *fault)
{
    int top = lua_gettop(s->L);
    int status;

    s->place.line = 0;
    s->tick = SANDBOX_FIRST_TICK;
    meter_begin(&s->meter, call->instructions, call->backstop_ms);
    lua_sethook(s->L, hook_on_count, LUA_MASKCOUNT, s->tick);
    lua_pushcfunction(s->L, on_error);
    lua_pushcfunction(s->L, call->body);
    lua_pushlightuserdata(s->L, call->arg);
    status = lua_pcall(s->L, 1, 0, top + 1);
    lua_sethook(s->L, NULL, 0, 0);
    meter_end(&s->meter, status == LUA_OK);
    if (status != LUA_OK)
        sandbox_say(s->L, status, &s->meter, &s->place, fault);
    lua_settop(s->L, top);
    return status == LUA_OK;
}

bool sandbox_call(struct sandbox *s, lua_CFunction body, void *arg,
                  int64_t instructions, int64_t backstop_ms,
                  struct fault *fault)
{
    const struct call call = {body, arg, instructions, backstop_ms};
    bool ok, was_settled = s->settled;

    ensure(!s->running);
    s->running = true;
    ok = run(s, &call, fault);
    if (!was_settled && !s->meter.keeps && meter_was_near(&s->meter)) {
        settle(s);
        ok = run(s, &call, fault);
    }
    s->settled = false;
    if (ok && s->meter.keeps)
        settle_load(s);
    else if (!ok || meter_was_near(&s->meter) || is_littered(s))
        settle(s);
    s->running = false;
    return ok;
}

/* --- life --------------------------------------------------------------- */

/* What Lua says where it can say nothing else, when the call is unwound and
 * no memory may be refused: so it is there already. */
static void keep_last_words(lua_State *L)
{
    lua_pushboolean(L, 1);
    lua_setfield(L, LUA_REGISTRYINDEX, "error in error handling");
}

static int open_body(lua_State *L)
{
    keep_last_words(L);
    sandbox_env_open(L);
    return 0;
}

struct sandbox *sandbox_new(const struct policy_limits *limits)
{
    struct sandbox *s = mem_new(sizeof(*s));
    struct fault fault;

    meter_init(&s->meter, limits->bytes);
    meter_begin(&s->meter, SANDBOX_OPEN_BUDGET, SANDBOX_OPEN_MS);
    s->L = lua_newstate(heap_move, s);
    if (s->L == NULL) {
        free(s);
        return NULL;
    }
    lua_atpanic(s->L, panic);
    *(struct sandbox **)lua_getextraspace(s->L) = s;
    if (!lua_checkstack(s->L, SANDBOX_STACK) ||
        !sandbox_call(s, open_body, NULL, SANDBOX_OPEN_BUDGET, SANDBOX_OPEN_MS,
                      &fault)) {
        sandbox_free(s);
        return NULL;
    }
    settle_load(s);
    return s;
}

void sandbox_free(struct sandbox *s)
{
    if (s == NULL)
        return;
    lua_close(s->L);
    free(s);
}

int64_t sandbox_taken(const struct sandbox *s)
{
    return s->meter.taken;
}

size_t sandbox_peak_bytes(const struct sandbox *s)
{
    return s->meter.peak;
}

size_t sandbox_used_bytes(const struct sandbox *s)
{
    return s->meter.used;
}
