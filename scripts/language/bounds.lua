-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- The bounds in `needs`: a number is at least that number; the words here say
-- the others. They become one tree: a list of bounds, and of groups of lists.

local function plain(value)
    local kind = type(value)
    return kind == "number" or kind == "string"
end

local function bound(word, values)
    local at = native.where()
    for _, value in ipairs(values) do
        if type(value) ~= "number" then
            fail(at, word .. ": expected a number, got " ..
                native.show(value))
        end
    end
    return { word = word, values = values }
end

local function one(word)
    return function(value, more)
        if value == nil then
            fail(native.where(), word .. ": expected one number, such as " ..
                word .. "(250000)")
        end
        only_one_number(word, value, more)
        return bound(word, { value })
    end
end

words.over = one("over")
words.below = one("below")
words.at_most = one("at_most")

words.between = function(low, high, more)
    if low == nil or high == nil or more ~= nil then
        fail(native.where(), "between: expected two numbers, such as " ..
            "between(50000, 250000)" .. native.stray(more))
    end
    return bound("between", { low, high })
end

-- A list of alternatives or values has no names in it.
local function check_list(at, word, list)
    for key, value in pairs(list) do
        if math.type(key) ~= "integer" then
            fail(at, word .. ": " .. tostring(key) .. " = " ..
                native.show(value) .. " does not stand here by its name")
        end
    end
end

words.one_of = function(values, more)
    local at = native.where()
    if type(values) ~= "table" or #values == 0 then
        fail(at, 'one_of: expected values in braces, such as ' ..
            'one_of { "reseller", "referral" }; got ' .. native.show(values))
    end
    only_one("one_of", more)
    check_list(at, "one_of", values)
    for _, value in ipairs(values) do
        if not plain(value) or type(value) ~= type(values[1]) then
            fail(at, "one_of: expected texts, or numbers; got " ..
                native.show(value))
        end
    end
    return { word = "one_of", values = values }
end

-- any { { "by revenue", revenue = 3 * million }, { "by training", ... } }
words.any = function(paths, more)
    local at = native.where()
    if type(paths) ~= "table" or #paths == 0 then
        fail(at, 'any: expected alternatives, such as any { { "by revenue", ' ..
            'revenue = 250000 }, { "by training", sales = 4 } }')
    end
    only_one("any", more)
    check_list(at, "any", paths)
    for _, path in ipairs(paths) do
        if type(path) ~= "table" or type(path[1]) ~= "string" then
            fail(at, "any: expected each alternative to begin with its " ..
                'name, such as { "by revenue", revenue = 250000 }; got ' ..
                native.show(path))
        end
    end
    return { word = "any", at = at, paths = paths }
end

-- all { sales = 3, consultants = 2 }
words.all = function(needs, more)
    local at = native.where()
    if type(needs) ~= "table" then
        fail(at, "all: expected requirements, such as all { sales = 3 }; " ..
            "got " .. native.show(needs))
    end
    only_one("all", more)
    return { word = "all", at = at, needs = needs }
end

-- The C side knows a bound by its word and a list of values.
local function normal(at, title, metric, value)
    if type(value) == "number" then
        return { word = "at_least", metric = metric, values = { value } }
    elseif type(value) == "string" and value ~= "" then
        return { word = "one_of", metric = metric, values = { value } }
    elseif value == true then
        return { word = "holds", metric = metric, values = {} }
    elseif type(value) == "table" and value.values then
        return { word = value.word, metric = metric, values = value.values }
    end
    fail(at, title .. "." .. metric .. " = " .. native.show(value) ..
        ": expected a number (at least), a text, true, or one of over(x), " ..
        "below(x), at_most(x), between(a, b), one_of { ... }")
end

local function group(at, title, value)
    if has_word(value, "all") then
        return { word = "all", of = need_list(at, title, value.needs, 1) }
    elseif has_word(value, "any") then
        local of = {}
        for i, path in ipairs(value.paths) do
            of[i] = { word = "all", path = path[1],
                of = need_list(at, title, path, 2) }
        end
        return { word = "any", of = of }
    end
    fail(at, title .. ": " .. native.show(value) ..
        " stands there without a metric's name" .. native.stray(value))
end

-- A table of requirements as a list: the bounds by the names of their
-- metrics, then the groups from place `first` on.
function need_list(at, title, needs, first)
    local list, groups = {}, {}
    for key, value in pairs(needs) do
        if type(key) == "string" then
            list[#list + 1] = normal(at, title, key, value)
        elseif math.type(key) ~= "integer" or key >= first then
            groups[#groups + 1] = group(at, title, value)
        end
    end
    for _, one_group in ipairs(groups) do
        list[#list + 1] = one_group
    end
    return list
end
