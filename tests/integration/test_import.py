# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""palier import, against a running server: what arrives, what is refused. The
day is 2026-06-30."""
import json
import os
import pty
import re
import subprocess

import pytest

from support.words import reseller, sale

pytest_plugins = ["support.fixtures"]


def amounts(got):
    return [(a["series"], a["amount"], a["unit"], a["on"], a["count"],
             a["with"]) for a in got["amounts"]]


# --- what arrives ------------------------------------------------------------


def test_every_operation_arrives(give, facts, name):
    done = give([
        reseller(name, on="2025-01-01"),
        {"op": "set", "partner": name, "name": "name",
         "value": "Société Générale d'Été"},
        sale(name, count=3, **{"with": {"customer": "c1", "class": "new"}}),
        {"op": "put", "partner": name, "series": "revenue/license",
         "amount": "20000.00", "unit": "EUR", "on": "2026-01-02",
         "with": "class=renewal"},
        {"op": "grant", "partner": name, "series": "training/sales",
         "id": "jdoe", "from": "2026-01-01", "until": "2027-12-31"},
        {"op": "grant", "partner": name, "series": "deal", "id": "D-9",
         "from": "2026-01-01", "value": 99.5, "unit": "EUR"},
        {"op": "grant", "partner": name, "series": "deal", "id": "D-8",
         "from": "2026-01-01"},
        {"op": "revoke", "partner": name, "series": "deal", "id": "D-8",
         "on": "2026-01-01"},
    ])
    assert done.returncode == 0, done.stdout + done.stderr
    assert "8 of 8 lines accepted" in done.stdout
    assert done.stderr == ""
    got = facts(name)
    assert got["attributes"] == {"kind": "reseller",
                                 "name": "Société Générale d'Été"}
    assert amounts(got) == [
        ("revenue/cloud", "1250.50", "EUR", "2026-03-14", 3,
         {"class": "new", "customer": "c1"}),
        ("revenue/license", "20000.00", "EUR", "2026-01-02", 1,
         {"class": "renewal"}),
    ]
    terms = {term["id"]: term for term in got["terms"]}
    assert sorted(terms) == ["D-9", "jdoe"]
    assert terms["jdoe"]["until"] == "2027-12-31"
    assert terms["D-9"]["value"] == "99.50" and terms["D-9"]["until"] is None


def test_csv_says_the_same(give, facts, name):
    text = (
        "op,partner,name,value,series,amount,unit,on,count,with\r\n"
        f'set,{name},kind,reseller,,,,,,\r\n'
        f'set,{name},name,"Smith, ""Bob"" & Co",,,,,,\r\n'
        "\r\n"
        f'add,{name},,,revenue/cloud,1250.50,EUR,2026-03-14,2,'
        '"customer=c1,class=new"\r\n'
    )
    done = give(text, suffix=".csv")
    assert done.returncode == 0, done.stdout
    got = facts(name)
    assert got["attributes"]["name"] == 'Smith, "Bob" & Co'
    assert amounts(got) == [
        ("revenue/cloud", "1250.50", "EUR", "2026-03-14", 2,
         {"class": "new", "customer": "c1"})]


def test_a_spreadsheet_of_europe_is_read(give, facts, name):
    text = f"\ufeffop;partner;name;value\r\nset;{name};kind;reseller\r\n"
    assert give(text, suffix=".csv").returncode == 0
    assert facts(name)["attributes"] == {"kind": "reseller"}


@pytest.mark.parametrize("file", ["facts.ndjson", "facts.json", "facts", "x.y"])
def test_json_lines_are_known_by_name_or_content(give, facts, name, file):
    assert give([reseller(name)], file=file).returncode == 0
    assert facts(name)["attributes"] == {"kind": "reseller"}


def test_standard_input(palier, shared_server, facts, name):
    done = palier("import", "-", "--server", f"127.0.0.1:{shared_server.port}",
                  text=f"op,partner,name,value\nset,{name},kind,reseller\n")
    assert done.returncode == 0, done.stdout
    assert facts(name)["attributes"] == {"kind": "reseller"}


def test_numbers_arrive_as_written(give, facts, name):
    rows = "".join(
        f'{{"op": "put", "partner": "{name}", "series": "revenue/cloud", '
        f'"amount": {amount}, "on": "2026-01-{day:02d}"}}\n'
        for day, amount in enumerate(
            ["0.10", "99999999999.99", "-5", "1250.500"], 1)
    )
    done = give(json.dumps(reseller(name)) + "\n" + rows)
    assert done.returncode == 0, done.stdout
    assert [a["amount"] for a in facts(name)["amounts"]] == [
        "0.10", "99999999999.99", "-5.00", "1250.50"]


@pytest.mark.parametrize("amount", [
    "0.001", "1e3", "1.00000000000000000001", "99999999999999999999", "1E-2"])
def test_numbers_that_do_not_fit_are_refused(give, facts, name, amount):
    give([reseller(name)])
    done = give(f'{{"op": "add", "partner": "{name}", "series": "revenue", '
                f'"amount": {amount}}}\n')
    assert done.returncode == 1
    assert re.search("line 1: INVALID amount: .*" + re.escape(amount),
                     done.stdout), done.stdout
    assert facts(name)["amounts"] == []


@pytest.mark.parametrize("number", [
    "01", "-", "-01", "00", "1.", "1..2", "1e", "1e+", "1-2", "1.e3",
    "2026-01-01"])
def test_what_is_no_number_of_json_is_refused(give, facts, name, number):
    done = give(f'{{"op": "set", "partner": "{name}", "name": "kind", '
                f'"value": {number}}}\n')
    assert done.returncode == 1
    assert (f"line 1: INVALID no JSON object: {number} is no number of JSON; "
            "a text needs quotes") in done.stdout


def test_a_number_is_no_name(give, name):
    done = give(f'{{"op": "add", "partner": "{name}", "series": "revenue", '
                '"amount": 1, "with": {1 : "x"}}\n')
    assert "1 is no number of JSON" in done.stdout


def test_numbers_in_texts_are_left_alone(give, facts, name):
    done = give(f'{{"op":"set","partner":"{name}","name":"kind",'
                '"value":"reseller","on":"2026-01-01"}\n'
                f'{{"op":"set","partner":"{name}","name":"name",'
                '"value":"01 \\"1. 2-3\\\\","on":"2026-01-01"}\n')
    assert done.returncode == 0, done.stdout
    assert facts(name)["attributes"] == {
        "kind": "reseller", "name": '01 "1. 2-3\\'}


# --- twice -------------------------------------------------------------------


def test_importing_twice_changes_nothing(give, facts, name):
    rows = [reseller(name), sale(name), sale(name),
            sale(name, **{"with": "class=new"})]
    first = give(rows, "--json")
    got = facts(name)
    assert [a["amount"] for a in got["amounts"]] == ["2501.00", "1250.50"]
    second = give(rows, "--json")
    assert facts(name) == got
    assert json.loads(first.stdout) == {
        "file": first.args[2],
        "dry_run": False, "lines": 4, "accepted": 4, "refused": 0,
        "changed": 4, "unchanged": 0, "dayless": 1, "stopped": None,
        "refusals": []}
    summary = json.loads(second.stdout)
    assert (summary["changed"], summary["unchanged"]) == (0, 4)


TODAY = "lines leave out from or on, and mean today"


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_days_left_out_are_told_once(give, name, flags):
    done = give([reseller(name),
                 {"op": "GRANT", "partner": name, "series": "deal",
                  "id": "D-1"},
                 {"op": "set", "partner": name, "name": "csat", "value": 4,
                  "on": ""},
                 {"op": "grant", "partner": name, "series": "deal",
                  "id": "D-2", "from": "2026-01-01"},
                 {"op": "set", "partner": name, "name": "market",
                  "value": "FR", "on": "2026-01-01"},
                 {"op": "grant", "partner": name, "series": "deal"},
                 {"op": "add", "partner": name, "series": "revenue",
                  "amount": 1}], *flags)
    assert f"\n3 {TODAY}: imported on another day they\nchange something\n" in (
        done.stdout)
    assert done.stdout.count(TODAY) == 1


def test_a_file_with_all_its_days_is_told_nothing(give, name):
    assert TODAY not in give([reseller(name, on="2026-01-01"),
                              sale(name)]).stdout


def test_what_the_note_on_days_says_is_true(give, stage, redis_server):
    """Only what it names changes on another day."""
    rows = [reseller("p", on="2026-01-01"),
            {"op": "add", "partner": "p", "series": "revenue", "amount": 1},
            {"op": "grant", "partner": "p", "series": "deal", "id": "D-1"}]
    for today, changed in (("2026-06-30", 3), ("2026-07-01", 1)):
        server = stage.server(redis=redis_server, today=today)
        done = json.loads(give(rows, "--json", server=server).stdout)
        assert (done["changed"], done["dayless"]) == (changed, 1)
        server.stop()


def test_an_import_leaves_no_errors_in_the_counters(give, server):
    rows = [row for i in range(300)
            for row in (reseller(f"n{i}", on="2026-01-01"), sale(f"n{i}"))]
    for changed in (600, 0):
        done = give(rows, "--json", server=server)
        assert json.loads(done.stdout)["changed"] == changed
    with server.wire() as wire:
        assert "total_error_replies:0\r\n" in wire.ask("INFO")


def test_equal_lines_count_each_however_they_are_written(give, facts, name):
    give([reseller(name), sale(name, 100, **{"with": {"a": "1", "b": "2"}})])
    text = ("op,with,partner,on,amount,series,count\n"
            + f'add,"b=2,a=1",{name},2026-03-14,100.00,revenue/cloud,1\n' * 2)
    done = give(text, "--json", suffix=".csv")
    summary = json.loads(done.stdout)
    assert (summary["changed"], summary["unchanged"]) == (1, 1)
    assert facts(name)["amounts"][0]["amount"] == "200.00"


def test_an_id_in_the_file_is_kept(give, facts, name):
    give([reseller(name), sale(name, id="inv-1")])
    done = give([sale(name, id="inv-1"), sale(name, 7, id="inv-1")])
    assert done.returncode == 1
    assert "line 2: CONFLICT" in done.stdout
    assert facts(name)["amounts"][0]["amount"] == "1250.50"


def test_many_lines_keep_their_order(give, facts, name):
    """More than travel together; the last of each day must win."""
    rows = [reseller(name)]
    rows += [{"op": "put", "partner": name, "series": "revenue/cloud",
              "amount": i, "on": f"2026-01-{i % 28 + 1:02d}"}
             for i in range(2500)]
    assert give(rows).returncode == 0
    got = {a["on"]: a["amount"] for a in facts(name)["amounts"]}
    assert len(got) == 28
    for i in range(2500 - 28, 2500):
        assert got[f"2026-01-{i % 28 + 1:02d}"] == f"{i}.00"


# --- what is refused ---------------------------------------------------------


BAD = [
    (lambda p: sale(p, "12a"), "INVALID amount"),
    (lambda p: sale(p, on="2026-02-30"), "INVALID on"),
    (lambda p: sale(p, series="revenu"), "did you mean revenue"),
    (lambda p: sale(p + "x"), "NOPARTNER"),
    (lambda p: {"op": "grant", "partner": p, "series": "training/sales",
                "id": "j", "from": "2026-02-01", "until": "2026-01-01"},
     "INVALID until"),
    (lambda p: {"op": "ad", "partner": p}, "no such op"),
    (lambda p: {"op": "add", "series": "revenue", "amount": 1}, "partner"),
    (lambda p: sale(p, name="x"), "name"),
    (lambda p: {"op": "add", "partner": p, "seris": "revenue"},
     "did you mean series"),
    (lambda p: sale(p, **{"with": {"a": "x y"}}), "INVALID with"),
    (lambda p: [p], "no JSON object"),
    (lambda p: sale(p, [1]), "neither a text nor a number"),
]


@pytest.mark.parametrize("flags", [(), ("--dry-run",)])
def test_each_wrong_line_is_told_with_number_and_reason(give, facts, name,
                                                       flags):
    give([reseller(name)])
    got = facts(name)
    done = give([row(name) for row, _ in BAD], *flags)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    at = lines.index(f"{len(BAD)} of {len(BAD)} lines refused:")
    for number, ((_, reason), line) in enumerate(zip(BAD, lines[at + 1:]), 1):
        assert line.startswith(f"line {number}: "), line
        assert reason in line
    assert facts(name) == got


def test_a_wrong_line_stops_no_other(give, facts, name):
    done = give([reseller(name), sale(name, "x"), sale(name, 1)])
    assert done.returncode == 1
    assert "2 of 3 lines accepted" in done.stdout
    assert "1 of 3 lines refused:\nline 2: INVALID" in done.stdout
    assert facts(name)["amounts"][0]["amount"] == "1.00"


def test_a_long_list_of_refusals_is_cut(give, name):
    done = give([reseller(name)] + [sale(name, "x")] * 60)
    assert done.stdout.count("\nline ") == 50
    assert done.stdout.endswith("... and 10 more\n")
    done = give([sale(name, "x")] * 60, "--json")
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["refusals"]) == 60


def test_refusals_of_csv_name_the_line(give, facts, name):
    text = (f"op,partner,name,value\nset,{name},kind,reseller\n"
            f"set,{name},name,\"two\nlines\"\n"
            f"set,{name},name,\"a\"b\n"
            f"set,{name},name,x,y\n"
            f"set,{name},language,fr\n"
            f"set,{name},market,\"F\n")
    done = give(text, suffix=".csv")
    assert done.returncode == 1
    refused = re.findall(r"^line (\d+): \w+ (\w+)", done.stdout, re.M)
    assert [number for number, _ in refused] == ["3", "5", "6", "8"]
    assert facts(name)["attributes"] == {"kind": "reseller", "language": "fr"}


@pytest.mark.parametrize("content, suffix, reason", [
    ("op,prtner\n", ".csv", "did you mean partner"),
    ("op,op\n", ".csv", "twice"),
    ('[{"op": "set"}]\n', ".json", "JSON array"),
    ('[{"op": "set"}]\n', "", "JSON array"),
    (b"x" * 3000000, ".csv", "longer than"),
], ids=["column", "twice", "array", "array by content", "long"])
def test_files_that_cannot_be_read(give, content, suffix, reason):
    done = give(content, suffix=suffix)
    assert done.returncode == 1
    assert done.stdout == "" and reason in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_line_that_is_too_long_is_passed_over(give, facts, name):
    done = give(json.dumps(reseller(name)) + "\n" + "x" * 3000000 + "\n"
                + json.dumps(sale(name)) + "\n")
    assert "2 of 3 lines accepted" in done.stdout
    assert "line 2: INVALID longer than" in done.stdout
    assert len(facts(name)["amounts"]) == 1


def test_an_empty_file_is_no_fault(give):
    for suffix in (".csv", ".jsonl", ""):
        done = give("", suffix=suffix)
        assert done.returncode == 0
        assert done.stdout == "0 of 0 lines accepted\n"


# --- dry run -----------------------------------------------------------------


def test_a_dry_run_changes_nothing(give, shared_server, name):
    done = give([reseller(name), sale(name), sale(name + "x")], "--dry-run")
    assert done.returncode == 1
    assert "2 of 3 lines would be accepted" in done.stdout
    assert f'line 3: NOPARTNER no such partner: "{name}x"' in done.stdout
    assert "nothing was changed" in done.stdout
    assert "whether an id was used before" in done.stdout
    assert "whether an entry's total passes the limit" in done.stdout
    with shared_server.wire() as wire:
        assert wire.ask("TIER", name) is None


def test_a_dry_run_wants_the_kind_first(give, name):
    rows = [{"op": "set", "partner": name, "name": "market", "value": "FR"},
            reseller(name),
            {"op": "set", "partner": name, "name": "market", "value": "FR"}]
    dry = give(rows, "--dry-run")
    assert dry.returncode == 1 and "2 of 3" in dry.stdout
    real = give(rows)
    assert real.returncode == 1
    reason = re.search(r"^line 1: .*$", dry.stdout, re.M).group()
    assert reason in real.stdout.splitlines()


def test_a_dry_run_knows_the_partners_of_the_server(give, name):
    give([reseller(name)])
    assert give([sale(name)], "--dry-run").returncode == 0


# --- the server --------------------------------------------------------------


def test_the_ledger_says_who_imported(give, shared_server, name):
    give([reseller(name)])
    with shared_server.wire() as wire:
        log = wire.ask("FACT", "LOG", name)
    assert log[0]["who"] == "palier-import"


def test_a_server_without_its_store_stops_the_import(stage, give, name):
    redis = stage.redis()
    server = stage.server(redis=redis)
    assert give([reseller(name)], server=server).returncode == 0
    redis.kill()
    done = give([sale(name)] * 5, server=server)
    assert done.returncode == 1
    assert "stopped before the end: UNAVAILABLE" in done.stdout
    assert "0 of 5 lines accepted" in done.stdout


# --- the command line --------------------------------------------------------


def test_a_file_that_is_not_there(palier):
    done = palier("import", "nowhere.csv")
    assert done.returncode == 1
    assert "nowhere.csv: No such file" in done.stderr


def test_a_folder_is_no_file(palier, tmp_path):
    done = palier("import", tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        f"palier import: cannot read {tmp_path}: Is a directory\n")


def test_progress_on_a_terminal_only(palier_binary, shared_server, tmp_path,
                                     name):
    path = tmp_path / "facts.jsonl"
    rows = [reseller(name)] + [sale(name)] * 3000
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ours, theirs = pty.openpty()
    done = subprocess.run(
        [palier_binary, "import", path, "--server",
         f"127.0.0.1:{shared_server.port}"],
        stdout=subprocess.PIPE, stderr=theirs, check=True, encoding="utf-8")
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)
    assert "3001 of 3001 lines accepted" in done.stdout
    assert re.search(r"\[#*\.*\] +\d+ %  \d+ lines, \d+ a second", shown)
