# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Policies: listed, shown, edited live, refused, and never half in force."""
import os
import re
import signal
import threading

import pytest

from support.process import Ended
from support.programs import HOUSE, with_silver_at
from support.waiting import await_, await_equal, stays

ROW = ["version", "state", "from", "author", "note", "time", "error"]


@pytest.fixture
def edited(stage):
    """A server in development mode with partner p at 60,000."""
    server = stage.server(scripts=HOUSE)
    with server.wire() as wire:
        fill(wire)
    return server


def fill(wire):
    wire.ask("FACT", "SET", "p", "kind", "reseller", "ON", "2026-01-01")
    wire.ask("FACT", "ADD", "p", "revenue", "60000", "ON", "2026-03-01")
    assert wire.ask("TIER", "p") == "silver"


def save(server, text, name="program.lua"):
    (server.scripts / name).write_text(text, encoding="utf-8")


def replace(server, text, name="program.lua"):
    """As careful editors save: another file, then a rename over the old."""
    new = server.scripts / f".{name}.swp"
    new.write_text(text, encoding="utf-8")
    os.replace(new, server.scripts / name)


def tier(wire):
    return lambda: wire.ask("TIER", "p")


def refused(wire):
    return [row for row in wire.ask("POLICY", "LIST")
            if row["state"] == "refused"]


# --- LIST and SHOW ---------------------------------------------------------


def test_the_house_program_is_in_force(server):
    with server.wire() as wire:
        row, = wire.ask("POLICY", "LIST")
        assert list(row) == ROW
        assert re.fullmatch("[0-9a-f]{64}", row["version"])
        assert row["state"] == "in force" and row["error"] is None
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", row["from"])
        wire.ask("FACT", "SET", "p", "kind", "reseller")
        assert wire.ask("STANDING", "p")["policy"] == row["version"]


def test_show(server):
    with server.wire() as wire:
        files = wire.ask("POLICY", "SHOW")
        assert 'tier "gold"' in files["program.lua"]
        assert any(name.startswith("language/") for name in files)
        version = wire.ask("POLICY", "LIST")[0]["version"]
        assert wire.ask("POLICY", "SHOW", version) == files
        refusal = wire.ask("POLICY", "SHOW", "f" * 64)
        assert refusal.word in ("INVALID", "NOPOLICY")
        assert wire.ask("POLICY", "SHOW", "x").word in ("INVALID", "NOPOLICY")


def test_policy_wants_a_subcommand_it_knows(shared_server):
    with shared_server.wire() as wire:
        assert wire.ask("POLICY", "NONSENSE").startswith(
            "ERR unknown subcommand 'NONSENSE'")
        assert wire.ask("POLICY", "LIST", "more") == (
            "ERR wrong number of arguments for 'policy|list' command")


def test_the_version_depends_on_the_text_alone(stage):
    """Two servers, the same page: the same name; a space more: another."""
    versions = []
    for page in (HOUSE, HOUSE, HOUSE + "\n-- more\n"):
        with stage.server(scripts=page).wire() as wire:
            versions.append(wire.ask("POLICY", "LIST")[-1]["version"])
    assert versions[0] == versions[1] != versions[2]


# --- saving reloads --------------------------------------------------------


@pytest.mark.parametrize("how", [save, replace])
def test_saving_changes_the_answer(edited, how):
    with edited.wire() as wire:
        before = wire.ask("STANDING", "p")
        how(edited, with_silver_at(70000))
        await_equal(tier(wire), "none", 5)
        after = wire.ask("STANDING", "p")
        assert after["policy"] != before["policy"]
        assert after["ver"] == before["ver"]
        how(edited, HOUSE)
        await_equal(tier(wire), "silver", 5)
        assert wire.ask("STANDING", "p") == before


def test_every_worker_has_the_new_page(stage):
    server = stage.server(scripts=HOUSE, args=["--workers", "4"])
    wires = [server.wire() for _ in range(16)]
    fill(wires[0])
    for wire in wires:
        await_equal(tier(wire), "silver")
    save(server, with_silver_at(70000))
    for wire in wires:
        await_equal(tier(wire), "none", 5)
        wire.close()


