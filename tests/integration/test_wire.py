# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""The protocol: what any Redis client may say before it asks about partners.
Where Redis has an answer of its own, a real Redis is asked the same."""
import re

import pytest

from support.wire import Closed, Refusal, Wire, as_map, encode


@pytest.fixture(scope="module")
def real_redis(module_stage):
    return module_stage.redis()


@pytest.fixture
def both(shared_server, real_redis):
    """The same RESP2 conversation with Redis and with us."""
    ours = Wire(shared_server.address)
    theirs = Wire(("127.0.0.1", real_redis.port))
    yield theirs, ours
    ours.close()
    theirs.close()


AS_REDIS = [
    ["PING"],
    ["ping"],
    ["PING", "hello there"],
    ["PING", ""],
    ["PING", "a", "b"],
    ["ECHO", "hello"],
    ["ECHO", ""],
    ["ECHO"],
    ["ECHO", "a", "b"],
    ["SELECT", "0"],
    ["SELECT", "abc"],
    ["SELECT"],
    ["HELLO", "1"],
    ["HELLO", "4"],
    ["HELLO", "abc"],
    ["AUTH"],
    ["AUTH", "secret"],
    ["AUTH", "default", "secret", "more"],
    ["CLIENT"],
    ["CLIENT", "GETNAME"],
    ["CLIENT", "GETNAME", "x"],
    ["CLIENT", "SETNAME"],
    ["CLIENT", "SETNAME", "with space"],
    ["CLIENT", "NONSENSE"],
    ["CLIENT", "ID", "x"],
    ["COMMAND", "NONSENSE"],
    ["CONFIG", "NONSENSE"],
    ["CONFIG"],
    ["TIME", "x"],
    ["RESET"],
    ["NOSUCHTHING"],
    ["NoSuchThing", "a", "b c"],
    ["QUIT"],
]


@pytest.mark.parametrize("words", AS_REDIS, ids=lambda w: " ".join(w)[:30])
def test_answers_as_redis_does(both, words):
    theirs, ours = both
    assert ours.ask(*words) == theirs.ask(*words)


@pytest.mark.parametrize(
    "words", [["nosuchthing", "x" * 200, "y"], ["nosuch\r\nthing", "a\r\nb"],
              ["x" * 10000], ["nosuch", *["y"] * 1000], [""]],
    ids=["long", "control", "longer", "many", "empty"])
def test_unknown_commands_are_told_in_one_line(both, words):
    """As clients look for it; what does not fit is cut."""
    for wire in both:
        refusal = wire.ask(*words)
        assert refusal.startswith("ERR unknown command '")
        assert not re.search(r"[\r\n]", refusal)
        assert len(refusal) < 1024
        assert wire.ask("PING") == "PONG"


# What real Redis answers and then ends the connection.
BROKEN = [
    b"*-10\r\n",
    b"*3000000000\r\n",
    b"*abc\r\n",
    b"*1\r\nfoo\r\n",
    b"*1\r\n$-10\r\n",
    b"*1\r\n$2000000000000000000\r\n",
    b"*1\r\n$abc\r\n",
    b'*3\r\n$3\r\nSET\r\n$1\r\nx\r\nfooz\r\n',
    b'PING "unbalanced\r\n',
    b"PING 'unbalanced\r\n",
    b'PING "a"b\r\n',
]


@pytest.mark.parametrize("raw", BROKEN, ids=lambda raw: repr(raw)[2:30])
def test_broken_protocol_as_redis(both, raw):
    for wire in both:
        wire.send(raw)
    theirs, ours = both
    expected = theirs.reader.value() if raw != b"*-10\r\n" else None
    if expected is None:
        # Redis takes a negative count as an empty command.
        ours.send(encode("PING"))
        assert ours.reader.value() == "PONG"
        return
    assert isinstance(expected, Refusal)
    assert ours.reader.value() == expected
    assert ours.is_closed()


@pytest.mark.parametrize(
    "raw",
    [b"a" * (80 * 1024), b"*" + b"1" * (80 * 1024),
     b"*1\r\n$" + b"1" * (80 * 1024), b"\0" + b"x" * (80 * 1024)],
    ids=["inline", "count", "length", "nul"],
)
def test_endless_lines_end_the_connection(both, raw):
    for wire in both:
        try:
            wire.send(raw)
            refusal = wire.reader.value()
            assert refusal.startswith("ERR Protocol error: ")
        except (ConnectionResetError, BrokenPipeError, Closed):
            pass
        assert wire.is_closed()


@pytest.mark.parametrize("raw", [b"POST / HTTP/1.1\r\n", b"Host: x\r\n"])
def test_http_is_shown_the_door(shared_server, raw):
    with Wire(shared_server.address) as wire:
        wire.send(raw)
        assert wire.is_closed()
    with Wire(shared_server.address) as wire:
        assert wire.ask("PING") == "PONG"


def test_a_bulk_beyond_one_mebibyte_is_refused(shared_server):
    with Wire(shared_server.address) as wire:
        wire.send(b"*2\r\n$4\r\nECHO\r\n$1048577\r\n")
        assert wire.reader.value() == "ERR Protocol error: invalid bulk length"
        assert wire.is_closed()


def test_a_bulk_of_one_mebibyte_is_taken(shared_server):
    text = "x" * (1 << 20)
    with Wire(shared_server.address) as wire:
        assert wire.ask("ECHO", text) == text


INLINE = [
    (b"PING\r\n", b"+PONG\r\n"),
    (b"PING\n", b"+PONG\r\n"),
    (b"  ping   hello  \r\n", b"$5\r\nhello\r\n"),
    (b'ECHO "a b"\r\n', b"$3\r\na b\r\n"),
    (b"ECHO 'a b'\r\n", b"$3\r\na b\r\n"),
    (b'ECHO "\\x41\\n\\"q\\""\r\n', b'$5\r\nA\n"q"\r\n'),
    (b"ECHO 'it\\'s'\r\n", b"$4\r\nit's\r\n"),
    (b'ECHO ""\r\n', b"$0\r\n\r\n"),
    (b"\r\n\r\nPING\r\n", b"+PONG\r\n"),
    (b"*0\r\nPING\r\n", b"+PONG\r\n"),
    (b"PING\r\n*1\r\n$4\r\nPING\r\nPING\r\n", b"+PONG\r\n" * 3),
    (b"TIER nobody\r\n", b"$-1\r\n"),
    (b"MTIER nobody noone\r\n", b"*2\r\n$-1\r\n$-1\r\n"),
    (b"HELLO 3\r\nTIER nobody\r\n", None),
]


@pytest.mark.parametrize(("raw", "want"), INLINE, ids=lambda v: repr(v)[2:30])
def test_inline(shared_server, raw, want):
    with Wire(shared_server.address) as wire:
        if want is not None:
            assert wire.bytes_of(raw, want) == want
            return
        wire.send(raw)
        assert wire.reader.value()["proto"] == 3
        assert wire.reader.exactly(3) == b"_\r\n"


def test_bytes_in_any_pieces(shared_server):
    """However a client's bytes are cut, the replies are the same."""
    raw = encode("ECHO", "abc") + b"PING\r\n" + encode("ECHO", "x\r\ny")
    want = b"$3\r\nabc\r\n+PONG\r\n$4\r\nx\r\ny\r\n"
    with Wire(shared_server.address) as wire:
        for cut in range(1, len(raw)):
            wire.send(raw[:cut])
            assert wire.bytes_of(raw[cut:], want) == want
        for byte in range(len(raw)):
            wire.send(raw[byte : byte + 1])
        assert wire.reader.exactly(len(want)) == want


