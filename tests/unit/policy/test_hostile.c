/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Each hostile script, in one room after the other: it ends as its row says,
 * by the budget and not by the clock; the room then answers as before, and
 * holds as much memory as before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "hostile/scripts.h"
#include "policy/sandbox.h"

static const struct policy_limits limits = {
    .load_instructions = 20 * 1000 * 1000,
    .ask_instructions = 1000 * 1000,
    .bytes = 16 * 1024 * 1024,
    .backstop_ms = 60 * 1000, /* so far that it never decides here */
};

/* Lua keeps a few of the records of calls that it once had to make. All scripts
 * together may leave that much, and no more. */
enum { LUA_KEEPS = 512 };

struct run {
    struct str source;
    char result[128];
};

static int load_body(lua_State *L)
{
    struct run *run = lua_touserdata(L, 1);

    sandbox_push_env(L);
    sandbox_push_chunk(L, STR("program.lua"), run->source, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, "page");
    return 0;
}

static int ask_body(lua_State *L)
{
    struct run *run = lua_touserdata(L, 1);
    const char *text;

    lua_getfield(L, LUA_REGISTRYINDEX, "page");
    lua_pushnil(L);
    lua_setfield(L, LUA_REGISTRYINDEX, "page");
    lua_call(L, 0, 1);
    text = lua_tostring(L, -1);
    snprintf(run->result, sizeof(run->result), "%s", text ? text : "nil");
    return 0;
}

/* Load and ask, each on its own budget. */
static bool run(struct sandbox *s, struct run *run, struct fault *fault)
{
    fault_clear(fault);
    return sandbox_call(s, load_body, run, limits.load_instructions,
                        limits.backstop_ms, fault) &&
           sandbox_call(s, ask_body, run, limits.ask_instructions,
                        limits.backstop_ms, fault);
}

static void check_healthy(struct sandbox *s)
{
    struct run r = {.source =
                        STR("local t = {} for i = 1, 100 do t[i] = i * i end "
                            "table.sort(t, function(a, b) return a > b end) "
                            "return t[1] .. ('-x'):upper()")};
    struct fault fault;

    if (!run(s, &r, &fault))
        fail_msg("no longer healthy: %s", fault.text);
    assert_string_equal(r.result, "10000-X");
}

/* Bytes held once all garbage is gone. A failed call collects; a few times,
 * since Lua gives back its own tables by halves. */
static size_t bytes_held(struct sandbox *s)
{
    struct run r = {.source = STR("error('x')")};
    struct fault fault;

    for (int i = 0; i < 24; i++)
        assert_false(run(s, &r, &fault));
    return sandbox_used_bytes(s);
}

static void write_source(const struct hostile *row, struct buf *source)
{
    buf_add(source, str_of(row->head));
    for (int i = 0; i < row->times; i++)
        buf_add(source, str_of(row->body));
    buf_add(source, str_of(row->tail));
}

static void check_row(struct sandbox *s, const struct hostile *row)
{
    struct run r = {0};
    struct fault fault;
    struct buf source;
    bool ok;

    buf_init(&source);
    write_source(row, &source);
    r.source = buf_peek(&source);
    ok = run(s, &r, &fault);
    if (fault.code != row->code || strchr(fault.text, '\n') != NULL ||
        strstr(ok ? r.result : fault.text, row->text) == NULL)
        fail_msg("%s: %s %s", row->name, fault_word(fault.code),
                 ok ? r.result : fault.text);
    buf_fini(&source);
}

/* The first round lets Lua's table of texts find its size. */
static void test_all_in_one_room(void **state UNUSED)
{
    struct sandbox *s = sandbox_new(&limits);
    size_t before;

    for (size_t i = 0; i < COUNT_OF(hostiles); i++)
        check_row(s, &hostiles[i]);
    before = bytes_held(s);
    for (size_t i = 0; i < COUNT_OF(hostiles); i++) {
        check_row(s, &hostiles[i]);
        check_healthy(s);
        if (bytes_held(s) > before + LUA_KEEPS)
            fail_msg("%s: %zu bytes held, before %zu", hostiles[i].name,
                     sandbox_used_bytes(s), before);
        assert_true(sandbox_peak_bytes(s) <= limits.bytes);
    }
    sandbox_free(s);
}

/* The first call of a room may differ from later ones in what Lua has at hand
 * already; how a script ends must not. */
static void test_each_in_a_room_of_its_own(void **state UNUSED)
{
    for (size_t i = 0; i < COUNT_OF(hostiles); i++) {
        struct sandbox *s = sandbox_new(&limits);
        check_row(s, &hostiles[i]);
        check_healthy(s);
        sandbox_free(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_in_one_room),
        cmocka_unit_test(test_each_in_a_room_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
