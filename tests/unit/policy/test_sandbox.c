/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include "rooms.h"

/* --- chunks --------------------------------------------------------------- */

static void test_chunk_words(void **state UNUSED)
{
    static const struct row errors[] = {
        {"local x\n_ENV = {}",
         "program.lua:2: '_ENV' is not of the language: globals cannot be "
         "changed"},
        {"::top:: goto top",
         "program.lua:1: '::' is not of the language: write a loop or a "
         "function"},
        {"local f = function(...) end",
         "program.lua:1: '...' is not of the language: name the arguments"},
        {"return 1 & 2", "program.lua:1: '&' is not of the language: write "
                         "'and'"},
        {"local x <close> = nil", "program.lua:1: a local has no attribute"},
        {"local x <const> = 1", "program.lua:1: a local has no attribute"},
        {"local x, y <close> = 1", "program.lua:1: a local has no attribute"},
        {"x = 'abc", "program.lua:1: a text or a comment begins here and does "
                     "not end"},
        {"x = 1\n--[[ abc", "program.lua:2: a text or a comment begins here "
                            "and does not end"},
        {"x = = 1", "program.lua:1: unexpected symbol near '='"},
        {"\x1bLua", "program.lua: attempt to load a binary chunk (mode is "
                    "'t')"},
    };
    static const struct row values[] = {
        {"-- goto & ... _ENV\nreturn 'goto & ... _ENV'", "goto & ... _ENV"},
        {"\xef\xbb\xbfreturn 1", "1"},
        {"return 1 ~= 2 and 'a' .. 'b'", "ab"},
        {"return [==[\n]]]==]", "]]"},
        {"local a = 1 return a < 2 and '1' .. (--[=[ ]] ]=] 2)", "12"},
        {"local a, b = 1, 2 return a < b and 'less'", "less"},
        {"x = 1 local a if x < 2 then a = 'less' end return a", "less"},
        {"x = 1 local function f() return x < 2 end return f() and 'less'",
         "less"},
        {"", "nil"},
    };

    check_errors(errors, COUNT_OF(errors));
    check_values(values, COUNT_OF(values));
}

static void test_language_chunks_are_trusted(void **state UNUSED)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run r = {.name = "language/x.lua",
                    .source = STR("local f = function(...) return "
                                  "select('#', ...) end return f(1, 2)")};
    struct fault fault;

    assert_true(run(s, &r, &fault));
    assert_string_equal(r.result, "2");
    sandbox_free(s);
}

static void test_globals_stay_in_their_env(void **state UNUSED)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run first = {.name = "a.lua", .source = STR("x = 1 type = 2")};
    struct run second = {.name = "b.lua",
                         .source = STR("return tostring(x) .. type(1)")};
    struct fault fault;

    assert_true(run(s, &first, &fault));
    assert_true(run(s, &second, &fault));
    assert_string_equal(second.result, "nilnumber");
    sandbox_free(s);
}

/* --- freezing and places -------------------------------------------------- */

static int where(lua_State *L)
{
    struct str file;
    int line;

    sandbox_where(L, &file, &line);
    lua_pushlstring(L, file.at != NULL ? file.at : "", file.len);
    lua_pushinteger(L, line);
    return 2;
}

/* The environment: a frozen table t, `where`, and `said`, a function of the
 * language that calls where. */
static int frozen_body(lua_State *L)
{
    struct run *run = lua_touserdata(L, 1);

    sandbox_push_env(L);
    lua_createtable(L, 3, 0);
    for (int i = 1; i <= 3; i++) {
        lua_pushinteger(L, 10 * i);
        lua_rawseti(L, -2, i);
    }
    lua_pushinteger(L, 7);
    lua_setfield(L, -2, "x");
    sandbox_freeze(L, -1, "the list");
    sandbox_freeze(L, -1, "the list");
    lua_setfield(L, 2, "t");
    lua_pushcfunction(L, where);
    lua_setfield(L, 2, "where");
    sandbox_push_chunk(
        L, STR("language/said.lua"),
        STR("function said()\nlocal f, l = where() return f .. l end\n"
            "function wrong()\nlocal x = nothing.at return x end"),
        2);
    lua_call(L, 0, 0);
    sandbox_freeze(L, 2, "a global");
    sandbox_push_chunk(L, str_of(run->name), run->source, 2);
    lua_call(L, 0, 1);
    snprintf(run->result, sizeof(run->result), "%s", lua_tostring(L, -1));
    return 0;
}

static void check_frozen(const char *source, bool works, const char *expected)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run r = {.name = "program.lua", .source = str_of(source)};
    struct fault fault;
    bool ok = sandbox_call(s, frozen_body, &r, limits.ask_instructions,
                           limits.backstop_ms, &fault);

    assert_string_equal(ok ? r.result : fault.text, expected);
    assert_int_equal(ok, works);
    sandbox_free(s);
}

static void test_frozen(void **state UNUSED)
{
    check_frozen("return t[1] .. t.x .. #t", true, "1073");
    check_frozen("local s = '' for k, v in pairs(t) do s = s .. k .. v end "
                 "return s",
                 true, "110220330x7");
    check_frozen("local s = '' for _, v in ipairs(t) do s = s .. v end "
                 "return s",
                 true, "102030");
    check_frozen("return table.concat(t, ' ') .. (table.unpack(t, 3))", true,
                 "10 20 3030");
    check_frozen("return type(t) .. type(type)", true, "tablefunction");
    check_frozen("t[1] = 2", false,
                 "program.lua:1: the list cannot be changed");
    check_frozen("t.y = 2", false, "program.lua:1: the list cannot be changed");
    check_frozen("table.remove(t)", false,
                 "program.lua:1: the list cannot be changed");
    check_frozen("table.sort(t)", false,
                 "program.lua:1: the list cannot be changed");
    check_frozen("x = 1", false, "program.lua:1: a global cannot be changed");
    check_frozen("t = 1", false, "program.lua:1: a global cannot be changed");
}

