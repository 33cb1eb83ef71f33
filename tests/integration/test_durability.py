# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""What was acknowledged is kept, whoever dies; and how servers end."""
import os
import signal
import socket
import threading
import time

import pytest

from support.process import Ended
from support.waiting import await_, await_equal, stays
from support.wire import Closed, Refusal, Wire, encode


def redis_pid(server):
    return server.store().info("server")["process_id"]


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # before or while read
        return False


class Writer(threading.Thread):
    """Adds to one partner until it is told to end or cut off, and knows what
    was acknowledged."""

    def __init__(self, server, partner, depth):
        super().__init__()
        self.server, self.partner, self.depth = server, partner, depth
        self.acknowledged, self.sent = set(), set()
        self.ending = threading.Event()
        with server.wire() as wire:
            wire.ask("FACT", "SET", partner, "kind", "reseller")

    def run(self):
        n = 0
        try:
            with self.server.wire() as wire:
                while not self.ending.is_set():
                    ids = [f"{n + i}" for i in range(self.depth)]
                    n += self.depth
                    self.sent.update(ids)
                    wire.send(b"".join(
                        encode("FACT", "ADD", self.partner, "revenue", "1",
                               "ON", "2026-03-01", "ID", i) for i in ids))
                    for i in ids:
                        if not isinstance(wire.reader.value(), Refusal):
                            self.acknowledged.add(i)
        except (Closed, OSError):
            pass


def answered(wire, *words):
    reply = wire.ask(*words)
    if isinstance(reply, Refusal):
        assert reply.word == "UNAVAILABLE"
        return None
    return reply


def check_kept(server, writers):
    with server.wire() as wire:
        for writer in writers:
            kept = set(server.store().hkeys(
                server.key(f"seen:{writer.partner}")))
            assert writer.acknowledged, "nothing was acknowledged"
            assert writer.acknowledged <= kept
            assert kept <= writer.sent
            # after a death, each worker comes back in its own time
            got = await_(lambda: answered(wire, "FACT", "GET",
                                          writer.partner), 30, server.log)
            entry, = got["amounts"]
            # identity, sum, count, ver and ledger moved together
            assert entry["count"] == len(kept)
            assert entry["amount"] == f"{len(kept)}.00"
            log = wire.ask("FACT", "LOG", writer.partner, "COUNT", "10000")
            assert len(log) == min(len(kept) + 1, 10000)
            assert log[0]["ver"] == got["ver"]


@pytest.mark.parametrize("depth", [1, 50])
def test_kill_9_of_the_server_keeps_what_was_acknowledged(stage, depth):
    server = stage.server()
    writers = [Writer(server, f"p{n}", depth) for n in range(3)]
    for writer in writers:
        writer.start()
    await_(lambda: all(len(w.acknowledged) > 100 for w in writers), 60)
    redis = redis_pid(server)
    server.kill()
    for writer in writers:
        writer.join()
    again = stage.server(data=server.data)
    check_kept(again, writers)
    await_(lambda: not is_alive(redis), what="the old Redis still runs")


def test_kill_9_of_redis_keeps_what_was_acknowledged(stage):
    server = stage.server()
    writers = [Writer(server, f"p{n}", 20) for n in range(3)]
    for writer in writers:
        writer.start()
    for _ in range(3):
        reached = [len(w.acknowledged) + 60 for w in writers]
        await_(lambda: all(len(w.acknowledged) > r
                           for w, r in zip(writers, reached)), 60,
               server.log)
        redis = redis_pid(server)
        os.kill(redis, signal.SIGKILL)
        await_(lambda: not is_alive(redis))
        await_(lambda: is_back(server, redis), 30, server.log)
    for writer in writers:
        writer.ending.set()
        writer.join()
    with server.wire() as wire:
        await_(lambda: wire.ask("TIER", "p0") == "none", 30)
    check_kept(server, writers)


def is_back(server, old):
    try:
        return redis_pid(server) != old
    except Exception:  # not there yet, or still loading
        return False


def test_answers_go_on_from_the_cache_while_redis_is_restarted(stage):
    server = stage.server()
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        # the echo of our own write may still drop what was just cached
        assert stays(lambda: wire.ask("TIER", "p") == "none", 0.3)
        old = redis_pid(server)
        os.kill(old, signal.SIGKILL)
        for _ in range(200):
            assert wire.ask("TIER", "p") == "none"
        await_(lambda: is_back(server, old), 30, server.log)
        ver = await_(lambda: answered(wire, "FACT", "ADD", "p", "revenue",
                                      "1"), 30, server.log)
        assert wire.ask("STANDING", "p")["ver"] == ver


