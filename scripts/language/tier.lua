-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- tier "gold" { margin = percent(20), needs = { revenue = 250000 } }, the
-- lowest first.

local fields = { margin = "percentage", needs = "needs" }

words.tier = function(name, more)
    return declaration("tier", name, more, fields, function(entry, body)
        entry.margin = body.margin and body.margin.value or 0
        entry.needs = need_list(entry.at, entry.title .. ": needs",
            body.needs or {}, 1)
        collect("tiers", entry)
    end)
end
