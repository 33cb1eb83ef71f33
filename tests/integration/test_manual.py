# SPDX-License-Identifier: Apache-2.0
# Copyright the Palier authors
"""The command manual says what the server's own table says."""
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]


def test_the_manual_is_up_to_date():
    ran = subprocess.run([ROOT / "deploy/manual", "--check"],
                         capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_every_row_has_its_help():
    """A row without a summary or an example could not be parsed as six
    texts; each command that COMMAND LIST knows must be in the manual."""
    table = (ROOT / "include/palier/commands.def").read_text()
    manual = (ROOT / "server/COMMANDS.md").read_text()
    rows = table.count("\nX(")
    assert rows > 30
    assert manual.count("\n| `") == rows + manual.split(
        "<!-- commands -->")[0].count("\n| `")
