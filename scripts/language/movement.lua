-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- movement { up = "at once", down = "at once" }: how the tier held follows
-- the one that the facts are worth.

local fields = { up = "text", down = "text" }
local ways = { "at once" }
local others = { ["at review"] = true, ["monthly"] = true }

local function check_way(at, key, way)
    if way == nil or way == "at once" then
        return "at once"
    end
    local why = others[way] and ": not yet in this version" or
        ": no such movement"
    fail(at, "movement: " .. key .. " = " .. native.show(way) .. why ..
        '; known: "' .. table.concat(ways, '", "') .. '"')
end

words.movement = function(body, more)
    local at = opened("movement")
    if type(body) == "string" then
        fail(at, 'movement "' .. body .. '": there is one ladder in this ' ..
            "version; write movement { ... }")
    end
    only_one("movement", more)
    declare_once(at, "movement")
    check_fields(at, "movement", body, fields)
    page.movement = {
        at = at, title = "movement",
        up = check_way(at, "up", body.up),
        down = check_way(at, "down", body.down),
    }
end
