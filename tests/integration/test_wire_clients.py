# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Clients as they come, the password they need and where they find the server;
and what palier serve says to an address or a flag that is wrong."""
import re
import shutil
import subprocess

import pytest

from support.wire import Wire


# --- clients as they come -------------------------------------------------


def test_redis_py(shared_server, partner):
    client = shared_server.client(client_name="crm")
    assert client.ping() is True
    assert client.echo("x") == "x"
    assert client.execute_command("TIER", partner) == "none"
    assert client.info()["redis_version"].startswith("7.")
    assert client.client_getname() == "crm"
    with client.pipeline(transaction=False) as pipeline:
        for _ in range(3):
            pipeline.execute_command("TIER", partner)
        assert pipeline.execute() == ["none"] * 3


def redis_cli(server, *words, text=None):
    programs = [name for name in ("redis-cli", "valkey-cli")
                if shutil.which(name)]
    assert programs, "neither redis-cli nor valkey-cli is installed"
    return subprocess.run(
        [programs[0], "-p", str(server.port), *words], input=text,
        capture_output=True, encoding="utf-8", timeout=60, check=True,
    ).stdout


def test_redis_cli(shared_server, partner):
    assert redis_cli(shared_server, "TIER", partner) == "none\n"
    assert redis_cli(shared_server, "TIER", "nobody") == "\n"
    assert "NOPARTNER" in redis_cli(shared_server, "STANDING", "nobody")
    assert redis_cli(
        shared_server, text=f"PING\nTIER {partner}\n") == "PONG\nnone\n"
    assert "tier" in redis_cli(shared_server, "-3", "STANDING", partner)


def test_unix_socket(stage):
    path = stage.folder / "palier.sock"
    listen = ["--listen", f"unix:{path}"]
    server = stage.server(args=listen)
    for wire in (Wire(str(path)), server.wire()):
        assert wire.ask("PING") == "PONG"
        wire.close()


def test_a_dead_servers_unix_socket_is_no_hindrance(stage):
    path = stage.folder / "palier.sock"
    listen = ["--listen", f"unix:{path}"]
    first = stage.server(args=listen)
    first.kill()
    stage.server(args=listen, data=first.data)
    with Wire(str(path)) as wire:
        assert wire.ask("PING") == "PONG"


# --- passwords and where it may listen ------------------------------------


def protected(stage, password, **options):
    file = stage.folder / "password"
    file.write_text(password + "\n")
    file.chmod(0o600)
    return stage.server(
        args=["--password-file", file], password=password, **options)


@pytest.fixture(scope="module")
def guarded(module_stage):
    return protected(module_stage, "s3cret word")


def test_nothing_is_answered_before_the_password(guarded):
    with Wire(guarded.address) as wire:
        for words in (["PING"], ["TIER", "p"], ["INFO"], ["COMMAND"],
                      ["FACT", "SET", "p", "kind", "reseller"],
                      ["CLIENT", "ID"], ["CONFIG", "GET", "*"]):
            assert wire.ask(*words) == "NOAUTH Authentication required."
        assert wire.ask("HELLO", "3").word == "NOAUTH"
        assert wire.ask("AUTH", "wrong").word == "WRONGPASS"
        assert wire.ask("AUTH", "default", "wrong").word == "WRONGPASS"
        assert wire.ask("AUTH", "someone", "s3cret word").word == "WRONGPASS"
        assert wire.ask("PING").word == "NOAUTH"
        assert wire.ask("AUTH", "s3cret word") == "OK"
        assert wire.ask("PING") == "PONG"


def test_hello_auth(guarded):
    with Wire(guarded.address) as wire:
        wrong = wire.ask("HELLO", "3", "AUTH", "default", "wrong")
        assert wrong.word == "WRONGPASS"
        reply = wire.ask("HELLO", "3", "AUTH", "default", "s3cret word",
                         "SETNAME", "crm")
        assert reply["proto"] == 3
        assert wire.ask("CLIENT", "GETNAME") == "crm"


def test_auth_as_redis_words_it(guarded, module_stage):
    real = module_stage.redis()
    real.client().config_set("requirepass", "s3cret word")
    with Wire(guarded.address) as ours, \
            Wire(("127.0.0.1", real.port)) as theirs:
        for words in (["PING"], ["AUTH", "x"], ["AUTH", "default", "x"],
                      ["HELLO", "3", "AUTH", "default", "x"],
                      ["QUIT"]):
            assert ours.ask(*words) == theirs.ask(*words)


def test_hello_needs_the_password(guarded):
    with Wire(guarded.address) as wire:
        assert wire.ask("HELLO", "3").startswith(
            "NOAUTH HELLO must be called with the client already "
            "authenticated")


def test_reset_needs_the_password_again(guarded):
    with guarded.wire() as wire:
        assert wire.ask("RESET") == "RESET"
        assert wire.ask("PING").word == "NOAUTH"


@pytest.mark.parametrize(
    "raw", [b"*11\r\n", b"*1\r\n$16385\r\n"], ids=["arguments", "bytes"])
def test_strangers_get_little_room(guarded, raw):
    with Wire(guarded.address) as wire:
        wire.send(raw)
        refusal = wire.reader.value()
        assert refusal.startswith("ERR Protocol error: unauthenticated")
        assert wire.is_closed()
    with guarded.wire() as wire:
        assert wire.ask("ECHO", "x" * 20000) == "x" * 20000


def test_config_get_never_tells_the_password(stage):
    server = protected(stage, "hush-hush")
    with server.wire() as wire:
        assert "hush-hush" not in str(wire.ask("CONFIG", "GET", "*"))


def test_redis_py_with_a_password(guarded):
    assert guarded.client().ping() is True


@pytest.mark.parametrize("listen", ["0.0.0.0:0", "[::]:0"])
def test_beyond_loopback_needs_a_password(palier, tmp_path, listen):
    ended = palier("serve", "--listen", listen, "--data", tmp_path / "data",
                   timeout=30)
    assert ended.returncode in (1, 2)
    assert "password" in ended.stderr.lower()
    assert listen.rsplit(":", 1)[0] in ended.stderr


def test_beyond_loopback_with_a_password(stage):
    server = protected(stage, "pass", host="0.0.0.0")
    with server.wire() as wire:
        assert wire.ask("PING") == "PONG"


USAGE = [
    ["--nosuchflag"],
    ["--listen"],
    ["--listen", "127.0.0.1:notaport"],
    ["--listen", "127.0.0.1:99999"],
    ["--workers", "0"],
    ["--workers", "many"],
    ["--cache", "lots"],
    ["--max-stale", "-1"],
    ["--program", "No Program"],
    ["--log-level", "deafening"],
    ["stray"],
]


@pytest.mark.parametrize("args", USAGE, ids=" ".join)
def test_usage_errors_name_the_word(palier, tmp_path, args):
    ended = palier("serve", "--data", tmp_path / "data", *args, timeout=30)
    assert ended.returncode == 2, ended.stderr
    assert args[-1].lstrip("-") in ended.stderr


def test_an_address_of_redis_that_is_none(palier, tmp_path):
    ended = palier("serve", "--data", tmp_path / "data", "--redis",
                   "http://localhost", timeout=30)
    assert ended.returncode in (1, 2)
    assert "redis://" in ended.stderr


def test_a_pinned_day_must_exist(palier, tmp_path):
    ended = palier("serve", "--data", tmp_path / "data",
                   env={"PALIER_TODAY": "2026-02-30"}, timeout=30)
    assert ended.returncode in (1, 2)
    assert "2026-02-30" in ended.stderr


def test_a_missing_password_file_is_named(palier, tmp_path):
    ended = palier("serve", "--data", tmp_path / "data", "--password-file",
                   tmp_path / "nosuchfile", timeout=30)
    assert ended.returncode in (1, 2)
    assert "nosuchfile" in ended.stderr


def test_version(palier):
    ended = palier("version")
    assert ended.returncode == 0
    assert re.search(r"\b\d+\.\d+\.\d+\b", ended.stdout)
