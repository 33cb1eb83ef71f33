# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""The sample partners of deploy/samples: reproducible, plausible, accepted to
the last line, and as deploy/run and the README tell about them."""
import collections
import datetime
import json
import subprocess

import pytest

DAY = "2026-06-30"
STORIES = {"northwind": "gold", "contoso": "silver", "fabrikam": "platinum",
           "tailspin": "none", "wingtip": "gold", "adatum": "gold"}


@pytest.fixture(scope="module")
def samples(root):
    def make(*args):
        return subprocess.run(
            ["/usr/bin/python3", root / "deploy/samples", *args], check=True,
            stdout=subprocess.PIPE, encoding="utf-8").stdout

    return make


@pytest.fixture(scope="module")
def text(samples):
    return samples("--today", DAY)


@pytest.fixture(scope="module")
def rows(text):
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def peopled(shared_server, palier_binary, text, tmp_path_factory):
    """The shared server, with the samples in it, and the import's summary."""
    path = tmp_path_factory.mktemp("samples") / "samples.jsonl"
    path.write_text(text, encoding="utf-8")

    def run():
        return subprocess.run(
            [palier_binary, "import", path, "--json", "--server",
             f"127.0.0.1:{shared_server.port}"],
            stdout=subprocess.PIPE, encoding="utf-8", check=False)

    shared_server.give_samples = run
    shared_server.summary = json.loads(run().stdout)
    return shared_server


def test_the_same_day_gives_the_same_bytes(samples, text):
    assert samples("--today", DAY) == text
    assert samples("--today", DAY, "--seed", "2") != text


def test_another_day_only_moves_the_days(samples, rows):
    other = [json.loads(line)
             for line in samples("--today", "2027-02-01").splitlines()]
    assert len(other) == len(rows)
    shift = datetime.date(2027, 2, 1) - datetime.date.fromisoformat(DAY)
    for ours, theirs in zip(rows, other):
        for key in ("on", "from", "until"):
            if key in ours:
                day = datetime.date.fromisoformat(ours.pop(key)) + shift
                assert theirs.pop(key) == day.isoformat()
        assert ours == theirs


def test_every_kind_and_many_markets(samples):
    found = collections.defaultdict(collections.Counter)
    for line in samples("--today", DAY).splitlines():
        row = json.loads(line)
        if row["op"] == "set":
            found[row["name"]][row["value"]] += 1
    assert set(found["kind"]) == {"reseller", "referral", "technology",
                                  "integrator"}
    assert sum(found["kind"].values()) == 300
    assert len(found["market"]) == 10
    assert len(found["name"]) == 300


def test_every_line_is_accepted(peopled):
    assert peopled.summary["refused"] == 0
    assert peopled.summary["accepted"] == peopled.summary["lines"] > 10000


def test_a_second_import_changes_nothing(peopled):
    again = json.loads(peopled.give_samples().stdout)
    assert again["refused"] == 0 and again["changed"] == 0


def test_all_tiers_occur(peopled):
    with peopled.wire() as wire:
        cursor, names = "0", []
        while True:
            cursor, page = wire.ask("PARTNERS", "CURSOR", cursor)
            names += page
            if cursor == "0":
                break
        assert len(names) == 300
        tiers = collections.Counter(wire.ask("MTIER", *names))
    assert set(tiers) == {"none", "silver", "gold", "platinum"}
    assert min(tiers.values()) >= 10


@pytest.mark.parametrize("seed", ["1", "99"])
def test_the_stories_hold_for_every_seed(stage, palier, samples, tmp_path,
                                         seed):
    path = tmp_path / "few.jsonl"
    path.write_text(samples("--today", DAY, "--partners", "6", "--seed", seed),
                    encoding="utf-8")
    server = stage.server()
    assert palier("import", path, "--server",
                  f"127.0.0.1:{server.port}").returncode == 0
    with server.wire() as wire:
        ask = wire.ask
        assert dict(zip(STORIES, ask("MTIER", *STORIES))) == STORIES
        # Tonight a certificate of wingtip's lapses.
        assert ask("STANDING", "wingtip")["until"] == DAY
        assert ask("STANDING", "wingtip", "ASOF", "2026-07-01")["tier"] == \
            "silver"
        # Contoso lacks one consultant and nothing else.
        missing = [r for r in ask("EXPLAIN", "contoso")["requirements"]
                   if not r["met"]]
        assert [(r["name"], r["gap"]) for r in missing] == [("consultants", 1)]
        # Northwind lacks 60,000 EUR.
        missing = [r for r in ask("EXPLAIN", "northwind")["requirements"]
                   if not r["met"]]
        assert [(r["name"], r["gap"]) for r in missing] == [
            ("revenue", "60000.00")]
        assert ask("MARGIN", "northwind", "DEAL", "D-9")["margin"] == "25"
        # Adatum is just above the first threshold that one would raise.
        have = {r["name"]: r["have"]
                for r in ask("EXPLAIN", "adatum")["requirements"]}
        assert have["revenue"] == "300000.00"


def test_too_few_partners_for_the_stories(root):
    done = subprocess.run(
        ["/usr/bin/python3", root / "deploy/samples", "--partners", "3"],
        capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2 and "at least 6" in done.stderr
