"""What the contract doesn't say of a Tantivy index: its files, and what it can't be asked for."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from newsidx.article import Article, article_id
from newsidx.engines import tantivy as factory
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.memory import MemoryEngine
from newsidx.engines.registry import factory as by_name
from newsidx.engines.tantivy import merge
from newsidx.engines.tantivy.compile import UNSAID
from newsidx.engines.tantivy.files import read_commit
from newsidx.engines.tantivy.layout import id_of, key_of
from newsidx.engines.tantivy.lengths import round_length
from newsidx.engines.verifying import MOST_VERIFIED, verify_at_most
from newsidx.errors import EngineError, IndexDamaged
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.parser import parse
from tests.contract.cases import ARCHIVE, CASES
from tests.contract.engines import FILLERS


def bound(query: str) -> BoundQuery:
    return bind(parse(query), query, language="en", today=date(2024, 5, 17))


def story(number: int, version: int = 0) -> Article:
    return Article(
        id=article_id(f"made:{number}"),
        title=f"Harbour strike {number}",
        body=f"The ferry number{number} stayed in the harbour. " * 20 + f"version{version}",
        source="Ledger",
        words=160,
    )


def commit(folder: Path, *added: Article, gone: tuple[str, ...] = (), **more: bool) -> None:
    engine = factory.open(folder, "en")
    writer = engine.writer()
    writer.delete(gone)
    for article in added:
        writer.add(article)
    for name, wanted in more.items():
        if wanted:
            getattr(writer, name)()
    writer.commit()
    engine.close()


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    FILLERS["tantivy"]([story(number) for number in range(30)], tmp_path / "index").close()
    return tmp_path / "index"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    opened = FILLERS["tantivy"](ARCHIVE.values(), tmp_path_factory.mktemp("index"))
    yield opened
    opened.close()


# What it can't be asked for


@pytest.mark.parametrize("query", [query for query, _ in UNSAID])
def test_the_rows_of_the_list_are_verified_on_candidates(engine: Engine, query: str) -> None:
    assert engine.verifies(bound(query).tree)


@pytest.mark.parametrize("query", [query for query, _ in CASES])
def test_every_other_row_is_executed(engine: Engine, query: str) -> None:
    spelt = "==" in query or "=^" in query
    tree = bound(query).tree
    if engine.verifies(tree):
        assert spelt or "/" in query or '"~' in query or "atleast" in query or ":=" in query


def test_too_many_candidates_are_refused_with_what_to_do(engine: Engine) -> None:
    verify_at_most(0)
    try:
        with pytest.raises(EngineError, match="one by one") as caught:
            engine.search(SearchRequest(bound("==Marinelli")))
        assert "--max-verify" in (caught.value.hint or "")
        assert engine.search(SearchRequest(bound("marinelli"))).total
    finally:
        verify_at_most(MOST_VERIFIED)


def test_ids_stand_in_the_order_of_their_numbers() -> None:
    ids = sorted(article_id(str(number)) for number in range(200))
    assert [key_of(key) for key in ids] == sorted(map(key_of, ids))
    assert [id_of(key_of(key)) for key in ids] == ids


# Files


def test_updating_every_article_ten_times_leaves_no_more_than_is_live(folder: Path) -> None:
    fresh = size_of(folder)
    for version in range(1, 11):
        stories = [story(number, version) for number in range(30)]
        commit(folder, *stories, gone=tuple(each.id for each in stories))
    assert size_of(folder) < 3 * fresh
    opened = factory.open(folder, "en")
    assert opened.search(SearchRequest(bound("version10"))).total == 30
    assert opened.search(SearchRequest(bound("version9"))).total == 0
    assert opened.frequencies(["body"])["version10"] == 30
    assert "version9" not in opened.frequencies(["body"])
    opened.close()


def test_nothing_is_left_in_any_file_of_what_is_reclaimed(folder: Path) -> None:
    words = " ".join(f"secret{random.Random(number).getrandbits(64):x}" for number in range(40))
    secret = replace(story(31), body=words)
    commit(folder, secret)
    opened = factory.open(folder, "en")
    (place,) = opened._places(opened._matching(bound("secret*").tree))
    middle = opened._stored(place)[200:230]
    opened.close()
    assert holding(folder, middle)
    commit(folder, gone=(secret.id,), reclaim=True)
    assert not holding(folder, middle)
    assert not holding(folder, b"secret")
    opened = factory.open(folder, "en")
    assert opened.segments().deleted == 0
    assert not list(opened.terms("body", "secret"))
    assert not list(opened.lexicon(["body"], "secret"))
    opened.close()


def holding(folder: Path, data: bytes) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and data in p.read_bytes()]


@pytest.mark.parametrize("rewritten", [0, 10_000])
def test_many_segments_become_one_that_answers_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rewritten: int
) -> None:
    """By Tantivy's own merging, also of segments that it takes for large; or from the texts."""
    monkeypatch.setattr(merge, "_REWRITTEN", rewritten)
    monkeypatch.setattr(merge, "_ONE_SIZE", 20)
    if not rewritten:
        monkeypatch.delattr(merge.Merger, "_rewrite")
    folder = tmp_path / "index"
    stories = [story(number) for number in range(100)]
    FILLERS["tantivy"](stories[:60], folder).close()
    commit(folder, *stories[60:90])
    commit(folder, *stories[90:], gone=(stories[5].id,))
    commit(folder, optimize=True)
    oracle = MemoryEngine((s for s in stories if s is not stories[5]), "en", round_length)
    opened = factory.open(folder, "en")
    assert opened.segments() == (1, 0)
    for query in ("harbour", "number7 OR number77", '"stayed in the harbour"', "atleast20(ferry)"):
        asked = SearchRequest(bound(query), limit=None)
        ours, theirs = opened.search(asked), oracle.search(asked)
        assert [hit.id for hit in ours.hits] == [hit.id for hit in theirs.hits]
    assert dict(opened.frequencies(["title", "body"])) == dict(
        oracle.frequencies(["title", "body"])
    )
    opened.close()