def test_other_saves_reload_too(stage):
    """An included file, one that appears, one in an editor's own way."""
    head, rest = HOUSE.split("movement {", 1)
    silver = 'tier "silver"   { margin = percent(10), ' \
             "needs = { revenue = 50000 } }\n"
    assert silver in head
    files = {
        "program.lua": head.replace(silver, 'include "silver.lua"\n')
        + "movement {" + rest,
        "silver.lua": silver,
    }
    server = stage.server(scripts=files)
    with server.wire() as wire:
        fill(wire)
        assert "silver.lua" in wire.ask("POLICY", "SHOW")
        save(server, silver.replace("50000", "70000"), "silver.lua")
        await_equal(tier(wire), "none", 5)
        replace(server, silver, "silver.lua")
        await_equal(tier(wire), "silver", 5)
        os.rename(server.scripts / "silver.lua", server.scripts / "silver~")
        await_(lambda: refused(wire), what=server.log)
        assert tier(wire)() == "silver"
        os.rename(server.scripts / "silver~", server.scripts / "silver.lua")
        save(server, silver.replace("50000", "80000"), "silver.lua")
        await_equal(tier(wire), "none", 5)


def test_sighup_reads_again(edited):
    """Also where the folder was swapped behind the watch."""
    folder = edited.scripts
    away = folder.with_name("away")
    os.rename(folder, away)
    folder.mkdir()
    (folder / "program.lua").write_text(with_silver_at(70000), "utf-8")
    edited.signal(signal.SIGHUP)
    with edited.wire() as wire:
        await_equal(tier(wire), "none", 5)
    edited.signal(signal.SIGHUP)
    with edited.wire() as wire:
        assert stays(lambda: tier(wire)() == "none", 0.3)


def test_stray_files_in_the_folder_do_not_matter(edited):
    with edited.wire() as wire:
        version = wire.ask("STANDING", "p")["policy"]
        for name in ("4913", ".program.lua.swp", "program.lua~", "notes.txt",
                     "#program.lua#"):
            save(edited, "this is no Lua {{{", name)
        save(edited, with_silver_at(70000))
        await_equal(tier(wire), "none", 5)
        save(edited, HOUSE)
        await_equal(tier(wire), "silver", 5)
        assert wire.ask("STANDING", "p")["policy"] == version
        assert refused(wire) == []


def test_answers_flow_while_pages_change(edited):
    """Each answer is by one page or the other, and none is an error."""
    ending = threading.Event()
    wrong = []

    def reader():
        with edited.wire() as wire:
            while not ending.is_set():
                for got in wire.pipeline([["STANDING", "p"],
                                          ["TIER", "p"]] * 20):
                    if isinstance(got, dict):
                        got = got["tier"]
                    if got not in ("silver", "none"):
                        wrong.append(got)

    readers = [threading.Thread(target=reader) for _ in range(3)]
    for thread in readers:
        thread.start()
    try:
        with edited.wire() as wire:
            for n in range(12):
                amount, expected = (
                    (50000 + n, "silver") if n % 2 else (70000 + n, "none"))
                save(edited, with_silver_at(amount))
                await_equal(tier(wire), expected, 5)
    finally:
        ending.set()
        for thread in readers:
            thread.join()
    assert wrong == []


# --- refusals --------------------------------------------------------------

END = HOUSE.count("\n") + 1  # the line of what is appended
SILVER = HOUSE[: HOUSE.index('tier "silver"')].count("\n") + 1

