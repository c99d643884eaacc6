"""The manifest, the lock and the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsidx.errors import IndexDamaged, IndexLocked, IndexNotFound, IndexVersionError, UsageError
from newsidx.index.ledger import Ledger
from newsidx.index.lock import writer_lock
from newsidx.index.manifest import FORMAT, read_manifest, write_manifest
from newsidx.index.outcomes import REASONS, STATUSES, status_for
from newsidx.index.rows import FileRow, Place, Root
from newsidx.indexer.writing import create_index


def test_a_new_index_is_for_its_owner_only(tmp_path: Path) -> None:
    create_index(tmp_path / "index", "whoosh", "de")
    assert (tmp_path / "index").stat().st_mode & 0o777 == 0o700
    manifest = read_manifest(tmp_path / "index")
    assert (manifest.language, manifest.articles, manifest.format) == ("de", 0, FORMAT)
    assert manifest.ranking["weights"] == {"title": 2, "body": 1}


def test_an_index_is_not_made_where_other_files_are(tmp_path: Path) -> None:
    (tmp_path / "precious.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty"):
        create_index(tmp_path, "whoosh", "en")
    assert [path.name for path in tmp_path.iterdir()] == ["precious.txt"]


def test_a_language_without_a_stemmer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no stemmer for 'tlh'"):
        create_index(tmp_path / "index", "whoosh", "tlh")
    assert not (tmp_path / "index").exists()


def test_a_manifest_comes_back_as_it_was_written(tmp_path: Path) -> None:
    manifest = create_index(tmp_path / "index", "whoosh", "en")
    write_manifest(tmp_path, manifest)
    assert read_manifest(tmp_path) == manifest
    assert [path.name for path in tmp_path.glob("manifest*")] == ["manifest.json"]


def test_no_manifest_is_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexNotFound, match="There is no index at"):
        read_manifest(tmp_path)


def test_an_index_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    create_index(tmp_path / "index", "whoosh", "en")
    path = tmp_path / "index/manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "format": FORMAT + 1}))
    with pytest.raises(IndexVersionError, match="made by a newer newsidx"):
        read_manifest(tmp_path / "index")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"format": "x"}', '{"format": 1}', "null"])
def test_a_manifest_that_makes_no_sense_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(IndexDamaged):
        read_manifest(tmp_path)


def test_the_lock_is_held_by_one(tmp_path: Path) -> None:
    with writer_lock(tmp_path):
        with pytest.raises(IndexLocked, match="process .* on "), writer_lock(tmp_path):
            pass
    with writer_lock(tmp_path):
        assert (tmp_path / "lock.holder").exists()
    assert not (tmp_path / "lock.holder").exists()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db", writable=True)


def test_paths_that_are_not_utf_8_come_back_as_they_were(ledger: Ledger) -> None:
    root = ledger.save_root(Root(0, "press", "/caf\udce9"))
    key = ledger.save_file(FileRow(root.id, "caf\udce9/a.txt", "press/x"))
    assert ledger.roots()[0].base == "/caf\udce9"
    assert list(ledger.files(root.id)) == ["caf\udce9/a.txt"]
    assert ledger.file(key).path == "caf\udce9/a.txt"


def test_a_failed_transaction_leaves_nothing(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.transaction():
        ledger.save_root(Root(0, "press", "/press"))
        raise ZeroDivisionError
    assert ledger.roots() == []


def test_a_file_is_what_its_articles_are(ledger: Ledger) -> None:
    root = ledger.save_root(Root(0, "press", "/press"))
    key = ledger.save_file(FileRow(root.id, "a.txt", "press/a.txt"))
    places = [
        Place(key, n, None, f"own{n}", b"t", b"b", b"c%d" % n, b"f", b"s", None, id=n + 1)
        for n in range(2)
    ]
    ledger.add_places(places)
    ids = [place.id for place in places]
    for first, second, expected in (
        ("duplicate", "superseded", "duplicate"),
        ("superseded", "superseded", "superseded"),
        ("duplicate", "indexed", "indexed"),
    ):
        ledger.set_outcomes([(first, "x", ids[0]), (second, "y", ids[1])])
        ledger.refresh_statuses([key])
        assert ledger.file(key).status == expected


def test_a_ledger_can_be_read_where_nothing_can_be_written(tmp_path: Path) -> None:
    Ledger(tmp_path / "ledger.db", writable=True).close()
    (tmp_path / "ledger.db").chmod(0o400)
    tmp_path.chmod(0o500)
    try:
        assert Ledger(tmp_path / "ledger.db").roots() == []
    finally:
        tmp_path.chmod(0o700)


def test_a_ledger_that_is_none_is_damage(tmp_path: Path) -> None:
    (tmp_path / "ledger.db").write_bytes(b"not a database, surely" * 50)
    with pytest.raises(IndexDamaged):
        Ledger(tmp_path / "ledger.db")
    with pytest.raises(IndexDamaged):
        Ledger(tmp_path / "nothing.db")


def test_every_reason_has_an_outcome() -> None:
    assert {status_for(reason) for reason in REASONS} == {"skipped", "excluded", "failed"}
    assert status_for("empty") == "skipped"
    assert status_for("malformed") == "failed"
    assert set(STATUSES) >= {"indexed", "duplicate", "superseded", "skipped", "failed"}
