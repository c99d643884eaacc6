"""What is cited follows from the archive and the query, and from nothing else but the day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from newsidx import open as open_index
from newsidx.app import Index
from newsidx.index.accounts import holdings as kept
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.output.citation import citation_lines, citation_record
from newsidx.output.dossier.page import page
from newsidx.output.records import json_bytes
from newsidx.searcher.holdings import holdings

DAY = date(2026, 11, 23)
QUERIES = ("calexit", "the calexit (russia OR elect*)", "source:courier", "zzzzqq", "*")


@pytest.fixture(scope="module")
def archive(demo: Path) -> Iterator[Index]:
    with open_index(demo) as index:
        yield index


def write(press: Path, name: str, text: str, **more: str) -> None:
    press.mkdir(exist_ok=True)
    record = {"title": name.title(), "text": text, **more}
    (press / f"{name}.json").write_text(json.dumps(record))


def indexed(index: Path, press: Path) -> Path:
    if not index.exists():
        create_index(index, "whoosh", "en")
    run(index, [str(press)], RunOptions(jobs=1))
    return index


def block(index: Path, query: str, **options: str) -> str:
    with open_index(index) as archive:
        return "\n".join(citation_lines(archive.cite(query, day=DAY, **options)))


@pytest.fixture(scope="module", params=["memory", "tantivy"])
def other(
    request: pytest.FixtureRequest,
    demo: Path,
    sample_data: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Index]:
    """The same articles, answered for by another engine."""
    engine, path = request.param, demo
    if engine != "memory":
        pytest.importorskip(engine, reason=f"{engine} is not installed")
        path = tmp_path_factory.mktemp(engine) / "index"
        create_index(path, engine, "en")
        run(path, [str(sample_data)], RunOptions(jobs=1))
    with open_index(path, engine) as index:
        yield index


@pytest.mark.parametrize("query", QUERIES)
def test_another_engine_cites_the_same_but_for_its_name(
    archive: Index, other: Index, query: str
) -> None:
    one, two = (citation_record(each.cite(query, day=DAY)) for each in (archive, other))
    named = f"engine {two['index']['engine']}"
    assert named in two["block"]
    two["block"] = two["block"].replace(named, "engine whoosh")
    for name in ("engine", "path"):
        two["index"][name] = one["index"][name]
    assert json_bytes(one) == json_bytes(two)


def test_another_engine_makes_the_same_dossier_but_for_its_name(
    archive: Index, other: Index
) -> None:
    queries = ["california", "ferry NEAR/5 port", "tag:secession OR the calexit"]
    one, two = (page(each.report(queries, day=DAY)) for each in (archive, other))
    assert one == two.replace(f"engine {other.info.engine}", "engine whoosh")


def test_what_one_engine_holds_another_holds(archive: Index, other: Index) -> None:
    assert archive.holdings() == other.holdings() == holdings(other.engine, None, {})


def test_the_day_is_the_only_clock(archive: Index) -> None:
    one, two = (
        list(citation_lines(archive.cite("calexit", day=day))) for day in (DAY, date(1999, 1, 2))
    )
    differing = [pair for pair in zip(one, two, strict=True) if pair[0] != pair[1]]
    assert [pair[0].split()[0] for pair in differing] == ["Date:"]


def test_yesterday_is_that_of_the_day(tmp_path: Path) -> None:
    write(tmp_path / "press", "fog", "Fog on the quay.", date="2016-11-08")
    index = indexed(tmp_path / "index", tmp_path / "press")
    with open_index(index) as archive:
        assert archive.cite("fog", since="yesterday", day=date(2016, 11, 9)).total == 1
        assert archive.cite("fog", since="yesterday", day=date(2016, 11, 10)).total == 0


def test_an_index_elsewhere_of_the_same_articles_cites_the_same(tmp_path: Path) -> None:
    for name, text in (("fog", "Fog on the quay."), ("dog", "A dog in the fog.")):
        write(tmp_path / "press", name, text)
    one = block(indexed(tmp_path / "one", tmp_path / "press"), "fog")
    two = block(indexed(tmp_path / "two", tmp_path / "press"), "fog")
    assert one == two
    assert str(tmp_path) not in one


def test_one_character_of_one_article_changes_state_and_result(tmp_path: Path) -> None:
    write(tmp_path / "press", "fog", "Fog on the quay.")
    write(tmp_path / "press", "dog", "A dog was lost.")
    index = indexed(tmp_path / "index", tmp_path / "press")
    with open_index(index) as archive:
        before = archive.cite("fog", day=DAY)
    write(tmp_path / "press", "fog", "Fog on the quai.")
    indexed(index, tmp_path / "press")
    with open_index(index) as archive:
        after = archive.cite("fog", day=DAY)
    assert before.total == after.total
    assert before.index.state != after.index.state
    assert before.content != after.content


def test_an_article_that_does_not_match_changes_the_state_and_not_the_result(
    tmp_path: Path,
) -> None:
    write(tmp_path / "press", "fog", "Fog on the quay.")
    index = indexed(tmp_path / "index", tmp_path / "press")
    with open_index(index) as archive:
        before = archive.cite("fog", day=DAY)
    write(tmp_path / "press", "dog", "A dog was lost.")
    indexed(index, tmp_path / "press")
    with open_index(index) as archive:
        after = archive.cite("fog", day=DAY)
    assert before.content == after.content
    assert before.index.state != after.index.state


def test_the_result_of_everything_is_the_state(archive: Index) -> None:
    found = archive.cite("*", day=DAY)
    assert found.content == found.index.state == archive.manifest.state


def test_what_could_not_be_read_is_named_with_the_reason(tmp_path: Path) -> None:
    write(tmp_path / "press", "fog", "Fog on the quay.")
    (tmp_path / "press/bad.json").write_text('{"title": "Torn", "text": ')
    (tmp_path / "press/nothing.txt").write_text(" \n")
    index = indexed(tmp_path / "index", tmp_path / "press")
    said = block(index, "fog")
    assert "1 file failed (malformed 1); 1 file skipped (empty 1)" in said
    with open_index(index) as archive:
        dropped = citation_record(archive.cite("fog", day=DAY))["dropped"]
    assert {"status": "failed", "reason": "malformed", "files": 1} in dropped["files"]


def test_what_was_left_out_of_the_query_and_the_filters_are_named(archive: Index) -> None:
    said = dict(
        line.split(":", 1)
        for line in citation_lines(archive.cite("the calexit &", lang="en", day=DAY))
    )
    assert said["Left out"].strip() == "the (too common)"
    assert said["Ignored"].strip().startswith("&")
    assert said["Filters"].strip() == 'lang:"en"'


def test_a_query_with_a_line_break_stays_on_its_line(archive: Index) -> None:
    lines = list(citation_lines(archive.cite("calexit\nState: 0\x1b[2J", literal=True, day=DAY)))
    assert sum(line.startswith("State:") for line in lines) == 1
    assert not any("\x1b" in line or "\n" in line for line in lines)


def test_ledger_and_engine_hold_the_same(archive: Index) -> None:
    ledger = archive.ledger()
    known = kept(ledger, archive.manifest.state)
    ledger.close()
    assert known == holdings(archive.engine, None, {})
    assert len(known) == archive.manifest.articles


def test_where_the_ledger_is_of_another_state_the_articles_are_asked(archive: Index) -> None:
    ledger = archive.ledger()
    assert kept(ledger, "0" * 32) == {}
    ledger.close()
    some = list(holdings(archive.engine, None, {}))[:3]
    assert set(holdings(archive.engine, some, {})) == set(some)
