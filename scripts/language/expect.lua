-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- expect "two million" { with = { revenue = 2 * million }, tier = "gold" }:
-- an example of the page's own, which must come true at every load.

local fields = {
    with = "figures", facts = "text", day = "text", tier = "text",
    margin = "percentage", deal = "deal", sale = "sale",
}

local function check_sale(entry, sale)
    for key, value in pairs(sale) do
        local kind = key == "amount" and "number" or "text"
        check_kind(entry.at, entry.title, "sale." .. key, value, kind)
    end
end

local function sale_of(entry, body)
    local sale = body.sale or {}
    check_sale(entry, sale)
    if body.deal and sale.deal then
        fail(entry.at, entry.title ..
            ": deal and sale.deal: expected one of them")
    end
    local labels = {}
    for key, value in pairs(sale) do
        if key ~= "amount" and key ~= "line" and key ~= "deal" then
            labels[key] = value
        end
    end
    entry.amount, entry.line, entry.deal = sale.amount, sale.line, sale.deal
    entry.labels = pairs_of(labels)
    entry.registered = body.deal == true and "D-1" or body.deal
end

words.expect = function(name, more)
    return declaration("expect", name, more, fields, function(entry, body)
        if not body.tier and not body.margin then
            fail(entry.at, entry.title .. ': expected a result: ' ..
                'tier = "...", margin = percent(...), or both')
        end
        entry.with = pairs_of(body.with)
        entry.facts, entry.day, entry.tier = body.facts, body.day, body.tier
        entry.margin = body.margin and body.margin.value
        sale_of(entry, body)
        collect("expectations", entry)
    end)
end
