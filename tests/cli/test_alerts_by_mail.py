"""The recipe of docs/alerts.md, with a stand-in for `mail`."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsidx import alerts
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from tests.conftest import REPOSITORY
from tests.processes import environment

MAIL = """#!/bin/sh
if test -e {folder}/broken; then exit 75; fi
printf '%s\\n' "$@" > {folder}/arguments
cat > {folder}/mail
"""


@dataclass
class Desk:
    """A folder of articles, an index, and the recipe, which mails into files."""

    folder: Path

    def write(self, name: str, text: str) -> None:
        (self.folder / "press" / name).write_text(text)

    def mailed(self) -> tuple[int, list[str], str]:
        """Run the recipe: status, arguments of the mail, its text."""
        for name in ("arguments", "mail"):
            (self.folder / name).unlink(missing_ok=True)
        tools = self.folder / "bin"
        path = f"{tools}:{environment()['PATH']}"
        done = subprocess.run(
            [tools / "mail-news", "sea", "desk@example.org"],
            capture_output=True,
            env=environment(PATH=path, NEWSIDX_INDEX=str(self.folder / "index")),
            timeout=120,
            check=False,
        )
        if not (self.folder / "mail").exists():
            return done.returncode, [], ""
        arguments = (self.folder / "arguments").read_text().splitlines()
        return done.returncode, arguments, (self.folder / "mail").read_text()


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    if not shutil.which("jq"):
        pytest.skip("jq is not installed")
    for name in ("press", "bin"):
        (tmp_path / name).mkdir()
    text = (REPOSITORY / "docs/alerts.md").read_text(encoding="utf-8")
    recipe = re.search(r"```sh\n(#!/bin/sh\n.*?)```", text, re.DOTALL)
    assert recipe is not None
    newsidx = f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m newsidx "$@"\n'
    mail = MAIL.format(folder=shlex.quote(str(tmp_path)))
    for name, program in (("mail-news", recipe[1]), ("newsidx", newsidx), ("mail", mail)):
        (tmp_path / "bin" / name).write_text(program)
        (tmp_path / "bin" / name).chmod(0o755)
    create_index(tmp_path / "index", "whoosh", "en")
    desk = Desk(tmp_path)
    desk.write("old.txt", "An old ferry\n\nIt came on Monday.\n")
    run(tmp_path / "index", [str(tmp_path / "press")], RunOptions())
    alerts.add(tmp_path / "index", "sea", "ferry")
    return desk


def test_the_recipe_mails_what_is_new_once(desk: Desk) -> None:
    assert desk.mailed() == (0, [], "")
    desk.write("new.txt", "A new ferry\n\nIt came on Tuesday.\n")
    status, arguments, text = desk.mailed()
    assert status == 0
    assert arguments == ["-s", "sea: 1 new", "desk@example.org"]
    path = desk.folder / "press/new.txt"
    assert text == f"A new ferry\n?, no date (new)\n{path}\n\n"
    assert desk.mailed() == (0, [], "")


def test_what_could_not_be_mailed_is_mailed_the_next_time(desk: Desk) -> None:
    desk.write("new.txt", "A new ferry\n\nIt came on Tuesday.\n")
    (desk.folder / "broken").touch()
    assert desk.mailed() == (75, [], "")
    (desk.folder / "broken").unlink()
    desk.write("newer.txt", "A newer ferry\n\nIt came on Friday.\n")
    status, arguments, _ = desk.mailed()
    assert (status, arguments[1]) == (0, "sea: 2 new")