BROKEN = {
    "syntax": (HOUSE.replace('tier "gold"     {', 'tier "gold"     {{'),
               r"program\.lua:\d+"),
    "not lua at all": ("a page of prose\n", r"program\.lua:1"),
    "unknown word": (HOUSE + 'teir "diamond" {}\n',
                     rf"program\.lua:{END}.*teir"),
    "unknown key": (HOUSE.replace("margin = percent(10)",
                                  "margni = percent(10)"),
                    rf"program\.lua:{SILVER}.*margni"),
    "stray zeros": (with_silver_at("50,000"),
                    rf"program\.lua:{SILVER}.*50,?000"),
    "unknown metric": (with_silver_at("50000, growht = 5"),
                       rf"program\.lua:{SILVER}.*growht"),
    "error of its own": (HOUSE + 'error("no such luck")\n',
                         rf"program\.lua:{END}.*no such luck"),
    "endless": (HOUSE + "while true do end\n", r"program\.lua.*"),
    "greedy": (HOUSE + 'local s = "x"\nwhile true do s = s .. s end\n',
               r"program\.lua.*"),
    "bottomless": (HOUSE + "local function f() return 1 + f() end\nf()\n",
                   r"program\.lua.*"),
    "closed room": (HOUSE + 'os.execute("true")\n',
                    rf"program\.lua:{END}"),
    "expectation": (HOUSE.replace("revenue = 1000000", "revenue = 2500000"),
                    r"program\.lua:\d+.*platinum.*gold"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_page_is_refused_and_says_where(edited, kind):
    text, reason = BROKEN[kind]
    with edited.wire() as wire:
        before = wire.ask("STANDING", "p")
        save(edited, text)
        row = await_(lambda: refused(wire), what=edited.log)[-1]
        assert list(row) == ROW
        assert re.search(reason, row["error"], re.S), row["error"]
        assert "\n" not in row["error"]
        assert re.search(reason, edited.log(), re.S)
        assert wire.ask("STANDING", "p") == before
        in_force, = [row for row in wire.ask("POLICY", "LIST")
                     if row["state"] == "in force"]
        assert in_force["version"] == before["policy"]
        save(edited, with_silver_at(70000))
        await_equal(tier(wire), "none", 5)


def test_a_missing_program_is_refused(edited):
    with edited.wire() as wire:
        os.unlink(edited.scripts / "program.lua")
        assert stays(lambda: tier(wire)() == "silver", 0.5)
        save(edited, with_silver_at(70000))
        await_equal(tier(wire), "none", 5)


@pytest.mark.parametrize("kind", ["syntax", "expectation", "endless"])
def test_no_start_with_only_a_broken_page(stage, kind):
    text, reason = BROKEN[kind]
    with pytest.raises(Ended) as end:
        stage.server(scripts=text)
    assert end.value.code == 1
    assert re.search(reason, end.value.log)


def test_no_start_with_an_empty_folder(stage):
    folder = stage.folder / "empty"
    folder.mkdir()
    for scripts in (folder, stage.folder / "nosuchfolder"):
        with pytest.raises(Ended) as end:
            stage.server(scripts=scripts)
        assert end.value.code in (1, 2)
        assert str(scripts) in end.value.log


SPENDERS = {
    "endless": "while true do end",
    "greedy": 'local s = "x" while true do s = s .. s end',
    "hoarding": "local t = {} while true do t[#t + 1] = {} end",
    "bottomless": "local function f() return 1 + f() end f()",
    "mutual": "local g local function f() return 1 + g() end "
              "g = function() return 1 + f() end f()",
}


@pytest.mark.parametrize("kind", SPENDERS)
def test_a_policy_that_spends_too_much_on_a_question(stage, kind):
    """BUDGET for the question; the server and other partners go on."""
    page = HOUSE.replace(
        'people = "training/consultant"',
        f"""of = function(p)
    if p.count("revenue", "last 12 months") > 3 then
      {SPENDERS[kind]}
    end
    return p.people("training/consultant")
  end""")
    server = stage.server(scripts=page)
    with server.wire() as wire:
        fill(wire)
        wire.ask("FACT", "SET", "busy", "kind", "reseller")
        wire.ask("FACT", "ADD", "busy", "revenue", "60000", "COUNT", "9")
        for _ in range(3):
            # too deep is an error of the page, too much is its budget
            words = {wire.ask(name, "busy").word
                     for name in ("TIER", "STANDING")}
            assert words <= {"BUDGET", "POLICYERR"} and len(words) == 1
            if kind in ("endless", "hoarding"):
                assert words == {"BUDGET"}
            assert wire.ask("TIER", "p") == "silver"
        mixed = wire.ask("MTIER", "p", "busy", "nobody")
        assert mixed[0] == "silver" and mixed[2] is None
        assert mixed[1].word in words


def test_a_policy_that_fails_on_a_question(stage):
    page = HOUSE.replace(
        'people = "training/consultant"',
        """of = function(p)
    if p.count("revenue", "last 12 months") > 3 then
      error("cannot count that far")
    end
    return 0
  end""")
    server = stage.server(scripts=page)
    with server.wire() as wire:
        fill(wire)
        wire.ask("FACT", "SET", "busy", "kind", "reseller")
        wire.ask("FACT", "ADD", "busy", "revenue", "60000", "COUNT", "9")
        refusal = wire.ask("STANDING", "busy")
        assert refusal.word == "POLICYERR"
        assert "cannot count that far" in refusal
        assert re.search(r"program\.lua:\d+", refusal)
        assert wire.ask("TIER", "p") == "silver"


# --- what stays ------------------------------------------------------------


def test_a_published_page_outlives_its_server(stage):
    """Without --scripts the policy in force in Redis is served."""
    first = stage.server(scripts=with_silver_at(70000))
    with first.wire() as wire:
        wire.ask("FACT", "SET", "p", "kind", "reseller", "ON", "2026-01-01")
        wire.ask("FACT", "ADD", "p", "revenue", "60000", "ON", "2026-03-01")
        version = wire.ask("STANDING", "p")["policy"]
    assert first.stop() == 0
    second = stage.server(data=first.data)
    with second.wire() as wire:
        assert wire.ask("TIER", "p") == "none"
        assert wire.ask("STANDING", "p")["policy"] == version


def test_scripts_in_the_working_folder_seed_an_empty_program(
        stage, palier_binary):
    """Without --scripts and without a policy in Redis: ./scripts."""
    folder = stage.folder / "server1"
    (folder / "scripts").mkdir(parents=True)
    (folder / "scripts" / "program.lua").write_text(with_silver_at(70000))
    server = stage.server()
    assert server.folder == str(folder)
    with server.wire() as wire:
        assert "revenue = 70000" in wire.ask("POLICY", "SHOW")["program.lua"]


def test_the_same_page_is_not_published_twice(stage):
    first = stage.server(scripts=HOUSE)
    store = first.store()
    assert store.zcard(first.key("policies")) == 1
    save(first, HOUSE)
    first.signal(signal.SIGHUP)
    with first.wire() as wire:
        assert stays(lambda: len(wire.ask("POLICY", "LIST")) == 1, 0.5)
    first.stop()
    second = stage.server(scripts=first.scripts, data=first.data)
    with second.wire() as wire:
        assert len(wire.ask("POLICY", "LIST")) == 1


def test_a_new_page_reaches_other_servers(stage, redis_server):
    """One publishes, another on the same Redis answers by it."""
    author = stage.server(scripts=HOUSE, redis=redis_server)
    other = stage.server(redis=redis_server)
    with author.wire() as wire, other.wire() as reader:
        fill(wire)
        await_equal(tier(reader), "silver")
        save(author, with_silver_at(70000))
        await_equal(tier(wire), "none", 5)
        await_equal(tier(reader), "none", 15)


def test_facts_are_checked_by_the_page_in_force(edited):
    with edited.wire() as wire:
        refusal = wire.ask("FACT", "SET", "p", "tickets", "5")
        assert refusal.word == "INVALID"
        save(edited, HOUSE.replace('attribute "csat"',
                                   'attribute "csat", attribute "tickets"'))
        await_(lambda: isinstance(
            wire.ask("FACT", "SET", "p", "tickets", "5"), int))
        assert wire.ask("FACT", "GET", "p")["attributes"]["tickets"] == "5"


def test_the_log_reads_the_change_back(edited):
    with edited.wire() as wire:
        save(edited, with_silver_at(70000))
        await_equal(tier(wire), "none", 5)
    await_(lambda: re.search(r"silver.*70000(\.00)?.*50000", edited.log()),
           what=edited.log)
