# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Fixtures that several files of tests share; a file that wants them names this
module in its pytest_plugins."""
import itertools
import json

import pytest

NAMES = itertools.count(1)


# --- facts and questions, of this test's partner -----------------------------


@pytest.fixture
def fact(ask, partner):
    """fact("ADD", ...) of this test's partner."""

    def operate(op, *words):
        return ask("FACT", op, partner, *words)

    return operate


@pytest.fixture
def stored(shared_server, partner):
    """The partner's hash as it lies in Redis."""
    client = shared_server.store()
    return lambda: client.hgetall(shared_server.key(f"partner:{partner}"))


@pytest.fixture
def add(ask, partner):
    def revenue(amount, on, *more):
        reply = ask("FACT", "ADD", partner, "revenue", amount, "ON", on, *more)
        assert isinstance(reply, int), reply

    return revenue


@pytest.fixture
def train(ask, partner):
    def grant(role, person, since="2026-01-10", until=None):
        words = ["UNTIL", until] if until else []
        reply = ask("FACT", "GRANT", partner, f"training/{role}", person,
                    "FROM", since, *words)
        assert isinstance(reply, int), reply

    return grant


@pytest.fixture
def gold(add, train):
    """300,000 of revenue on 2026-03-01, three sales people, two
    consultants."""
    add("300000", "2026-03-01")
    for person in ("ann", "bob", "cid"):
        train("sales", person)
    for person in ("dan", "eve"):
        train("consultant", person)


# --- import and export -------------------------------------------------------


@pytest.fixture
def name():
    """A partner id that no other test uses."""
    return f"partner{next(NAMES)}"


@pytest.fixture
def give(palier, shared_server, tmp_path):
    """give(text or rows, *flags, suffix=".jsonl"): imports a file."""

    def run(content, *flags, suffix=".jsonl", server=shared_server, file=None):
        path = tmp_path / (file or f"facts{suffix}")
        if not isinstance(content, (str, bytes)):
            content = "".join(json.dumps(row) + "\n" for row in content)
        if isinstance(content, str):
            content = content.encode()
        path.write_bytes(content)
        return palier("import", path, "--server",
                      f"127.0.0.1:{server.port}", *flags)

    return run


@pytest.fixture
def facts(shared_server):
    """facts(partner): FACT GET as Python holds it."""
    with shared_server.wire() as shared:

        def get(partner, wire=shared):
            return wire.ask("FACT", "GET", partner)

        yield get
