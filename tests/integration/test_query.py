# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Questions: TIER, MTIER, STANDING and PARTNERS by the house program, and what
any question refuses. The day is 2026-06-30."""
import re

import pytest

from support.programs import HOUSE
from support.waiting import await_equal
from support.wire import Refusal
from support.words import STANDING

pytest_plugins = ["support.fixtures"]


# --- the ladder ------------------------------------------------------------


@pytest.mark.parametrize(
    ("revenue", "sales", "consultants", "tier"),
    [
        ("0", 0, 0, "none"),
        ("49999.99", 9, 9, "none"),
        ("50000.00", 0, 0, "silver"),
        ("249999.99", 3, 2, "silver"),
        ("250000.00", 3, 2, "gold"),
        ("250000.00", 2, 2, "silver"),
        ("250000.00", 3, 1, "silver"),
        ("999999.99", 5, 3, "gold"),
        ("1000000.00", 5, 3, "platinum"),
        ("1000000.00", 4, 3, "gold"),
        ("1000000.00", 5, 2, "gold"),
        ("1000000.00", 2, 2, "silver"),
        ("99999999999.00", 50, 50, "platinum"),
        ("-1000000.00", 5, 3, "none"),
    ],
)
def test_the_ladder(ask, partner, add, train, revenue, sales, consultants,
                    tier):
    add(revenue, "2026-03-01")
    for n in range(sales):
        train("sales", f"s{n}")
    for n in range(consultants):
        train("consultant", f"c{n}")
    assert ask("TIER", partner) == tier


@pytest.mark.parametrize(
    ("day", "counts"),
    [("2025-06-30", False), ("2025-07-01", True), ("2026-06-30", True),
     ("2026-07-01", False), ("2024-06-30", False)])
def test_the_last_twelve_months(ask, partner, add, day, counts):
    """(2025-06-30, 2026-06-30]; later entries do not count yet."""
    add("50000", day)
    assert ask("TIER", partner) == ("silver" if counts else "none")


def test_series_under_the_path_count(ask, partner, add):
    add("20000", "2026-01-01")
    ask("FACT", "ADD", partner, "revenue/cloud", "20000", "ON", "2026-01-01")
    ask("FACT", "ADD", partner, "revenue/cloud/eu", "10000", "ON",
        "2026-01-01", "WITH", "customer", "c1")
    assert ask("TIER", partner) == "silver"


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [("2026-01-01", None, True), ("2026-06-30", "2026-06-30", True),
     ("2026-07-01", None, False), ("2026-01-01", "2026-06-29", False),
     ("2026-01-01", "2026-06-30", True)])
def test_a_term_holds_from_and_until_included(
        ask, partner, add, train, since, until, counts):
    add("250000", "2026-03-01")
    for person in ("ann", "bob"):
        train("sales", person)
        train("consultant", person)
    train("sales", "cid", since, until)
    assert ask("TIER", partner) == ("gold" if counts else "silver")


def test_people_are_counted_once(ask, partner, add, train):
    add("250000", "2026-03-01")
    for person in ("ann", "bob"):
        train("consultant", person)
        train("sales", person)
    train("sales", "ann", "2025-01-01")
    ask("FACT", "GRANT", partner, "training/sales/advanced", "bob")
    assert ask("TIER", partner) == "silver"
    train("sales", "cid")
    assert ask("TIER", partner) == "gold"


def test_unknown_partners(ask):
    assert ask("TIER", "nobody") is None
    assert ask("MTIER", "nobody") == [None]
    for name in ("STANDING", "MARGIN", "EXPLAIN"):
        refusal = ask(name, "nobody")
        assert refusal.word == "NOPARTNER" and "nobody" in refusal


def test_mtier(ask, partner, gold):
    ask("FACT", "SET", "plain", "kind", "reseller")
    assert ask("MTIER", partner, "nobody", "plain", partner) == [
        "gold", None, "none", "gold"]


def test_mtier_of_very_many(wire):
    """More than may be under way at once: fetched in batches."""
    names = [f"many{n}" for n in range(3000)]
    wire.pipeline([["FACT", "SET", name, "kind", "reseller"]
                   for name in names])
    asked = [name for pair in zip(names, [f"no{n}" for n in names])
             for name in pair]
    assert wire.ask("MTIER", *asked) == ["none", None] * 3000


# --- STANDING --------------------------------------------------------------


def test_standing(ask, partner, gold):
    got = ask("STANDING", partner)
    assert list(got) == STANDING
    assert re.fullmatch("[0-9a-f]{64}", got.pop("policy"))
    assert got.pop("ver") == ask("FACT", "GET", partner)["ver"]
    assert got == {
        "partner": partner, "tier": "gold", "since": "2026-03-01",
        "state": "held", "qualifies": "gold", "margin": "20", "review": None,
        "until": "2027-02-28", "stale": False}


def test_standing_of_one_who_never_rose(ask, partner):
    got = ask("STANDING", partner)
    assert got["tier"] == got["qualifies"] == "none"
    assert got["since"] == "2025-01-01"
    assert got["margin"] == "0"
    assert got["until"] is None and got["review"] is None


def test_since_and_until_follow_the_window(ask, partner, add):
    """Two years of entries: the tier of each day, and its edges."""
    add("60000", "2025-02-10")
    add("200000", "2025-09-15")
    cases = [
        ("2025-01-01", "none", "2025-01-01", "2025-02-09"),
        ("2025-02-09", "none", "2025-01-01", "2025-02-09"),
        ("2025-02-10", "silver", "2025-02-10", "2025-09-14"),
        ("2025-09-15", "silver", "2025-02-10", "2026-02-09"),
        ("2026-02-09", "silver", "2025-02-10", "2026-02-09"),
        ("2026-02-10", "silver", "2025-02-10", "2026-09-14"),
        ("2026-06-30", "silver", "2025-02-10", "2026-09-14"),
    ]
    for day, tier, since, until in cases:
        got = ask("STANDING", partner, "ASOF", day)
        seen = (day, got["tier"], got["since"], got["until"])
        assert seen == (day, tier, since, until)


def test_a_tier_lost_and_found_again(ask, partner, add):
    add("60000", "2025-01-10")
    add("60000", "2026-03-01")
    for day, tier, since in (
            ("2026-01-09", "silver", "2025-01-10"),
            ("2026-01-10", "none", "2026-01-10"),
            ("2026-02-28", "none", "2026-01-10"),
            ("2026-03-01", "silver", "2026-03-01")):
        got = ask("STANDING", partner, "ASOF", day)
        assert (day, got["tier"], got["since"]) == (day, tier, since)


def test_before_joining(ask, partner, add):
    got = ask("STANDING", partner, "ASOF", "2024-12-31")
    assert (got["tier"], got["since"], got["margin"]) == ("none", None, "0")
    # an earlier fact moves the day of joining
    add("1", "2024-05-05")
    got = ask("STANDING", partner, "ASOF", "2024-12-31")
    assert (got["tier"], got["since"]) == ("none", "2024-05-05")
    assert ask("STANDING", partner, "ASOF", "2024-05-04")["since"] is None
    assert ask("STANDING", partner)["since"] == "2024-05-05"


def test_asof_judges_by_facts_as_dated(ask, partner, gold, train):
    """What is known today about that day, whenever it was told."""
    assert ask("STANDING", partner, "ASOF", "2026-02-28")["tier"] == "none"
    assert ask("STANDING", partner, "ASOF", "2026-03-01")["tier"] == "gold"
    ask("FACT", "REVOKE", partner, "training/sales", "ann", "ON", "2026-05-01")
    for day, tier in (("2026-04-30", "gold"), ("2026-05-01", "silver")):
        assert ask("STANDING", partner, "ASOF", day)["tier"] == tier
    ask("FACT", "ADD", partner, "revenue", "60000", "ON", "2025-12-24")
    assert ask("STANDING", partner, "ASOF", "2026-02-28")["tier"] == "silver"


def test_asof_today_is_the_same_as_without(ask, partner, gold):
    for name in ("STANDING", "MARGIN", "EXPLAIN"):
        assert ask(name, partner, "ASOF", "2026-06-30") == ask(name, partner)


def test_asof_a_leap_day(ask, partner, add):
    """On 28 February 2025 the window begins after 28 February 2024."""
    add("60000", "2024-02-29")
    assert ask("STANDING", partner, "ASOF", "2024-02-29")["until"] == (
        "2025-02-28")
    assert ask("STANDING", partner, "ASOF", "2025-02-28")["tier"] == "silver"
    assert ask("STANDING", partner, "ASOF", "2025-03-01")["tier"] == "none"


def test_asof_a_day_that_last_year_lacks(ask, partner, add):
    """29 February 2024 less 12 months is 28 February 2023."""
    add("60000", "2023-02-28")
    for day, tier in (("2024-02-27", "silver"), ("2024-02-28", "none"),
                      ("2024-02-29", "none")):
        assert ask("STANDING", partner, "ASOF", day)["tier"] == tier


def test_until_is_the_earliest_end(ask, partner, gold, train):
    train("sales", "zoe", "2026-01-01", "2026-08-15")
    assert ask("STANDING", partner)["until"] == "2026-08-15"
    ask("FACT", "ADD", partner, "revenue", "1", "ON", "2026-07-10")
    assert ask("STANDING", partner)["until"] == "2026-07-09"


def test_a_tier_without_a_horizon(ask, partner):
    """Open terms alone: nothing will ever change by itself."""
    ask("FACT", "GRANT", partner, "training/sales", "ann", "FROM",
        "2025-06-01")
    assert ask("STANDING", partner)["until"] is None


def test_in_ladder(ask, partner):
    for name in ("TIER", "STANDING"):
        refusal = ask(name, partner, "IN", "storage")
        assert refusal.word == "INVALID"
        assert "ladder" in refusal and "storage" in refusal


# --- what is refused -------------------------------------------------------

WRONG = [
    (["STANDING", "ASOF", "2026-02-30"], ["asof", "2026-02-30"]),
    (["STANDING", "ASOF", "yesterday"], ["asof", "yesterday"]),
    (["MARGIN", "ASOF", "2026-2-3"], ["asof", "2026-2-3"]),
    (["EXPLAIN", "ASOF", "20260203"], ["asof", "20260203"]),
    (["EXPLAIN", "FOR", "golden"], ["tier", "golden", "gold"]),
    (["EXPLAIN", "FOR", "none"], ["tier", "none"]),
    (["EXPLAIN", "LANG", "de"], ["lang", "de"]),
    (["MARGIN", "AMOUNT", "abc"], ["amount", "abc"]),
    (["MARGIN", "AMOUNT", "1.234"], ["amount", "1.234"]),
    (["MARGIN", "AMOUNT", "1.5", "JPY"], ["amount", "1.5"]),
    (["MARGIN", "AMOUNT", "5", "ZZZ"], ["unit", "ZZZ"]),
    (["MARGIN", "LINE", "revenu"], ["line", "revenu", "revenue"]),
    (["MARGIN", "LINE", "training"], ["line", "training"]),
    (["MARGIN", "WITH", "class", "a=b"], ["class", "a=b"]),
    (["TIER", "IN", "storage"], ["ladder", "storage"]),
    (["STANDING", "IN", "storage"], ["ladder", "storage"]),
]


@pytest.mark.parametrize(
    ("words", "named"), WRONG, ids=lambda v: " ".join(v)[:50])
def test_wrong_values_are_named(ask, partner, words, named):
    refusal = ask(words[0], partner, *words[1:])
    assert isinstance(refusal, Refusal), refusal
    assert refusal.word == "INVALID", refusal
    for word in named:
        assert word.lower() in refusal.lower()


@pytest.mark.parametrize(
    "words",
    [["TIER", "SURPRISE"], ["STANDING", "SURPRISE", "x"],
     ["STANDING", "ASOF"], ["MARGIN", "AMOUNT"], ["MARGIN", "WITH", "class"],
     ["MARGIN", "WITH"], ["EXPLAIN", "FOR"], ["EXPLAIN", "LANG"],
     ["STANDING", "FOR", "gold"]],
    ids=" ".join)
def test_half_sentences(ask, partner, words):
    refusal = ask(words[0], partner, *words[1:])
    assert isinstance(refusal, Refusal)
    assert refusal.word in ("ERR", "INVALID")


def test_questions_never_write(shared_server, ask, partner, gold):
    store = shared_server.store()
    key = shared_server.key(f"partner:{partner}")
    before = (store.hgetall(key), sorted(store.keys("*")))
    for name in ("TIER", "MTIER", "STANDING", "MARGIN", "EXPLAIN"):
        ask(name, partner)
        ask(name, "nobody")
    assert (store.hgetall(key), sorted(store.keys("*"))) == before


# --- PARTNERS --------------------------------------------------------------


def pages(ask, count=None):
    cursor, seen, turns = "0", [], 0
    while True:
        words = ["CURSOR", cursor] + (["COUNT", count] if count else [])
        cursor, ids = ask("PARTNERS", *words)
        assert count is None or len(ids) <= count
        seen += ids
        turns += 1
        if cursor == "0":
            return seen, turns


@pytest.fixture(scope="module")
def populous(module_stage):
    server = module_stage.server()
    with server.wire() as wire:
        for name in [f"n{n:04}" for n in range(250)] + ["0", "Z", "a,b", "~"]:
            reply = wire.ask("FACT", "SET", name, "kind", "reseller")
            assert isinstance(reply, int), reply
    return server


@pytest.mark.parametrize("count", [1, 7, 100, 250, 1000, None])
def test_every_partner_once_in_order(populous, count):
    names = [f"n{n:04}" for n in range(250)] + ["0", "Z", "a,b", "~"]
    with populous.wire() as wire:
        seen, turns = pages(wire.ask, count)
    assert seen == sorted(names)
    if count == 1:
        assert turns >= 254


def test_partners_without_a_cursor_begins(populous):
    with populous.wire() as wire:
        assert wire.ask("PARTNERS") == wire.ask("PARTNERS", "CURSOR", "0")
        cursor, ids = wire.ask("PARTNERS", "COUNT", "3")
        assert cursor != "0" and ids == ["0", "Z", "a,b"]
        assert wire.ask("PARTNERS", "CURSOR", cursor, "COUNT", "2")[1] == [
            "n0000", "n0001"]


def test_partners_of_an_empty_program(server):
    with server.wire() as wire:
        assert wire.ask("PARTNERS") == ["0", []]


@pytest.mark.parametrize(
    "words", [["COUNT", "0"], ["COUNT", "-1"], ["COUNT", "x"], ["COUNT"],
              ["CURSOR"], ["SURPRISE", "1"]], ids=" ".join)
def test_partners_wrong_words(ask, words):
    refusal = ask("PARTNERS", *words)
    assert isinstance(refusal, Refusal)
    assert refusal.word in ("ERR", "INVALID")


# --- the day ---------------------------------------------------------------


def test_tomorrow_answers_differently_without_any_event(stage, redis_server):
    """A certificate lapses tonight."""
    today = stage.server(redis=redis_server, today="2026-06-30")
    tomorrow = stage.server(redis=redis_server, today="2026-07-01")
    with today.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller", "ON", "2026-01-01")
        wire.ask("FACT", "ADD", "p", "revenue", "300000", "ON", "2026-02-01")
        for person in ("ann", "bob", "cid"):
            wire.ask("FACT", "GRANT", "p", "training/sales", person, "FROM",
                     "2026-01-01", "UNTIL", "2026-06-30")
        for person in ("dan", "eve"):
            wire.ask("FACT", "GRANT", "p", "training/consultant", person)
        ver = wire.ask("STANDING", "p")["ver"]
        assert wire.ask("TIER", "p") == "gold"
        assert wire.ask("STANDING", "p")["until"] == "2026-06-30"
        later = wire.ask("STANDING", "p", "ASOF", "2026-07-01")
    with tomorrow.wire() as wire:
        await_equal(lambda: wire.ask("TIER", "p"), "silver")
        got = wire.ask("STANDING", "p")
        assert (got["tier"], got["since"], got["ver"]) == (
            "silver", "2026-07-01", ver)
        assert (later["tier"], later["since"]) == ("silver", "2026-07-01")


def test_the_programs_own_time_zone(stage):
    """Without PALIER_TODAY the day is the program's, wherever it runs."""
    import datetime
    import zoneinfo

    answers = []
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        server = stage.server(
            scripts=HOUSE.replace("Europe/Paris", zone), today=None)
        before = datetime.datetime.now(zoneinfo.ZoneInfo(zone)).date()
        with server.wire() as wire:
            wire.ask("FACT", "SET", "p", "kind", "reseller")
            joined = wire.ask("STANDING", "p")["since"]
        after = datetime.datetime.now(zoneinfo.ZoneInfo(zone)).date()
        assert joined in (before.isoformat(), after.isoformat())
        answers.append(joined)
    # 25 hours apart: never the same day
    assert answers[0] > answers[1]
