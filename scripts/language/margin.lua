-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- margin "registered deal" { add = percent(5), with_deal = "deal" }: what a
-- sale earns beside the tier's own margin.

local fields = {
    add = "percentage", with_deal = "text", where = "labels",
    label = "wording",
}

words.margin = function(name, more)
    return declaration("margin", name, more, fields, function(entry, body)
        check_present(entry.at, entry.title, body, "add", "add = percent(5)")
        entry.add, entry.with_deal = body.add.value, body.with_deal
        entry.where = pairs_of(body.where)
        entry.label = wordings(body.label)
        collect("margins", entry)
    end)
end
