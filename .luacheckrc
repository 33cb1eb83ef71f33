-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
max_line_length = 80

-- What runs inside Redis has its Lua 5.1 and its names.
files["scripts/redis"] = {
    std = "lua51",
    read_globals = { "redis", "cjson", "KEYS", "ARGV" },
}

-- The files of the language make one world: a function at the top of one is
-- there for the others. C makes `native` and calls `page_ends`.
files["scripts/language"] = {
    std = "lua54",
    allow_defined_top = true,
    globals = { "words", "page" },
    ignore = { "131/page_ends" }, -- unused here
    read_globals = { "native" },
}

-- A policy has these words, and very little of Lua.
local page = {
    std = "none",
    max_line_length = 100, -- a tier is a row of a table
    read_globals = {
        "program", "facts", "amount", "term", "attribute", "metric", "tier",
        "movement", "margin", "incentive", "expect", "include", "by", "bands",
        "percent", "permille", "thousand", "million", "over", "below",
        "at_most", "between", "one_of", "any", "all", "some", "dedicated",
        "ladder",
        "assert", "error", "ipairs", "pairs", "select", "tonumber", "tostring",
        "type", "math", "string", "table",
    },
}
files["scripts/program.lua"] = page
files["scripts/programs"] = page
