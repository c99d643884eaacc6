"""newsidx migrate: another engine, the same archive, whatever cuts it off."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newsidx.app import Index
from newsidx.errors import EngineError, UsageError
from newsidx.index.manifest import read_manifest
from newsidx.indexer.migrate import migrate
from newsidx.indexer.removal import remove, restore
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.verify import verify
from tests.indexer.archive import Archive, story

pytest.importorskip("tantivy")


@pytest.fixture
def filled(tmp_path: Path) -> Archive:
    """Articles with copies, a removed one, one in another language, and some without much."""
    archive = Archive(tmp_path)
    for number in range(20):
        archive.write(
            f"a/{number}.json",
            story(
                f"Harbour strike {number}",
                f"The ferry number{number} stayed. " * 5,
                source="Ledger" if number % 3 else None,
                published=f"2016-11-{number + 1:02}",
                language="de" if number == 4 else "en",
            ),
        )
    archive.write("a/copy.json", story("Harbour strike 2", "The ferry number2 stayed. " * 5))
    archive.write("b.txt", "A text\n\nwithout much in it.")
    archive.index()
    remove(archive.path, archive.ids("number7"))
    return archive


def exported(path: Path) -> list[dict[str, object]]:
    with Index(path) as index:
        return list(index.export())


def test_there_and_back_again_every_article_is_what_it_was(filled: Archive) -> None:
    before, state = exported(filled.path), filled.state
    assert len(before) == 21
    for engine in ("tantivy", "whoosh", "tantivy"):
        done = migrate(filled.path, engine)
        assert (done.engines[1], done.articles, done.sampled > 5) == (engine, 21, True)
        assert exported(filled.path) == before
        assert filled.state == state
        assert [home.name for home in (filled.path / "engine").iterdir()] == [f"{engine}-1"]
        assert verify(filled.path).sound


def test_what_was_removed_stays_so_and_can_be_had_back(filled: Archive) -> None:
    with Index(filled.path) as index:
        (gone,) = index.removals()
    migrate(filled.path, "tantivy")
    filled.index(reread=True)
    assert filled.titles("number7") == []
    restore(filled.path, [gone.id])
    assert filled.titles("number7") == ["Harbour strike 7"]


def test_runs_go_on_where_they_were(filled: Archive) -> None:
    migrate(filled.path, "tantivy")
    filled.write("new.json", story("Fresh", "Just come in."))
    report = run(filled.path, [], RunOptions())
    assert (report.added, report.articles, report.unchanged) == (1, 22, 22)
    assert filled.titles("fresh") == ["Fresh"]
    assert filled.index(rebuild=True, reread=True).articles == 22
    assert read_manifest(filled.path).engine == "tantivy"
    assert verify(filled.path).sound


def test_another_directory_gets_all_and_the_first_stays(filled: Archive, tmp_path: Path) -> None:
    before = exported(filled.path)
    migrate(filled.path, "tantivy", to_index=tmp_path / "other")
    assert exported(tmp_path / "other") == before == exported(filled.path)
    assert read_manifest(filled.path).engine == "whoosh"
    assert verify(tmp_path / "other").sound
    assert run(tmp_path / "other", [], RunOptions()).unchanged == 22
    with pytest.raises(UsageError, match="not empty"):
        migrate(filled.path, "tantivy", to_index=tmp_path / "other")


def test_the_same_engine_is_no_move(filled: Archive) -> None:
    with pytest.raises(UsageError, match="already"):
        migrate(filled.path, "whoosh")


def test_a_copy_that_differs_is_given_up(filled: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from newsidx.engines.tantivy.engine import TantivyEngine

    before = exported(filled.path)
    monkeypatch.setattr(TantivyEngine, "own_ids", lambda _: [])
    with pytest.raises(EngineError, match="not what it was made of"):
        migrate(filled.path, "tantivy")
    assert exported(filled.path) == before
    assert [home.name for home in (filled.path / "engine").iterdir()] == ["whoosh-1"]


KILLED = """
import os, signal, sys
from pathlib import Path
from newsidx.indexer import migrate, writing
from newsidx.index import manifest

def killing(module, name, after):
    real = getattr(module, name)
    def step(*args, **more):
        result = real(*args, **more) if after else None
        os.kill(os.getpid(), signal.SIGKILL)
    setattr(module, name, step)

module, name, after = sys.argv[2:5]
killing({"migrate": migrate, "writing": writing}[module], name, after == "after")
migrate.migrate(Path(sys.argv[1]), "tantivy")
"""


@pytest.mark.parametrize(
    ("module", "name", "after", "engine"),
    [
        ("migrate", "create_engine", "after", "whoosh"),
        ("migrate", "_copy", "after", "whoosh"),
        ("migrate", "_compare", "after", "whoosh"),
        ("writing", "write_manifest", "before", "whoosh"),
        ("writing", "write_manifest", "after", "tantivy"),
        ("writing", "discard", "before", "tantivy"),
    ],
)
def test_a_kill_between_two_steps_leaves_an_index_that_answers(
    filled: Archive, module: str, name: str, after: str, engine: str
) -> None:
    before = exported(filled.path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(filled.path), module, name, after],
        env=os.environ,
        check=False,
        timeout=60,
    )
    assert done.returncode == -signal.SIGKILL
    assert read_manifest(filled.path).engine == engine
    assert exported(filled.path) == before
    filled.index()
    assert exported(filled.path) == before
    assert [home.name for home in (filled.path / "engine").iterdir()] == [f"{engine}-1"]
    (filled.path / "manifest.json").unlink()
    from newsidx.indexer.repair import repair

    repair(filled.path, RunOptions())
    assert read_manifest(filled.path).engine == engine
    assert exported(filled.path) == before


def test_what_is_not_ours_is_never_cleared_away(filled: Archive, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "migrating").touch()
    (other / "thesis.txt").write_text("ten years of work")
    with pytest.raises(UsageError, match="not empty"):
        migrate(filled.path, "tantivy", to_index=other)
    assert (other / "thesis.txt").read_text() == "ten years of work"
    (other / "thesis.txt").unlink()
    migrate(filled.path, "tantivy", to_index=other)
    assert exported(other) == exported(filled.path)
