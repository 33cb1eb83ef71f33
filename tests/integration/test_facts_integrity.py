# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""FACT: what is said again counts once, what is refused changes nothing, and
what many say at once is neither lost nor out of order. The day is
2026-06-30."""
import re
import threading

import pytest

from support.wire import Refusal, Wire
from support.words import TODAY, amounts

pytest_plugins = ["support.fixtures"]


# --- identity --------------------------------------------------------------


def test_the_same_id_is_applied_once(fact, stored):
    ver = fact("ADD", "revenue", "100", "ON", "2026-03-01", "ID", "sale-1")
    before = stored()
    for _ in range(3):
        assert fact("ADD", "revenue", "100", "ON", "2026-03-01",
                    "ID", "sale-1") == ver
    assert stored() == before


SAME = [
    (["100", "ID", "x"], ["100", "EUR", "ID", "x"]),
    (["100", "ID", "x"], ["100", "COUNT", "1", "ID", "x"]),
    (["100", "EUR", "COUNT", "1", "ID", "x"], ["100", "ID", "x"]),
    (["100", "ID", "x", "WITH", "customer", "c", "deal", "d"],
     ["100", "ID", "x", "WITH", "deal", "d", "customer", "c"]),
]


@pytest.mark.parametrize(("first", "again"), SAME)
def test_the_same_content_said_otherwise(fact, first, again):
    ver = fact("ADD", "revenue", *first)
    assert isinstance(ver, int)
    assert fact("ADD", "revenue", *again) == ver


OTHER = [
    ["revenue", "101", "ON", TODAY],
    ["revenue", "100"],
    ["revenue", "100", "ON", "2026-06-29"],
    ["revenue", "100", "ON", TODAY, "COUNT", "2"],
    ["revenue", "100", "USD", "ON", TODAY],
    ["revenue/cloud", "100", "ON", TODAY],
    ["revenue", "100", "ON", TODAY, "WITH", "customer", "c1"],
]


@pytest.mark.parametrize("other", OTHER, ids=" ".join)
def test_the_same_id_with_other_content_is_a_conflict(fact, stored, other):
    said = ["revenue", "100", "ON", TODAY]
    ver = fact("ADD", *said, "ID", "sale-1")
    before = stored()
    keywords = other[:2] + ["ID", "sale-1"] + other[2:]
    if len(other) > 2 and other[2] == "USD":
        keywords = other[:3] + ["ID", "sale-1"] + other[3:]
    refusal = fact("ADD", *keywords)
    assert isinstance(refusal, Refusal) and refusal.word == "CONFLICT"
    assert "sale-1" in refusal
    assert stored() == before
    assert fact("ADD", *said, "ID", "sale-1") == ver


def test_ids_belong_to_their_partner(ask, partner):
    ask("FACT", "SET", "other1", "kind", "reseller")
    ask("FACT", "ADD", partner, "revenue", "1", "ID", "same")
    before = ask("FACT", "GET", "other1")["ver"]
    assert ask("FACT", "ADD", "other1", "revenue", "2", "ID", "same") > before


def test_a_refused_fact_leaves_its_id_free(fact):
    assert fact("ADD", "revenue", "1.234", "ID", "x").word == "INVALID"
    assert isinstance(fact("ADD", "revenue", "1.23", "ID", "x"), int)


# --- what is refused, and changes nothing -----------------------------------

WRONG = [
    # operation, what the text names
    (["SET", "colour", "red"], ["colour", "attribute"]),
    (["SET", "markte", "FR"], ["markte", "market"]),
    (["SET", "Market", "FR"], ["Market"]),
    (["SET", "market", "FR", "colour", "red"], ["colour"]),
    (["SET", "market", ""], ["market"]),
    (["SET", "market", "F\nR"], ["market"]),
    (["SET", "market", "x" * 1025], ["market"]),
    (["SET", "market", "FR", "ON", "2026-02-30"], ["on", "2026-02-30"]),
    (["ADD", "revenu", "5"], ["revenu", "revenue", "series"]),
    (["ADD", "turnover", "5"], ["turnover", "series"]),
    (["ADD", "revenue2", "5"], ["revenue2"]),
    (["ADD", "training/sales", "5"], ["training/sales"]),
    (["ADD", "Revenue", "5"], ["Revenue"]),
    (["ADD", "revenue/", "5"], ["revenue/"]),
    (["ADD", "revenue//cloud", "5"], ["revenue//cloud"]),
    (["ADD", "revenue", "abc"], ["amount", "abc"]),
    (["ADD", "revenue", ""], ["amount"]),
    (["ADD", "revenue", "1e5"], ["amount", "1e5"]),
    (["ADD", "revenue", "1,000"], ["amount", "1,000"]),
    (["ADD", "revenue", "0x10"], ["amount", "0x10"]),
    (["ADD", "revenue", "nan"], ["amount", "nan"]),
    (["ADD", "revenue", "inf"], ["amount", "inf"]),
    (["ADD", "revenue", "--5"], ["amount", "--5"]),
    (["ADD", "revenue", "1.234"], ["amount", "1.234"]),
    (["ADD", "revenue", "100000000000.01"], ["amount", "100000000000.01"]),
    (["ADD", "revenue", "-100000000000.01"], ["amount", "-100000000000.01"]),
    (["ADD", "revenue", "9" * 40], ["amount"]),
    (["ADD", "revenue", "5", "ZZZ"], ["unit", "ZZZ"]),
    (["ADD", "revenue", "5", "eur"], ["unit", "eur"]),
    (["ADD", "revenue", "1.5", "JPY"], ["amount", "1.5"]),
    (["ADD", "revenue", "5", "ON", "2026-02-30"], ["on", "2026-02-30"]),
    (["ADD", "revenue", "5", "ON", "2026-13-01"], ["on", "2026-13-01"]),
    (["ADD", "revenue", "5", "ON", "2025-02-29"], ["on", "2025-02-29"]),
    (["ADD", "revenue", "5", "ON", "30.06.2026"], ["on", "30.06.2026"]),
    (["ADD", "revenue", "5", "ON", "2026-6-30"], ["on", "2026-6-30"]),
    (["ADD", "revenue", "5", "ON", "tomorrow"], ["on", "tomorrow"]),
    (["ADD", "revenue", "5", "COUNT", "x"], ["count", "x"]),
    (["ADD", "revenue", "5", "COUNT", "1.5"], ["count", "1.5"]),
    (["ADD", "revenue", "5", "COUNT", "9" * 30], ["count"]),
    (["ADD", "revenue", "5", "ID", ""], ["id"]),
    (["ADD", "revenue", "5", "ID", "a b"], ["id", "a b"]),
    (["ADD", "revenue", "5", "ID", "x" * 129], ["id"]),
    (["ADD", "revenue", "5", "WITH", "customer", "a=b"], ["customer", "a=b"]),
    (["ADD", "revenue", "5", "WITH", "customer", "a,b"], ["customer", "a,b"]),
    (["ADD", "revenue", "5", "WITH", "customer", "a:b"], ["customer", "a:b"]),
    (["ADD", "revenue", "5", "WITH", "customer", "a b"], ["customer", "a b"]),
    (["ADD", "revenue", "5", "WITH", "customer", ""], ["customer"]),
    (["ADD", "revenue", "5", "WITH", "customer", "x" * 129], ["customer"]),
    (["ADD", "revenue", "5", "WITH", "Customer", "c"], ["Customer"]),
    (["PUT", "revenue", "abc", "ON", "2026-01-01"], ["abc"]),
    (["PUT", "revenue", "1.234", "ON", "2026-01-01"], ["1.234"]),
    (["PUT", "revenue", "5", "ON", "2026-02-30"], ["on", "2026-02-30"]),
    (["PUT", "turnover", "5", "ON", "2026-01-01"], ["turnover"]),
    (["GRANT", "trainin", "jdoe"], ["trainin", "training"]),
    (["GRANT", "revenue", "jdoe"], ["revenue"]),
    (["GRANT", "training/sales", "j doe"], ["id", "j doe"]),
    (["GRANT", "training/sales", ""], ["id"]),
    (["GRANT", "training/sales", "x" * 129], ["id"]),
    (["GRANT", "training/sales", "jdoe", "FROM", "2026-02-30"],
     ["from", "2026-02-30"]),
    (["GRANT", "training/sales", "jdoe", "UNTIL", "2026-02-30"],
     ["until", "2026-02-30"]),
    (["GRANT", "training/sales", "jdoe", "FROM", "2026-05-02", "UNTIL",
      "2026-05-01"], ["until", "2026-05-01", "2026-05-02"]),
    (["GRANT", "training/sales", "jdoe", "UNTIL", "2026-06-29"],
     ["until", "2026-06-29"]),
    (["GRANT", "deal", "D-1", "VALUE", "abc"], ["value", "abc"]),
    (["GRANT", "deal", "D-1", "VALUE", "5", "ZZZ"], ["unit", "ZZZ"]),
    (["GRANT", "deal", "D-1", "VALUE", "1.234", "EUR"], ["value", "1.234"]),
    (["REVOKE", "turnover", "jdoe"], ["turnover"]),
    (["REVOKE", "training", "jdoe", "ON", "2026-02-30"],
     ["on", "2026-02-30"]),
]


def names(refusal, words):
    text = refusal.lower()
    return all(word.lower() in text for word in words)


@pytest.mark.parametrize(
    ("words", "named"), WRONG, ids=lambda v: " ".join(v)[:50])
def test_wrong_values_are_named_and_change_nothing(
        fact, stored, words, named):
    fact("ADD", "revenue", "10", "ON", "2026-01-01", "ID", "kept")
    before = stored()
    refusal = fact(*words)
    assert isinstance(refusal, Refusal)
    assert refusal.word == "INVALID", refusal
    assert names(refusal, named), refusal
    assert "\n" not in refusal and len(refusal) < 1024
    assert stored() == before


def test_no_ledger_no_identity_no_due_for_what_was_refused(
        shared_server, fact, partner):
    store = shared_server.store()
    keys = [shared_server.key(f"{kind}:{partner}")
            for kind in ("ledger", "seen")]
    lines = store.llen(keys[0])
    store.zrem(shared_server.key("due"), partner)
    fact("ADD", "revenue", "1.234", "ID", "x")
    fact("ADD", "turnover", "1", "ID", "y")
    assert store.llen(keys[0]) == lines
    assert store.exists(keys[1]) == 0
    assert store.zscore(shared_server.key("due"), partner) is None


SYNTAX = [
    ["ADD", "revenue", "5", "ON"],
    ["ADD", "revenue", "5", "EUR", "SURPRISE"],
    ["ADD", "revenue", "5", "ON", TODAY, "ON", TODAY],
    ["ADD", "revenue", "5", "WITH"],
    ["ADD", "revenue", "5", "WITH", "customer"],
    ["ADD", "revenue", "5", "WITH", "customer", "a", "customer", "b"],
    ["SET", "market"],
    ["SET", "market", "FR", "language"],
    ["GRANT", "training/sales", "jdoe", "FROM"],
    ["GRANT", "deal", "D-1", "VALUE"],
    ["REVOKE", "training", "jdoe", "UNTIL", TODAY],
]


@pytest.mark.parametrize("words", SYNTAX, ids=" ".join)
def test_half_sentences_change_nothing(fact, stored, words):
    before = stored()
    refusal = fact(*words)
    assert isinstance(refusal, Refusal)
    assert refusal.word in ("ERR", "INVALID")
    assert stored() == before


def test_fact_wants_an_operation_it_knows(ask):
    assert ask("FACT", "NONSENSE", "p").startswith(
        "ERR unknown subcommand 'NONSENSE'")
    assert ask("FACT", "ADD", "p") == (
        "ERR wrong number of arguments for 'fact|add' command")


BAD_PARTNERS = ["", "a b", "a:b", "x" * 129, "tab\t"]


@pytest.mark.parametrize("name", BAD_PARTNERS, ids=repr)
def test_ids_no_partner_can_have(ask, name):
    refusal = ask("FACT", "SET", name, "kind", "reseller")
    assert refusal.word == "INVALID" and "partner" in refusal


@pytest.mark.parametrize("name", ["x" * 128, "a/b", "{a}", "a,b=c", "A-1.x_"])
def test_ids_a_partner_may_have(ask, name):
    assert isinstance(ask("FACT", "SET", name, "kind", "reseller"), int)
    assert ask("TIER", name) == "none"


UNKNOWN = [
    ["ADD", "revenue", "5"],
    ["PUT", "revenue", "5", "ON", TODAY],
    ["GRANT", "training/sales", "jdoe"],
    ["REVOKE", "training/sales", "jdoe"],
    ["GET"],
    ["LOG"],
]


@pytest.mark.parametrize("words", UNKNOWN, ids=" ".join)
def test_unknown_partners(ask, shared_server, words):
    refusal = ask("FACT", words[0], "nobody", *words[1:])
    assert refusal.word == "NOPARTNER" and "nobody" in refusal
    store = shared_server.store()
    assert not store.exists(shared_server.key("partner:nobody"))
    assert store.zscore(shared_server.key("partners"), "nobody") is None


def test_an_entry_may_not_outgrow_the_range(fact, stored):
    fact("ADD", "revenue", "100000000000.00", "ON", TODAY)
    before = stored()
    refusal = fact("ADD", "revenue", "0.01", "ON", TODAY)
    assert refusal.word == "INVALID" and "amount" in refusal
    assert stored() == before
    assert isinstance(fact("ADD", "revenue", "-0.01", "ON", TODAY), int)


def test_errors_cannot_carry_another_reply(shared_server):
    """A value is shown in the error's one line, never as bytes of its own."""
    with Wire(shared_server.address) as wire:
        wire.ask("FACT", "SET", "inject", "kind", "reseller")
        evil = "x\r\n+OK\r\n\x00\x1b[31m"
        for words in (["FACT", "ADD", "inject", "revenue", evil],
                      ["FACT", "ADD", "inject", evil, "5"],
                      ["FACT", "GET", evil], ["STANDING", evil],
                      ["STANDING", "inject", "ASOF", evil],
                      ["EXPLAIN", "inject", "FOR", evil], [evil]):
            refusal = wire.ask(*words)
            assert isinstance(refusal, Refusal), words
            assert not re.search(r"[\x00-\x1f]", refusal)
            assert wire.ask("PING") == "PONG"


