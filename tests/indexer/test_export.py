"""What is exported and indexed again is the same articles, with the same ids."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsidx.app import Index
from newsidx.article import article_id
from newsidx.indexer.removal import remove
from newsidx.indexer.report import Report
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.output.records import json_bytes
from tests.indexer.archive import Archive, story
from tests.indexer.test_histories import stories

TEXT = "The council voted on Tuesday to close the old bridge. Work begins in spring."
WIND = "A strong wind blew over the harbour all through the night."
URL = "https://courier.example/2016/11/bridge"
# Where an article lies is all that an export of it says otherwise when it is read again.
ELSEWHERE = ("path", "root", "places")


def exported(index: Path) -> list[dict[str, Any]]:
    with Index(index) as opened:
        # Through JSON, as it is printed.
        return [json.loads(json_bytes(record)) for record in opened.export()]


def indexed_again(folder: Path, records: list[dict[str, Any]]) -> Report:
    """Index an export into `folder / "again"`."""
    file = folder / "export.jsonl"
    file.write_bytes(b"".join(map(json_bytes, records)))
    if not (folder / "again").exists():
        create_index(folder / "again", "whoosh", "en")
    return run(folder / "again", [str(file)], RunOptions())


def without_place(records: list[dict[str, Any]]) -> bytes:
    """The bytes of an export but for what says where articles lie."""
    return b"".join(
        json_bytes({name: value for name, value in record.items() if name not in ELSEWHERE})
        for record in records
    )


def state_of(index: Path) -> str:
    with Index(index) as opened:
        return opened.manifest.state


def test_sample_data_survives_byte_by_byte(demo: Path, tmp_path: Path) -> None:
    first = exported(demo)
    report = indexed_again(tmp_path, first)
    assert (report.added, report.bad_records) == (len(first), 0)
    again = exported(tmp_path / "again")
    assert without_place(again) == without_place(first)
    assert state_of(tmp_path / "again") == state_of(demo)
    # An export of that lies in the same place, and differs in nothing.
    file = tmp_path / "export.jsonl"
    file.write_bytes(b"".join(map(json_bytes, again)))
    run(tmp_path / "again", [str(file)], RunOptions())
    assert exported(tmp_path / "again") == again


words = st.text(max_size=40)
odd_stories = st.builds(
    lambda title, text, **fields: story(title or "Untitled", text, **fields),
    words,
    words,
    url=st.sampled_from((None, "https://courier.example/a b", "http://Ledger.example:80/x?b=1#y")),
    id=st.one_of(st.none(), words, st.integers()),
    source=st.one_of(st.none(), words),
    date=st.sampled_from((None, "2016", "2016-11", "2016-11-08T23:30:00-05:00", "03/04/2016")),
    author=st.one_of(st.none(), words, st.lists(words, max_size=3)),
    tags=st.one_of(st.none(), st.lists(words, max_size=3)),
    section=st.one_of(st.none(), words),
    language=st.sampled_from((None, "en", "German")),
)


@given(
    files=st.lists(st.lists(st.one_of(stories, odd_stories), min_size=1, max_size=4), max_size=4)
)
@settings(max_examples=25)
def test_whatever_is_exported_comes_back(files: list[list[dict[str, Any]]]) -> None:
    with tempfile.TemporaryDirectory() as name:
        archive = Archive(Path(name))
        for number, records in enumerate(files):
            archive.write(f"{number}.json", records)
        archive.index()
        first = exported(archive.path)
        if first:
            indexed_again(Path(name), first)
            again = Path(name) / "again"
            assert without_place(exported(again)) == without_place(first)
            assert state_of(again) == archive.state


def test_they_come_in_the_order_of_their_places(archive: Archive) -> None:
    archive.write("b.json", [story("Two", TEXT), story("Three", WIND)])
    archive.write("a.json", story("One", WIND + " It was cold."))
    archive.index()
    archive.write("a.json", story("One", WIND + " It was cold and wet."))
    archive.index()
    assert [record["title"] for record in exported(archive.path)] == ["One", "Two", "Three"]


def test_a_file_may_be_called_anything(archive: Archive, tmp_path: Path) -> None:
    archive.write("two\nlines #1?.json", story("Bridge", TEXT))
    archive.index()
    indexed_again(tmp_path, exported(archive.path))
    assert state_of(tmp_path / "again") == archive.state


def test_some_can_be_exported(archive: Archive) -> None:
    archive.write("a.json", [story("Bridge", TEXT), story("Wind", WIND)])
    archive.index()
    with Index(archive.path) as index:
        titles = [record["title"] for record in index.export(archive.ids("wind"))]
    assert titles == ["Wind"]


def test_what_was_removed_is_not_exported(archive: Archive) -> None:
    archive.write("a.json", [story("Bridge", TEXT), story("Wind", WIND)])
    archive.index()
    remove(archive.path, archive.ids("wind"))
    assert [record["title"] for record in exported(archive.path)] == ["Bridge"]


def test_copies_and_older_versions_are_named(archive: Archive) -> None:
    archive.write("old.json", story("Bridge", WIND, url=URL))
    archive.index()
    for name in ("a", "b"):
        archive.write(f"{name}.json", story("Bridge", TEXT, url=URL))
    archive.index()
    (record,) = exported(archive.path)
    assert [(place["status"], Path(place["path"]).name) for place in record["places"]] == [
        ("duplicate", "b.json"),
        ("superseded", "old.json"),
    ]


# What is trusted


def test_an_export_in_the_same_index_is_a_copy(archive: Archive) -> None:
    archive.write("m.json", [story("Bridge", TEXT), story("Wind", WIND, url=URL)])
    archive.index()
    state, paths = archive.state, archive.paths()
    lines = "".join(json_bytes(record).decode() for record in exported(archive.path))
    archive.write("a.jsonl", lines)
    report = archive.index()
    assert (report.added, report.updated, report.duplicates) == (0, 0, 2)
    assert (archive.state, archive.paths()) == (state, paths)


@pytest.mark.parametrize("url", [None, URL])
def test_an_export_never_supersedes_what_was_read_from_its_source(
    archive: Archive, url: str | None
) -> None:
    archive.write("a.json", story("Bridge", TEXT, url=url))
    archive.index()
    (record,) = exported(archive.path)
    archive.write("theirs.jsonl", json.dumps({**record, "body": "Nothing of it is true."}) + "\n")
    report = archive.index()
    assert report.superseded == 1
    assert archive.search("council").total == 1
    assert archive.search("true").total == 0


def test_when_the_source_is_gone_the_export_stands_in(archive: Archive) -> None:
    path = archive.write("a.json", story("Bridge", TEXT))
    archive.index()
    state, ids = archive.state, archive.ids()
    archive.write("backup.jsonl", json_bytes(exported(archive.path)[0]).decode())
    archive.index()
    path.unlink()
    archive.index()
    assert (archive.state, archive.ids(), archive.paths()) == (state, ids, ["backup.jsonl"])


def test_a_removal_meets_what_comes_back_by_an_export(archive: Archive) -> None:
    archive.write("a.json", story("Bridge", TEXT))
    archive.index()
    (record,) = exported(archive.path)
    remove(archive.path, archive.ids())
    archive.write("copy.jsonl", json_bytes(record).decode())
    archive.write("version.jsonl", json.dumps({**record, "body": WIND}) + "\n")
    archive.index()
    assert archive.titles() == []


def test_an_id_that_is_not_that_of_its_identity_is_refused(tmp_path: Path) -> None:
    archive = Archive(tmp_path / "mine")
    archive.write("a.json", story("Bridge", TEXT))
    archive.index()
    (record,) = exported(archive.path)
    report = indexed_again(tmp_path, [{**record, "id": article_id("file:other/a.json")}])
    assert report.articles == 0
    (problem,) = report.problems
    assert (problem.reason, problem.detail) == (
        "malformed",
        "its id is not that of its identity",
    )


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"identity": "url:bbc.example/x", "id": article_id("url:bbc.example/x")}, "malformed"),
        ({"identity": "mine:x", "id": article_id("mine:x")}, "malformed"),
        ({"body": None}, "malformed"),
        ({"authors": "Ann"}, "malformed"),
        ({"tags": [{}]}, "malformed"),
        ({"published": "tomorrow"}, "malformed"),
        ({"published": "2016-13"}, "malformed"),
        ({"published": "2016", "published_at": "noon"}, "malformed"),
        ({"provenance": {"title": []}}, "malformed"),
        ({"title": ""}, "no-article"),
        ({"source": "x" * 2_000_000}, "too-large"),
    ],
)
def test_a_record_that_was_tampered_with_is_a_bad_one(
    archive: Archive, tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    archive.write("a.json", [story("Bridge", TEXT), story("Wind", WIND)])
    archive.index()
    good, bad = exported(archive.path)
    report = indexed_again(tmp_path, [good, {**bad, **change}])
    assert (report.articles, report.bad_records) == (1, 1)
    assert report.problems[0].reason == reason


def test_what_no_text_may_hold_is_cleaned_out(archive: Archive, tmp_path: Path) -> None:
    archive.write("a.json", story("Bridge", TEXT))
    archive.index()
    (record,) = exported(archive.path)
    dirty = {
        **record,
        "title": "Bri\x1b[31mdge\u202e",
        "body": f"{TEXT}\x00\r\nEnd.",
        "words": 9999,
    }
    indexed_again(tmp_path, [dirty])
    (again,) = exported(tmp_path / "again")
    assert (again["title"], again["body"]) == ("Bridge", f"{TEXT}\nEnd.")
    assert again["words"] == record["words"] + 1