static void test_where(void **state UNUSED)
{
    check_frozen("local f, l = where() return f .. l", true, "program.lua1");
    check_frozen("\n\nlocal s = said() return s", true, "program.lua3");
}

/* --- budgets -------------------------------------------------------------- */

static void test_budget_is_exact_and_repeatable(void **state UNUSED)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run r = {
        .name = "program.lua",
        .source = STR("local n = 0\nfor i = 1, 40000 do n = n + i end return "
                      "n")};
    struct fault fault;

    for (int i = 0; i < 50; i++) {
        assert_true(
            sandbox_call(s, run_body, &r, 90 * 1000, 60 * 1000, &fault));
        assert_string_equal(r.result, "800020000");
        assert_false(
            sandbox_call(s, run_body, &r, 70 * 1000, 60 * 1000, &fault));
        assert_int_equal(fault.code, FAULT_BUDGET);
        assert_string_equal(fault.text, "program.lua:2: the policy used up its "
                                        "budget of 70000 instructions");
    }
    sandbox_free(s);
}

/* The heap refuses in the middle of Lua's own work: the place is the last one
 * that was noted. */
static void test_place_of_a_refusal(void **state UNUSED)
{
    static const struct row rows[] = {
        {"local s = 'x'\nfor i = 1, 9e9 do\ns = s .. s\nend",
         "program.lua:3: the policy made a text longer than 65536 bytes"},
        {"local function f()\nreturn 1 + f()\nend\nf()",
         "program.lua:2: the policy used up its budget of 16777216 bytes"},
        {"local t = {}\nfor i = 1, 1e9 do t[i] = {i, i} end",
         "program.lua:2: the policy used up its budget of 1000000 "
         "instructions"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct sandbox *s = sandbox_new(&limits);
        struct run r = {.name = "program.lua",
                        .source = str_of(rows[i].source)};
        struct fault fault;
        assert_false(run(s, &r, &fault));
        assert_string_equal(fault.text, rows[i].expected);
        sandbox_free(s);
    }
}

/* A place in the language is nothing to whoever wrote the page. */
static void test_language_errors_name_the_page(void **state UNUSED)
{
    check_frozen("\n\nlocal s = wrong()", false,
                 "program.lua:3: attempt to index a nil value (global "
                 "'nothing')");
}

static void test_clock_is_the_backstop(void **state UNUSED)
{
    struct sandbox *s = sandbox_new(&limits);
    struct run r = {.name = "program.lua", .source = STR("while true do end")};
    struct fault fault;

    assert_false(sandbox_call(s, run_body, &r, INT64_MAX / 2, 5, &fault));
    assert_int_equal(fault.code, FAULT_BUDGET);
    assert_string_equal(fault.text,
                        "program.lua:1: the policy was stopped after 5 ms");
    sandbox_free(s);
}

/* Every budget of bytes from nothing upward ends in a clean refusal or works:
 * whichever allocation is the first to fail. */
static void test_every_allocation_may_fail(void **state UNUSED)
{
    struct policy_limits small = limits;
    size_t worked = 0, refused = 0, none = 0;

    for (small.bytes = 0; small.bytes < 400 * 1000; small.bytes += 997) {
        struct sandbox *s = sandbox_new(&small);
        struct run r = {.name = "program.lua",
                        .source = STR("local t = {} for i = 1, 500 do t[i] = "
                                      "{i .. 'x'} end "
                                      "table.sort(t, function(a, b) return "
                                      "a[1] < b[1] end) return t[1][1]")};
        struct fault fault;

        if (s == NULL) {
            none++;
            continue;
        }
        if (run(s, &r, &fault)) {
            worked++;
            assert_string_equal(r.result, "100x");
        } else {
            refused++;
            assert_int_equal(fault.code, FAULT_BUDGET);
            assert_non_null(strstr(fault.text, " bytes"));
        }
        assert_true(sandbox_peak_bytes(s) <= small.bytes);
        sandbox_free(s);
    }
    assert_true(worked > 0 && refused > 0 && none > 0);
}

static int error_body(lua_State *L)
{
    lua_settop(L, 0);
    lua_newtable(L);
    return lua_error(L);
}

static void test_error_values(void **state UNUSED)
{
    struct sandbox *s = sandbox_new(&limits);
    struct fault fault;

    assert_false(sandbox_call(s, error_body, NULL, 1000, 1000, &fault));
    assert_int_equal(fault.code, FAULT_POLICYERR);
    assert_string_equal(fault.text, "the error is no text but a table");
    sandbox_free(s);
    sandbox_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chunk_words),
        cmocka_unit_test(test_language_chunks_are_trusted),
        cmocka_unit_test(test_globals_stay_in_their_env),
        cmocka_unit_test(test_frozen),
        cmocka_unit_test(test_where),
        cmocka_unit_test(test_budget_is_exact_and_repeatable),
        cmocka_unit_test(test_place_of_a_refusal),
        cmocka_unit_test(test_language_errors_name_the_page),
        cmocka_unit_test(test_clock_is_the_backstop),
        cmocka_unit_test(test_every_allocation_may_fail),
        cmocka_unit_test(test_error_values),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
