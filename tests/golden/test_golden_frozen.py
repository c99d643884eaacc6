"""The exact output of newsidx freeze list and newsidx diff; kept like that of the others."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from newsidx import open as open_index
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.searcher.question import question_of
from tests.golden.cases import FROZEN
from tests.golden.test_golden import hold
from tests.processes import Finished

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was frozen there was frozen before a story came, one went and two changed."""
    folder = tmp_path_factory.mktemp("frozen")
    path, press = folder / "index", folder / "press"
    press.mkdir()
    create_index(path, "whoosh", "en")
    write(press, "strike", "The ferry crews went on strike.", "2016-11-08")
    write(press, "fares", "A ferry ticket costs more.", "2016-11-09")
    write(press, "fog", "Fog kept the ferry in port.", "2016-11-10")
    write(press, "dog", "A dog was lost.", "2016-11-11")
    run(path, [str(press)], RunOptions(jobs=1))
    with open_index(path) as archive:
        archive.freeze("all", day=DAY)
        question = question_of("the ferry", source=["courier", "wire"], since="2016")
        archive.freeze("ferries", question, day=DAY)
    (press / "strike.json").unlink()
    write(press, "fares", "A ferry ticket costs less.", "2016-11-09")
    write(press, "fog", "Fog kept the boat in port.", "2016-11-10")
    write(press, "quay", "Nobody waited for the ferry.", "2016-11-12")
    run(path, [str(press)], RunOptions(jobs=1))
    return path


def write(press: Path, name: str, text: str, day: str) -> None:
    record = {"title": name.title(), "text": text, "source": "Courier", "date": day}
    path = press / f"{name}.json"
    path.write_text(json.dumps(record))
    os.utime(path, (1_500_000_000 + len(text),) * 2)


@pytest.mark.parametrize("name", FROZEN)
def test_output_is_as_it_was(
    name: str, newsidx: Callable[..., Finished], index: Path, sample_data: Path
) -> None:
    hold(name, FROZEN[name], newsidx, index, sample_data)
