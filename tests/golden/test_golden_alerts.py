"""The exact output of newsidx new and newsidx alert list; kept like that of the others."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx import alerts
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import Ask
from tests.golden.test_golden import HERE, UPDATE, normal
from tests.processes import Finished

COMMANDS: dict[str, list[str]] = {
    "new.json": ["new", "split", "--json", "-n", "1"],
    "new-all.json": ["new", "--json", "-n", "1"],
    "new-nothing.json": ["new", "quiet", "--json"],
    "new.jsonl": ["new", "split", "--jsonl", "-n", "1"],
    "new.csv": ["new", "split", "--csv"],
    "new.tsv": ["new", "split", "--tsv"],
    "new.txt": ["new"],
    "new-paths.txt": ["new", "split", "-l"],
    "alert-list.json": ["alert", "list", "--json"],
    "alert-list.jsonl": ["alert", "list", "--jsonl"],
    "alert-list.csv": ["alert", "list", "--csv"],
    "alert-list.tsv": ["alert", "list", "--tsv"],
    "alert-list.txt": ["alert", "list"],
    "help-new.txt": ["new", "--help"],
    "help-alert.txt": ["alert", "--help"],
    "help-alert-add.txt": ["alert", "add", "--help"],
}


@pytest.fixture
def index(demo: Path, tmp_path: Path) -> Path:
    path = tmp_path / "index"
    shutil.copytree(demo, path, ignore=shutil.ignore_patterns("alerts"))
    filters = Filters(since="2017", lang=("en", "de"))
    alerts.add(path, "split", Ask("calexit OR secession", filters=filters), from_start=True)
    alerts.add(path, "quiet", Ask("tag:*", literal=False, any_word=True))
    return path


@pytest.mark.parametrize("name", COMMANDS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], index: Path, sample_data: Path
) -> None:
    args = COMMANDS[name]
    where = [] if "--help" in args else ["--index", str(index)]
    done = newsidx(*args, *where, env={"COLUMNS": "80", "TERM": "xterm-256color"})
    found = f"exit {done.status}\n{done.out}"
    if done.err:
        found += f"\nstderr:\n{done.err}"
    found = normal(found, index, sample_data)
    found = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "SINCE", found)
    found = re.sub(r"(?m)^(split,new,\d+,\d+,\w+,)[\d.]+", r"\1N", found)
    found = re.sub(r"(?m)^(split\tnew\t\d+\t\d+\t\w+\t)[\d.]+", r"\1N", found)
    path = HERE / name
    if UPDATE:
        path.write_text(found, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == found
