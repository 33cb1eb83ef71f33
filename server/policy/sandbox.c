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

#include <inttypes.h>
#include <lauxlib.h>
#include <stdlib.h>

#include "policy/sandbox_libs.h"
#include "policy/sandbox_meter.h"

enum {
    SANDBOX_TICK = 1000,  /* instructions from hook to hook */
    SANDBOX_LEVELS = 256, /* how far up a place is looked for */
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
    char file[128]; /* where the call ran out; empty: not known */
    int line;
};

static struct sandbox *sandbox_of(lua_State *L)
{
    return *(struct sandbox **)lua_getextraspace(L);
}

/* --- places ------------------------------------------------------------- */

static bool is_language(const char *source)
{
    return str_has_prefix(str_of(source), STR("@language/"));
}

/* The nearest running Lua function, of a script where there is one. */
static bool find_place(lua_State *L, bool language_too, lua_Debug *place)
{
    for (int level = 0; level < SANDBOX_LEVELS; level++) {
        if (!lua_getstack(L, level, place))
            return false;
        lua_getinfo(L, "Sl", place);
        if (place->source[0] == '@' && place->currentline > 0 &&
            (language_too || !is_language(place->source)))
            return true;
    }
    return false;
}

void sandbox_where(lua_State *L, struct str *file, int *line)
{
    lua_Debug place;

    *file = (struct str){0};
    *line = 0;
    if (find_place(L, false, &place)) {
        *file = str_of(place.source + 1);
        *line = place.currentline;
    }
}

/* Remember where the call is. Allocates nothing, so that the heap can do it in
 * the middle of a refusal. */
static void note_place(struct sandbox *s)
{
    lua_Debug place;

    s->file[0] = '\0';
    s->line = 0;
    if (find_place(s->L, false, &place) || find_place(s->L, true, &place)) {
        snprintf(s->file, sizeof(s->file), "%s", place.source + 1);
        s->line = place.currentline;
    }
}

/* --- the three handles -------------------------------------------------- */

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
    if (size > held && !meter_may_grow(&s->meter, held, size,
                                       at == NULL && old == LUA_TSTRING)) {
        if (s->running)
            note_place(s);
        return NULL;
    }
    moved = realloc(at, size);
    if (moved == NULL)
        die("out of memory: %zu bytes for a script", size);
    meter_moved(&s->meter, held, size);
    return moved;
}

/* Ends the call: the error's value says nothing, the meter's cause all. */
static _Noreturn void run_out(lua_State *L)
{
    note_place(sandbox_of(L));
    lua_pushnil(L);
    lua_error(L);
    abort(); /* lua_error does not return, and does not say so */
}

static void hook_on_count(lua_State *L, lua_Debug *event UNUSED)
{
    if (meter_tick(&sandbox_of(L)->meter, SANDBOX_TICK) != METER_NONE)
        run_out(L);
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
    abort(); /* as in run_out */
}

/* --- calls -------------------------------------------------------------- */

static void say_budget(const struct sandbox *s, enum meter_cause cause,
                       struct fault *fault)
{
    int64_t limit = meter_limit(&s->meter, cause);
    char what[128], place[160] = "";

    switch (cause) {
    case METER_TEXT:
        snprintf(what, sizeof(what),
                 "made a text longer than %" PRId64 " bytes", limit);
        break;
    case METER_CLOCK:
        snprintf(what, sizeof(what), "was stopped after %" PRId64 " ms", limit);
        break;
    default:
        snprintf(what, sizeof(what), "used up its budget of %" PRId64 " %s",
                 limit, cause == METER_BYTES ? "bytes" : "instructions");
    }
    if (s->line > 0)
        snprintf(place, sizeof(place), "%s:%d: ", s->file, s->line);
    fault_set(fault, FAULT_BUDGET, "%sthe policy %s", place, what);
}

/* Why the call failed; the error's value is on the top of the stack. Touches
 * nothing that could allocate. */
static void say_failure(struct sandbox *s, int status, struct fault *fault)
{
    enum meter_cause cause = s->meter.cause;
    size_t len;
    const char *text;

    if (cause == METER_NONE && status == LUA_ERRMEM)
        cause = s->meter.refused != METER_NONE ? s->meter.refused : METER_BYTES;
    if (cause != METER_NONE) {
        say_budget(s, cause, fault);
    } else if (lua_type(s->L, -1) != LUA_TSTRING) {
        fault_set(fault, FAULT_POLICYERR, "the error is no text but a %s",
                  luaL_typename(s->L, -1));
    } else {
        text = lua_tolstring(s->L, -1, &len);
        fault_set(fault, FAULT_POLICYERR, "%.*s", (int)len, text);
    }
}

bool sandbox_call(struct sandbox *s, lua_CFunction body, void *arg,
                  int64_t instructions, int64_t backstop_ms,
                  struct fault *fault)
{
    int top = lua_gettop(s->L);
    int status;

    ensure(!s->running);
    s->running = true;
    s->line = 0;
    meter_begin(&s->meter, instructions, backstop_ms);
    lua_sethook(s->L, hook_on_count, LUA_MASKCOUNT, SANDBOX_TICK);
    lua_pushcfunction(s->L, body);
    lua_pushlightuserdata(s->L, arg);
    status = lua_pcall(s->L, 1, 0, 0);
    lua_sethook(s->L, NULL, 0, 0);
    meter_end(&s->meter);
    s->running = false;
    if (status == LUA_OK)
        return true;
    say_failure(s, status, fault);
    lua_settop(s->L, top);
    lua_gc(s->L, LUA_GCCOLLECT, 0);
    return false;
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

size_t sandbox_peak_bytes(const struct sandbox *s)
{
    return s->meter.peak;
}

size_t sandbox_used_bytes(const struct sandbox *s)
{
    return s->meter.used;
}
