# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""palier serve: flags, environment and file. What can be known to be wrong is
said on one line, and nothing is started."""
import re

import pytest

from support.process import free_port


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
