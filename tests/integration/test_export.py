# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""palier export, against a running server, and what it shares with palier
import: how both reach a server, and their command line. The day is
2026-06-30."""
import csv
import json
import re
import subprocess

import pytest

from support.waiting import await_
from support.words import reseller, sale

pytest_plugins = ["support.fixtures"]


# --- export ------------------------------------------------------------------


STOCK = [
    reseller("alpha", on="2025-01-01"),
    {"op": "set", "partner": "alpha", "name": "csat", "value": "4.1",
     "on": "2025-01-01"},
    {"op": "set", "partner": "alpha", "name": "csat", "value": "4.7",
     "on": "2026-01-01"},
    {"op": "set", "partner": "alpha", "name": "name",
     "value": 'Alpha, "Bêta" & Co'},
    sale("alpha", 10, **{"with": "class=new,customer=c1"}),
    sale("alpha", 20, count=5),
    sale("alpha", -3.25, on="2027-01-01"),
    {"op": "grant", "partner": "alpha", "series": "training/sales", "id": "j",
     "from": "2025-01-01", "until": "2025-12-31"},
    {"op": "grant", "partner": "alpha", "series": "training/sales", "id": "j",
     "from": "2026-03-01", "until": "2027-12-31"},
    {"op": "grant", "partner": "alpha", "series": "deal", "id": "D:1",
     "from": "2026-03-01", "value": "99.50", "unit": "EUR",
     "with": "customer=c1"},
    {"op": "set", "partner": "beta", "name": "kind", "value": "integrator",
     "on": "2026-06-01"},
]


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_import_of_an_export_changes_nothing(give, palier, server, facts,
                                             tmp_path, suffix):
    assert give(STOCK, server=server).returncode == 0
    with server.wire() as wire:
        before = {p: facts(p, wire) for p in ("alpha", "beta")}
        path = tmp_path / f"export{suffix}"
        done = palier("export", path, "--server", f"127.0.0.1:{server.port}")
        assert done.returncode == 0, done.stderr
        assert done.stderr == ("exported 2 partners: 4 attributes, 3 amounts, "
                               "3 terms\n")
        again = give(path.read_bytes(), "--json", suffix=suffix, server=server)
        assert again.returncode == 0, again.stdout
        assert json.loads(again.stdout)["changed"] == 0
        assert {p: facts(p, wire) for p in ("alpha", "beta")} == before


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_an_export_makes_an_equal_partner_elsewhere(give, palier, stage, facts,
                                                    tmp_path, suffix):
    ours, theirs = stage.server(), stage.server()
    give(STOCK, server=ours)
    path = tmp_path / f"export{suffix}"
    palier("export", path, "--server", f"127.0.0.1:{ours.port}")
    done = give(path.read_bytes(), suffix=suffix, server=theirs)
    assert done.returncode == 0, done.stdout
    with ours.wire() as a, theirs.wire() as b:
        for partner in ("alpha", "beta"):
            want, got = facts(partner, a), facts(partner, b)
            del want["ver"], got["ver"]
            assert got == want
    again = tmp_path / f"again{suffix}"
    palier("export", again, "--server", f"127.0.0.1:{theirs.port}")
    assert again.read_bytes() == path.read_bytes()


def test_export_to_standard_output(give, palier, server):
    give(STOCK, server=server)
    address = f"127.0.0.1:{server.port}"
    done = palier("export", "--server", address)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert rows[0] == {"op": "set", "partner": "alpha", "name": "kind",
                       "value": "reseller"}
    assert {row["op"] for row in rows} == {"set", "put", "grant"}
    assert palier("export", "-", "--server", address).stdout == done.stdout
    table = palier("export", "--format", "csv", "--server", address)
    cells = list(csv.DictReader(table.stdout.splitlines(keepends=True)))
    assert [{k: v for k, v in row.items() if v} for row in cells] == rows


def test_every_page_is_exported(give, palier, server):
    give([reseller(f"p{i:04d}") for i in range(1500)], server=server)
    done = palier("export", "--server", f"127.0.0.1:{server.port}")
    got = [json.loads(line)["partner"] for line in done.stdout.splitlines()]
    assert got == [f"p{i:04d}" for i in range(1500)]


def test_export_tells_what_it_leaves_out(give, palier, server):
    give([reseller("odd")], server=server)
    with server.store() as store, server.wire() as wire:
        store.hset(server.key("partner:odd"), "sum:odd", "1")
        store.hincrby(server.key("partner:odd"), "ver", 1)
        await_(lambda: wire.ask("FACT", "GET", "odd")["ignored"])
    done = palier("export", "--server", f"127.0.0.1:{server.port}")
    assert done.returncode == 0
    assert "odd: field sum:odd cannot be read" in done.stderr
    assert "1 fields could not be read" in done.stderr


def test_an_export_that_fails_leaves_the_old_file(palier, server, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text("old")
    assert palier("export", path, "--server", "127.0.0.1:1").returncode == 1
    assert path.read_text() == "old"
    done = palier("export", tmp_path / "no" / "x.csv", "--server",
                  f"127.0.0.1:{server.port}")
    assert done.returncode == 1 and "No such file" in done.stderr
    assert sorted(p.name for p in tmp_path.iterdir() if "partial" in p.name
                  ) == []


def test_a_full_disk_is_noticed(give, palier_binary, shared_server, name):
    give([reseller(name)])
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [palier_binary, "export", "--server",
             f"127.0.0.1:{shared_server.port}"],
            stdout=full, stderr=subprocess.PIPE, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert "No space left" in done.stderr


# --- the server --------------------------------------------------------------


def test_no_server(palier, tmp_path):
    (tmp_path / "a.csv").write_text("op,partner\n")
    for command in (("import", "a.csv"), ("export",)):
        done = palier(*command, "--server", "127.0.0.1:1")
        assert done.returncode == 1
        assert re.fullmatch(
            r"palier (import|export): cannot reach the server at 127.0.0.1:1: "
            r"Connection refused; is palier serve running\?\n", done.stderr)


@pytest.mark.parametrize("server", ["127.0.0.1:0", "127.0.0.1:x", ":7411",
                                    "127.0.0.1:99999", "unix:/nowhere"])
def test_no_such_address(palier, server):
    done = palier("export", "--server", server)
    assert done.returncode == 1 and done.stderr.count("\n") == 1


def test_a_password_is_asked_for_and_given(stage, palier, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("open sesame\nnot this\n")
    server = stage.server(args=("--password-file", secret),
                          password="open sesame")
    address = f"127.0.0.1:{server.port}"
    refused = palier("export", "--server", address)
    assert refused.returncode == 1 and "NOAUTH" in refused.stderr
    (tmp_path / "wrong").write_text("guess\n")
    refused = palier("export", "--server", address, "--password-file",
                     tmp_path / "wrong")
    assert refused.returncode == 1 and "WRONGPASS" in refused.stderr
    assert "guess" not in refused.stderr
    done = palier("export", "--server", address, "--password-file", secret)
    assert done.returncode == 0, done.stderr


def test_a_unix_socket(stage, palier, tmp_path):
    path = tmp_path / "palier.sock"
    stage.server(args=("--listen", f"unix:{path}"))
    done = palier("export", "--server", f"unix:{path}")
    assert done.returncode == 0, done.stderr


# --- the command line --------------------------------------------------------


@pytest.mark.parametrize("words, reason", [
    (("import",), "expected a FILE"),
    (("import", "a", "b"), "one FILE"),
    (("import", "a", "--dryrun"), "did you mean --dry-run"),
    (("import", "a", "--bogus"), "unknown flag --bogus"),
    (("import", "a", "-x"), "unknown flag -x"),
    (("import", "a", "--server"), "value is missing after --server"),
    (("import", "a", "--json=1"), "no value goes with"),
    (("export", "--format", "xml"), "csv or jsonl, not xml"),
    (("export", "a", "b"), "one FILE"),
])
def test_usage(palier, words, reason):
    done = palier(*words)
    assert done.returncode == 2
    assert reason in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize("command", ["import", "export"])
def test_help_has_an_example(palier, command):
    done = palier(command, "--help")
    assert done.returncode == 0
    assert "Example" in done.stdout and done.stderr == ""


def test_the_help_of_export_says_what_is_left_out(palier):
    shown = palier("export", "--help").stdout
    assert "values of today" in shown
    assert "set for a later day" in shown and "earlier values" in shown
    assert all(len(row) <= 80 for row in shown.splitlines())
