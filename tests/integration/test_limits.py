# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Those who ask too much, too fast, or do not listen."""
import socket
import threading
import time

import pytest

from support.waiting import await_, await_equal
from support.wire import Closed, Reader, Refusal, Wire, encode


@pytest.fixture
def busy(server):
    """A server with partner p."""
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller", "ON", "2026-01-01")
        wire.ask("FACT", "ADD", "p", "revenue", "60000", "ON", "2026-03-01")
    return server


def resident_mib(server):
    with open(f"/proc/{server.pid}/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / 1024
    raise AssertionError("no VmRSS")


class Flood(threading.Thread):
    """Sends without reading, as fast as it is read from."""

    def __init__(self, server, piece, times):
        super().__init__(daemon=True)
        self.sock = socket.create_connection(server.address)
        self.piece, self.times = piece, times
        self.sent = 0
        self.error = None

    def run(self):
        try:
            for _ in range(self.times):
                self.sock.sendall(self.piece)
                self.sent += 1
        except OSError as error:
            self.error = error

    def is_stuck(self):
        before = self.sent
        time.sleep(0.3)
        return self.sent == before


def test_one_who_does_not_read_is_not_read_from(busy):
    """The server stops reading; it does not hold all the replies."""
    before = resident_mib(busy)
    text = "x" * 10_000
    flood = Flood(busy, encode("ECHO", text), 5_000)
    flood.start()
    await_(flood.is_stuck, 60)
    assert flood.sent < 5_000, "all 50 MB were taken"
    assert resident_mib(busy) - before < 32
    with busy.wire() as other:
        for _ in range(100):
            assert other.ask("TIER", "p") == "silver"
    # and once it reads, it gets all replies, whole and in order
    flood.sock.settimeout(60)
    reader = Reader(flood.sock)
    for _ in range(5_000):
        assert reader.value() == text
    flood.join()
    assert flood.error is None
    flood.sock.close()


def test_slow_readers_of_large_answers(busy):
    """Many replies, each larger than its request, read byte by byte first."""
    requests = 20_000
    flood = Flood(busy, encode("STANDING", "p") * 100, requests // 100)
    flood.start()
    with busy.wire() as other:
        for _ in range(200):
            assert other.ask("TIER", "p") == "silver"
    flood.sock.settimeout(60)
    first = b"".join(flood.sock.recv(1) for _ in range(50))
    reader = Reader(flood.sock)
    reader.buffer = first
    for _ in range(requests):
        assert reader.value()[3] == "silver"
    flood.join()
    flood.sock.close()


def test_many_connections(busy):
    wires = [busy.wire(proto=2) for _ in range(200)]
    try:
        for wire in wires:
            wire.send(encode("TIER", "p"))
        for wire in wires:
            assert wire.reader.value() == "silver"
    finally:
        for wire in wires:
            wire.close()
    with busy.wire() as wire:
        def clients():
            text = wire.ask("INFO", "clients")
            return int(text.split("connected_clients:")[1].split("\r")[0])

        await_equal(clients, 1)


def test_those_who_hang_up_in_the_middle(busy):
    """Half commands, unread replies, replies still being fetched."""
    for raw in (b"*2\r\n$4\r\nTI", b"*", encode("STANDING", "p") * 1000,
                encode("TIER", "nobody") * 1000,
                b"".join(encode("TIER", f"new{n}") for n in range(1000)),
                encode("FACT", "ADD", "p", "revenue", "0") * 200):
        for _ in range(5):
            sock = socket.create_connection(busy.address)
            sock.sendall(raw)
            # a reset rather than an orderly end
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                            b"\1\0\0\0\0\0\0\0")
            sock.close()
    with busy.wire() as wire:
        assert wire.ask("TIER", "p") == "silver"
        await_(lambda: isinstance(
            wire.ask("FACT", "ADD", "p", "revenue", "0"), int))


def test_half_closed_clients_get_their_answers(busy):
    """`printf ... | nc`: the client ends its side and still reads."""
    with busy.wire(proto=2) as wire:
        wire.send(b"PING\r\nTIER p\r\nTIER nobody\r\n")
        wire.sock.shutdown(socket.SHUT_WR)
        want = b"+PONG\r\n$6\r\nsilver\r\n$-1\r\n"
        assert wire.reader.exactly(len(want)) == want
        assert wire.is_closed()


@pytest.mark.parametrize("length", [1048577, 99999999999])
def test_oversized_arguments_end_the_connection(busy, length):
    with busy.wire(proto=2) as wire:
        wire.send(b"*2\r\n$4\r\nECHO\r\n$%d\r\n" % length)
        refusal = wire.reader.value()
        assert isinstance(refusal, Refusal)
        assert refusal.startswith("ERR Protocol error: ")
        assert wire.is_closed()
    with busy.wire() as wire:
        assert wire.ask("TIER", "p") == "silver"


def test_a_command_beyond_sixteen_mebibytes(busy):
    """Each argument is allowed, all of them together are not."""
    argument = b"$1048576\r\n" + b"x" * 1048576 + b"\r\n"
    with busy.wire(proto=2) as wire:
        try:
            wire.send(b"*21\r\n$5\r\nMTIER\r\n")
            for _ in range(20):
                wire.send(argument)
            assert isinstance(wire.reader.value(), Refusal)
        except (ConnectionResetError, BrokenPipeError, Closed):
            pass
        assert wire.is_closed()
    with busy.wire() as wire:
        assert wire.ask("TIER", "p") == "silver"


def test_many_arguments(busy):
    with busy.wire() as wire:
        assert wire.ask("MTIER", *["p"] * 20_000) == ["silver"] * 20_000
        words = []
        for n in range(5000):
            words += [f"l{n}", "x"]
        refusal = wire.ask("FACT", "ADD", "p", "revenue", "1", "WITH", *words)
        assert isinstance(refusal, Refusal) and refusal.word == "INVALID"
        assert wire.ask("STANDING", "p" * 100_000).word in (
            "INVALID", "NOPARTNER")
        assert wire.ask("PING") == "PONG"


def test_a_pipeline_longer_than_all_buffers(busy):
    """100,000 questions in one go, read while they are sent."""
    requests = 100_000
    flood = Flood(busy, encode("TIER", "p") * 1000, requests // 1000)
    flood.sock.settimeout(120)
    flood.start()
    reader = Reader(flood.sock)
    for _ in range(requests):
        assert reader.value() == "silver"
    flood.join()
    flood.sock.close()


def test_a_small_cache_still_answers_truly(stage):
    """Far less memory than partners: what is forgotten is fetched again."""
    server = stage.server(args=["--cache", "65536"])
    names = [f"c{n}" for n in range(1000)]
    with server.wire() as wire:
        for n, name in enumerate(names):
            wire.ask("FACT", "SET", name, "kind", "reseller")
            if n % 2:
                wire.ask("FACT", "ADD", name, "revenue", "60000")
        expected = ["silver" if n % 2 else "none" for n in range(1000)]
        for _ in range(3):
            assert wire.ask("MTIER", *names) == expected
            assert wire.pipeline([["TIER", n] for n in names]) == expected


def test_connections_beyond_the_cap_are_told(stage):
    """Ulimit's worth of files is not the server's end."""
    server = stage.server()
    socks = []
    try:
        for _ in range(1500):
            socks.append(socket.create_connection(server.address, timeout=30))
    finally:
        for sock in socks:
            sock.close()

    def answers():
        try:
            with Wire(server.address, timeout=5) as wire:
                return wire.ask("PING") == "PONG"
        except (Closed, OSError):
            return False

    await_(answers, 20, server.log)
