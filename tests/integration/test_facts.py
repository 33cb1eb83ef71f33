# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""FACT: what each operation changes, replies and leaves alone. The day is
2026-06-30."""
import json
import re
import threading

import pytest

from support.wire import Refusal, Wire

TODAY = "2026-06-30"


@pytest.fixture
def fact(ask, partner):
    """fact("ADD", ...) of this test's partner."""

    def operate(op, *words):
        return ask("FACT", op, partner, *words)

    return operate


@pytest.fixture
def stored(shared_server, partner):
    """The partner's hash as it lies in Redis."""
    client = shared_server.store()
    return lambda: client.hgetall(shared_server.key(f"partner:{partner}"))


def amounts(got):
    return [tuple(a[k] for k in ("series", "amount", "unit", "on", "count"))
            for a in got["amounts"]]


# --- SET -------------------------------------------------------------------


def test_set_makes_a_partner(ask):
    ver = ask("FACT", "SET", "new1", "kind", "reseller", "market", "FR")
    assert isinstance(ver, int) and ver >= 1
    got = ask("FACT", "GET", "new1")
    assert list(got) == ["ver", "attributes", "amounts", "terms", "ignored"]
    assert got["ver"] == ver
    assert got["attributes"] == {"kind": "reseller", "market": "FR"}
    assert got["amounts"] == [] and got["terms"] == []
    assert got["ignored"] == []


def test_a_new_partner_needs_a_kind(ask):
    refusal = ask("FACT", "SET", "new2", "market", "FR")
    assert refusal.word == "INVALID" and "kind" in refusal
    assert ask("TIER", "new2") is None


def test_set_takes_what_it_is_given(fact):
    assert fact("SET", "name", "Northwind Traders GmbH & Co") > 0
    assert fact("SET", "name", "Société Générale d'Été") > 0
    assert fact("GET")["attributes"]["name"] == "Société Générale d'Été"
    assert fact("SET", "market", "FR,BE") > 0
    assert fact("GET")["attributes"]["market"] == "FR,BE"


def test_the_same_value_again_changes_nothing(fact, stored):
    ver = fact("SET", "market", "FR", "ON", "2026-01-01")
    before = stored()
    assert fact("SET", "market", "FR", "ON", "2026-01-01") == ver
    assert stored() == before


def test_earlier_values_are_kept(fact, stored):
    fact("SET", "market", "FR", "ON", "2026-01-01")
    fact("SET", "market", "BE", "ON", "2026-06-01")
    # one that arrives late takes its place between them
    fact("SET", "market", "DE", "ON", "2026-03-01")
    assert fact("GET")["attributes"]["market"] == "BE"
    hash = stored()
    assert hash["attr:market"] == "BE"
    assert hash["attr:market:2026-01-01"] == ""
    assert hash["attr:market:2026-03-01"] == "FR"
    assert hash["attr:market:2026-06-01"] == "DE"


def test_a_late_first_value(fact, stored):
    fact("SET", "market", "BE", "ON", "2026-06-01")
    fact("SET", "market", "FR", "ON", "2026-01-01")
    hash = stored()
    assert hash["attr:market"] == "BE"
    assert hash["attr:market:2026-01-01"] == ""
    assert hash["attr:market:2026-06-01"] == "FR"


def test_a_value_of_a_later_day_waits(fact, stored):
    fact("SET", "market", "FR", "ON", "2026-01-01")
    fact("SET", "market", "IT", "ON", "2026-07-15")
    assert fact("GET")["attributes"]["market"] == "FR"
    assert stored()["attr:market"] == "IT"


def test_the_same_day_corrects(fact, stored):
    fact("SET", "market", "FR", "ON", "2026-01-01")
    fact("SET", "market", "BE", "ON", "2026-01-01")
    hash = stored()
    assert hash["attr:market"] == "BE"
    assert hash["attr:market:2026-01-01"] == ""


# --- ADD -------------------------------------------------------------------


def test_add_adds_up(fact):
    first = fact("ADD", "revenue/cloud", "1250.00", "EUR", "ON", "2026-03-14")
    second = fact("ADD", "revenue/cloud", "0.50", "ON", "2026-03-14")
    assert second > first
    assert amounts(fact("GET")) == [
        ("revenue/cloud", "1250.50", "EUR", "2026-03-14", 2)]


