# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""FACT: what each operation changes, replies and leaves alone. The day is
2026-06-30."""
import json
import re

import pytest

from support.wire import Refusal
from support.words import TODAY, amounts

pytest_plugins = ["support.fixtures"]


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


def test_json_of_the_ledger(shared_server, fact, partner):
    fact("SET", "name", 'A "quoted" \\ Société')
    store = shared_server.store()
    lines = store.lrange(shared_server.key(f"ledger:{partner}"), 0, -1)
    newest = json.loads(lines[0])
    assert list(newest) == ["ver", "time", "who", "op"]
    assert "Société" in newest["op"]


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
