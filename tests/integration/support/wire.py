# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""A Redis client that hides nothing: the tests see the exact words of an
error, the protocol's own types, and bytes where they ask for them.

Values: bulk and simple strings are str, integers int, nil None, booleans bool,
maps dict (in the order sent), arrays list, errors Refusal."""
import socket

TIMEOUT = 30.0


class Refusal(str):
    """An error reply, whole: "INVALID on: ..."."""

    @property
    def word(self):
        return self.split(" ", 1)[0]


class Closed(Exception):
    """The server ended the connection."""


def encode(*words):
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        raw = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(raw), raw))
    return b"".join(parts)


class Reader:
    """Replies out of a socket's bytes."""

    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""
        self.at = 0

    def more(self):
        piece = self.sock.recv(1 << 16)
        if not piece:
            raise Closed()
        self.buffer = self.buffer[self.at :] + piece
        self.at = 0

    def line(self):
        while True:
            end = self.buffer.find(b"\r\n", self.at)
            if end >= 0:
                line = self.buffer[self.at : end]
                self.at = end + 2
                return line
            self.more()

    def exactly(self, n):
        while len(self.buffer) - self.at < n:
            self.more()
        taken = self.buffer[self.at : self.at + n]
        self.at += n
        return taken

    def bulk(self, n):
        if n < 0:
            return None
        text = self.exactly(n)
        assert self.exactly(2) == b"\r\n"
        return text.decode("utf-8", "surrogateescape")

    def value(self):
        line = self.line()
        kind, rest = line[:1], line[1:].decode("utf-8", "surrogateescape")
        if kind == b"+":
            return rest
        if kind == b"-":
            return Refusal(rest)
        if kind == b":":
            return int(rest)
        if kind == b"$":
            return self.bulk(int(rest))
        if kind in (b"*", b">", b"~"):
            return self.array(int(rest))
        if kind == b"%":
            return self.map(int(rest))
        if kind == b"_":
            return None
        if kind == b"#":
            return {"t": True, "f": False}[rest]
        if kind == b"=":
            return self.bulk(int(rest))[4:]
        if kind == b",":
            return float(rest)
        raise AssertionError(f"no reply begins with {line!r}")

    def array(self, n):
        return None if n < 0 else [self.value() for _ in range(n)]

    def map(self, n):
        result = {}
        for _ in range(n):
            key = self.value()
            assert key not in result, f"twice in one map: {key}"
            result[key] = self.value()
        return result


class Wire:
    """One connection. `address` is (host, port) or a socket's path."""

    def __init__(self, address, proto=2, password=None, timeout=TIMEOUT):
        if isinstance(address, str):
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(timeout)
            self.sock.connect(address)
        else:
            self.sock = socket.create_connection(address, timeout=timeout)
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = Reader(self.sock)
        if password is not None:
            assert self.ask("AUTH", password) == "OK"
        if proto == 3:
            assert self.ask("HELLO", "3")["proto"] == 3

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.sock.close()

    def send(self, raw):
        self.sock.sendall(raw)

    def ask(self, *words):
        self.send(encode(*words))
        return self.reader.value()

    def pipeline(self, requests):
        """All at once, then all replies, in the order they came."""
        self.send(b"".join(encode(*words) for words in requests))
        return [self.reader.value() for _ in requests]

    def bytes_of(self, raw, want):
        """Sends raw bytes and gives as many reply bytes as `want` has."""
        self.send(raw)
        return self.reader.exactly(len(want))

    def is_closed(self):
        """True once the server has ended the connection; bytes before its end
        are dropped."""
        try:
            while True:
                self.reader.more()
        except (Closed, ConnectionResetError, BrokenPipeError):
            return True
        except socket.timeout:
            return False


def as_map(flat):
    """A map as RESP2 sends it."""
    assert len(flat) % 2 == 0
    return dict(zip(flat[::2], flat[1::2]))
