# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Questions: MARGIN and EXPLAIN by the house program: what a tier is worth, and
what the next one asks for. The day is 2026-06-30."""
import pytest

from support.words import STANDING

pytest_plugins = ["support.fixtures"]

REQUIREMENT = ["name", "label", "have", "need", "gap", "met", "until"]


# --- MARGIN ----------------------------------------------------------------


def test_margin(ask, partner, gold):
    got = ask("MARGIN", partner)
    assert list(got) == ["margin", "components"]
    assert got["margin"] == "20"
    component, = got["components"]
    assert list(component) == ["name", "percent", "reason"]
    assert component["percent"] == "20"
    assert component["reason"]


def test_margin_below_the_first_tier(ask, partner):
    ask("FACT", "GRANT", partner, "deal", "D-9")
    assert ask("MARGIN", partner, "DEAL", "D-9") == {
        "margin": "0", "components": []}
    got = ask("MARGIN", partner, "AMOUNT", "100.00")
    assert got == {"margin": "0", "components": [], "amount": "100.00",
                   "net": "100.00", "currency": "EUR"}


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [("2026-06-01", "2026-06-30", None, True),
     ("2026-06-01", "2026-06-29", None, False),
     ("2026-06-30", None, None, True),
     ("2026-07-01", None, None, False),
     ("2026-06-01", "2026-06-29", "2026-06-29", True),
     ("2026-06-10", None, "2026-06-09", False)])
def test_a_registered_deal(ask, partner, gold, since, until, day, holds):
    words = ["UNTIL", until] if until else []
    ask("FACT", "GRANT", partner, "deal", "D-9", "FROM", since, *words)
    asof = ["ASOF", day] if day else []
    got = ask("MARGIN", partner, "DEAL", "D-9", *asof)
    assert got["margin"] == ("25" if holds else "20")
    percents = [c["percent"] for c in got["components"]]
    assert percents == (["20", "5"] if holds else ["20"])
    if holds:
        assert got["components"][1]["name"] == "registered deal"


def test_a_deal_of_nobody_adds_nothing(ask, partner, gold):
    assert ask("MARGIN", partner, "DEAL", "D-9")["margin"] == "20"
    ask("FACT", "GRANT", partner, "deal", "D-9")
    assert ask("MARGIN", partner)["margin"] == "20"
    assert ask("MARGIN", partner, "DEAL", "D-99")["margin"] == "20"
    assert ask("MARGIN", partner, "DEAL", "D-")["margin"] == "20"


@pytest.mark.parametrize(
    ("amount", "net"),
    [("1000.00", "900.00"), ("0.00", "0.00"), ("0.01", "0.01"),
     ("0.05", "0.05"),    # 0.005, half-even: 0.00
     ("0.15", "0.13"),    # 0.015: 0.02
     ("0.25", "0.23"),    # 0.025: 0.02
     ("0.35", "0.31"),    # 0.035: 0.04
     ("0.06", "0.05"), ("0.14", "0.13"),
     ("99999999999.99", "89999999999.99")])
def test_net_is_rounded_half_even(ask, partner, add, amount, net):
    add("50000", "2026-03-01")
    got = ask("MARGIN", partner, "AMOUNT", amount)
    assert list(got) == ["margin", "components", "amount", "net", "currency"]
    assert (got["margin"], got["amount"], got["net"], got["currency"]) == (
        "10", amount, net, "EUR")


@pytest.mark.parametrize(
    ("amount", "unit", "net"),
    [("1000.00", "USD", "900.00"), ("15", "JPY", "13"), ("25", "JPY", "23"),
     ("10.005", "KWD", "9.005")])
def test_net_in_other_currencies(ask, partner, add, amount, unit, net):
    """JPY has no digits, KWD three; 1.0005 is half-even 1.000."""
    add("50000", "2026-03-01")
    got = ask("MARGIN", partner, "AMOUNT", amount, unit)
    assert (got["net"], got["currency"]) == (net, unit)


def test_all_that_margin_may_be_told(ask, partner, gold):
    ask("FACT", "GRANT", partner, "deal", "D-9")
    got = ask("MARGIN", partner, "AMOUNT", "1000.00", "EUR", "LINE",
              "revenue/cloud", "DEAL", "D-9", "ASOF", "2026-06-30", "WITH",
              "class", "license", "customer", "c17")
    assert (got["margin"], got["net"]) == ("25", "750.00")
    again = ask("margin", partner, "deal", "D-9", "line", "revenue/cloud",
                "amount", "1000.00", "with", "class", "license")
    assert again == got


# --- EXPLAIN ---------------------------------------------------------------


def test_explain_the_next_tier(ask, partner, add, train):
    add("60000", "2026-03-01")
    train("sales", "ann", "2026-01-10", "2026-09-30")
    got = ask("EXPLAIN", partner)
    assert list(got) == STANDING + ["target", "requirements"]
    assert got["tier"] == "silver" and got["target"] == "gold"
    standing = ask("STANDING", partner)
    assert {key: got[key] for key in STANDING} == standing
    revenue, sales, consultants = got["requirements"]
    assert [list(r) for r in got["requirements"]] == [REQUIREMENT] * 3
    assert revenue == {
        "name": "revenue", "label": "chiffre d'affaires des 12 derniers mois",
        "have": "60000.00", "need": "250000.00", "gap": "190000.00",
        "met": False, "until": "2027-02-28"}
    assert sales == {
        "name": "sales", "label": "commerciaux formés", "have": 1, "need": 3,
        "gap": 2, "met": False, "until": "2026-09-30"}
    assert consultants == {
        "name": "consultants", "label": "consultants formés", "have": 0,
        "need": 2, "gap": 2, "met": False, "until": None}


def test_explain_at_the_top_explains_the_held_one(ask, partner, add, train):
    add("1000000", "2026-03-01")
    for n in range(5):
        train("sales", f"s{n}")
        train("consultant", f"c{n}")
    got = ask("EXPLAIN", partner)
    assert got["tier"] == got["target"] == "platinum"
    assert all(r["met"] for r in got["requirements"])
    assert [r["gap"] for r in got["requirements"]] == ["0.00", 0, 0]


@pytest.mark.parametrize(
    ("tier", "needs"),
    [("silver", [("revenue", "50000.00")]),
     ("gold", [("revenue", "250000.00"), ("sales", 3), ("consultants", 2)]),
     ("platinum",
      [("revenue", "1000000.00"), ("sales", 5), ("consultants", 3)])])
def test_explain_for_a_tier(ask, partner, gold, tier, needs):
    got = ask("EXPLAIN", partner, "FOR", tier)
    assert got["target"] == tier and got["tier"] == "gold"
    assert [(r["name"], r["need"]) for r in got["requirements"]] == needs
    for requirement in got["requirements"]:
        assert requirement["met"] == (requirement["gap"] in (0, "0.00"))


def test_explain_in_a_language(ask, partner):
    labels = {}
    for language in ("fr", "en"):
        got = ask("EXPLAIN", partner, "FOR", "gold", "LANG", language)
        labels[language] = [r["label"] for r in got["requirements"]]
    assert labels["en"] == ["revenue of the last 12 months",
                            "trained sales people", "trained consultants"]
    assert labels["fr"] == ["chiffre d'affaires des 12 derniers mois",
                            "commerciaux formés", "consultants formés"]


@pytest.mark.parametrize("own, first", [
    (None, "chiffre"), ("en", "revenue"), ("fr", "chiffre"),
    ("en,fr", "revenue"), ("de", "chiffre")])
def test_explain_in_the_language_of_the_partner(ask, partner, own, first):
    """The policy's first language is French."""
    if own:
        ask("FACT", "SET", partner, "language", own, "ON", "2025-01-01")
    label = ask("EXPLAIN", partner)["requirements"][0]["label"]
    assert label.startswith(first)


def test_explain_asof(ask, partner, gold):
    got = ask("EXPLAIN", partner, "ASOF", "2026-02-28", "FOR", "gold", "LANG",
              "en")
    assert got["tier"] == "none"
    assert [(r["have"], r["met"]) for r in got["requirements"]] == [
        ("0.00", False), (3, True), (2, True)]


def test_negative_figures_are_shown(ask, partner, add):
    add("-100.50", "2026-03-01")
    revenue, = ask("EXPLAIN", partner)["requirements"]
    assert (revenue["have"], revenue["gap"]) == ("-100.50", "50100.50")