def test_what_does_not_merge(fact):
    fact("ADD", "revenue", "1", "ON", "2026-03-14")
    fact("ADD", "revenue", "2", "ON", "2026-03-15")
    fact("ADD", "revenue/cloud", "3", "ON", "2026-03-14")
    fact("ADD", "revenue", "4", "USD", "ON", "2026-03-14")
    fact("ADD", "revenue", "5", "ON", "2026-03-14", "WITH", "customer", "c1")
    fact("ADD", "revenue", "6", "ON", "2026-03-14", "WITH", "customer", "c2")
    got = fact("GET")
    assert sorted(a["amount"] for a in got["amounts"]) == [
        f"{n}.00" for n in range(1, 7)]
    assert all(a["count"] == 1 for a in got["amounts"])


def test_labels_in_any_order_are_the_same(fact):
    fact("ADD", "revenue", "1", "ON", TODAY, "WITH", "customer", "c1",
         "class", "license")
    fact("ADD", "revenue", "2", "ON", TODAY, "WITH", "class", "license",
         "customer", "c1")
    entries = fact("GET")["amounts"]
    assert len(entries) == 1
    assert entries[0]["amount"] == "3.00"
    assert entries[0]["with"] == {"class": "license", "customer": "c1"}


def test_on_is_today_unless_said(fact):
    fact("ADD", "revenue", "1")
    assert fact("GET")["amounts"][0]["on"] == TODAY


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("0", "0.00"), ("0.00", "0.00"), ("-5", "-5.00"), ("-0.01", "-0.01"),
     ("12.3", "12.30"),
     ("100000000000.00", "100000000000.00"),
     ("-100000000000.00", "-100000000000.00"),
     ("90071992547.41", "90071992547.41")])
def test_amounts_that_are_taken(fact, sent, shown):
    assert isinstance(fact("ADD", "revenue", sent), int)
    assert fact("GET")["amounts"][0]["amount"] == shown


def test_sums_are_exact_beyond_doubles(fact, stored):
    """2^53 cents and one more: Redis's Lua would round them."""
    for day in range(1, 11):
        fact("ADD", "revenue", "99999999999.99", "ON", f"2026-05-{day:02}")
    for cents in range(3):
        fact("ADD", "revenue/odd", "33333333333.33", "ON", "2026-05-01")
    assert stored()["sum:revenue/odd:EUR:2026-05-01"] == "9999999999999"


def test_counts(fact, stored):
    fact("ADD", "revenue", "10", "ON", TODAY, "COUNT", "3")
    assert fact("GET")["amounts"][0]["count"] == 3
    assert stored()[f"cnt:revenue:EUR:{TODAY}"] == "3"
    fact("ADD", "revenue", "10", "ON", TODAY, "COUNT", "-2")
    assert fact("GET")["amounts"][0]["count"] == 1
    assert f"cnt:revenue:EUR:{TODAY}" not in stored()


def test_keywords_in_any_case_and_order(fact):
    assert fact("add", "revenue", "5", "with", "customer", "c1", ) > 0
    assert fact("Add", "revenue", "5", "Count", "2", "On", "2026-01-02") > 0
    entries = {a["on"]: a for a in fact("GET")["amounts"]}
    assert entries["2026-01-02"]["count"] == 2


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


# --- PUT -------------------------------------------------------------------


def test_put_sets_an_entry(fact):
    fact("ADD", "revenue", "100", "ON", "2026-03-01")
    ver = fact("PUT", "revenue", "40", "ON", "2026-03-01")
    assert amounts(fact("GET")) == [
        ("revenue", "40.00", "EUR", "2026-03-01", 1)]
    assert fact("PUT", "revenue", "40", "ON", "2026-03-01") == ver
    assert fact("PUT", "revenue", "40", "EUR", "ON", "2026-03-01", "COUNT",
                "4") > ver
    assert amounts(fact("GET"))[0][4] == 4
    fact("PUT", "revenue", "41", "ON", "2026-03-01")
    assert amounts(fact("GET"))[0][1::3] == ("41.00", 1)


def test_put_leaves_other_entries(fact):
    fact("ADD", "revenue", "1", "ON", "2026-03-01", "WITH", "customer", "c1")
    fact("ADD", "revenue", "2", "ON", "2026-03-02")
    fact("PUT", "revenue", "3", "ON", "2026-03-01")
    assert sorted(a["amount"] for a in fact("GET")["amounts"]) == [
        "1.00", "2.00", "3.00"]


def test_put_needs_its_day(fact):
    refusal = fact("PUT", "revenue", "3")
    assert isinstance(refusal, Refusal)
    assert refusal.word in ("ERR", "INVALID") and "ON" in refusal.upper()


# --- GRANT and REVOKE ------------------------------------------------------


def terms(got):
    return [(t["series"], t["id"], t["from"], t["until"])
            for t in got["terms"]]


