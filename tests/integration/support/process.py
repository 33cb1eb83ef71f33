# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Processes under test: started on free ports, stopped by their own id."""
import os
import re
import signal
import socket
import subprocess

import redis

from .waiting import PATIENCE, await_
from .wire import Closed, Refusal, Wire

REPORTS = re.compile(
    r"ERROR: \w*Sanitizer|WARNING: ThreadSanitizer|runtime error:"
)
HOUSE_DAY = "2026-06-30"


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Ended(Exception):
    """A server that ended instead of becoming ready."""

    def __init__(self, code, log):
        super().__init__(f"ended with {code}:\n{log}")
        self.code = code
        self.log = log


class Process:
    """A child whose output goes to a file."""

    def __init__(self, command, log_path, cwd=None, env=None):
        self.log_path = str(log_path)
        with open(self.log_path, "ab") as log:
            self.child = subprocess.Popen(
                command, stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                cwd=cwd, env=env,
            )
        self.pid = self.child.pid
        self.expect_code = 0

    def log(self):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()

    def is_running(self):
        return self.child.poll() is None

    def signal(self, number):
        self.child.send_signal(number)

    def kill(self):
        """Without any chance to tidy up."""
        self.child.kill()
        self.child.wait()
        self.expect_code = -signal.SIGKILL

    def stop(self):
        """Asks it to end and gives its exit code."""
        if self.is_running():
            self.signal(signal.SIGCONT)
            self.signal(signal.SIGTERM)
        try:
            return self.child.wait(30 * PATIENCE)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
            raise AssertionError(
                f"did not end on SIGTERM:\n{self.log()}"
            ) from None


class Redis(Process):
    """A Redis (or Valkey) of the tests' own, for --redis."""

    def __init__(self, program, folder, port=None):
        self.port = port or free_port()
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        super().__init__(
            [program, "--port", str(self.port), "--bind", "127.0.0.1",
             "--dir", self.folder, "--save", "", "--appendonly", "no"],
            os.path.join(self.folder, "redis.log"),
        )
        self.url = f"redis://127.0.0.1:{self.port}"
        await_(self.is_ready, what=self.log)

    def stop(self):
        """Nothing in it is kept, so it may end as it likes."""
        self.kill()

    def client(self, **options):
        options.setdefault("decode_responses", True)
        return redis.Redis(port=self.port, **options)

    def is_ready(self):
        try:
            return self.client().ping()
        except redis.ConnectionError:
            return False


class Server(Process):
    """One `palier serve`."""

    def __init__(self, binary, folder, data=None, scripts=None,
                 today=HOUSE_DAY, args=(), store=None, env=None,
                 host="127.0.0.1", program="demo", password=None):
        self.folder = str(folder)
        os.makedirs(self.folder, exist_ok=True)
        self.data = str(data or os.path.join(self.folder, "data"))
        self.port = free_port()
        self.address = ("127.0.0.1", self.port)
        self.program = program
        self.password = password
        self.store_url = store
        command = [binary, "serve", "--data", self.data, "--program", program]
        command += ["--listen", f"{host}:{self.port}"]
        if scripts is not None:
            command += ["--scripts", str(scripts)]
        if store is not None:
            command += ["--redis", store]
        environment = dict(os.environ)
        for name in ("PALIER_TODAY", "PALIER_BINARY", "PALIER_TEST_PATIENCE"):
            environment.pop(name, None)
        if today is not None:
            environment["PALIER_TODAY"] = today
        environment.update(env or {})
        super().__init__(
            command + [str(arg) for arg in args],
            os.path.join(self.folder, "server.log"),
            cwd=self.folder, env=environment,
        )

    def ready(self):
        """Waits until it answers; Ended where it gave up instead."""
        await_(self.is_ready, 60, self.log)
        return self

    def is_ready(self):
        if not self.is_running():
            raise Ended(self.child.returncode, self.log())
        try:
            with Wire(self.address, password=self.password) as wire:
                answer = wire.ask("PING")
                return answer == "PONG" and not isinstance(answer, Refusal)
        except (OSError, Closed, AssertionError):
            return False

    def wire(self, proto=3, **options):
        options.setdefault("password", self.password)
        return Wire(self.address, proto, **options)

    def client(self, **options):
        """redis-py, as other programs come."""
        options.setdefault("decode_responses", True)
        options.setdefault("password", self.password)
        return redis.Redis(port=self.port, **options)

    def key(self, name):
        return f"palier:{{{self.program}}}:{name}"

    def store(self, **options):
        """redis-py to the Redis behind it."""
        options.setdefault("decode_responses", True)
        if self.store_url is None:
            path = os.path.join(self.data, "redis.sock")
            return redis.Redis(unix_socket_path=path, **options)
        if self.store_url.startswith("unix:"):
            return redis.Redis(unix_socket_path=self.store_url[5:], **options)
        return redis.Redis.from_url(self.store_url, **options)

    def check_end(self):
        """At teardown: it ends when asked, cleanly and without a report."""
        code = self.stop()
        log = self.log()
        assert not REPORTS.search(log), f"a sanitizer reports:\n{log}"
        assert code == self.expect_code, f"ended with {code}:\n{log}"
