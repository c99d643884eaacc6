"""newsidx verify: whatever file is damaged, it says so; and it says nothing of a sound index."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsidx.engines.whoosh import checking, writer
from newsidx.errors import IndexNotFound, IndexVersionError
from newsidx.index.manifest import read_manifest, write_manifest
from newsidx.indexer import parts
from newsidx.indexer import verify as module
from newsidx.indexer.verify import AT_WORK, CUT_OFF, REBUILDING, Checking, verify
from newsidx.indexer.writing import writing
from tests.indexer.archive import Archive, story

# What Whoosh leaves open when it fails, which is of no account to a process that ends.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def filled(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive of six articles in three segments, one of them deleted."""
    monkeypatch.setattr(module, "_PAUSE", 0)
    for batch in range(3):
        for number in range(2):
            name = f"{batch}-{number}"
            archive.write(f"{name}.json", story(f"Story {name}", f"This is story {name}."))
        archive.index()
    (archive.press / "0-0.json").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(writer, "to_merge", lambda *_: [])
        archive.index()
    return archive


def files(archive: Archive) -> list[Path]:
    return sorted(path for path in archive.path.rglob("*") if path.is_file())


def engine_file(archive: Archive, pattern: str) -> Path:
    return min((archive.path / "engine").rglob(pattern))


def sql(archive: Archive, statement: str) -> None:
    db = sqlite3.connect(archive.path / "ledger.db")
    db.execute(statement)
    db.commit()
    db.close()


def test_a_sound_index_is_sound_and_is_not_written_to(filled: Archive) -> None:
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(filled)}
    told: list[int] = []

    def tell(checking: Checking) -> None:
        told.append(checking.done)

    verdict = verify(filled.path, tell)
    assert verdict.sound
    assert verdict.notes == []
    assert (verdict.articles, len(verdict.segments)) == (5, 3)
    assert sum(part.articles for part in verdict.segments) == 5
    assert told == sorted(told)
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in files(filled)} == before


def test_one_wrong_byte_in_any_file_is_found(filled: Archive) -> None:
    seen = set()
    for path in files(filled):
        whole = path.read_bytes()
        if path.name == "ledger.db" or not whole:
            continue
        wrong = bytearray(whole)
        wrong[len(wrong) // 2] ^= 1
        path.write_bytes(wrong)
        verdict = verify(filled.path)
        assert not verdict.sound, path
        seen |= {finding.part for finding in verdict.findings}
        path.write_bytes(whole)
    assert seen >= {"manifest", "engine", "segment"}
    assert verify(filled.path).sound


@pytest.mark.parametrize("how", ["gone", "empty", "longer"])
@pytest.mark.parametrize("pattern", ["*.pst", "*.trm", "*_stored.col", "MAIN_*.sums", "*.toc"])
def test_a_file_that_is_gone_cut_short_or_grown_is_named(
    filled: Archive, pattern: str, how: str
) -> None:
    path = engine_file(filled, pattern)
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"" if how == "empty" else path.read_bytes() + b"\0")
    verdict = verify(filled.path)
    part = "engine" if pattern == "*.toc" else "segment"
    if pattern == "MAIN_*.sums" and how == "longer":
        part = "segment"
    assert verdict.has(part)
    names = path.name if (pattern, how) != ("*.toc", "gone") else "table of contents"
    assert any(names in finding.detail for finding in verdict.findings)


@pytest.mark.parametrize(
    ("statement", "part", "words"),
    [
        ("DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)", "agreement", "not in"),
        ("UPDATE articles SET facts = x'00' WHERE id = (SELECT min(id) FROM articles)", "agreement",
         "The state is"),
        ("UPDATE places SET file = 999999", "ledger", "name what is not there"),
        ("UPDATE meta SET value = '0' WHERE key = 'state'", "agreement", "The state is"),
    ],
)  # fmt: skip
def test_a_ledger_that_disagrees_is_found(
    filled: Archive, statement: str, part: str, words: str
) -> None:
    sql(filled, statement)
    found = [finding for finding in verify(filled.path).findings if words in finding.detail]
    assert [finding.part for finding in found] == [part]


def test_a_ledger_with_pages_overwritten_is_found(filled: Archive) -> None:
    path = filled.path / "ledger.db"
    data = path.read_bytes()
    path.write_bytes(data[:8192] + b"\xff" * 8192 + data[16384:])
    assert verify(filled.path).has("ledger")
    path.write_bytes(b"not a database" * 100)
    assert verify(filled.path).has("ledger")
    path.unlink()
    assert [finding.part for finding in verify(filled.path).findings] == ["ledger"]