def test_hello_2_and_3(shared_server):
    with Wire(shared_server.address) as wire:
        flat = wire.ask("HELLO")
        assert as_map(flat)["proto"] == 2
        flat = wire.ask("HELLO", "2")
        reply = as_map(flat)
        for key in ("server", "version", "proto", "id", "mode", "role",
                    "modules"):
            assert key in reply
        assert reply["proto"] == 2
        assert reply["modules"] == []
        assert isinstance(reply["id"], int)
        reply = wire.ask("HELLO", "3")
        assert isinstance(reply, dict)
        assert list(reply)[:3] == ["server", "version", "proto"]
        assert reply["proto"] == 3
        assert isinstance(wire.ask("HELLO"), dict)
        assert as_map(wire.ask("HELLO", "2"))["proto"] == 2


def test_hello_setname(shared_server):
    with Wire(shared_server.address) as wire:
        assert wire.ask("HELLO", "3", "SETNAME", "crm")["proto"] == 3
        assert wire.ask("CLIENT", "GETNAME") == "crm"
        refusal = wire.ask("HELLO", "3", "NONSENSE")
        assert isinstance(refusal, Refusal) and refusal.word == "ERR"


def test_a_refused_hello_changes_nothing(shared_server):
    with Wire(shared_server.address) as wire:
        assert wire.ask("HELLO", "9").word == "NOPROTO"
        assert isinstance(wire.ask("HELLO"), list)


