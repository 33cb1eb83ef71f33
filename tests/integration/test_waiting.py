# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Waiting: for room in the store, for a process that was stopped, for a peer
that still reads. Nobody waits for ever, nothing is believed that is too old,
and one who waits costs a bounded amount of memory."""
import pathlib
import re
import signal
import socket
import time

import pytest

from support.waiting import PATIENCE, await_, await_equal
from support.wire import Closed, Refusal, encode

ONE = ("--workers", "1")


@pytest.fixture
def slow(stage, redis_server):
    """A server with one worker on a Redis that can be put to sleep."""
    server = stage.server(redis=redis_server, args=ONE)
    with server.wire() as wire:
        wire.ask("FACT", "SET", "x", "kind", "reseller", "ON", "2026-01-01")
    return server, redis_server


def resident_kib(server):
    with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def is_stopped(server):
    """Every thread of it: a signal takes its time to reach them all."""
    states = []
    for stat in pathlib.Path(f"/proc/{server.pid}/task").glob("*/stat"):
        states.append(stat.read_text(encoding="ascii").rsplit(")", 1)[1][1])
    return set(states) == {"T"}


def asleep(redis, seconds):
    """Holds Redis up without ending it; returns when it sleeps."""
    sock = socket.create_connection(("127.0.0.1", redis.port))
    sock.sendall(encode("DEBUG", "SLEEP", str(seconds)))
    return sock


def test_who_waits_for_room_is_woken_by_any_call(slow):
    """More calls than the store takes at once, none of them a fetch."""
    server, redis = slow
    times = 1500
    wires = [server.wire() for _ in range(6)]
    with asleep(redis, 0.3):
        for wire in wires:
            wire.send(encode("FACT", "LOG", "x") * times)
        for wire in wires:
            for _ in range(times):
                assert isinstance(wire.reader.value(), list)
            wire.close()


def test_many_partners_at_once_wait_for_room(slow):
    server, redis = slow
    ids = [f"nobody{n}" for n in range(600)]
    wires = [server.wire() for _ in range(2)]
    crowd = [server.wire() for _ in range(6)]
    with asleep(redis, 0.3):
        for wire in crowd:
            wire.send(encode("FACT", "LOG", "x") * 1000)
        for wire in wires:
            wire.send(encode("MTIER", *ids))
        for wire in wires:
            assert wire.reader.value() == [None] * len(ids)
    for wire in wires + crowd:
        wire.close()


def as_fresh(standing):
    """The standing, unless it says of itself that it is not to be had, or
    old."""
    if isinstance(standing, Refusal):
        assert standing.word == "UNAVAILABLE"
        return None
    return None if standing["stale"] else standing


def test_what_was_heard_before_a_stop_is_not_believed_after_it(slow):
    """The process itself was stopped for longer than it may go unheard."""
    server, redis = slow
    key = "palier:{demo}:partner:x"
    with server.wire() as wire:
        await_equal(lambda: wire.ask("TIER", "x"), "none")
        for _ in range(3):
            wire.ask("TIER", "x")
        server.signal(signal.SIGSTOP)
        await_(lambda: is_stopped(server))
        began = time.monotonic()
        wire.send(encode("STANDING", "x"))
        pipe = redis.client().pipeline(transaction=True)
        pipe.hset(key, "sum:revenue:EUR:2026-03-01", 10_000_000)
        pipe.hincrby(key, "ver", 1)
        pipe.execute()
        await_(lambda: time.monotonic() - began > 3.5)
        server.signal(signal.SIGCONT)
        standing = wire.reader.value()
        if not as_fresh(standing):
            # the links had been silent too, and are being made anew
            standing = await_(lambda: as_fresh(wire.ask("STANDING", "x")))
        assert (standing["tier"], standing["ver"]) == ("silver", 2)


def test_long_replies_in_a_queue_are_bounded(stage):
    """A client that asks a thousand times for much, and never reads."""
    server = stage.server(args=ONE)
    with server.wire() as wire:
        wire.ask("FACT", "SET", "big", "kind", "reseller")
        replies = wire.pipeline(
            ["FACT", "GRANT", "big", "training/sales", f"person{n}"]
            for n in range(3000))
        assert all(isinstance(reply, int) for reply in replies)
    before = resident_kib(server)
    with server.wire() as greedy, server.wire() as other:
        greedy.send(encode("FACT", "GET", "big") * 1000)
        for _ in range(50):
            assert other.ask("TIER", "big") == "none"
        # A reply has about 0.5 MiB, a thousand of them would have 500.
        assert resident_kib(server) - before < 150 * 1024


def test_all_replies_arrive_though_more_was_sent_behind_the_end(stage):
    """Closing with unread input must not throw replies away."""
    server = stage.server(args=ONE)
    with server.wire() as wire:
        text = "x" * 60_000
        wire.send(encode("ECHO", text) * 30 + encode("QUIT"))
        try:
            wire.send(encode("PING") * 40_000)
        except (ConnectionResetError, BrokenPipeError):
            pass
        for _ in range(30):
            assert wire.reader.value() == text
        assert wire.reader.value() == "OK"
        assert wire.is_closed()


def test_what_was_sent_before_the_end_is_answered(stage):
    """SIGTERM while a long pipeline of changes is under way."""
    server = stage.server(args=ONE)
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        times = 3000
        wire.send(encode("FACT", "ADD", "p", "revenue", "1") * times)
        assert isinstance(wire.reader.value(), int)
        server.signal(signal.SIGTERM)
        got = 1
        try:
            while got < times:
                assert isinstance(wire.reader.value(), int)
                got += 1
        except Closed:
            pass
        assert got == times


def test_a_reading_of_the_day_since_long_ago_does_not_hold_up_others(stage):
    page = """
program { name = "p", currency = "EUR", timezone = "UTC",
          languages = { "en" } }
metric "odd" { of = function(p) local n = 0
  for i = 1, 5000 do n = n + 1 end
  if p.day < "2026-01-01" then return 1 end return n end }
tier "gold" { margin = percent(20), needs = { odd = 2 } }
movement { up = "at once", down = "at once" }
"""
    server = stage.server(scripts=page, args=ONE)
    with server.wire() as wire, server.wire() as other:
        wire.ask("FACT", "SET", "old", "kind", "reseller", "ON", "0001-01-01")
        assert wire.ask("TIER", "old") == "gold"
        wire.send(encode("STANDING", "old", "ASOF", "9999-12-31"))
        other.sock.settimeout(10 * PATIENCE)
        assert other.ask("PING") == "PONG"
        refusal = wire.reader.value()
        assert refusal.word == "BUDGET"