# --- many at once ----------------------------------------------------------


def test_concurrent_adds_are_all_counted_once(shared_server, ask, partner):
    """Eight clients, the same ids: each id counts once, none is lost."""
    before = ask("FACT", "GET", partner)["ver"]
    failures = []

    def client(number):
        try:
            with shared_server.wire() as wire:
                replies = wire.pipeline(
                    [["FACT", "ADD", partner, "revenue", "1.01", "ON", TODAY,
                      "ID", f"id{n}"] for n in range(number % 2, 100, 2)])
                failures.extend(r for r in replies if not isinstance(r, int))
        except Exception as failure:  # told to the test's own thread
            failures.append(failure)

    threads = [threading.Thread(target=client, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    got = ask("FACT", "GET", partner)
    assert amounts(got) == [("revenue", "101.00", "EUR", TODAY, 100)]
    assert got["ver"] == before + 100
    vers = [line["ver"] for line in ask("FACT", "LOG", partner, "COUNT",
                                        "1000")]
    assert vers == list(range(before + 100, before - 1, -1))


def test_pipelined_changes_take_effect_in_the_order_sent(wire, partner):
    requests = []
    for n in range(300):
        requests.append(["FACT", "PUT", partner, "revenue", str(1000 * n),
                         "ON", TODAY])
        if n % 10 == 0:
            requests.append(["FACT", "GET", partner])
    seen = [r["amounts"][0]["amount"] for r in wire.pipeline(requests)
            if isinstance(r, dict)]
    assert seen == [f"{1000 * n}.00" for n in range(0, 300, 10)]


def test_own_writes_are_read(wire, partner):
    for n in range(200):
        tier = "silver" if n % 2 else "none"
        amount = "50000" if n % 2 else "49999.99"
        wire.ask("FACT", "PUT", partner, "revenue", amount, "ON", TODAY)
        assert wire.ask("TIER", partner) == tier


def test_own_writes_are_read_in_one_pipeline(wire, partner):
    requests, expected = [], []
    for n in range(100):
        amount = "50000" if n % 2 else "0"
        requests += [["FACT", "PUT", partner, "revenue", amount, "ON", TODAY],
                     ["TIER", partner], ["MTIER", "nobody", partner]]
        tier = "silver" if n % 2 else "none"
        expected += [tier, [None, tier]]
    replies = wire.pipeline(requests)
    assert [r for n, r in enumerate(replies) if n % 3] == expected


def test_acknowledged_writes_are_read_by_everybody(shared_server, partner):
    """On any connection, whichever worker it belongs to."""
    writer = shared_server.wire()
    readers = [shared_server.wire() for _ in range(8)]
    for n in range(100):
        tier = "silver" if n % 2 else "none"
        amount = "50000" if n % 2 else "49999.99"
        writer.ask("FACT", "PUT", partner, "revenue", amount, "ON", TODAY)
        for reader in readers:
            assert reader.ask("TIER", partner) == tier
    for wire in [writer, *readers]:
        wire.close()
