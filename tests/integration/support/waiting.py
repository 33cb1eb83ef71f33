# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""Waiting for what must become true: always a condition with a deadline."""
import os
import time

# Sanitizers and a busy machine slow all down alike.
PATIENCE = float(os.environ.get("PALIER_TEST_PATIENCE", "1"))


def await_(condition, timeout=10.0, what=None):
    """Polls until condition() is true and gives that value; fails with `what`
    (a text, or a function that tells what is there instead)."""
    deadline = time.monotonic() + timeout * PATIENCE
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            told = what() if callable(what) else what
            raise AssertionError(
                f"not within {timeout:g} s: {told or condition}"
            )
        time.sleep(0.01)


def await_equal(read, expected, timeout=10.0):
    """Polls until read() == expected; the failure shows the last value."""
    seen = []

    def there():
        seen[:] = [read()]
        return seen[0] == expected

    await_(
        there, timeout, lambda: f"expected {expected!r}, still {seen[0]!r}"
    )


def stays(condition, seconds):
    """Was condition() true at every look for so long? For what must not
    happen: a failure is always real, a pass is only likely."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            return False
        time.sleep(0.01)
    return True