def test_grant(fact, stored):
    fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10", "UNTIL",
         "2028-01-09")
    assert terms(fact("GET")) == [
        ("training/sales", "jdoe", "2026-01-10", "2028-01-09")]
    term = fact("GET")["terms"][0]
    assert list(term) == ["series", "id", "from", "until", "value", "unit",
                          "with"]
    assert term["value"] is None and term["unit"] is None
    assert term["with"] == {}
    assert stored()["has:training/sales:jdoe:2026-01-10"] == "2028-01-09///"


def test_grant_with_everything(fact, stored):
    fact("GRANT", "deal", "D-9", "FROM", "2026-06-01", "UNTIL", "2026-12-31",
         "VALUE", "1250.50", "EUR", "WITH", "stage", "won", "customer", "c17")
    term = fact("GET")["terms"][0]
    assert term == {
        "series": "deal", "id": "D-9", "from": "2026-06-01",
        "until": "2026-12-31", "value": "1250.50", "unit": "EUR",
        "with": {"customer": "c17", "stage": "won"}}
    assert stored()["has:deal:D-9:2026-06-01"] == (
        "2026-12-31/125050/EUR/customer=c17,stage=won")


def test_grant_from_today_without_end(fact, stored):
    fact("GRANT", "training/sales", "jdoe")
    assert terms(fact("GET")) == [("training/sales", "jdoe", TODAY, None)]
    assert stored()[f"has:training/sales:jdoe:{TODAY}"] == "///"


def test_the_same_from_corrects_another_adds(fact):
    fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10", "UNTIL",
         "2026-12-31")
    ver = fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10",
               "UNTIL", "2027-12-31")
    assert terms(fact("GET")) == [
        ("training/sales", "jdoe", "2026-01-10", "2027-12-31")]
    assert fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10",
                "UNTIL", "2027-12-31") == ver
    fact("GRANT", "training/sales", "jdoe", "FROM", "2024-01-10", "UNTIL",
         "2024-12-31")
    assert sorted(t[2] for t in terms(fact("GET"))) == [
        "2024-01-10", "2026-01-10"]


def test_ids_may_hold_colons(fact):
    """The day is the field's last ten bytes, whatever the id."""
    fact("GRANT", "deal", "crm:42:2026-01-01", "FROM", "2026-02-03")
    assert terms(fact("GET")) == [
        ("deal", "crm:42:2026-01-01", "2026-02-03", None)]


def test_revoke_ends_a_term_the_day_before(fact):
    fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10")
    fact("REVOKE", "training/sales", "jdoe", "ON", "2026-05-01")
    assert terms(fact("GET")) == [
        ("training/sales", "jdoe", "2026-01-10", "2026-04-30")]


def test_revoke_keeps_the_rest_of_a_term(fact):
    fact("GRANT", "deal", "D-9", "FROM", "2026-06-01", "VALUE", "5", "EUR",
         "WITH", "customer", "c17")
    fact("REVOKE", "deal", "D-9")
    term = fact("GET")["terms"][0]
    assert term["until"] == "2026-06-29" and term["value"] == "5.00"
    assert term["with"] == {"customer": "c17"}


@pytest.mark.parametrize("on", ["2026-01-10", "2026-01-09", "2020-01-01"])
def test_revoked_at_or_before_its_from_it_never_was(fact, stored, on):
    fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10")
    fact("REVOKE", "training/sales", "jdoe", "ON", on)
    assert fact("GET")["terms"] == []
    assert not [f for f in stored() if f.startswith("has:")]


def test_revoke_under_the_path(fact):
    fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10")
    fact("GRANT", "training/consultant", "jdoe", "FROM", "2026-02-10")
    fact("GRANT", "training/sales", "ann", "FROM", "2026-01-10")
    fact("GRANT", "deal", "jdoe", "FROM", "2026-01-10")
    fact("REVOKE", "training", "jdoe", "ON", "2026-05-01")
    ends = {(t[0], t[1]): t[3] for t in terms(fact("GET"))}
    assert ends == {
        ("training/sales", "jdoe"): "2026-04-30",
        ("training/consultant", "jdoe"): "2026-04-30",
        ("training/sales", "ann"): None, ("deal", "jdoe"): None}


def test_revoke_does_not_lengthen(fact):
    fact("GRANT", "training/sales", "jdoe", "FROM", "2026-01-10", "UNTIL",
         "2026-02-10")
    ver = fact("GET")["ver"]
    assert fact("REVOKE", "training/sales", "jdoe", "ON", "2026-05-01") == ver
    assert terms(fact("GET"))[0][3] == "2026-02-10"


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


# --- LOG -------------------------------------------------------------------


