/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * The libraries that scripts see. */
#include "rooms.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base),
        cmocka_unit_test(test_math),
        cmocka_unit_test(test_string),
        cmocka_unit_test(test_table),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
