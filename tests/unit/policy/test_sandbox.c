/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <lauxlib.h>
#include <string.h>

#include "policy/sandbox.h"

static const struct policy_limits limits = {
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

static int run_body(lua_State *L)
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

static bool run(struct sandbox *s, struct run *run, struct fault *fault)
{
    return sandbox_call(s, run_body, run, limits.ask_instructions,
                        limits.backstop_ms, fault);
}

/* A fresh room, the source in it: does it return that text? */
static void check_value(const char *source, const char *expected)
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

static void check_error(const char *source, const char *expected)
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

static void check_values(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_value(rows[i].source, rows[i].expected);
}

static void check_errors(const struct row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check_error(rows[i].source, rows[i].expected);
}

/* --- libraries --------------------------------------------------------------
 */

static void test_base(void **state UNUSED)
{
    static const struct row values[] = {
        {"return type(nil) .. type(1) .. type('') .. type({}) .. type(type)",
         "nilnumberstringtablefunction"},
        {"return tostring({}) .. ' ' .. tostring(print) .. ' ' .. "
         "tostring(type)",
         "table nil function"},
        {"return tostring(true) .. tostring(1.5) .. tostring(3) .. "
         "tostring(0/0)",
         "true1.53nan"},
        {"return tostring(-(0/0))", "nan"},
        {"return tonumber('12') + tonumber(' 0x10 ') + tonumber('1e1')",
         "38.0"},
        {"return tostring(tonumber('x')) .. tostring(tonumber({})) .. "
         "tostring(tonumber('1 2'))",
         "nilnilnil"},
        {"return tonumber('zz', 36) .. ' ' .. tonumber('-101', 2)", "1295 -5"},
        {"return tostring(tonumber('8', 8)) .. tostring(tonumber('', 10))",
         "nilnil"},
        {"return select('#') .. select('#', nil, nil)", "02"},
        {"return (select(2, 'a', 'b', 'c'))", "b"},
        {"return (select(-1, 'a', 'b', 'c'))", "c"},
        {"return assert(7, 'no')", "7"},
        {"local n = 0 for i, v in ipairs{5, 6, nil, 8} do n = n + i * v end "
         "return n",
         "17"},
        {"local s = '' for k, v in pairs{b = 1, a = 2, 10, [2.5] = 0, "
         "[-3] = 0, [7] = 0} do s = s .. k .. ' ' end return s",
         "-3 1 2.5 7 a b "},
        {"local next = ipairs{} "
         "local i, v = next({[math.mininteger] = 7}, math.maxinteger) "
         "return tostring(i == math.mininteger) .. v",
         "true7"},
        {"local t = {a = 1, b = 2, c = 3} local s = '' "
         "for k in pairs(t) do s = s .. k t.b = nil end return s",
         "ac"},
        {"local s = '' for k in pairs{} do s = s .. k end return s", ""},
    };
    static const struct row errors[] = {
        {"error('no')", "program.lua:1: no"},
        {"\n\nerror('no', 0)", "program.lua:3: no"},
        {"error({})", "program.lua:1: the error is no text but a table"},
        {"error()", "program.lua:1: the error is no text but a nil"},
        {"error('a\\r\\nb\\0c')", "program.lua:1: a??b"},
        {"assert(false)", "program.lua:1: assertion failed"},
        {"assert(nil, 'why')", "program.lua:1: why"},
        {"assert(false, {})", "program.lua:1: the error is no text but a "
                              "table"},
        {"for k in pairs{[true] = 1} do end",
         "program.lua:1: pairs: a key is a boolean, which has no order"},
        {"pairs(nil)", "program.lua:1: bad argument #1 to 'pairs' (table "
                       "expected, got nil)"},
        {"return '10' + 1", "program.lua:1: attempt to perform arithmetic on a "
                            "string value (constant '10')"},
        {"return x.y", "program.lua:1: attempt to index a nil value (global "
                       "'x')"},
    };

    check_values(values, COUNT_OF(values));
    check_errors(errors, COUNT_OF(errors));
}

static void test_math(void **state UNUSED)
{
    static const struct row values[] = {
        {"return math.floor(2.7) .. math.max(1, 9, 3) .. math.type(1.0)",
         "29float"},
        {"return tostring(math.random) .. tostring(math.randomseed)", "nilnil"},
        {"return tostring(math.type('1'))", "nil"},
        {"return math.tointeger(3.0) .. ' ' .. math.maxinteger",
         "3 9223372036854775807"},
    };
    static const struct row errors[] = {
        {"return math.floor('2')", "program.lua:1: bad argument #1 to 'floor' "
                                   "(number expected, got string)"},
        {"math.pi = 3", "program.lua:1: math cannot be changed"},
    };

    check_values(values, COUNT_OF(values));
    check_errors(errors, COUNT_OF(errors));
}

static void test_string(void **state UNUSED)
{
    static const struct row values[] = {
        {"return ('abc'):upper() .. string.lower('ÀBC') .. #'abc'",
         "ABC\xc3\x80"
         "bc3"},
        {"return ('hello'):sub(2, 4) .. ('hello'):sub(-2) .. ('x'):sub(5)",
         "elllo"},
        {"return ('hello'):sub(-100, 100) .. ('hello'):sub(4, 2) .. "
         "('hello'):sub(0) .. ('hello'):sub(math.mininteger, "
         "math.maxinteger)",
         "hellohellohello"},
        {"return ('ab'):rep(3) .. ('a'):rep(3, '-') .. ('a'):rep(-1) .. "
         "('a'):rep(0)",
         "abababa-a-a"},
        {"return ('').rep('', math.maxinteger)", ""},
        {"return #('x'):rep(65536)", "65536"},
        {"return ('abc'):reverse() .. string.char(72, 105) .. "
         "(' '):byte()",
         "cbaHi32"},
        {"local a, b = ('a.b.c'):find('.', 3) return a .. b", "44"},
        {"local a, b = ('abc'):find('') return a .. ' ' .. b", "1 0"},
        {"return tostring(('abc'):find('d')) .. "
         "tostring(('abc'):find('a', 9))",
         "nilnil"},
        {"return string.format('%5.2f|%-4s|%04d|%x|%%|%s|%s', 2.345, 'ab', 7, "
         "255, {}, nil)",
         " 2.35|ab  |0007|ff|%|table|nil"},
        {"return string.format('%s %.2s %d %g', 1, 'abc', 3.0, 0.1)",
         "1 ab 3 0.1"},
        {"return #string.format('%99.99f', 1e308)", "409"},
        {"return string.format('%5.1f %f', 0/0, -(0/0))", "  nan nan"},
        {"return tostring(string.gsub) .. tostring(string.match) .. "
         "tostring(string.dump)",
         "nilnilnil"},
    };
    static const struct row errors[] = {
        {"string.rep = nil", "program.lua:1: string cannot be changed"},
        {"return ('%d'):format('x')",
         "program.lua:1: bad argument #1 to 'format' (number expected, got "
         "string)"},
        {"return ('%d'):format(1.5)",
         "program.lua:1: bad argument #1 to 'format' (number has no integer "
         "representation)"},
        {"return ('%p'):format({})",
         "program.lua:1: format: there is no directive '%p'"},
        {"return ('%s'):format()",
         "program.lua:1: bad argument #1 to 'format' (no value)"},
        {"return ('%'):format(1)",
         "program.lua:1: format: a directive is cut off at the end"},
        {"return string.char(256)",
         "program.lua:1: bad argument #1 to 'char' (not a byte)"},
        {"return ('x'):byte(1, 2) .. ('x'):rep(300):byte(1, -1)",
         "program.lua:1: bad argument #2 to 'byte' (too many bytes at once)"},
    };

    check_values(values, COUNT_OF(values));
    check_errors(errors, COUNT_OF(errors));
}

static void test_table(void **state UNUSED)
{
    static const struct row values[] = {
        {"local t = {1, 2} table.insert(t, 3) table.insert(t, 1, 0) "
         "return table.concat(t, ',')",
         "0,1,2,3"},
        {"local t = {1, 2, 3} local r = table.remove(t, 1) "
         "return r .. table.remove(t) .. table.concat(t)",
         "132"},
        {"return tostring(table.remove({})) .. table.concat({})", "nil"},
        {"return table.concat({1, 'b', 2.5}, '-', 2, 3)", "b-2.5"},
        {"local a, b, c = table.unpack({1, 2, 3}, 2) return a .. b .. "
         "tostring(c)",
         "23nil"},
        {"local t = {3, 1, 2.5, -1} table.sort(t) return table.concat(t, ' ')",
         "-1 1 2.5 3"},
        {"local t = {'b', 'a', 'B', 'aa'} table.sort(t) "
         "return table.concat(t, ' ')",
         "B a aa b"},
        {"local t = {9007199254740993, 9007199254740992.0, 9007199254740992} "
         "table.sort(t) return t[3]",
         "9007199254740993"},
        {"local t = {} for i = 1, 200 do t[i] = (i * 73) % 199 end "
         "table.sort(t, function(a, b) return a > b end) "
         "for i = 2, 200 do assert(t[i - 1] >= t[i]) end return #t",
         "200"},
        {"local t = {} for i = 1, 50 do t[i] = {k = i % 3, i = i} end "
         "table.sort(t, function(a, b) return a.k < b.k end) "
         "for i = 2, 50 do assert(t[i-1].k < t[i].k or t[i-1].i < t[i].i) end "
         "return 'stable'",
         "stable"},
        {"local t = {3, 2, 1} table.sort(t, function(a, b) t[1] = nil "
         "return a < b end) return table.concat(t, ' ')",
         "1 2 3"},
    };
    static const struct row errors[] = {
        {"table.sort({1, 2, 3}, function() return true end)",
         "program.lua:1: sort: the comparison says of two elements that each "
         "comes before the other"},
        {"table.sort({1, 'a'})",
         "program.lua:1: sort: numbers and texts in one list, at element 2"},
        {"table.sort({0/0})",
         "program.lua:1: sort: element 1 is a nan, which has no order"},
        {"table.concat({{}})", "program.lua:1: concat: element 1 is a table"},
        {"table.insert(math, 1)", "program.lua:1: math cannot be changed"},
        {"table.insert({}, 5, 1)",
         "program.lua:1: bad argument #2 to 'insert' (out of the list)"},
        {"table.unpack({}, 1, 1e8)",
         "program.lua:1: more than 250 elements at once"},
        {"table.unpack({}, math.mininteger, math.maxinteger)",
         "program.lua:1: more than 250 elements at once"},
    };

    check_values(values, COUNT_OF(values));
    check_errors(errors, COUNT_OF(errors));
}

/* --- chunks ------------------------------------------------------------------
 */

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

/* --- freezing and places
 * ------------------------------------------------------ */

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

/* --- budgets
 * ------------------------------------------------------------------ */

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
         "program.lua:2: the policy used up its budget of 1000000 "
         "instructions"},
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
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_math),
        cmocka_unit_test(test_string),
        cmocka_unit_test(test_table),
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
