"""The files of a Whoosh index: flushed before they are named, summed, and cleared away."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from whoosh.index import open_dir

from newsidx import durable
from newsidx.durable import checksum, checksum_of
from newsidx.engines import whoosh as engine
from newsidx.engines.whoosh import sealing, writer
from newsidx.engines.whoosh.toc import latest_generation, read_toc
from newsidx.errors import IndexDamaged
from tests.conftest import make_article


def commit(folder: Path, *titles: str) -> None:
    opened = engine.open(folder, "en")
    writing = opened.writer()
    for title in titles:
        writing.add(make_article(title, f"This is {title}."))
    writing.commit()
    opened.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    home = tmp_path / "whoosh-1"
    home.mkdir()
    engine.create(home, "en")
    commit(home, "One", "Two")
    return home


def test_every_file_is_on_the_disk_before_the_table_of_contents_names_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[tuple[str, str]] = []
    flush, replace = durable.flush, os.replace

    def flushed(path: Path) -> None:
        steps.append(("flush", path.name))
        flush(path)

    def replaced(source: Any, target: Any) -> None:
        steps.append(("name", Path(target).name))
        replace(source, target)

    monkeypatch.setattr(durable, "flush", flushed)
    monkeypatch.setattr(sealing, "flush", flushed)
    monkeypatch.setattr(os, "replace", replaced)
    before = set(folder.iterdir())
    commit(folder, "Three")
    new = {path.name for path in set(folder.iterdir()) - before}
    toc = steps.index(("name", "_MAIN_2.toc"))
    segment = {name for name in new if name.startswith("MAIN_") and not name.endswith(".sums")}
    assert segment
    for name in segment:
        assert steps.index(("flush", name)) < toc
    for name in (name for name in new if name.endswith(".sums")):
        named = steps.index(("name", name))
        assert steps.index(("flush", name + ".new")) < named < toc
        assert ("flush", folder.name) in steps[named:toc]
    assert steps[toc - 1] == ("flush", "_MAIN_2.toc.new")
    assert ("flush", folder.name) in steps[toc:]


def test_size_and_checksum_of_every_file_are_kept(folder: Path) -> None:
    named: dict[str, list[Any]] = {}
    for path in folder.glob("*.sums"):
        named |= json.loads(path.read_text())["files"]
    others = [path for path in folder.iterdir() if path.suffix != ".sums"]
    assert sorted(named) == sorted(path.name for path in others)
    for path in others:
        assert named[path.name] == [path.stat().st_size, checksum_of(path.read_bytes())]
        assert checksum(path) == (path.stat().st_size, checksum_of(path.read_bytes()))


def test_a_segment_and_its_checksums_are_never_written_again(folder: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in folder.glob("MAIN_*")}
    commit(folder, "Three")
    opened = engine.open(folder, "en")
    writing = opened.writer()
    writing.delete(opened.ids("")[:1])
    writing.commit()
    opened.close()
    assert {path: path.stat().st_mtime_ns for path in before} == before


def test_after_a_commit_there_is_nothing_but_what_it_names(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "to_merge", lambda sizes, _: [list(range(len(sizes)))])
    commit(folder, "Three")
    table = read_toc(folder)
    names = {segment.name for segment in table.segments}
    assert len(names) == 1
    found = {path.name.partition(".")[0] for path in folder.iterdir()}
    assert found == names | {f"_MAIN_{table.generation}"}


def test_what_killed_writers_left_is_cleared(folder: Path) -> None:
    kept = {path.name for path in folder.iterdir()}
    for name in ("MAIN_abc.pst", "_MAIN_9.sums", "_MAIN_9.toc.new", "_MAIN_0.toc", "MAIN_abc.sums"):
        (folder / name).write_bytes(b"left over")
    (folder / "building").mkdir()
    (folder / "building/MAIN_def.pst").write_bytes(b"left over")
    engine.clear(folder)
    assert {path.name for path in folder.iterdir()} == kept


@pytest.mark.parametrize("pattern", ["MAIN_*.pst", "MAIN_*_stored.col", "MAIN_*.words.col"])
def test_a_merge_takes_over_no_damage(folder: Path, pattern: str) -> None:
    path = min(folder.glob(pattern))
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 1
    path.write_bytes(data)
    before = latest_generation(folder)
    opened = engine.open(folder, "en")
    writing = opened.writer()
    writing.add(make_article("Three", "This is Three."))
    writing.optimize()
    with pytest.raises(IndexDamaged, match=path.name):
        writing.commit()
    writing.rollback()
    opened.close()
    assert latest_generation(folder) == before
    assert engine.check(folder, {}, lambda _: None).parts[0].problems


def test_stock_whoosh_opens_it_and_minds_no_checksums(folder: Path) -> None:
    commit(folder, "Three")
    with open_dir(str(folder)).searcher() as searcher:
        assert searcher.doc_count() == 3


def test_a_segment_can_be_dropped_whatever_state_it_is_in(folder: Path) -> None:
    commit(folder, "Three")
    first, second = read_toc(folder).segments
    for path in folder.glob(first.name + ".*"):
        path.write_bytes(b"")
    engine.drop(folder, [first.name])
    opened = engine.open(folder, "en")
    assert [article.title for article in opened.scan()] == ["Three"]
    opened.close()
    check = engine.check(folder, {}, lambda _: None)
    assert [part.name for part in check.parts] == [second.name]
    assert check.problems == ()