def test_a_manifest_that_tells_other_numbers_is_found(filled: Archive) -> None:
    from msgspec.structs import replace

    manifest = read_manifest(filled.path)
    write_manifest(filled.path, replace(manifest, articles=7))
    found = verify(filled.path).findings
    assert [(finding.part, finding.name) for finding in found] == [("agreement", "manifest.json")]
    path = filled.path / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "language": "de"}))
    assert verify(filled.path).has("manifest")
    path.unlink()
    assert verify(filled.path).has("manifest")


def test_what_is_no_index_or_of_another_version_is_an_error(
    tmp_path: Path, filled: Archive
) -> None:
    with pytest.raises(IndexNotFound):
        verify(tmp_path / "nothing")
    path = filled.path / "manifest.json"
    whole = json.loads(path.read_text())
    for number, words in ((1, "older"), (99, "newer")):
        path.write_text(json.dumps({**whole, "format": number}))
        with pytest.raises(IndexVersionError, match=words):
            verify(filled.path)


class Killed(BaseException):
    pass


def killed(*_: Any, **__: Any) -> None:
    raise Killed


@pytest.mark.parametrize(
    ("owner", "name"),
    [
        ("newsidx.engines.whoosh.writer.WhooshWriter", "commit"),
        ("newsidx.index.ledger.Ledger", "clear_intent"),
        ("newsidx.indexer.writing.Writing", "publish"),
    ],
)
def test_a_run_that_was_cut_off_is_no_damage(
    filled: Archive, monkeypatch: pytest.MonkeyPatch, owner: str, name: str
) -> None:
    filled.write("new.json", story("New", "This is new."))
    (filled.press / "1-0.json").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(f"{owner}.{name}", killed)
        with pytest.raises(Killed):
            filled.index()
    verdict = verify(filled.path)
    assert verdict.findings == []
    filled.index()
    assert verify(filled.path).notes == []
    assert verify(filled.path).sound


def test_what_is_under_way_is_said(filled: Archive) -> None:
    with writing(filled.path):
        verdict = verify(filled.path)
        assert verdict.sound
        assert verdict.notes == [AT_WORK]
    assert CUT_OFF not in verify(filled.path).notes


def test_a_rebuild_under_way_is_checked_too(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "PART_ARTICLES", 2)
    with monkeypatch.context() as patched:
        counted: list[int] = []

        def third(*_: Any) -> None:
            counted.append(1)
            if len(counted) == 3:
                raise Killed

        patched.setattr("newsidx.index.ledger.Ledger.clear_intent", third)
        with pytest.raises(Killed):
            filled.index(rebuild=True, reread=True)
    verdict = verify(filled.path)
    assert verdict.sound
    assert REBUILDING in verdict.notes
    path = min((filled.path / "engine/whoosh-2").glob("*.trm"))
    path.write_bytes(b"")
    assert verify(filled.path).has("engine")


def interfere(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None], times: int) -> list[int]:
    """Let something happen, a few times, just before a segment's files are read."""
    part, left = checking._part, [times]

    def after(*args: Any) -> Any:
        if left[0]:
            left[0] -= 1
            act()
        return part(*args)

    monkeypatch.setattr(checking, "_part", after)
    return left


@pytest.mark.parametrize("rebuild", [False, True])
def test_commits_that_happen_meanwhile_are_no_damage(
    filled: Archive, monkeypatch: pytest.MonkeyPatch, rebuild: bool
) -> None:
    monkeypatch.setattr(writer, "to_merge", lambda sizes, _: [list(range(len(sizes)))])
    number = iter(range(100))

    def commit() -> None:
        name = f"late-{next(number)}"
        filled.write(f"{name}.json", story(name, f"This is {name}."))
        filled.index(rebuild=rebuild, reread=rebuild)

    left = interfere(monkeypatch, commit, 3)
    verdict = verify(filled.path)
    assert verdict.sound, verdict.findings
    assert left == [0]
    assert verdict.articles == 8


def test_damage_is_found_while_commits_happen(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "to_merge", lambda *_: [])
    path = engine_file(filled, "*.pst")
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")
    number = iter(range(100))

    def commit() -> None:
        name = f"late-{next(number)}"
        filled.write(f"{name}.json", story(name, f"This is {name}."))
        filled.index()

    interfere(monkeypatch, commit, 2)
    assert verify(filled.path).has("segment")


def test_no_segment_is_read_twice(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    summed: list[str] = []
    checksum = checking.checksum

    def noted(path: Path, tell: Callable[[int], None]) -> tuple[int, str]:
        summed.append(path.name)
        return checksum(path, tell)

    monkeypatch.setattr(checking, "checksum", noted)
    sql(filled, "UPDATE meta SET value = '0' WHERE key = 'state'")
    moments = iter(range(100))
    monkeypatch.setattr(module, "_moment", lambda _: min(next(moments), 8))
    assert not verify(filled.path).sound
    posts = [name for name in summed if name.endswith(".pst")]
    assert len(posts) == len(set(posts)) == 3
