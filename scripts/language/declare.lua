-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- The page is a list of declarations: word "name" { ... }. Each is checked
-- where it stands and collected in `page`, which the server reads afterwards.

local declared = {} -- title -> where
local open = {}     -- declarations whose { ... } has not come yet, in order
local closed = false

-- The place of a word on the page. Once the page has been read, words that
-- declare are of no use: a function that answers a question cannot declare.
function opened(word)
    local at = native.where()
    if closed then
        fail(at, word .. " belongs on the page, not into a function")
    end
    return at
end

function collect(list, entry)
    local all = page[list] or {}
    all[#all + 1] = entry
    page[list] = all
end

function declare_once(at, title)
    if declared[title] then
        fail(at, title .. " was declared before, at " .. declared[title])
    end
    declared[title] = at
end

local function check_name(at, word, name)
    if type(name) ~= "string" or name == "" then
        fail(at, word .. ": expected a name in quotes, then { ... }; got " ..
            native.show(name))
    end
end

-- The head of word "name" { ... }. `finish(entry, body)` completes the entry
-- from its fields, which have been checked.
function declaration(word, name, more, fields, finish)
    local at = opened(word)
    check_name(at, word, name)
    if more ~= nil then
        fail(at, word .. '("' .. name .. '", ' .. native.show(more) ..
            "): write " .. word .. ' "' .. name .. '" { ... }')
    end
    local title = word .. ' "' .. name .. '"'
    declare_once(at, title)
    local entry = { at = at, title = title, name = name }
    open[#open + 1] = entry
    return function(body, other)
        opened(word)
        only_one(title, other)
        check_fields(at, title, body, fields)
        if entry.done then
            fail(at, title .. " has two bodies")
        end
        entry.done = true
        finish(entry, body)
    end
end

-- The page ends here.
function page_ends()
    closed = true
    for _, entry in ipairs(open) do
        if not entry.done then
            fail(entry.at, entry.title .. ": its { ... } is missing")
        end
    end
    if not page.program then
        fail("program.lua:1", 'the page says no program; write program ' ..
            '{ name = "...", currency = "EUR" }')
    end
end

words.include = function(name, more)
    local at = opened("include")
    check_kind(at, "include", "name", name, "text")
    only_one("include", more)
    return native.include(at, name)
end