def test_an_orderly_end_keeps_all_and_takes_redis_along(stage):
    server = stage.server()
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        wire.ask("FACT", "ADD", "p", "revenue", "60000")
    redis = redis_pid(server)
    assert server.stop() == 0
    assert not is_alive(redis)
    with stage.server(data=server.data).wire() as wire:
        assert wire.ask("TIER", "p") == "silver"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_both_signals_end_it(stage, number):
    server = stage.server()
    server.signal(number)
    assert server.child.wait(30) == 0


# --- the data folder -------------------------------------------------------


def test_a_data_folder_has_one_server(stage):
    server = stage.server()
    with pytest.raises(Ended) as end:
        stage.server(data=server.data)
    assert end.value.code == 1
    assert server.data in end.value.log
    with server.wire() as wire:
        assert wire.ask("PING") == "PONG"
        assert isinstance(
            wire.ask("FACT", "SET", "p", "kind", "reseller"), int)


def test_a_data_folder_that_cannot_be_made_is_named(stage):
    blocker = stage.folder / "file"
    blocker.write_text("")
    with pytest.raises(Ended) as end:
        stage.server(data=blocker / "data")
    assert end.value.code in (1, 2)
    assert str(blocker) in end.value.log


def test_a_port_in_use_is_named(stage, palier):
    server = stage.server()
    listen = f"127.0.0.1:{server.port}"
    ended = palier("serve", "--listen", listen, "--data",
                   stage.folder / "other", timeout=30)
    assert ended.returncode == 1
    assert listen in ended.stderr


def test_the_private_redis_is_private(stage):
    server = stage.server()
    store = server.store()
    assert store.config_get("port")["port"] == "0"
    assert store.config_get("appendfsync")["appendfsync"] == "always"
    assert store.config_get("appendonly")["appendonly"] == "yes"
    values = store.config_get("hash-max-listpack-*")
    assert values == {"hash-max-listpack-entries": "512",
                      "hash-max-listpack-value": "128"}
    path = os.path.join(server.data, "redis.sock")
    assert os.stat(path).st_mode & 0o077 == 0 or (
        os.stat(server.data).st_mode & 0o077 == 0)


# --- the end of connections ------------------------------------------------


def read_all(wire):
    values = []
    try:
        while True:
            values.append(wire.reader.value())
    except (Closed, ConnectionResetError):
        return values


def test_sigterm_finishes_what_was_asked(stage):
    """A pipeline that the server has begun is answered to its end."""
    server = stage.server()
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        wire.send(b"".join(
            encode("FACT", "ADD", "p", "revenue", "1", "ID", n)
            for n in range(100)))
        first = wire.reader.value()
        server.signal(signal.SIGTERM)
        assert [first] + read_all(wire) == list(range(first, first + 100))
    assert server.stop() == 0
    with stage.server(data=server.data).wire() as wire:
        assert wire.ask("FACT", "GET", "p")["amounts"][0]["count"] == 100


def test_sigterm_closes_idle_connections_and_the_door(stage):
    server = stage.server()
    with server.wire() as idle:
        assert idle.ask("PING") == "PONG"
        server.signal(signal.SIGTERM)
        assert idle.is_closed()
    with pytest.raises(OSError):
        # refused, or reset where it was still in the backlog
        with Wire(server.address, timeout=5) as late:
            while late.ask("PING"):
                time.sleep(0.01)
    assert server.stop() == 0


def test_sigterm_does_not_wait_for_ever_for_one_who_does_not_read(stage):
    server = stage.server()
    sock = socket.create_connection(server.address)
    sock.setblocking(False)
    piece = encode("ECHO", "x" * 100_000)
    with pytest.raises(BlockingIOError):
        while True:
            sock.send(piece)
    server.signal(signal.SIGTERM)
    assert server.stop() == 0
    sock.close()


def test_many_servers_on_one_redis(stage, redis_server):
    """Two of the same program see each other's facts; of two programs not."""
    one = stage.server(redis=redis_server)
    two = stage.server(redis=redis_server)
    other = stage.server(redis=redis_server, program="acme-emea")
    with one.wire() as a, two.wire() as b, other.wire() as c:
        a.ask("FACT", "SET", "p", "kind", "reseller")
        await_equal(lambda: b.ask("TIER", "p"), "none")
        a.ask("FACT", "ADD", "p", "revenue", "60000")
        await_equal(lambda: b.ask("TIER", "p"), "silver", 2)
        b.ask("FACT", "ADD", "p", "revenue", "-60000")
        await_equal(lambda: a.ask("TIER", "p"), "none", 2)
        assert c.ask("TIER", "p") is None
        assert c.ask("PARTNERS") == ["0", []]
