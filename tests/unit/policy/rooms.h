/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * What the sandbox's tests share: a source, run in a room of its own. */
#ifndef PALIER_TESTS_UNIT_POLICY_ROOMS_H
#define PALIER_TESTS_UNIT_POLICY_ROOMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

#include "policy/sandbox.h"

UNUSED static const struct policy_limits limits = {
    .load_instructions = 20 * 1000 * 1000,
    .ask_instructions = 1000 * 1000,
    .bytes = 16 * 1024 * 1024,
    .backstop_ms = 60 * 1000,
};

/* A source to run, and what it returned, as text. */
struct run {
    const char *name;
    struct str source;
    char result[256];
};

UNUSED static int run_body(lua_State *L)
{
    struct run *run = lua_touserdata(L, 1);
    size_t len;
    const char *text;

    sandbox_push_env(L);
    sandbox_push_chunk(L, str_of(run->name), run->source, -1);
    lua_call(L, 0, 1);
    text = lua_tolstring(L, -1, &len);
    snprintf(run->result, sizeof(run->result), "%.*s",
             text != NULL ? (int)len : 3, text != NULL ? text : "nil");
    return 0;
}

UNUSED static bool run(struct sandbox *s, struct run *run, struct fault *fault)
{
    return sandbox_call(s, run_body, run, limits.ask_instructions,
                        limits.backstop_ms, fault);
}

/* A fresh room, the source in it: does it return that text? */
UNUSED static void check_value(const char *source, const char *expected)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run r = {.name = "program.lua", .source = str_of(source)};
    struct fault fault;

    if (!run(s, &r, &fault))
        fail_msg("%s: %s", source, fault.text);
    if (strcmp(r.result, expected) != 0)
        fail_msg("%s: %s, expected %s", source, r.result, expected);
    sandbox_free(s);
}

UNUSED static void check_error(const char *source, const char *expected)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run r = {.name = "program.lua", .source = str_of(source)};
    struct fault fault;

    if (run(s, &r, &fault))
        fail_msg("%s: no error, %s", source, r.result);
    assert_int_equal(fault.code, FAULT_POLICYERR);
    if (strcmp(fault.text, expected) != 0)
        fail_msg("%s: %s, expected %s", source, fault.text, expected);
    sandbox_free(s);
}

struct row {
    const char *source, *expected;
};

UNUSED static void check_values(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_value(rows[i].source, rows[i].expected);
}

UNUSED static void check_errors(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_error(rows[i].source, rows[i].expected);
}

#endif
