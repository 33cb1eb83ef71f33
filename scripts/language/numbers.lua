-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Numbers as a brochure says them.

words.thousand = 1000
words.million = 1000000

local function share(word, number, digits, most)
    local at = native.where()
    if type(number) ~= "number" then
        fail(at, word .. ": expected a number, got " .. native.show(number))
    end
    if number < 0 or number > most then
        fail(at, word .. "(" .. native.show(number) ..
            "): expected 0 to " .. tostring(most))
    end
    local value = native.exact(number, digits)
    if not value then
        fail(at, word .. "(" .. native.show(number) .. "): at most " ..
            tostring(digits) .. " places after the point")
    end
    return { word = "percent", value = value }
end

-- percent(20) is 20 %. Below 1 it is most likely a slip for a share of 1.
words.percent = function(number, more)
    only_one_number("percent", number, more)
    if type(number) == "number" and number > 0 and number < 1 then
        fail(native.where(), "percent(" .. native.show(number) ..
            "): did you mean percent(" .. native.show(number * 100) ..
            ")? Less than one percent is written in thousandths: permille(" ..
            native.show(number * 10) .. ")")
    end
    return share("percent", number, 4, 100)
end

-- permille(5) is half a percent.
words.permille = function(number, more)
    only_one_number("permille", number, more)
    return share("permille", number, 3, 1000)
end
