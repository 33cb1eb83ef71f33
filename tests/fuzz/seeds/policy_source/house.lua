-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- The partner program, as one page. To change it while the server runs: start
-- it with --scripts and this folder, change a number below (say, what gold
-- needs), save. The next answer follows the new page; a page with a mistake is
-- refused with its line, and the last good one stays in force. Every word is
-- explained in README.md beside this file.

program {
  name = "Programme partenaires", currency = "EUR",
  timezone = "Europe/Paris", languages = { "fr", "en" },
  year_from = "1 January",
}

facts {
  amount "revenue" { unit = "EUR" },
  term "training", term "deal",
  attribute "csat",
}

metric "revenue" {
  sum = "revenue", over = "last 12 months",
  label = { en = "revenue of the last 12 months",
            fr = "chiffre d'affaires des 12 derniers mois" } }
metric "sales" {
  people = "training/sales",
  label = { en = "trained sales people", fr = "commerciaux formés" } }
metric "consultants" {
  people = "training/consultant",
  label = { en = "trained consultants", fr = "consultants formés" } }

tier "silver"   { margin = percent(10), needs = { revenue = 50000 } }
tier "gold"     { margin = percent(20), needs = { revenue = 250000,  sales = 3, consultants = 2 } }
tier "platinum" { margin = percent(30), needs = { revenue = 1000000, sales = 5, consultants = 3 } }

movement { up = "at once", down = "at once" }

margin "registered deal" {
  add = percent(5), with_deal = "deal",
  label = { en = "registered deal", fr = "affaire enregistrée" } }

-- Examples that must come true whenever the page is loaded. They leave room,
-- so that a first change of a number above is not refused.
expect "two million, ten and six" {
  with = { revenue = 2 * million, sales = 10, consultants = 6 },
  tier = "platinum", margin = percent(30) }
expect "half a million, six and four" {
  with = { revenue = 500 * thousand, sales = 6, consultants = 4 },
  tier = "gold", margin = percent(20) }
expect "a hundred thousand and nobody trained" {
  with = { revenue = 100 * thousand }, tier = "silver", margin = percent(10) }
expect "on a registered deal" {
  with = { revenue = 500 * thousand, sales = 6, consultants = 4 },
  deal = true, tier = "gold", margin = percent(25) }
expect "twenty-five thousand" {
  with = { revenue = 25 * thousand }, tier = "none", margin = percent(0) }
