-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- What a value on the page may be, and the sentence that says so where it is
-- something else. Every sentence begins with its place on the page.

function fail(at, text)
    error(at .. ": " .. text, 0)
end

local show = native.show

-- A word that takes one value was given more.
function only_one(word, more)
    if more ~= nil then
        fail(native.where(), word .. ": expected one value, got another " ..
            "behind a comma: " .. show(more))
    end
end

-- The same for a word that takes one number.
function only_one_number(word, number, more)
    if more ~= nil then
        local integers = math.type(number) == "integer" and
            math.type(more) == "integer" and more >= 0
        fail(native.where(), word .. ": expected one number; got " .. word ..
            "(" .. show(number) .. ", " .. show(more) ..
            "): a number has no comma" .. (integers and ", write " .. word ..
            "(" .. show(number) .. "." .. show(more) .. ")" or ""))
    end
end

local function list_of(value, item)
    if type(value) ~= "table" or #value == 0 then
        return false
    end
    for key, one in pairs(value) do
        if math.type(key) ~= "integer" or not item(one) then
            return false
        end
    end
    return true
end

local function map_of(value, item)
    if type(value) ~= "table" then
        return false
    end
    for key, one in pairs(value) do
        if type(key) ~= "string" or not item(one) then
            return false
        end
    end
    return true
end

local function is_text(value)
    return type(value) == "string" and value ~= ""
end

local function is_plain(value)
    return is_text(value) or type(value) == "number" or value == true
end

-- The kinds of value that fields have: is it one, and how to call it.
local kinds = {
    ["text"] = { is_text, "a text in quotes" },
    ["number"] = {
        function(value) return type(value) == "number" end, "a number" },
    ["whole number"] = {
        function(value) return math.type(value) == "integer" end,
        "a whole number" },
    ["percentage"] = {
        function(value) return has_word(value, "percent") end,
        "a percentage, such as percent(20)" },
    ["texts"] = {
        function(value) return list_of(value, is_text) end,
        'texts in braces, such as { "en", "fr" }' },
    ["labels"] = {
        function(value) return map_of(value, is_text) end,
        'labels, such as { class = "license" }' },
    ["wording"] = {
        function(value) return is_text(value) or map_of(value, is_text) end,
        'a text, or one for each language: { en = "...", fr = "..." }' },
    ["function"] = {
        function(value) return type(value) == "function" end,
        "function(p) ... end" },
    ["needs"] = {
        function(value) return type(value) == "table" end,
        "requirements, such as { revenue = 250000 }" },
    ["figures"] = {
        function(value) return map_of(value, is_plain) end,
        "values of metrics, such as { revenue = 250000 }" },
    ["sale"] = {
        function(value) return map_of(value, is_plain) end,
        'a sale, such as { line = "revenue/cloud" }' },
    ["deal"] = {
        function(value) return value == true or is_text(value) end,
        "true, or a deal's id" },
}

-- Is the value one that the word of that name has made?
function has_word(value, word)
    return type(value) == "table" and value.word == word
end

-- The names of a map, in order.
function names_of(map)
    local names = {}
    for name in pairs(map) do
        names[#names + 1] = name
    end
    return names
end

-- The end of a sentence about a name that is none of `known`.
function instead_of(name, known)
    local near = native.nearest(tostring(name), known)
    if near then
        return "; did you mean " .. near .. "?"
    end
    return "; known: " .. table.concat(known, ", ")
end

function check_kind(at, title, key, value, kind)
    if not kinds[kind][1](value) then
        fail(at, title .. ": " .. key .. " = " .. show(value) ..
            ": expected " .. kinds[kind][2])
    end
end

-- Every field of `body` is one of `fields` (name = kind) and of its kind.
function check_fields(at, title, body, fields)
    if type(body) ~= "table" then
        fail(at, title .. ": expected { ... } after it, got " .. show(body))
    end
    for key, value in pairs(body) do
        if type(key) ~= "string" then
            fail(at, title .. ": " .. show(value) ..
                " stands there without a name" .. native.stray(value))
        end
        if not fields[key] then
            fail(at, title .. ": " .. key .. ": no such field" ..
                instead_of(key, names_of(fields)))
        end
        check_kind(at, title, key, value, fields[key])
    end
end

function check_present(at, title, body, key, example)
    if body[key] == nil then
        fail(at, title .. ": " .. key .. " is missing; write " .. example)
    end
end

-- A map as a list of { name, value }, in the order of its names.
function pairs_of(map)
    local list = {}
    for name, value in pairs(map or {}) do
        list[#list + 1] = { name = name, value = value }
    end
    return list
end

-- A label: a text for each language; one text alone is for the first.
function wordings(label)
    if type(label) == "string" then
        return { { name = "", value = label } }
    end
    return pairs_of(label)
end
