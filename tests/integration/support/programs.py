# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Policies for tests that edit one."""

HOUSE = """\
program { name = "Programme partenaires", currency = "EUR",
          timezone = "Europe/Paris", languages = { "fr", "en" },
          year_from = "1 January" }

facts { amount "revenue" { unit = "EUR" }, term "training", term "deal",
        attribute "csat" }

metric "revenue"     { sum = "revenue", over = "last 12 months",
                       label = { en = "revenue of the last 12 months",
                                 fr = "chiffre d'affaires" } }
metric "sales"       { people = "training/sales",
                       label = { en = "trained sales people",
                                 fr = "commerciaux formés" } }
metric "consultants" { people = "training/consultant",
                       label = { en = "trained consultants",
                                 fr = "consultants formés" } }

tier "silver"   { margin = percent(10), needs = { revenue = 50000 } }
tier "gold"     { margin = percent(20),
                  needs = { revenue = 250000, sales = 3, consultants = 2 } }
tier "platinum" { margin = percent(30),
                  needs = { revenue = 1000000, sales = 5, consultants = 3 } }

movement { up = "at once", down = "at once" }

margin "registered deal" { add = percent(5), with_deal = "deal" }

expect "two million, six and four" {
  with = { revenue = 2000000, sales = 6, consultants = 4 },
  tier = "platinum", margin = percent(30) }
"""


def with_silver_at(amount):
    """The same page, another first threshold."""
    assert "needs = { revenue = 50000 }" in HOUSE
    return HOUSE.replace("revenue = 50000 }", f"revenue = {amount} }}")
