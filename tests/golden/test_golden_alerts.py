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
from tests.golden.cases import ALERTS, form_of
from tests.golden.test_golden import HERE, UPDATE, normal
from tests.processes import Finished, on_screen


@pytest.fixture
def index(demo: Path, tmp_path: Path) -> Path:
    path = tmp_path / "index"
    shutil.copytree(demo, path, ignore=shutil.ignore_patterns("alerts"))
    filters = Filters(since="2017", lang=("en", "de"))
    alerts.add(path, "split", Ask("calexit OR secession", filters=filters), from_start=True)
    alerts.add(path, "quiet", Ask("tag:*", literal=False, any_word=True))
    return path


@pytest.mark.parametrize("name", ALERTS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], index: Path, sample_data: Path
) -> None:
    args = ALERTS[name]
    where = [] if "--help" in args else ["--index", str(index)]
    if form_of(name) == "terminal":
        done = on_screen(*args, *where, NO_COLOR="1")
    else:
        done = newsidx(*args, *where, env={"COLUMNS": "80", "TERM": "xterm-256color"})
    found = f"exit {done.status}\n{done.out}"
    if done.err:
        found += f"\nstderr:\n{done.err}"
    found = normal(found, index, sample_data)
    found = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?(?=[^\d]|$)", "SINCE", found)
    found = re.sub(r"(?m)^(split,new,\d+,\d+,\w+,)[\d.]+", r"\1N", found)
    found = re.sub(r"(?m)^(split\tnew\t\d+\t\d+\t\w+\t)[\d.]+", r"\1N", found)
    path = HERE / name
    if UPDATE:
        path.write_bytes(found.encode())
    assert path.read_bytes().decode() == found
