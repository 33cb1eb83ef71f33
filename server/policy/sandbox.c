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
 * was, and what the failed call left behind is collected at once. */
#include "policy/sandbox.h"

#include <lauxlib.h>
#include <stdlib.h>

#include "policy/sandbox_libs.h"
#include "policy/sandbox_meter.h"
#include "policy/sandbox_place.h"
#include "policy/sandbox_say.h"

enum {
    SANDBOX_TICK = 1000, /* instructions from hook to hook */
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
    struct place place; /* where the call failed */
};

static struct sandbox *sandbox_of(lua_State *L)
{
    return *(struct sandbox **)lua_getextraspace(L);
}

/* --- the three handles -------------------------------------------------- */

/* Has a call begun, and not failed? Lua moves its stack when it unwinds, and
 * must get the memory for it whatever the budget says. */
static bool is_running(const struct sandbox *s)
{
    lua_Debug running;

    return s->running && lua_getstack(s->L, 0, &running);
}

static bool may_grow(struct sandbox *s, size_t held, size_t size, bool is_text)
{
    enum meter_cause why = meter_grow(&s->meter, held, size, is_text);

    if (why == METER_NONE || (why != METER_BYTES && !is_running(s)))
        return true;
    if (is_running(s)) {
        s->meter.refused = why;
        place_note(&s->place, s->L, true);
    }
    return false;
}

/* lua_Alloc. For a new block `old` is its kind. */
static void *heap_move(void *arg, void *at, size_t old, size_t size)
{
    struct sandbox *s = arg;
    size_t held = at != NULL ? old : 0;
    void *moved;

    if (size == 0) {
        free(at);
        meter_moved(&s->meter, held, 0);
        return NULL;
    }
    if (size > held &&
        !may_grow(s, held, size, at == NULL && old == LUA_TSTRING))
        return NULL;
    moved = realloc(at, size);
    if (moved == NULL)
        die("out of memory: %zu bytes for a script", size);
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
    if (meter_tick(&sandbox_of(L)->meter, SANDBOX_TICK) != METER_NONE)
        run_out(L);
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
    lua_pushnil(L);
    lua_error(L);
    die("lua_error came back");
}

/* --- calls -------------------------------------------------------------- */

bool sandbox_call(struct sandbox *s, lua_CFunction body, void *arg,
                  int64_t instructions, int64_t backstop_ms,
                  struct fault *fault)
{
    int top = lua_gettop(s->L);
    int status;

    ensure(!s->running);
    s->running = true;
    s->place.line = 0;
    meter_begin(&s->meter, instructions, backstop_ms);
    lua_sethook(s->L, hook_on_count, LUA_MASKCOUNT, SANDBOX_TICK);
    lua_pushcfunction(s->L, on_error);
    lua_pushcfunction(s->L, body);
    lua_pushlightuserdata(s->L, arg);
    status = lua_pcall(s->L, 1, 0, top + 1);
    lua_sethook(s->L, NULL, 0, 0);
    meter_end(&s->meter, status == LUA_OK);
    s->running = false;
    if (status != LUA_OK)
        sandbox_say(s->L, status, &s->meter, &s->place, fault);
    lua_settop(s->L, top);
    if (status != LUA_OK)
        lua_gc(s->L, LUA_GCCOLLECT, 0);
    return status == LUA_OK;
}

/* --- life --------------------------------------------------------------- */

static int open_body(lua_State *L)
{
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
    if (!sandbox_call(s, open_body, NULL, SANDBOX_OPEN_BUDGET, SANDBOX_OPEN_MS,
                      &fault)) {
        sandbox_free(s);
        return NULL;
    }
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