def test_client_commands(shared_server):
    with Wire(shared_server.address) as one, \
            Wire(shared_server.address) as two:
        assert one.ask("CLIENT", "GETNAME") is None
        assert one.ask("CLIENT", "SETNAME", "crm") == "OK"
        assert one.ask("CLIENT", "GETNAME") == "crm"
        assert two.ask("CLIENT", "GETNAME") is None
        ids = [wire.ask("CLIENT", "ID") for wire in (one, two)]
        assert all(isinstance(n, int) for n in ids) and ids[0] != ids[1]
        assert one.ask("CLIENT", "ID") == ids[0]
        info = one.ask("CLIENT", "INFO")
        assert f"id={ids[0]} " in info and "name=crm" in info
        assert one.ask("CLIENT", "SETINFO", "LIB-NAME", "tests") == "OK"
        assert one.ask("CLIENT", "SETINFO", "LIB-VER", "1.0") == "OK"
        assert one.ask("CLIENT", "SETNAME", "") == "OK"
        assert one.ask("CLIENT", "GETNAME") is None


def test_select_has_one_database(shared_server):
    with Wire(shared_server.address) as wire:
        assert wire.ask("SELECT", "0") == "OK"
        refusal = wire.ask("SELECT", "99")
        assert refusal == "ERR DB index is out of range"


def test_reset_forgets_the_conversation(shared_server):
    with Wire(shared_server.address) as wire:
        wire.ask("HELLO", "3", "SETNAME", "crm")
        assert wire.ask("RESET") == "RESET"
        assert wire.ask("CLIENT", "GETNAME") is None
        assert isinstance(wire.ask("HELLO"), list)


def test_quit_ends_after_its_reply(shared_server):
    with Wire(shared_server.address) as wire:
        wire.send(b"PING\r\nQUIT\r\nPING\r\n")
        assert wire.reader.exactly(12) == b"+PONG\r\n+OK\r\n"
        with pytest.raises((Closed, ConnectionResetError)):
            wire.reader.value()


def test_command_tables(shared_server):
    with Wire(shared_server.address) as wire:
        rows = wire.ask("COMMAND")
        names = {row[0] for row in rows}
        for name in ("tier", "mtier", "standing", "margin", "explain", "fact",
                     "partners", "policy", "ping", "echo", "hello", "auth",
                     "client", "select", "command", "info", "config", "time",
                     "reset", "quit"):
            assert name in names
        assert wire.ask("COMMAND", "COUNT") == len(rows)
        for row in rows:
            assert isinstance(row[1], int) and isinstance(row[2], list)
        arity = {row[0]: row[1] for row in rows}
        assert arity["mtier"] == -2 and arity["echo"] == 2
        some = wire.ask("COMMAND", "INFO", "tier", "nosuchthing", "ping")
        assert some[0][0] == "tier" and some[1] is None
        assert some[2][0] == "ping"


def test_every_command_is_documented(shared_server):
    with shared_server.wire() as wire:
        names = {row[0] for row in wire.ask("COMMAND")}
        docs = wire.ask("COMMAND", "DOCS")
        assert set(docs) == names
        for name, row in docs.items():
            assert row["summary"], name
        assert set(wire.ask("COMMAND", "DOCS", "tier")) == {"tier"}
        assert wire.ask("COMMAND", "DOCS", "nosuchthing") == {}


def test_every_command_checks_its_arity(shared_server):
    """Too few words: Redis's text, and the connection goes on."""
    with shared_server.wire() as wire:
        for row in wire.ask("COMMAND"):
            name, arity = row[0], row[1]
            if abs(arity) < 2:
                continue
            reply = wire.ask(name)
            assert reply == (
                f"ERR wrong number of arguments for '{name}' command"
            )
            assert wire.ask("PING") == "PONG"


