# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Fixtures of the black-box tests. PALIER_BINARY names the program under test
(the sanitized build unless said); PALIER_TEST_PATIENCE stretches deadlines."""
import itertools
import os
import pathlib
import shutil
import subprocess

import pytest

from support.process import Ended, Process, Redis, Server
from support.waiting import PATIENCE

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def root():
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def palier_binary():
    path = os.environ.get("PALIER_BINARY", ROOT / "build/asan/palier")
    if not os.access(path, os.X_OK):
        pytest.exit(f"{path} is not built; run tests/run", 1)
    return str(pathlib.Path(path).resolve())


@pytest.fixture(scope="session")
def redis_program():
    for name in ("redis-server", "valkey-server"):
        if shutil.which(name):
            return name
    raise AssertionError("neither redis-server nor valkey-server is installed")


@pytest.fixture
def palier(palier_binary, tmp_path):
    """Runs the program to its end: palier("version").stdout"""

    def run(*args, env=None, cwd=None, timeout=60, text=None):
        return subprocess.run(
            [palier_binary, *[str(arg) for arg in args]],
            input=text, capture_output=True, encoding="utf-8",
            timeout=timeout * PATIENCE, cwd=cwd or tmp_path,
            env={**os.environ, **(env or {})}, check=False,
        )

    return run


class Stage:
    """Starts processes, and at the end stops them in the reverse order."""

    def __init__(self, binary, redis_program, folder):
        self.binary = binary
        self.redis_program = redis_program
        self.folder = folder
        self.numbers = itertools.count(1)
        self.processes = []

    def scripts(self, files):
        """A policy folder: files is program.lua's text, or name to text."""
        folder = self.folder / f"scripts{next(self.numbers)}"
        folder.mkdir()
        if isinstance(files, str):
            files = {"program.lua": files}
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        return folder

    def server(self, scripts=None, today="2026-06-30", args=(), redis=None,
               data=None, env=None, **options):
        """A server that is ready. `scripts`: a folder, a page's text, or name
        to text. `redis`: a Redis of start_redis, or a URL."""
        if isinstance(scripts, (str, dict)):
            scripts = self.scripts(scripts)
        store = redis.url if isinstance(redis, Redis) else redis
        for _ in range(5):
            server = Server(
                self.binary, self.folder / f"server{next(self.numbers)}",
                data=data, scripts=scripts, today=today, args=args,
                store=store, env=env, **options,
            )
            server.scripts = scripts
            try:
                server.ready()
            except Ended as end:
                # Another test took the port between our look and its bind.
                if "address already in use" in end.log.lower():
                    continue
                raise
            except AssertionError:
                server.kill()
                raise
            self.processes.append(server)
            return server
        raise AssertionError("no free port found")

    def redis(self, **options):
        folder = self.folder / f"redis{next(self.numbers)}"
        process = Redis(self.redis_program, folder, **options)
        self.processes.append(process)
        return process

    def process(self, command, **options):
        path = self.folder / f"process{next(self.numbers)}.log"
        process = Process(command, path, **options)
        self.processes.append(process)
        return process

    def close(self):
        failures = []
        # Redis is stopped after the servers that need it.
        order = sorted(self.processes, key=lambda p: isinstance(p, Redis))
        for process in order:
            try:
                if isinstance(process, Server):
                    process.check_end()
                else:
                    process.stop()
            except AssertionError as failure:
                failures.append(str(failure))
        assert not failures, "\n".join(failures)


def staged(palier_binary, redis_program, folder):
    stage = Stage(palier_binary, redis_program, folder)
    yield stage
    stage.close()


@pytest.fixture
def stage(palier_binary, redis_program, tmp_path):
    yield from staged(palier_binary, redis_program, tmp_path)


@pytest.fixture(scope="module")
def module_stage(palier_binary, redis_program, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shared")
    yield from staged(palier_binary, redis_program, folder)


@pytest.fixture
def start_server(stage):
    return stage.server


@pytest.fixture
def redis_server(stage):
    """A real Redis of its own, for --redis."""
    return stage.redis()


@pytest.fixture
def server(stage):
    """A server of this test alone, with the house program."""
    return stage.server()


@pytest.fixture(scope="module")
def shared_server(module_stage):
    """One server for all tests of a file: each uses partners of its own."""
    return module_stage.server()


@pytest.fixture
def wire(shared_server):
    """A RESP3 connection to the shared server."""
    with shared_server.wire() as connection:
        yield connection


@pytest.fixture
def ask(wire):
    return wire.ask


@pytest.fixture
def partner(shared_server, ask, request):
    """A partner of this test alone: a reseller since 2025-01-01."""
    numbers = request.module.__dict__.setdefault(
        "_partner_numbers", itertools.count(1)
    )
    name = f"p{next(numbers)}"
    reply = ask("FACT", "SET", name, "kind", "reseller", "ON", "2025-01-01")
    assert isinstance(reply, int), reply
    return name


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """A failed test shows what its servers wrote."""
    report = (yield).get_result()
    if not report.failed:
        return
    for value in item.funcargs.values():
        processes = [value] if isinstance(value, Process) else []
        for process in getattr(value, "processes", processes):
            report.sections.append((process.log_path, process.log()[-8000:]))
