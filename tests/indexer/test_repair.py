"""newsidx repair: afterwards the index is sound, and what could not be saved is named."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsidx.errors import IndexDamaged, Refused
from newsidx.indexer.removal import remove
from newsidx.indexer.repair import Mended, repair
from newsidx.indexer.run import RunOptions
from newsidx.indexer.verify import verify
from tests.indexer.archive import Archive, story

# What Whoosh leaves open when it fails, which is of no account to a process that ends.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """An archive of six articles in three segments."""
    for batch in range(3):
        for number in range(2):
            name = f"{batch}-{number}"
            archive.write(f"{name}.json", story(f"Story {name}", f"This is story {name}."))
        archive.index()
    return archive


def mend(archive: Archive, **options: bool) -> Mended:
    dry_run = options.pop("dry_run", False)
    return repair(archive.path, RunOptions(**options), dry_run=dry_run)


def segments(archive: Archive) -> list[Path]:
    """A file of each segment, in the order in which they were written."""
    return sorted(archive.path.rglob("*.pst"), key=lambda path: path.stat().st_mtime_ns)


def assert_as_before(archive: Archive, ids: set[str], state: str) -> None:
    verdict = verify(archive.path)
    assert verdict.sound, verdict.findings
    assert verdict.notes == []
    assert archive.ids() == ids
    assert archive.ids("story") == ids
    assert archive.state == state


def test_a_sound_index_is_left_alone(filled: Archive) -> None:
    before = {path: path.stat().st_mtime_ns for path in filled.path.rglob("*.*")}
    mended = mend(filled)
    assert mended.before.sound
    assert mended.before.notes == []
    assert (mended.steps, mended.after) == ([], None)
    after = {path: path.stat().st_mtime_ns for path in filled.path.rglob("*.*")}
    assert after == before


@pytest.mark.parametrize("damage", ["overwritten", "gone", "sums"])
def test_a_damaged_segment_is_dropped_and_read_again(filled: Archive, damage: str) -> None:
    ids, state = filled.ids(), filled.state
    path = segments(filled)[1]
    if damage == "gone":
        path.unlink()
    elif damage == "overwritten":
        path.write_bytes(b"\xff" * path.stat().st_size)
    else:
        path.with_suffix(".sums").unlink()
    foretold = mend(filled, dry_run=True)
    assert foretold.steps == [f"The segment {path.stem} will be dropped, with 2 articles."]
    assert verify(filled.path).has("segment")
    mended = mend(filled)
    assert f"The segment {path.stem} was dropped." in mended.steps
    assert {lost.path for lost in mended.missing.values()} == {"1-0.json", "1-1.json"}
    assert mended.lost == []
    assert_as_before(filled, ids, state)


def test_what_has_no_source_any_more_is_named(filled: Archive) -> None:
    ids = filled.ids()
    path = segments(filled)[2]
    path.write_bytes(b"")
    (filled.press / "2-1.json").unlink()
    mended = mend(filled)
    assert [lost.path for lost in mended.lost] == ["2-1.json"]
    assert mended.lost[0].id in ids
    assert mended.after is not None
    assert mended.after.sound
    assert filled.ids() == ids - {mended.lost[0].id}


@pytest.mark.parametrize("pattern", ["_MAIN_*.toc", "_MAIN_*.sums", "*"])
def test_an_engine_without_its_table_of_contents_is_built_anew(
    filled: Archive, pattern: str
) -> None:
    ids, state = filled.ids(), filled.state
    for path in (filled.path / "engine/whoosh-1").glob(pattern):
        path.unlink()
    mended = mend(filled)
    assert "The engine was built anew from the sources." in mended.steps
    assert mended.lost == []
    assert_as_before(filled, ids, state)


def test_an_engine_directory_that_is_gone_is_built_anew(filled: Archive) -> None:
    ids, state = filled.ids(), filled.state
    for path in (filled.path / "engine/whoosh-1").iterdir():
        path.unlink()
    (filled.path / "engine/whoosh-1").rmdir()
    (filled.path / "engine").rmdir()
    mend(filled)
    assert_as_before(filled, ids, state)


@pytest.mark.parametrize("text", [None, "", "{", '{"format": 2}'])
def test_a_manifest_that_is_lost_is_made_again(filled: Archive, text: str | None) -> None:
    ids, state = filled.ids(), filled.state
    path = filled.path / "manifest.json"
    whole = path.read_bytes()
    path.unlink()
    if text is not None:
        path.write_text(text)
    mended = mend(filled)
    assert mended.steps == ["The manifest was made again from the ledger."]
    assert mended.missing == {}
    assert_as_before(filled, ids, state)
    kept = b"\n".join(line for line in whole.splitlines() if b"generation" not in line)
    assert kept.splitlines()[:3] == path.read_bytes().splitlines()[:3]


@pytest.mark.parametrize("damage", ["gone", "no database", "pages"])
def test_a_ledger_that_is_lost_is_made_again_from_the_sources(filled: Archive, damage: str) -> None:
    filled.write("notes.csv", "kicker;words\nA seventh;It came by table.\n")
    filled.index(roots={"fields": {"title": "kicker", "body": "words"}})
    ids, state = filled.ids(), filled.state
    assert len(ids) == 7
    path = filled.path / "ledger.db"
    data = path.read_bytes()
    path.unlink()
    if damage != "gone":
        path.write_bytes(b"x" * 5000 if damage == "no database" else data[:8192] + b"\xff" * 20_000)
    mended = mend(filled)
    assert mended.steps == ["The ledger and the engine were made again from the sources."]
    assert mended.lost == []
    assert verify(filled.path).sound
    assert filled.ids() == ids
    assert filled.state == state
    assert [root.name for root in (filled.path / "engine").iterdir()] == ["whoosh-2"]
    filled.index()
    assert filled.ids() == ids


def test_what_was_removed_stays_removed_when_a_damaged_ledger_is_made_again(
    filled: Archive,
) -> None:
    gone = min(filled.ids())
    remove(filled.path, [gone])
    ids = filled.ids()
    assert gone not in ids
    db = sqlite3.connect(filled.path / "ledger.db")
    db.execute("UPDATE places SET file = 999999 WHERE id = 1")
    db.commit()
    db.close()
    assert verify(filled.path).has("ledger")
    mended = mend(filled)
    assert mended.unread == []
    assert filled.ids() == ids
    assert verify(filled.path).sound
    (filled.path / "ledger.db").unlink()
    assert "Which articles had been removed" in mend(filled).unread[0]
    assert filled.ids() == ids | {gone}


def test_a_ledger_is_not_made_again_without_its_sources_unless_that_is_meant(
    filled: Archive,
) -> None:
    ids = filled.ids()
    (filled.path / "ledger.db").unlink()
    filled.press.rename(filled.press.with_name("elsewhere"))
    with pytest.raises(Refused, match="is not there") as caught:
        mend(filled)
    assert "--prune" in str(caught.value.hint)
    assert filled.ids() == ids
    mended = mend(filled, prune=True)
    assert {lost.title for lost in mended.lost} == {
        f"Story {n}-{m}" for n in range(3) for m in (0, 1)
    }
    assert filled.ids() == set()
    assert verify(filled.path).sound


def test_without_manifest_and_ledger_nothing_can_be_mended(filled: Archive) -> None:
    (filled.path / "ledger.db").write_bytes(b"x" * 5000)
    (filled.path / "manifest.json").unlink()
    with pytest.raises(IndexDamaged, match="Neither the manifest nor the ledger"):
        mend(filled)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)",
        "UPDATE meta SET value = '0' WHERE key = 'state'",
        "INSERT INTO articles VALUES ('zzzzzzzzzzzz', 1, 'file:x', x'00', x'00', NULL)",
    ],
)
def test_a_ledger_that_disagrees_with_the_engine_is_put_right(
    filled: Archive, statement: str
) -> None:
    ids, state = filled.ids(), filled.state
    db = sqlite3.connect(filled.path / "ledger.db")
    db.execute(statement)
    db.commit()
    db.close()
    assert verify(filled.path).has("agreement")
    mended = mend(filled)
    assert mended.after is not None
    assert [lost.id for lost in mended.lost] == ["zzzzzzzzzzzz"] * ("INSERT" in statement)
    assert_as_before(filled, ids, state)


def test_a_repair_that_is_cut_off_can_be_repeated(
    filled: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: object, **__: object) -> None:
        raise Killed

    ids, state = filled.ids(), filled.state
    for name in (
        "newsidx.index.ledger.Ledger.set_intent",
        "newsidx.engines.whoosh.writer.WhooshWriter.commit",
        "newsidx.index.ledger.Ledger.clear_intent",
        "newsidx.indexer.repair.run",
    ):
        segments(filled)[0].write_bytes(b"")
        with monkeypatch.context() as patched:
            patched.setattr(name, killed)
            with pytest.raises(Killed):
                mend(filled)
        mend(filled)
        filled.index()
        assert_as_before(filled, ids, state)
