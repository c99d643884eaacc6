"""Worker processes that die: what they had read is read again, and the file to blame is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.indexer.archive import story
from tests.processes import finished

# Python runs this at its start, in every process.
KILLER = """
import builtins, os, signal, sys
usual = builtins.open
def deadly(path, *args, **kwargs):
    if "--multiprocessing-fork" in sys.orig_argv and str(path).endswith(DEADLY):
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(path, *args, **kwargs)
builtins.open = deadly
"""


@pytest.mark.parametrize("deadly", [["07.json"], ["07.json", "08.json", "59.json"]])
def test_files_that_kill_their_reader_are_named_and_the_rest_is_indexed(
    tmp_path: Path, deadly: list[str]
) -> None:
    press, site, index = tmp_path / "press", tmp_path / "site", tmp_path / "index"
    for folder in (press, site):
        folder.mkdir()
    for number in range(60):
        text = json.dumps(story(f"Story {number}", f"This is story {number} of the sea."))
        (press / f"{number:02}.json").write_text(text)
    names = tuple(f"/{name}" for name in deadly)
    (site / "sitecustomize.py").write_text(f"DEADLY = {names!r}\n{KILLER}")
    env = {"PYTHONPATH": str(site)}
    done = finished("index", press, "--index", index, "--jobs", "2", "--json", env=env)
    assert done.status == 3
    problems = [(Path(each["path"]).name, each["reason"]) for each in done.json["problems"]]
    assert sorted(problems) == [(name, "internal") for name in deadly]
    assert done.json["articles"]["added"] == 60 - len(deadly)
    again = finished("index", press, "--index", index, "--json")
    assert again.status == 0
    assert again.json["articles"]["total"] == 60


def test_copies_that_two_workers_read_are_told_apart_as_by_one(tmp_path: Path) -> None:
    press = tmp_path / "press"
    press.mkdir()
    for number in range(80):
        text = f"This is story {number % 70 % 50} of the sea."
        told = json.dumps(story(f"Story {number % 70}", text))
        (press / f"{number:02}.json").write_text(told)
    exports, reports = [], []
    for jobs in ("1", "2"):
        index = tmp_path / f"index{jobs}"
        done = finished("index", press, "--index", index, "--jobs", jobs, "--json")
        reports.append(done.json["articles"])
        exports.append(finished("export", "--jsonl", "--index", index).out)
    assert exports[0] == exports[1]
    assert exports[0].count("\n") == 70
    assert reports[0] == reports[1]
    assert (reports[0]["duplicates"], reports[0]["removed"]) == (10, 0)
