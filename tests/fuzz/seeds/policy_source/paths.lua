-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Alternatives in alternatives.

program { name = "paths", currency = "EUR", languages = { "en", "fr" } }

metric "people"  { people = "training", label = { fr = "personnes" } }
metric "revenue" { sum = "revenue", over = "last 12 months",
                   label = { en = "revenue", fr = "chiffre d'affaires" } }
metric "cloud"   { sum = "revenue/cloud", over = "last 12 months" }
metric "plan"    { holds = "plan" }

tier "gold" {
  margin = percent(12.5),
  needs = {
    plan = true,
    any {
      { "by revenue", revenue = 3 * million },
      { "by cloud", cloud = 0.5 * million, revenue = over(999999.99),
        any { { "small team", people = between(2, 4) },
              { "no team", people = at_most(0) } } },
    },
    all { people = at_most(100) },
  },
}
