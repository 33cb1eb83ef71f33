# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""What an operator sees of a server that starts, ends, is edited, and whose
Redis loses what it held."""
import itertools
import os
import re
import signal

import pytest

from support.programs import HOUSE, with_silver_at
from support.waiting import await_, await_equal, stays


def save(server, text):
    (server.scripts / "program.lua").write_text(text, encoding="utf-8")


def published(wire):
    return [(row["version"], row["from"], row["state"])
            for row in wire.ask("POLICY", "LIST") if row["state"] != "refused"]


# --- starting and ending -------------------------------------------------------


def test_a_start_says_nothing_that_worries(server):
    """Its private Redis is there before it is asked for."""
    log = server.log()
    assert "level=warn" not in log and "level=error" not in log
    assert re.search(r'msg="policy in force".* day=2026-06-30\n', log)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_waits_for_its_folder_ends_when_asked(stage, server,
                                                            palier_binary,
                                                            number):
    waiting = stage.process([palier_binary, "serve", "--data", server.data,
                             "--listen", "127.0.0.1:0"])
    await_(lambda: "waiting for the data folder" in waiting.log(),
           what=waiting.log)
    waiting.signal(number)
    assert waiting.child.wait(60) == 0
    assert "is in use" not in waiting.log()


# --- a page that is refused ----------------------------------------------------


def test_a_mistake_taken_back_is_said(stage):
    server = stage.server(scripts=HOUSE)
    with server.wire() as wire:
        (version, _, _), = published(wire)
    assert "policy as before" not in server.log()
    for times in (1, 2):
        save(server, HOUSE.replace("tier ", "teir ", 1))
        await_equal(lambda: server.log().count("policy refused"), times)
        save(server, HOUSE)
        await_equal(lambda: server.log().count("policy as before"), times)
    assert f'msg="policy as before" version={version}' in server.log()
    save(server, HOUSE)
    assert stays(lambda: server.log().count("policy as before") == 2, 0.3)


def test_an_unknown_time_zone_is_refused_where_it_stands(stage):
    server = stage.server(scripts=HOUSE)
    at = HOUSE[:HOUSE.index("program {")].count("\n") + 1
    for wrong, hint in (("Europe/Pari", "did you mean Europe/Paris?"),
                        ("paris", "did you mean Europe/Paris?"),
                        ("Nowhere/AtAll", "expected a name such as")):
        save(server, HOUSE.replace("Europe/Paris", wrong))
        await_(lambda: f'timezone \\"{wrong}\\" is not known' in server.log(),
               what=server.log)
        line = [row for row in server.log().splitlines() if wrong in row][-1]
        told = re.search(r"program\.lua:(\d+): timezone", line)
        assert told and at <= int(told.group(1)) <= at + 2, line
        assert hint in line


def test_a_page_that_is_a_link_is_watched(stage, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    page = elsewhere / "page.txt"
    page.write_text(HOUSE, encoding="utf-8")
    folder = tmp_path / "linked"
    folder.mkdir()
    os.symlink(page, folder / "program.lua")
    server = stage.server(scripts=folder)
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller", "ON", "2026-01-01")
        wire.ask("FACT", "ADD", "p", "revenue", "60000", "ON", "2026-03-01")
        assert wire.ask("TIER", "p") == "silver"
        page.write_text(with_silver_at(70000), encoding="utf-8")
        await_equal(lambda: wire.ask("TIER", "p"), "none")
        (elsewhere / "new").write_text(HOUSE, encoding="utf-8")
        os.replace(elsewhere / "new", page)
        await_equal(lambda: wire.ask("TIER", "p"), "silver")


# --- a folder whose path leads elsewhere ------------------------------------


@pytest.fixture
def deployed(stage, tmp_path):
    """A server on dep/current/scripts, the partner p, and deploy(text): turns
    `current` to a new folder, and gives the page there."""
    dep = tmp_path / "dep"
    numbers = itertools.count(1)

    def deploy(text):
        folder = dep / f"v{next(numbers)}"
        (folder / "scripts").mkdir(parents=True)
        page = folder / "scripts" / "program.lua"
        page.write_text(text, encoding="utf-8")
        os.symlink(folder.name, dep / "new")
        os.replace(dep / "new", dep / "current")
        return page

    deploy(HOUSE)
    server = stage.server(scripts=dep / "current" / "scripts")
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller", "ON", "2026-01-01")
        wire.ask("FACT", "ADD", "p", "revenue", "60000", "ON", "2026-03-01")
        assert wire.ask("TIER", "p") == "silver"
        yield server, deploy, lambda: wire.ask("TIER", "p")


def test_a_turned_link_is_noticed(deployed):
    _, deploy, tier = deployed
    page = deploy(with_silver_at(70000))
    await_equal(tier, "none")
    page.write_text(HOUSE, encoding="utf-8")
    await_equal(tier, "silver")


def test_a_turned_link_is_watched_after_a_hangup(deployed):
    server, deploy, tier = deployed
    page = deploy(with_silver_at(70000))
    server.signal(signal.SIGHUP)
    await_equal(tier, "none")
    page.write_text(HOUSE, encoding="utf-8")
    await_equal(tier, "silver")


def test_a_draft_that_nothing_includes_refuses_nothing(stage):
    server = stage.server(scripts=HOUSE)
    (server.scripts / "draft.lua").write_bytes(b"-" * (1 << 20) + b"-")
    with server.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        save(server, with_silver_at(0))
        await_equal(lambda: wire.ask("TIER", "p"), "silver")
    assert "policy refused" not in server.log()
    save(server, 'include "draft.lua"\n' + HOUSE)
    await_(lambda: "draft.lua: larger than 1048576 bytes" in server.log(),
           what=server.log)


# --- a Redis that has lost what it held ----------------------------------------


GONE = "the policy in force is gone from Redis; published again"


def test_a_flushed_redis_gets_the_policy_again(stage, redis_server):
    server = stage.server(redis=redis_server, scripts=HOUSE)
    store = redis_server.client()
    with server.wire() as wire:
        before = published(wire)
        for times in (1, 2):
            store.flushall()
            await_equal(lambda: published(wire), before)
            await_equal(lambda: server.log().count(GONE), times)
        assert wire.ask("POLICY", "SHOW", before[0][0])["program.lua"] == HOUSE
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        assert wire.ask("TIER", "p") == "none"
        # Saves go on from there.
        save(server, with_silver_at(0))
        await_equal(lambda: wire.ask("TIER", "p"), "silver")


def test_the_day_it_began_is_kept(stage, redis_server):
    stage.server(redis=redis_server, scripts=HOUSE, today="2026-03-01").stop()
    server = stage.server(redis=redis_server, today="2026-06-30")
    with server.wire() as wire:
        before = published(wire)
        assert before[0][1] == "2026-03-01"
        redis_server.client().flushall()
        await_(lambda: GONE in server.log(), what=server.log)
        await_equal(lambda: published(wire), before)


def test_an_older_list_gets_the_policy_again(stage, redis_server):
    """As from a backup: what was published since is not in it."""
    server = stage.server(redis=redis_server, scripts=HOUSE)
    store = redis_server.client()
    key = server.key("policies")
    with server.wire() as wire:
        (old, _, _), = published(wire)
        member, = store.zrange(key, 0, -1)
        save(server, with_silver_at(70000))
        await_(lambda: len(store.zrange(key, 0, -1)) == 2)
        await_equal(lambda: server.log().count("policy in force"), 2)
        new = wire.ask("POLICY", "LIST")
        store.zremrangebyrank(key, 1, -1)
        assert store.zrange(key, 0, -1) == [member]
        await_(lambda: GONE in server.log(), what=server.log)
        await_equal(lambda: [v for v, _, _ in published(wire)],
                    [row["version"] for row in new])
        assert stays(lambda: server.log().count(GONE) == 1, 2.5)
        assert old in store.zrange(key, 0, -1)[0]


def test_servers_of_one_redis_do_not_quarrel(stage, redis_server):
    """Each has a page of its own; the last publication is the one in force,
    before a loss and after."""
    one = stage.server(redis=redis_server, scripts=HOUSE)
    two = stage.server(redis=redis_server, scripts=with_silver_at(70000))
    with one.wire() as first, two.wire() as second:
        _, last = published(second)
        await_(lambda: f"version={last[0]}" in one.log(), what=one.log)
        redis_server.client().flushall()
        await_equal(lambda: published(first), [last])
        assert stays(lambda: published(first) == [last], 2.5)
        assert published(second) == [last]


def test_a_policy_is_not_published_again_for_nothing(server):
    assert stays(lambda: GONE not in server.log(), 2.5)


def test_a_list_that_stays_is_not_read_each_second(stage, redis_server):
    server = stage.server(redis=redis_server, scripts=HOUSE)
    store = redis_server.client()

    def reads():
        return store.info("commandstats")["cmdstat_zrange"]["calls"]

    assert stays(lambda: GONE not in server.log(), 1.5)
    before = reads()
    assert stays(lambda: GONE not in server.log(), 2.5)
    assert reads() == before
    save(server, with_silver_at(70000))
    await_equal(lambda: server.log().count("policy in force"), 2)
