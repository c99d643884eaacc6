"""A corpus is given to every system in a form that it can read."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def staging(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "benchmarks"))
    import staging

    return staging


def test_text_files_are_read_as_they_are(staging: ModuleType, tmp_path: Path) -> None:
    given = tmp_path / "press"
    (given / "sport").mkdir(parents=True)
    for number in range(8):
        (given / "sport" / f"{number}.txt").write_text(f"Match {number}\n\nIt was lost.\n")
    corpus = staging.stage(given, tmp_path / "scratch")
    assert corpus.texts == corpus.folder != given
    staging.prepare(corpus)
    assert (corpus.count, corpus.size) == (8, 8 * len("Match 0It was lost."))
    small = staging.quarter(corpus, tmp_path / "small")
    assert sorted(path.name for path in small.folder.rglob("*.txt")) == ["0.txt", "4.txt"]


def test_other_formats_are_written_as_text_beforehand(staging: ModuleType, tmp_path: Path) -> None:
    record = {"title": "A port opens", "body": "Ships came."}
    (tmp_path / "a.json").write_text(json.dumps(record))
    (tmp_path / "copy.json").write_text(json.dumps(record))
    with tarfile.open(tmp_path / "press.tar.xz", "w:xz") as archive:
        for name in ("a.json", "copy.json"):
            archive.add(tmp_path / name, name)
    corpus = staging.stage(tmp_path / "press.tar.xz", tmp_path / "scratch")
    staging.prepare(corpus)
    # Copies are all given: whoever keeps one only has to find that out.
    texts = [path.read_text() for path in corpus.texts.rglob("*.txt")]
    assert texts == ["A port opens\n\nShips came.\n"] * 2
    articles = [json.loads(line) for line in corpus.articles.read_text().splitlines()]
    assert [article["title"] for article in articles] == ["A port opens"] * 2
    assert len({article["id"] for article in articles}) == 2