def test_log(shared_server, ask, partner):
    with shared_server.wire() as crm:
        crm.ask("CLIENT", "SETNAME", "crm")
        ver = crm.ask("FACT", "ADD", partner, "revenue/cloud", "1250", "ON",
                      "2026-03-14", "ID", "s1", "WITH", "customer", "c17")
    granted = ask("FACT", "GRANT", partner, "training/sales", "jdoe", "UNTIL",
                  "2028-01-09")
    log = ask("FACT", "LOG", partner)
    assert [list(line) for line in log] == [["ver", "time", "who", "op"]] * 3
    assert [line["ver"] for line in log[:2]] == [granted, ver]
    assert log[1]["who"] == "crm"
    assert re.match(r"127\.0\.0\.1:\d+$", log[0]["who"])
    for line in log:
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$",
                        line["time"])
    assert log[1]["op"].startswith("ADD revenue/cloud 1250.00 EUR")
    for word in ("2026-03-14", "s1", "customer", "c17"):
        assert word in log[1]["op"]
    assert log[0]["op"].startswith("GRANT training/sales jdoe")
    assert "2028-01-09" in log[0]["op"]
    assert log[2]["op"].startswith("SET kind reseller")
    assert ask("FACT", "LOG", partner, "COUNT", "1") == log[:1]
    assert ask("FACT", "LOG", partner, "COUNT", "99") == log


@pytest.mark.parametrize("count", ["x", "-1", "1.5"])
def test_log_wants_a_count(ask, partner, count):
    refusal = ask("FACT", "LOG", partner, "COUNT", count)
    assert refusal.word == "INVALID" and "count" in refusal.lower()


def test_ops_of_the_log_can_be_sent_again(ask, partner):
    """`op` is in the words of FACT: another partner given the same words ends
    with the same facts."""
    for words in (["ADD", "revenue", "5", "ON", "2026-03-01"],
                  ["PUT", "revenue", "7", "ON", "2026-03-02", "COUNT", "2"],
                  ["SET", "name", "Two Words", "ON", "2026-02-02"],
                  ["GRANT", "deal", "D-1", "FROM", "2026-01-01", "VALUE",
                   "5.25", "EUR", "WITH", "customer", "c"],
                  ["REVOKE", "deal", "D-1", "ON", "2026-05-01"]):
        assert isinstance(ask("FACT", words[0], partner, *words[1:]), int)
    copy = partner + "-copy"
    for line in reversed(ask("FACT", "LOG", partner)):
        op, rest = line["op"].split(" ", 1)
        words = re.findall(r'"[^"]*"|\S+', rest)
        reply = ask("FACT", op, copy, *[w.strip('"') for w in words])
        assert isinstance(reply, int), (line, reply)
    one, two = ask("FACT", "GET", partner), ask("FACT", "GET", copy)
    assert one == two


# --- FORGET ----------------------------------------------------------------


def test_forget(shared_server, ask, partner):
    ask("FACT", "ADD", partner, "revenue", "300000", "ID", "x")
    assert ask("TIER", partner) == "silver"
    assert ask("FACT", "FORGET", partner) == 1
    assert ask("TIER", partner) is None
    assert ask("FACT", "GET", partner).word == "NOPARTNER"
    assert ask("FACT", "LOG", partner).word == "NOPARTNER"
    assert ask("FACT", "FORGET", partner) == 0
    assert ask("FACT", "ADD", partner, "revenue", "1").word == "NOPARTNER"
    store = shared_server.store()
    for kind in ("partner", "seen", "ledger"):
        assert not store.exists(shared_server.key(f"{kind}:{partner}"))
    for index in ("partners", "due"):
        assert store.zscore(shared_server.key(index), partner) is None
    for key in store.scan_iter(shared_server.key("*")):
        assert partner not in key.split(":")
    assert ask("FACT", "SET", partner, "kind", "referral") > 0
    assert ask("TIER", partner) == "none"
    assert ask("FACT", "GET", partner)["amounts"] == []
    assert isinstance(
        ask("FACT", "ADD", partner, "revenue", "1", "ID", "x"), int)


def test_forget_of_one_that_never_was(ask):
    assert ask("FACT", "FORGET", "nobody") == 0


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


def test_json_of_the_ledger(shared_server, fact, partner):
    fact("SET", "name", 'A "quoted" \\ Société')
    store = shared_server.store()
    lines = store.lrange(shared_server.key(f"ledger:{partner}"), 0, -1)
    newest = json.loads(lines[0])
    assert list(newest) == ["ver", "time", "who", "op"]
    assert "Société" in newest["op"]
