# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""The layout in Redis, which other services read and write; and an existing
Redis behind --redis, in good days and bad."""
import os
import re
import signal

import pytest

from support.process import Ended
from support.programs import HOUSE
from support.waiting import await_, await_equal, stays
from support.wire import Refusal

TODAY = "2026-06-30"


@pytest.fixture
def pair(stage, redis_server):
    """A server, and redis-py to the Redis it uses."""
    return stage.server(redis=redis_server), redis_server.client()


@pytest.fixture
def filled(pair):
    server, store = pair
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller", "market", "FR", "ON",
                 "2026-01-01")
        wire.ask("FACT", "SET", "p", "market", "BE", "ON", "2026-06-01")
        wire.ask("FACT", "ADD", "p", "revenue/cloud", "1250", "ON",
                 "2026-03-14", "ID", "s1", "WITH", "deal", "D-9", "customer",
                 "c17")
        wire.ask("FACT", "ADD", "p", "revenue", "20.5", "ON", "2026-03-15",
                 "COUNT", "3")
        wire.ask("FACT", "GRANT", "p", "training/sales", "jdoe", "FROM",
                 "2026-01-10", "UNTIL", "2028-01-09")
        wire.ask("FACT", "GRANT", "p", "deal", "D-9", "FROM", "2026-02-01")
    return server, store


# --- the layout ------------------------------------------------------------


def test_the_partners_hash(filled):
    _, store = filled
    hash = store.hgetall("palier:{demo}:partner:p")
    ver = int(hash.pop("ver"))
    assert ver >= 6
    assert hash == {
        "attr:kind": "reseller",
        "attr:kind:2026-01-01": "",
        "attr:market": "BE",
        "attr:market:2026-01-01": "",
        "attr:market:2026-06-01": "FR",
        "sum:revenue/cloud:EUR:2026-03-14:customer=c17,deal=D-9": "125000",
        "sum:revenue:EUR:2026-03-15": "2050",
        "cnt:revenue:EUR:2026-03-15": "3",
        "has:training/sales:jdoe:2026-01-10": "2028-01-09///",
        "has:deal:D-9:2026-02-01": "///",
    }


def test_the_other_keys(filled):
    _, store = filled
    assert store.zrange("palier:{demo}:partners", 0, -1, withscores=True) == [
        ("p", 0.0)]
    assert store.zrange("palier:{demo}:due", 0, -1, withscores=True) == [
        ("p", 0.0)]
    assert list(store.hgetall("palier:{demo}:seen:p")) == ["s1"]
    ver = int(store.hget("palier:{demo}:partner:p", "ver"))
    assert store.llen("palier:{demo}:ledger:p") == ver
    types = {"partner:p": "hash", "seen:p": "hash", "ledger:p": "list",
             "partners": "zset", "due": "zset", "policies": "zset",
             "ledger": "stream"}
    for name, kind in types.items():
        assert store.type("palier:{demo}:" + name) == kind, name


def test_every_key_has_the_programs_hash_tag(filled):
    _, store = filled
    assert all(key.startswith("palier:{demo}:") for key in store.keys("*"))


def test_the_policys_keys(filled):
    server, store = filled
    with server.wire() as wire:
        version = wire.ask("STANDING", "p")["policy"]
        files = wire.ask("POLICY", "SHOW")
    member, = store.zrange("palier:{demo}:policies", 0, -1)
    assert re.fullmatch(rf"\d{{4}}-\d\d-\d\d:\d{{10}}:{version}", member)
    assert store.zscore("palier:{demo}:policies", member) == 0
    hash = store.hgetall("palier:{demo}:policy:" + version)
    assert files["program.lua"] in hash.values()


def test_each_change_puts_the_partner_on_the_due_list(filled):
    server, store = filled
    with server.wire() as wire:
        for words in (["SET", "p", "csat", "5"],
                      ["ADD", "p", "revenue", "1"],
                      ["PUT", "p", "revenue", "5", "ON", TODAY],
                      ["GRANT", "p", "deal", "D-10"],
                      ["REVOKE", "p", "deal", "D-10"]):
            store.zadd("palier:{demo}:due", {"p": 20999})
            assert isinstance(wire.ask("FACT", *words), int)
            assert store.zscore("palier:{demo}:due", "p") == 0


def test_another_programs_keys_are_its_own(stage, redis_server):
    server = stage.server(redis=redis_server, program="acme-emea")
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
    keys = redis_server.client().keys("*")
    assert "palier:{acme-emea}:partner:p" in keys
    assert all(key.startswith("palier:{acme-emea}:") for key in keys)


def test_another_database(stage, redis_server):
    server = stage.server(redis=redis_server.url + "/3")
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        assert wire.ask("TIER", "p") == "none"
    assert redis_server.client().keys("*") == []
    store = redis_server.client(db=3)
    assert store.exists("palier:{demo}:partner:p")
    # tracking ignores the database's number: this must not confuse it
    redis_server.client().hset("palier:{demo}:partner:p", "ver", 5)
    with server.wire() as wire:
        assert wire.ask("TIER", "p") == "none"


# --- other services write --------------------------------------------------


def write(store, partner, fields):
    with store.pipeline(transaction=True) as pipeline:
        pipeline.hset(f"palier:{{demo}}:partner:{partner}", mapping=fields)
        pipeline.hincrby(f"palier:{{demo}}:partner:{partner}", "ver", 1)
        pipeline.zadd("palier:{demo}:due", {partner: 0})
        pipeline.zadd("palier:{demo}:partners", {partner: 0})
        pipeline.execute()


def test_what_another_service_writes_shows_in_the_next_answer(pair):
    server, store = pair
    with server.wire() as wire:
        assert wire.ask("TIER", "q") is None
        write(store, "q", {"attr:kind": "reseller",
                           "attr:kind:2026-01-01": ""})
        await_equal(lambda: wire.ask("TIER", "q"), "none", 1)
        for n in range(50):
            cents = 5000000 if n % 2 == 0 else 4999999
            write(store, "q", {"sum:revenue:EUR:2026-03-01": cents})
            expected = "silver" if n % 2 == 0 else "none"
            await_equal(lambda: wire.ask("TIER", "q"), expected, 1)
        write(store, "q", {"sum:revenue:EUR:2026-03-01": 30000000} | {
            f"has:training/{role}:x{n}:2026-01-01": "///"
            for role in ("sales", "consultant") for n in range(3)})
        await_equal(lambda: wire.ask("TIER", "q"), "gold", 1)
        assert wire.ask("PARTNERS") == ["0", ["q"]]
        assert wire.ask("STANDING", "q")["since"] == "2026-03-01"
        assert wire.ask("FACT", "GET", "q")["ver"] == 52


def test_every_worker_hears_of_it(stage, redis_server):
    server = stage.server(redis=redis_server, args=["--workers", "4"])
    store = redis_server.client()
    write(store, "q", {"attr:kind": "reseller"})
    wires = [server.wire() for _ in range(12)]
    for wire in wires:
        await_equal(lambda: wire.ask("TIER", "q"), "none", 1)
    write(store, "q", {"sum:revenue:EUR:2026-03-01": 5000000})
    for wire in wires:
        await_equal(lambda: wire.ask("TIER", "q"), "silver", 1)
        wire.close()


def test_a_partner_deleted_or_flushed_by_others_is_unknown(filled):
    server, store = filled
    with server.wire() as wire:
        assert wire.ask("TIER", "p") == "none"
        store.delete("palier:{demo}:partner:p")
        await_equal(lambda: wire.ask("TIER", "p"), None, 1)
        write(store, "p", {"attr:kind": "reseller"})
        await_equal(lambda: wire.ask("TIER", "p"), "none", 1)
        store.flushall()
        await_equal(lambda: wire.ask("TIER", "p"), None, 1)


UNREADABLE = {
    "sum:revenue:EUR:notaday": "5",
    "sum:revenue:EUR:2026-02-30": "5",
    "sum:revenue:EUR:2026-03-01": "1.5",
    "sum:revenue:EUR:2026-03-02": "99999999999999999999",
    "sum:revenue:EUR:2026-03-03:nolabel": "5",
    "sum:revenue": "5",
    "cnt:revenue:EUR:2026-03-04": "many",
    "has:training/sales:jdoe:2026-13-01": "///",
    "has:training/sales:jdoe:2026-01-01": "2026-02-30///",
    "has:training/sales:jdoe:2026-01-02": "//",
    "attr:UPPER": "x",
    "attr:": "x",
    "something else": "x",
    "": "x",
}


def test_fields_it_cannot_read(filled):
    """Left alone, not counted, and listed."""
    server, store = filled
    with server.wire() as wire:
        before = wire.ask("FACT", "GET", "p")
        assert before["ignored"] == []
        write(store, "p", UNREADABLE)
        await_equal(lambda: sorted(wire.ask("FACT", "GET", "p")["ignored"]),
                    sorted(UNREADABLE), 2)
        after = wire.ask("FACT", "GET", "p")
        for part in ("attributes", "amounts", "terms"):
            assert after[part] == before[part]
        assert wire.ask("TIER", "p") == "none"
        assert isinstance(wire.ask("FACT", "SET", "p", "csat", "5"), int)
    hash = store.hgetall("palier:{demo}:partner:p")
    assert UNREADABLE.items() <= hash.items()


def test_a_hash_that_is_no_hash(pair):
    server, store = pair
    store.set("palier:{demo}:partner:odd", "text")
    with server.wire() as wire:
        assert isinstance(wire.ask("TIER", "odd"), (Refusal, type(None)))
        refusal = wire.ask("FACT", "SET", "odd", "kind", "reseller")
        assert isinstance(refusal, Refusal)
        assert wire.ask("PING") == "PONG"
    assert store.get("palier:{demo}:partner:odd") == "text"


def test_a_partner_larger_than_a_listpack(pair):
    """Two thousand entries: no array of ours is too small."""
    server, store = pair
    write(store, "big", {"attr:kind": "reseller"} | {
        f"sum:revenue:EUR:2026-0{1 + n % 6}-{1 + n % 28:02}:deal=D-{n}": 1
        for n in range(20000)} | {
        f"has:training/sales:p{n}:2026-01-01": "///" for n in range(5000)})
    with server.wire() as wire:
        await_equal(lambda: wire.ask("TIER", "big"), "none")
        got = wire.ask("EXPLAIN", "big", "FOR", "gold")
        assert got["requirements"][0]["have"] == "200.00"
        assert got["requirements"][1]["have"] == 5000
        assert len(wire.ask("FACT", "GET", "big")["amounts"]) == 20000


# --- an existing Redis -----------------------------------------------------


def test_its_password(stage, redis_server):
    redis_server.client().config_set("requirepass", "hush")
    url = f"redis://:hush@127.0.0.1:{redis_server.port}"
    server = stage.server(redis=url)
    with server.wire() as wire:
        assert isinstance(
            wire.ask("FACT", "SET", "p", "kind", "reseller"), int)
        assert wire.ask("TIER", "p") == "none"
    assert "hush" not in server.log()


def test_over_its_unix_socket(stage):
    private = stage.server()
    path = os.path.join(private.data, "redis.sock")
    server = stage.server(redis=f"unix:{path}")
    with server.wire() as wire, private.wire() as other:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        await_equal(lambda: other.ask("TIER", "p"), "none", 2)


def test_it_is_left_running(stage, redis_server):
    server = stage.server(redis=redis_server)
    server.stop()
    assert redis_server.client().ping()


def test_info_reports_the_durability_found_there(stage, redis_server):
    """Promises are worded by what that Redis does, not by what it might."""
    server = stage.server(redis=redis_server)
    with server.wire() as wire:
        lax = wire.ask("INFO", "persistence")
        redis_server.client().config_set("appendonly", "yes")
        redis_server.client().config_set("appendfsync", "always")
        again = stage.server(redis=redis_server)
        with again.wire() as other:
            assert other.ask("INFO", "persistence") != lax


def test_scripts_lost_by_a_restart_are_loaded_again(filled):
    server, store = filled
    with server.wire() as wire:
        for _ in range(3):
            store.script_flush()
            assert isinstance(
                wire.ask("FACT", "ADD", "p", "revenue", "1"), int)


def test_no_redis_there(stage):
    """It starts, or says that it cannot; it never hangs or crashes."""
    try:
        server = stage.server(redis="redis://127.0.0.1:1")
    except (Ended, AssertionError) as end:
        if isinstance(end, Ended):
            assert end.code == 1 and "127.0.0.1:1" in end.log
            return
        raise
    with server.wire() as wire:
        assert wire.ask("TIER", "p").word in ("UNAVAILABLE", "LOADING")


# --- bad days --------------------------------------------------------------


def test_a_silent_redis_makes_answers_stale_and_then_unavailable(
        stage, redis_server):
    server = stage.server(redis=redis_server, args=["--max-stale", "6"])
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        wire.ask("FACT", "ADD", "p", "revenue", "60000")
        wire.ask("FACT", "SET", "unasked", "kind", "reseller")
        # the echo of our own writes may still drop what was just cached
        assert stays(lambda: wire.ask("TIER", "p") == "silver", 0.3)
        fresh = wire.ask("STANDING", "p")
        assert fresh["stale"] is False
        redis_server.signal(signal.SIGSTOP)
        try:
            seen = []

            def ask():
                reply = wire.ask("STANDING", "p")
                told = (reply.word if isinstance(reply, Refusal)
                        else reply["stale"])
                if not seen or seen[-1] != told:
                    seen.append(told)
                if isinstance(reply, dict):
                    assert {**reply, "stale": False} == fresh
                return told

            await_(lambda: ask() is True, 10, server.log)
            assert wire.ask("TIER", "p") == "silver"
            assert wire.ask("MTIER", "p") == ["silver"]
            assert wire.ask("TIER", "never seen").word == "UNAVAILABLE"
            assert wire.ask("FACT", "ADD", "p", "revenue", "1",
                            "ID", "x").word == "UNAVAILABLE"
            await_(lambda: ask() == "UNAVAILABLE", 15, server.log)
            assert seen == [False, True, "UNAVAILABLE"]
            assert wire.ask("TIER", "p").word == "UNAVAILABLE"
            assert wire.ask("PING") == "PONG"
        finally:
            redis_server.signal(signal.SIGCONT)
        await_(lambda: ask() is False, 20, server.log)
        # nobody knows whether that change was made; the same id settles it
        assert isinstance(wire.ask("FACT", "ADD", "p", "revenue", "1", "ID",
                                   "x"), int)
        got = wire.ask("FACT", "GET", "p")
        assert got["amounts"][0]["amount"] == "60001.00"


def test_what_changed_while_redis_was_away_is_not_missed(stage, redis_server):
    """The feed was cut, nobody told us; once back, old answers are gone."""
    server = stage.server(redis=redis_server)
    store = redis_server.client()
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        assert wire.ask("TIER", "p") == "none"
        for n in range(5):
            with store.pipeline(transaction=True) as pipeline:
                pipeline.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
                pipeline.execute_command("CLIENT", "KILL", "TYPE", "normal",
                                         "SKIPME", "yes")
                cents = 5000000 if n % 2 == 0 else 0
                pipeline.hset("palier:{demo}:partner:p",
                              "sum:revenue:EUR:2026-03-01", cents)
                pipeline.hincrby("palier:{demo}:partner:p", "ver", 1)
                pipeline.execute()
            expected = "silver" if n % 2 == 0 else "none"
            await_equal(lambda: wire.ask("TIER", "p"), expected, 10)
            await_(lambda: wire.ask("STANDING", "p")["stale"] is False)


def test_a_killed_redis(stage):
    """--redis is not ours to restart: stale, and well again once it is
    back."""
    redis = stage.redis()
    server = stage.server(redis=redis, scripts=HOUSE)
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        assert stays(lambda: wire.ask("TIER", "p") == "none", 0.3)
        redis.kill()
        assert wire.ask("TIER", "p") == "none"
        assert wire.ask("TIER", "other").word == "UNAVAILABLE"
        stage.redis(port=redis.port)
        await_equal(lambda: wire.ask("TIER", "other"), None, 20)
        await_equal(lambda: wire.ask("TIER", "p"), None, 20)
