-- SPDX-License-Identifier: Apache-2.0
-- Copyright the Palier authors
--
-- Every kind of bound, one tier each, so that a test sees which are met.

program { name = "bounds", currency = "EUR", languages = { "en" } }

facts { attribute "csat", attribute "plan", term "credit" { unit = "points" } }

metric "revenue" { sum = "revenue", over = "calendar year" }
metric "deals"   { count = "revenue", over = "last 90 days",
                   where = { class = "license" } }
metric "people"  { people = "training" }
metric "credits" { total = "credit" }
metric "contract" { holds = "contract" }
metric "csat"    { attribute = "csat", decimals = 1 }
metric "kind"    { attribute = "kind" }

tier "at_least" { needs = { revenue = 1000.50 } }
tier "over"     { needs = { people = over(2) } }
tier "below"    { needs = { revenue = below(0) } }
tier "at_most"  { needs = { people = at_most(1), deals = 1 } }
tier "between"  { needs = { csat = between(4.5, 4.8) } }
tier "numbers"  { needs = { credits = one_of { 7, 9 } } }
tier "texts"    { needs = { kind = one_of { "reseller", "referral" },
                            contract = true } }
tier "same"     { needs = { kind = "technology" } }
