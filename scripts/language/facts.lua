-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- facts { amount "revenue" { unit = "EUR" }, term "training",
--         attribute "csat" }: what may be known of a partner, beside what the
-- metrics read.

local fields = {
    amount = { unit = "text", decimals = "whole number" },
    term = { unit = "text", decimals = "whole number" },
    attribute = {},
}
local made = {} -- what amount, term and attribute returned -> the entry

-- A name alone and a name with { ... } both stand for the entry.
local function fact(shape)
    return function(name, more)
        local at = opened(shape)
        if type(name) ~= "string" or name == "" then
            fail(at, shape .. ": expected a name in quotes, got " ..
                native.show(name))
        end
        local title = shape .. ' "' .. name .. '"'
        if more ~= nil then
            fail(at, shape .. '("' .. name .. '", ' .. native.show(more) ..
                "): write " .. title .. " { ... }")
        end
        local entry = { at = at, title = title, shape = shape, name = name }
        local function options(body, other)
            opened(shape)
            only_one(title, other)
            check_fields(at, title, body, fields[shape])
            entry.unit, entry.decimals = body.unit, body.decimals
            return options
        end
        made[options] = entry
        return options
    end
end

words.amount = fact("amount")
words.term = fact("term")
words.attribute = fact("attribute")

words.facts = function(list, more)
    local at = opened("facts")
    if type(list) ~= "table" then
        fail(at, "facts: expected { ... } after it, got " ..
            native.show(list))
    end
    only_one("facts", more)
    for key, value in pairs(list) do
        local entry = math.type(key) == "integer" and made[value]
        if not entry then
            fail(at, "facts: " .. tostring(key) .. " = " ..
                native.show(value) .. ': expected amount "...", ' ..
                'term "..." or attribute "..."')
        end
        declare_once(entry.at, entry.title)
        collect("facts", entry)
    end
end