def test_info(shared_server):
    with Wire(shared_server.address) as wire:
        text = wire.ask("INFO")
        for section in ("Server", "Clients", "Memory", "Persistence", "Stats"):
            assert f"# {section}\r\n" in text
        assert re.search(r"^redis_version:7\.\d+\.\d+\r$", text, re.M)
        assert "\r\nloading:0\r\n" in text
        assert re.search(r"^palier_\w+:", text, re.M)
        server = wire.ask("INFO", "server")
        assert "# Server" in server and "# Clients" not in server
        assert wire.ask("INFO", "nosuchsection") == ""


def test_info_is_verbatim_in_resp3(shared_server):
    with shared_server.wire() as wire:
        wire.send(encode("INFO", "server"))
        assert wire.reader.line().startswith(b"=")


def test_config_get(shared_server):
    with shared_server.wire() as wire:
        assert isinstance(wire.ask("CONFIG", "GET", "*"), dict)
        assert wire.ask("CONFIG", "GET", "nosuchsetting") == {}
        # redis-benchmark asks these two before it begins
        assert isinstance(wire.ask("CONFIG", "GET", "save"), dict)
        assert isinstance(wire.ask("CONFIG", "GET", "appendonly"), dict)


def test_time(shared_server):
    with Wire(shared_server.address) as wire:
        seconds, micros = wire.ask("TIME")
        assert int(seconds) > 1_700_000_000
        assert 0 <= int(micros) < 1_000_000


def test_pipelines_answer_in_order(shared_server):
    with Wire(shared_server.address) as wire:
        wanted = [["ECHO", str(n)] for n in range(2000)]
        assert wire.pipeline(wanted) == [words[1] for words in wanted]


def filled(server, names):
    with server.wire() as wire:
        return wire.pipeline([["FACT", "SET", name, "kind", "reseller"]
                              for name in names])


def test_order_holds_when_some_wait_for_the_store(shared_server):
    """Answers at hand must not overtake those still being fetched."""
    names = [f"order{n}" for n in range(100)]
    filled(shared_server, names)
    with shared_server.wire() as wire:
        requests, expected = [], []
        for name in names:
            requests += [["ECHO", name], ["STANDING", name], ["TIER", name]]
            expected += [name, name, "none"]
        replies = wire.pipeline(requests)
        told = [r["partner"] if isinstance(r, dict) else r for r in replies]
        assert told == expected


def test_whoever_is_answered_pong_is_served(stage):
    """No UNAVAILABLE for those who come first."""
    for _ in range(5):
        server = stage.server(args=["--workers", "4"])
        for client in range(8):
            replies = filled(server, [f"{client}.{n}" for n in range(5)])
            assert all(isinstance(reply, int) for reply in replies), replies


def test_a_refusal_does_not_break_a_pipeline(shared_server):
    with shared_server.wire() as wire:
        replies = wire.pipeline([
            ["PING"], ["NOSUCHTHING"], ["STANDING", "nobody"], ["TIER"],
            ["FACT", "ADD", "nobody", "revenue", "5"], ["PING"],
        ])
        words = [getattr(reply, "word", reply) for reply in replies]
        assert words == ["PONG", "ERR", "NOPARTNER", "ERR", "NOPARTNER",
                         "PONG"]


def test_the_same_answer_in_both_protocols(shared_server, partner):
    with shared_server.wire() as wire:
        new = wire.ask("STANDING", partner)
    with Wire(shared_server.address) as wire:
        flat = wire.ask("STANDING", partner)
        assert isinstance(flat, list)
        old = as_map(flat)
    assert list(old) == list(new)
    assert old["stale"] == 0 and old["stale"] is not False
    assert new["stale"] is False
    assert {k: v for k, v in old.items() if k != "stale"} == {
        k: v for k, v in new.items() if k != "stale"}


def test_resp3_bytes(shared_server, partner):
    with Wire(shared_server.address) as wire:
        wire.ask("HELLO", "3")
        want = b"%11\r\n$7\r\npartner\r\n"
        assert wire.bytes_of(b"STANDING %s\r\n" % partner.encode(),
                             want) == want