def test_a_reader_goes_on_seeing_its_commit(folder: Path) -> None:
    reader = factory.open(folder, "en")
    asked = SearchRequest(bound("harbour"), limit=None)
    before = reader.search(asked)
    commit(folder, gone=tuple(story(number).id for number in range(30)))
    assert reader.search(asked) == before
    assert len(reader.get([hit.id for hit in before.hits])) == 30
    reader.close()
    after = factory.open(folder, "en")
    assert after.search(asked).total == 0
    assert after.commit > reader.commit
    after.close()


def test_every_damage_is_found_by_its_file(folder: Path) -> None:
    whole = factory.check(folder, {}, lambda _: None)
    assert not whole.problems
    assert not any(part.problems for part in whole.parts)
    for name in sorted(read_commit(folder).names):
        path = folder / name
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        found = factory.check(folder, {}, lambda _: None)
        details = [*found.problems, *(d for part in found.parts for d in part.problems)]
        assert any(name in detail for detail in details)
        path.write_bytes(data)
    (folder / "meta.json").write_text("{}")
    assert factory.check(folder, {}, lambda _: None).problems


def test_a_dropped_segment_takes_its_articles_and_its_words_along(folder: Path) -> None:
    commit(folder, story(99))
    (part,) = [
        each.name for each in factory.check(folder, {}, lambda _: None).parts if each.articles == 30
    ]
    factory.drop(folder, [part])
    factory.clear(folder)
    opened = factory.open(folder, "en")
    assert opened.ids("") == [story(99).id]
    assert opened.frequencies(["title"]) == {"harbour": 1, "strike": 1, "99": 1}
    opened.close()


def test_what_a_writer_left_is_cleared(folder: Path) -> None:
    engine = factory.open(folder, "en")
    engine.writer().add(story(77))
    (folder / "made").mkdir()
    (folder / f"{'a' * 32}.store").write_bytes(b"left")
    kept = read_commit(folder).names
    factory.clear(folder)
    left = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert left == kept | {"meta.json"}
    engine.close()


def test_it_is_read_where_nothing_can_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = sorted(path.name for path in folder.iterdir())
    opened = factory.open(folder, "en")
    assert opened.search(SearchRequest(bound("harbour"))).total == 30
    assert len(list(opened.scan())) == 30
    opened.close()
    assert sorted(path.name for path in folder.iterdir()) == before


def test_a_directory_that_is_no_index_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="can't be read"):
        factory.open(tmp_path, "en")
    assert factory.latest(tmp_path) == -1


def test_a_missing_package_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    for call in (
        lambda: factory.settled({}),
        lambda: factory.create(tmp_path, "en"),
        lambda: factory.open(tmp_path, "en"),
    ):
        with pytest.raises(EngineError, match="missing") as caught:
            call()
        assert "newsidx[tantivy]" in (caught.value.hint or "")


def test_only_the_engine_imports_the_package() -> None:
    code = (
        "import sys, newsidx, newsidx.cli.main\n"
        "from newsidx.engines.registry import factory\n"
        "factory('tantivy')\n"
        "print('tantivy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "False"
    assert by_name("tantivy") is factory
