/* SPDX-License-Identifier: Apache-2.0
 * Copyright the Palier authors
 *
 * Scripts that try to hold up, fill up or leave the room, and how each must
 * end. The source is `head`, `body` as many times as `times` says, `tail`. */
#ifndef PALIER_TESTS_HOSTILE_SCRIPTS_H
#define PALIER_TESTS_HOSTILE_SCRIPTS_H

#include "base/base.h"

struct hostile {
    const char *name;
    enum fault_code code; /* FAULT_NONE: it does no harm */
    const char *text;     /* part of the message, or the value */
    const char *head, *body;
    int times;
    const char *tail;
};

#define INSTRUCTIONS FAULT_BUDGET, "budget of 1000000 instructions"
/* Bytes cost instructions, so either may be spent first. */
#define BYTES FAULT_BUDGET, "used up its budget of "
#define LOADING FAULT_BUDGET, "budget of 20000000 instructions"
#define TEXT FAULT_BUDGET, "a text longer than 65536 bytes"

#define TEN "x=x x=x x=x x=x x=x x=x x=x x=x x=x x=x "
#define NAMES TEN TEN TEN TEN TEN

static const struct hostile hostiles[] = {
    /* loops */
    {"while", INSTRUCTIONS, "while true do end", 0, 0, 0},
    {"repeat", INSTRUCTIONS, "repeat until false", 0, 0, 0},
    {"for to huge", INSTRUCTIONS, "for i = 1, math.huge do end", 0, 0, 0},
    {"for to maxinteger", INSTRUCTIONS,
     "for i = 1, math.maxinteger do local x = i end", 0, 0, 0},
    {"for step zero", FAULT_POLICYERR, "'for' step is zero",
     "for i = 1, 2, 0 do end", 0, 0, 0},
    {"nested loops", INSTRUCTIONS,
     "for i = 1, 1e6 do for j = 1, 1e6 do end end", 0, 0, 0},
    {"calls in a loop", INSTRUCTIONS,
     "local function f() end while true do f() end", 0, 0, 0},
    {"library calls in a loop", INSTRUCTIONS, "while true do type(1) end", 0, 0,
     0},
    {"ipairs that grows", INSTRUCTIONS,
     "local t = {1} for i in ipairs(t) do t[i + 1] = i end", 0, 0, 0},
    {"pairs in a loop", INSTRUCTIONS,
     "local t = {a = 1} while true do for k in pairs(t) do end end", 0, 0, 0},
    {"pairs that grows", FAULT_NONE, "2",
     "local t = {1} for k in pairs(t) do t[k + 1] = k end return #t", 0, 0, 0},

    /* recursion */
    {"recursion", BYTES, "local function f() return 1 + f() end f()", 0, 0, 0},
    {"recursion with frames", BYTES,
     "local function f(a, b, c, d, e, g) return 1 + f(a, b, c, d, e, g) end "
     "f(1, 2, 3, 4, 5, 6)",
     0, 0, 0},
    {"tail calls", INSTRUCTIONS, "local function f() return f() end f()", 0, 0,
     0},
    {"mutual recursion", BYTES,
     "local a, b function a() return 1 + b() end "
     "function b() return 1 + a() end a()",
     0, 0, 0},
    {"recursion through sort", FAULT_POLICYERR,
     "program.lua:1: C stack overflow",
     "local function f() table.sort({1, 2}, function(a, b) f() "
     "return a < b end) end f()",
     0, 0, 0},

    /* memory */
    {"numbers in a table", INSTRUCTIONS,
     "local t = {} while true do t[#t + 1] = 1 end", 0, 0, 0},
    {"tables in a table", BYTES,
     "local t = {} for i = 1, 1e9 do t[i] = {i, i} end", 0, 0, 0},
    {"a chain of tables", BYTES,
     "local t = {} while true do t = {t, t, t, t} end", 0, 0, 0},
    {"closures", BYTES,
     "local t = {} for i = 1, 1e9 do t[i] = function() return i, t end end", 0,
     0, 0},
    {"garbage", INSTRUCTIONS, "while true do local t = {1, 2, 3} end", 0, 0, 0},
    {"doubling concat", TEXT, "local s = 'x' while true do s = s .. s end", 0,
     0, 0},
    {"growing concat", INSTRUCTIONS,
     "local s = '' while true do s = s .. 'x' end", 0, 0, 0},
    {"different texts", BYTES,
     "local t = {} for i = 1, 1e9 do t[i] = 'text number ' .. i end", 0, 0, 0},
    {"long texts in a table", INSTRUCTIONS,
     "local s = ('x'):rep(60000) local t = {} "
     "for i = 1, 1e9 do t[i] = s .. i end",
     0, 0, 0},
    {"wide concat", TEXT, "local a = ('x'):rep(60000) return ", "a .. ", 90,
     "a"},
    {"keys of every kind", FAULT_POLICYERR, "no order",
     "local t = {} t[t] = 1 t[type] = 2 for k in pairs(t) do end", 0, 0, 0},
    {"float keys", BYTES, "local t = {} for i = 1, 1e9 do t[i + 0.5] = i end",
     0, 0, 0},
    {"rehash", INSTRUCTIONS,
     "local t = {} for i = 1, 5000 do t['k' .. i] = 1 end "
     "local i = 0 while true do i = i + 1 t['k' .. i] = nil "
     "t['k' .. i + 5000] = 1 end",
     0, 0, 0},

    /* functions that run where no hook does */
    {"rep", TEXT, "return ('x'):rep(1e9)", 0, 0, 0},
    {"rep to maxinteger", TEXT, "return ('x'):rep(math.maxinteger)", 0, 0, 0},
    {"rep of nothing", FAULT_NONE, "", "return (''):rep(math.maxinteger, '')",
     0, 0, 0},
    {"rep of separators", TEXT, "return (''):rep(math.maxinteger, 'x')", 0, 0,
     0},
    {"rep in a loop", INSTRUCTIONS,
     "while true do local s = ('x'):rep(65536) end", 0, 0, 0},
    {"upper in a loop", INSTRUCTIONS,
     "local s = ('x'):rep(65536) while true do s:upper() end", 0, 0, 0},
    {"find in a loop", INSTRUCTIONS,
     "local s, n = ('a'):rep(65536), ('a'):rep(30000) .. 'b' "
     "while true do s:find(n) end",
     0, 0, 0},
    {"a pattern", FAULT_NONE, "nil",
     "return tostring((('a'):rep(400)):find(('a*'):rep(200) .. 'b'))", 0, 0, 0},
    {"gsub", FAULT_POLICYERR, "attempt to call a nil value (method 'gsub')",
     "return ('a'):rep(9):gsub('a*', 'b')", 0, 0, 0},
    {"gmatch", FAULT_POLICYERR, "attempt to call a nil value (field 'gmatch')",
     "string.gmatch('a', 'a')", 0, 0, 0},
    {"comparing long texts", INSTRUCTIONS,
     "local a = ('x'):rep(65000) local b = a .. 'y' a = a .. 'x' "
     "while a < b do end",
     0, 0, 0},
    {"equal long texts", INSTRUCTIONS,
     "local a = ('x'):rep(65000) local b = a .. 'y' a = a .. 'y' "
     "while a == b do end",
     0, 0, 0},
    {"long keys", INSTRUCTIONS,
     "local s = ('x'):rep(60000) local t = {} "
     "while true do t[s .. 'y'] = nil end",
     0, 0, 0},
    {"a long text as a limit", INSTRUCTIONS,
     "local s = ('1'):rep(65536) while true do "
     "for i = 1, s do break end end",
     0, 0, 0},
    {"reading long numbers", INSTRUCTIONS,
     "local s = ('1'):rep(65536) while true do tonumber(s) end", 0, 0, 0},
    {"long numbers in math", FAULT_POLICYERR, "number expected, got string",
     "local s = ('1'):rep(65536) while true do math.floor(s) end", 0, 0, 0},
    {"long numbers in bases", INSTRUCTIONS,
     "local s = ('1'):rep(65536) while true do tonumber(s, 2) end", 0, 0, 0},
    {"concat of a range", FAULT_POLICYERR, "more than 100000 elements at once",
     "table.concat({}, 'x', 1, 1e15)", 0, 0, 0},
    {"concat of long texts", TEXT,
     "local s, t = ('x'):rep(60000), {} for i = 1, 1000 do t[i] = s end "
     "return table.concat(t)",
     0, 0, 0},
    {"concat in a loop", INSTRUCTIONS,
     "local t = {} for i = 1, 1000 do t[i] = 'x' end "
     "while true do table.concat(t) end",
     0, 0, 0},
    {"insert in front", INSTRUCTIONS,
     "local t = {} while true do table.insert(t, 1, 1) end", 0, 0, 0},
    {"remove in front", INSTRUCTIONS,
     "local t = {} for i = 1, 30000 do t[i] = i end "
     "while true do t[30000] = 1 table.remove(t, 1) end",
     0, 0, 0},
    {"unpack of a range", FAULT_POLICYERR, "more than 250 elements at once",
     "table.unpack({}, 1, 1e8)", 0, 0, 0},
    {"unpack in a loop", INSTRUCTIONS,
     "local t = {} for i = 1, 250 do t[i] = i end "
     "while true do local u = {table.unpack(t)} end",
     0, 0, 0},
    {"sort that says yes", FAULT_POLICYERR, "sort: the comparison says",
     "local t = {} for i = 1, 1000 do t[i] = i end "
     "table.sort(t, function() return true end)",
     0, 0, 0},
    {"sort that never ends", INSTRUCTIONS,
     "table.sort({1, 2}, function() while true do end end)", 0, 0, 0},
    {"sort of much", INSTRUCTIONS,
     "local t = {} for i = 1, 60000 do t[i] = -i end "
     "while true do table.sort(t) end",
     0, 0, 0},
    {"sort of long equal texts", INSTRUCTIONS,
     "local s, t = ('x'):rep(65000), {} for i = 1, 20000 do t[i] = s end "
     "table.sort(t)",
     0, 0, 0},
    {"sort by a library function", FAULT_POLICYERR, "sort: the comparison says",
     "table.sort({3, 2, 1}, string.rep)", 0, 0, 0},
    {"walks over an emptied table", INSTRUCTIONS,
     "local t = {} for i = 1, 30000 do t['k' .. i] = 1 end "
     "for i = 1, 30000 do t['k' .. i] = nil end "
     "while true do pairs(t) end",
     0, 0, 0},
    {"wide formats", FAULT_POLICYERR, "there is no directive '%9'",
     "return ('%999999d'):format(1)", 0, 0, 0},
    {"many formats", INSTRUCTIONS,
     "local f = ('%99.99f'):rep(100) while true do f:format(", "1e308, ", 99,
     "1e308) end"},
    {"formats without values", FAULT_POLICYERR, "no value",
     "return ('%s'):rep(1000):format(1)", 0, 0, 0},
    {"extra arguments", FAULT_POLICYERR, "'...' is not of the language",
     "local function f(...) return f(1, ...) end f()", 0, 0, 0},
    {"bits of a text", FAULT_POLICYERR, "'&' is not of the language",
     "local s = ('1'):rep(65536) while true do local x = s & 1 end", 0, 0, 0},
    {"select from far", FAULT_POLICYERR, "index out of range",
     "select(math.mininteger, 1)", 0, 0, 0},
    {"text places at the edge", FAULT_NONE, "0",
     "return #('abc'):sub(math.maxinteger, math.mininteger)", 0, 0, 0},
    {"find from the edge", FAULT_NONE, "nil",
     "return tostring(('abc'):find('', math.maxinteger))", 0, 0, 0},

    /* ways out */
    {"_G", FAULT_POLICYERR, "global '_G'", "_G.type = 1", 0, 0, 0},
    {"_ENV", FAULT_POLICYERR, "'_ENV' is not of the language",
     "_ENV.type = nil", 0, 0, 0},
    {"constant _ENV", FAULT_POLICYERR, "attribute",
     "local x <const>, _ENV <const> = 1, {} return x + y", 0, 0, 0},
    {"_ENV as a parameter", FAULT_POLICYERR, "'_ENV' is not of the language",
     "local function f(_ENV) return x end f{}", 0, 0, 0},
    {"getmetatable", FAULT_POLICYERR, "global 'getmetatable'",
     "getmetatable('').__index = {}", 0, 0, 0},
    {"setmetatable", FAULT_POLICYERR, "global 'setmetatable'",
     "setmetatable({}, {__gc = function() while true do end end})", 0, 0, 0},
    {"rawset", FAULT_POLICYERR, "global 'rawset'", "rawset(math, 'pi', 3)", 0,
     0, 0},
    {"load", FAULT_POLICYERR, "global 'load'", "load('return 1')()", 0, 0, 0},
    {"require", FAULT_POLICYERR, "global 'require'", "require 'os'", 0, 0, 0},
    {"io", FAULT_POLICYERR, "global 'io'", "io.write('x')", 0, 0, 0},
    {"os", FAULT_POLICYERR, "global 'os'", "os.exit(1)", 0, 0, 0},
    {"debug", FAULT_POLICYERR, "global 'debug'", "debug.sethook()", 0, 0, 0},
    {"coroutine", FAULT_POLICYERR, "global 'coroutine'",
     "coroutine.wrap(function() while true do end end)()", 0, 0, 0},
    {"pcall", FAULT_POLICYERR, "global 'pcall'",
     "while true do pcall(error) end", 0, 0, 0},
    {"collectgarbage", FAULT_POLICYERR, "global 'collectgarbage'",
     "collectgarbage('stop')", 0, 0, 0},
    {"dump", FAULT_POLICYERR, "field 'dump'", "string.dump(type)", 0, 0, 0},
    {"assigning to a text", FAULT_POLICYERR, "attempt to index a string value",
     "local s = 'x' s.rep = 1", 0, 0, 0},
    {"assigning to a library", FAULT_POLICYERR, "string cannot be changed",
     "string.rep = type", 0, 0, 0},
    {"inserting into a library", FAULT_POLICYERR, "table cannot be changed",
     "table.insert(table, 1)", 0, 0, 0},
    {"hiding the basics", FAULT_NONE, "1 function",
     "math = 1 type = nil return math .. ' ' .. tostring(type)", 0, 0, 0},
    {"methods of a text", FAULT_NONE, "nil", "return tostring(('').__index)", 0,
     0, 0},
    {"addresses", FAULT_NONE, "table function table",
     "return tostring({}) .. ' ' .. tostring(type) .. ' ' .. "
     "('%s'):format({})",
     0, 0, 0},
    {"close", FAULT_POLICYERR, "attribute", "local x <close> = {}", 0, 0, 0},

    /* errors */
    {"an error of a table", FAULT_POLICYERR, "no text but a table",
     "error({code = 1})", 0, 0, 0},
    {"an error of nothing", FAULT_POLICYERR, "no text but a nil", "error()", 0,
     0, 0},
    {"an error of a function", FAULT_POLICYERR, "no text but a function",
     "error(type)", 0, 0, 0},
    {"an error of two lines", FAULT_POLICYERR, "program.lua:1: a??+OK??b",
     "error('a\\r\\n+OK\\r\\nb')", 0, 0, 0},
    {"an error of odd bytes", FAULT_POLICYERR,
     "program.lua:1: ", "error('\\xff\\xfe\\x80\\xe2\\x80\\xa8')", 0, 0, 0},
    {"an error of a long text", TEXT, "error(('x'):rep(65536))", 0, 0, 0},
    {"an error far up", FAULT_POLICYERR, "up", "error('up', math.maxinteger)",
     0, 0, 0},
    {"an error far down", FAULT_POLICYERR, "down",
     "error('down', math.mininteger)", 0, 0, 0},

    /* sources */
    {"parentheses", FAULT_POLICYERR, "nested too deep", "return ", "(", 100000,
     ""},
    {"tables in tables", FAULT_POLICYERR, "nested too deep", "return ", "{",
     100000, ""},
    {"functions in functions", FAULT_POLICYERR, "nested too deep", "",
     "local f = function() ", 10000, ""},
    {"blocks in blocks", FAULT_POLICYERR, "nested too deep", "", "do ", 10000,
     ""},
    {"a chain of concats", FAULT_POLICYERR,
     "program.lua:1: too many operators in a row", "local a = 'x' return ",
     "a .. ", 1000, "a"},
    {"a chain of powers", FAULT_POLICYERR,
     "program.lua:1: too many operators in a row", "return ", "2 ^ ", 10000,
     "2"},
    {"a chain of not", FAULT_POLICYERR,
     "program.lua:1: too many operators in a row", "return ", "not ", 10000,
     "1"},
    {"a chain of minus", FAULT_POLICYERR,
     "program.lua:1: too many operators in a row", "return ", "- ", 10000, "1"},
    {"a chain within brackets", FAULT_POLICYERR, "program.lua:1: too many",
     "return (1 .. type(-1) .. ", "{-1, 2} .. ", 300, "'x')"},
    {"a chain of minus and plus", FAULT_NONE, "-500", "return 0",
     " + -1 - 1 * 0", 500, ""},
    {"a chain of comparisons", FAULT_NONE, "true",
     "local x = 1 return tostring(", "x == -1 or not (x == 2) and ", 300,
     "true)"},
    {"a list of concats", FAULT_NONE, "301", "return #{", "'a' .. 'b', ", 300,
     "1}"},
    {"a chain of sums", FAULT_NONE, "10001", "return ", "1 + ", 10000, "1"},
    {"a chain of calls", FAULT_POLICYERR, "attempt to call", "return type",
     "{}", 10000, ""},
    {"many locals", FAULT_POLICYERR, "too many local variables", "", "local a ",
     1000, ""},
    {"many arguments", FAULT_POLICYERR, "registers", "type(", "1, ", 1000,
     "1)"},
    {"many returns", FAULT_POLICYERR, "registers", "return ", "1, ", 10000,
     "1"},
    {"many numbers", FAULT_NONE, "20001", "return #{", "1.5, ", 20000, "1}"},
    {"a long line", FAULT_NONE, "nil", "", "x=1 ", 250000, ""},
    {"a long name", TEXT, "return ", "a", 100000, ""},
    {"a long number", FAULT_NONE, "inf", "return ", "9", 100000, ""},
    {"a long text", FAULT_POLICYERR, "a text longer than 65536 bytes",
     "return '", "x", 100000, "'"},
    {"a long comment", FAULT_NONE, "nil", "--", "x", 100000, ""},
    {"too long a source", FAULT_POLICYERR, "longer than 1048576 bytes", "",
     "        ", 140000, ""},
    {"an open text", FAULT_POLICYERR, "does not end", "return 'x", 0, 0, 0},
    {"an open comment", FAULT_POLICYERR, "does not end", "--[[ x", 0, 0, 0},
    {"names looked for in many functions", LOADING, "",
     "local function f() " NAMES NAMES NAMES NAMES NAMES NAMES, 90, ""},
    {"labels", FAULT_POLICYERR, "'::' is not of the language", "",
     "::a:: ", 10000, ""},
    {"bytecode", FAULT_POLICYERR, "program.lua: attempt to load a binary chunk",
     "\x1bLuaT", 0, 0, 0},
    {"else after else", FAULT_NONE, "nil", "if nil then ", "elseif nil then ",
     2000, "end"},
};

#endif
