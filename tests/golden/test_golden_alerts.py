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
from tests.golden.cases import ALERTS
from tests.golden.test_golden import hold
from tests.processes import Finished


@pytest.fixture
def index(demo: Path, tmp_path: Path) -> Path:
    path = tmp_path / "index"
    shutil.copytree(demo, path, ignore=shutil.ignore_patterns("alerts"))
    filters = Filters(since="2017", lang=("en", "de"))
    alerts.add(path, "split", Ask("calexit OR secession", filters=filters), from_start=True)
    alerts.add(path, "quiet", Ask("tag:*", literal=False, any_word=True))
    return path


def tidied(found: str) -> str:
    """Without what depends on the time of day, and on the text that libraries extract."""
    found = re.sub(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\dZ)?(?=[^\d]|$)", "SINCE", found)
    found = re.sub(r"(?m)^(split,new,\d+,\d+,\w+,)[\d.]+", r"\1N", found)
    return re.sub(r"(?m)^(split\tnew\t\d+\t\d+\t\w+\t)[\d.]+", r"\1N", found)


@pytest.mark.parametrize("name", ALERTS)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], index: Path, sample_data: Path
) -> None:
    hold(name, ALERTS[name], newsidx, index, sample_data, tidied)
