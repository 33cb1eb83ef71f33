# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""palier serve: flags, environment and file. What can be known to be wrong is
said on one line, and nothing is started."""
import re
import socket

import pytest

from support.process import free_port
from support.waiting import await_


@pytest.fixture
def refuse(palier, tmp_path):
    """Runs palier serve to its refusal, and gives the line."""

    def run(*args, config=None, env=None):
        if config is not None:
            (tmp_path / "palier.conf").write_text(config, encoding="utf-8")
            args = (*args, "--config", "palier.conf")
        # The tests' own variables would be warned of.
        ours = {"PALIER_BINARY": "", "PALIER_TEST_PATIENCE": ""}
        done = palier("serve", "--listen", f"127.0.0.1:{free_port()}", *args,
                      env={**ours, **(env or {})})
        assert done.returncode == 2, done.stderr
        assert done.stdout == "" and done.stderr.count("\n") == 1
        assert done.stderr.startswith("palier serve: ")
        return done.stderr[len("palier serve: "):-1]

    return run


# --- addresses of Redis --------------------------------------------------------


EXPECTED = ("expected redis://[[user]:password@]host[:port][/db] or unix:PATH "
            "(107 bytes at most)")


@pytest.mark.parametrize("url", [
    "foo", "rediss://x", "redis://", "redis://h:0", "redis://h:99999",
    "redis://h/x", "unix:", "redis://[::1", "localhost:6379", "",
    "unix:/" + 107 * "x",
])
def test_a_wrong_address_of_redis(refuse, url):
    assert refuse("--redis", url) == f'--redis "{url}": {EXPECTED}'


def test_a_wrong_address_from_elsewhere(refuse):
    assert refuse(env={"PALIER_REDIS": "foo"}).startswith('PALIER_REDIS "foo"')
    assert refuse(config="\nredis = foo\n").startswith(
        'palier.conf:2: redis "foo"')


@pytest.mark.parametrize("url", [
    "rediss://user:sesame@host:1", "redis://:sesame@host:0", "u:sesame@host",
    "redis:/:sesame@host", "redis://:ses@sesame@host:x",
])
def test_a_wrong_address_gives_no_password_away(refuse, url):
    line = refuse("--redis", url)
    assert "host" in line and "ses" not in line


@pytest.mark.parametrize("shape", ["redis://user:secret@127.0.0.1:{}/0",
                                   "redis://user:se%63ret@127.0.0.1:{}"])
def test_no_password_is_shown(stage, redis_server, shape):
    store = redis_server.client()
    store.acl_setuser("user", enabled=True, passwords=["+secret"],
                      keys=["*"], channels=["*"], categories=["+@all"])
    url = shape.format(redis_server.port)
    server = stage.server(redis=url)
    shown = "redis://" + url[url.index("@") + 1:]
    with server.wire() as wire:
        assert wire.ask("CONFIG", "GET", "redis") == {"redis": shown}
        assert wire.ask("CONFIG", "GET", "*")["redis"] == shown
        told = str([wire.ask("INFO"), wire.ask("CONFIG", "GET", "*")])
    store.shutdown(nosave=True)
    await_(lambda: "Redis is away" in server.log(), what=server.log)
    assert not re.search("secret|se%63ret|user:se|user@", told + server.log())


# --- passwords -----------------------------------------------------------------


def test_a_password_is_its_whole_line(stage, palier, tmp_path):
    """The same for the server and for those who reach it: but for its end,
    nothing of the line is cut."""
    for number, (line, ours, wrong) in enumerate((
            (b" sesame \t\r\nmore\n", b" sesame \t\n", b"sesame\n"),
            (b"sesame", b"sesame\r\n", b"sesame \n"))):
        secret, same, other = (tmp_path / f"{name}{number}"
                               for name in ("secret", "same", "other"))
        for path, text in ((secret, line), (same, ours), (other, wrong)):
            path.write_bytes(text)
            path.chmod(0o600)
        password = ours.decode().rstrip("\r\n")
        server = stage.server(args=("--password-file", secret),
                              password=password)
        address = f"127.0.0.1:{server.port}"
        for path, code in ((secret, 0), (same, 0), (other, 1)):
            done = palier("export", "--server", address, "--password-file",
                          path)
            assert done.returncode == code, (path, done.stderr)


@pytest.mark.parametrize("content,why", [
    (b"", "expected a first line of 1 to 512 bytes"),
    (b"\nsesame\n", "expected a first line of 1 to 512 bytes"),
    (b"x" * 513, "expected a first line of 1 to 512 bytes"),
    (None, "No such file or directory"),
])
def test_a_password_file_without_one(refuse, palier, tmp_path, content, why):
    path = tmp_path / "secret"
    if content is not None:
        path.write_bytes(content)
    line = f"--password-file {path}: {why}"
    assert refuse("--password-file", path) == line
    # The client connects first: somebody has to be there.
    with socket.create_server(("127.0.0.1", 0)) as listener:
        done = palier("export", "--server",
                      f"127.0.0.1:{listener.getsockname()[1]}",
                      "--password-file", path)
    assert done.returncode == 1 and done.stderr.strip().endswith(line)


# --- addresses of a server -----------------------------------------------------


@pytest.mark.parametrize("address", [
    "::1:7411", "h", "h:", ":7411", "h:65536", "[::1]", "[]:1", "unix:"])
def test_a_wrong_address_to_listen_on(palier, address):
    done = palier("serve", "--listen", address)
    assert done.returncode == 2
    assert done.stderr == (f'palier serve: --listen "{address}": expected '
                           "ADDR:PORT, [ADDR]:PORT or unix:PATH\n")


@pytest.mark.parametrize("address", [
    "::1", "h:", ":7411", "h:0", "h:65536", "[]:1", "unix:", "h:1:2"])
def test_a_wrong_address_of_a_server(palier, address):
    done = palier("export", "--server", address)
    assert done.returncode == 1
    assert (f'server: "{address}": expected ADDR:PORT, [ADDR]:PORT or '
            "unix:PATH, and a port from 1 to 65535") in done.stderr


# --- folders -------------------------------------------------------------------


def test_a_policy_folder_that_is_not_there(refuse, tmp_path):
    assert refuse("--scripts", "nodir") == (
        '--scripts "nodir": expected a folder that is there')
    (tmp_path / "page.lua").write_text("")
    assert refuse("--scripts", "page.lua").startswith('--scripts "page.lua"')


# --- the file ------------------------------------------------------------------


def test_comments_of_the_file(stage, tmp_path):
    config = tmp_path / "palier.conf"
    secret = tmp_path / "pass#word"
    secret.write_text("open sesame\n")
    config.write_text(
        "# whole lines\n"
        "  # with blanks before\n\n"
        "max-stale = 60 # behind a value\n"
        "workers=3\t#behind a tab, and with # another\n"
        f"password-file = {secret}\n", encoding="utf-8")
    server = stage.server(args=("--config", config), password="open sesame")
    with server.wire() as wire:
        assert wire.ask("CONFIG", "GET", "max-stale") == {"max-stale": "60"}
        assert wire.ask("CONFIG", "GET", "workers") == {"workers": "3"}


def test_a_value_that_is_all_comment(refuse):
    assert refuse(config="workers = # none\n") == (
        'palier.conf:1: workers "": expected cores, or an integer from 1 to '
        '256')


def test_a_key_twice_in_the_file(refuse):
    assert refuse(config="workers = 2\n\nworkers = 2\n") == (
        "palier.conf:3: workers: line 1 says it already")
    assert refuse("--workers", "1", config="workers = 2\nworkers = 3\n") == (
        "palier.conf:2: workers: line 1 says it already")
    assert refuse(config="listen = unix:a\nlisten = unix:b\n") == (
        "palier.conf:2: listen: line 1 says it already; several addresses go "
        "on one line")


def test_several_addresses_on_one_line(stage, tmp_path):
    path = tmp_path / "s"
    config = tmp_path / "palier.conf"
    port = free_port()
    config.write_text(f"listen = 127.0.0.1:{port} unix:{path} # two\n")
    server = stage.server(env={"PALIER_CONFIG": str(config)})
    with server.wire() as wire:
        # The flag wins, and the file was still read.
        assert str(path) not in wire.ask("CONFIG", "GET", "listen")["listen"]
    assert not path.exists()


def test_the_help_is_true(palier, refuse):
    shown = palier("serve", "--help")
    assert shown.returncode == 0
    line = re.search(r"^ *(max-stale = 60 +#.*)$", shown.stdout, re.M).group(1)
    assert all(len(row) <= 80 for row in shown.stdout.splitlines())
    assert "bogus" in refuse(config=f"{line}\nbogus = 1\n")
