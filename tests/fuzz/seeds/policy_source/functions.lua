-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Metrics that are functions: every accessor.

program { name = "functions", currency = "EUR" }

facts { amount "revenue", term "training", term "deal" { unit = "EUR" },
        attribute "csat" }

local weight = { cloud = 2, license = 1 }

metric "weighted" {
  decimals = 2,
  of = function(p)
    local total = 0
    for name, factor in pairs(weight) do
      total = total + factor * p.sum("revenue/" .. name, "last 12 months")
    end
    return total
  end }
metric "licensed" {
  of = function(p)
    return p.count("revenue", "calendar year", { class = "license" })
  end }
metric "team" {
  of = function(p)
    if p.holds("training/sales") and p.holds("deal", "D-9") then
      return p.people("training") + 100
    end
    return p.people("training")
  end }
metric "pipeline" { decimals = 2,
                    of = function(p) return p.total("deal") end }
metric "csat" {
  decimals = 1,
  of = function(p) return tonumber(p.attribute("csat") or "0") end }
metric "season" {
  of = function(p)
    if p.before("2026-04-01") then return 1 end
    if p.since("2026-07-01") then return 3 end
    return 2
  end }
metric "half" { decimals = 0, of = function(p) return 2.5 end }

tier "one" { needs = { weighted = 10 } }
