-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- metric "revenue" { sum = "revenue", over = "last 12 months",
--                    label = { en = "revenue of the last 12 months" } }

local sources = {
    "sum", "count", "people", "total", "holds", "attribute", "of",
}
local fields = {
    sum = "text", count = "text", people = "text", total = "text",
    holds = "text", attribute = "text", of = "function", over = "text",
    where = "labels", label = "wording", decimals = "whole number",
}
-- What goes with which source, beside the label.
local takes = {
    sum = { over = true, where = true },
    count = { over = true, where = true },
    people = { where = true },
    total = { where = true, decimals = true },
    holds = { where = true },
    attribute = { decimals = true },
    of = { decimals = true },
}

local function source_of(entry, body)
    local found
    for _, source in ipairs(sources) do
        if body[source] ~= nil and found then
            fail(entry.at, entry.title .. ": " .. found .. " and " .. source ..
                ": expected one of them")
        end
        found = body[source] ~= nil and source or found
    end
    if not found then
        fail(entry.at, entry.title .. ": expected one of " ..
            table.concat(sources, ", ") .. ', such as sum = "revenue"')
    end
    return found
end

local function check_goes(entry, body, source)
    for _, key in ipairs { "over", "where", "decimals" } do
        if body[key] ~= nil and not takes[source][key] then
            fail(entry.at, entry.title .. ": " .. key ..
                " does not go with " .. source)
        end
    end
    if takes[source].over then
        check_present(entry.at, entry.title, body, "over",
            'over = "last 12 months"')
    end
end

words.metric = function(name, more)
    return declaration("metric", name, more, fields, function(entry, body)
        local source = source_of(entry, body)
        check_goes(entry, body, source)
        entry.source, entry.of = source, body[source]
        entry.over, entry.decimals = body.over, body.decimals
        entry.where = pairs_of(body.where)
        entry.label = wordings(body.label)
        collect("metrics", entry)
    end)
end
