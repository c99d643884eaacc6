"""A disk that fails under any write, flush or rename: always the old state or the new.

Each action is first done on a sound disk, which counts the calls; then once for each call,
which fails. NEWSIDX_EVERY_FAULT=1 tries them all, and not a sample.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsidx.app import Index
from newsidx.engines.whoosh import writer
from newsidx.errors import NewsidxError
from newsidx.indexer.optimize import optimize
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.verify import verify
from newsidx.indexer.writing import create_index
from tests.crash.faults import KINDS, failing
from tests.indexer.archive import Archive, story
from tests.processes import environment, finished

EVERY = bool(os.environ.get("NEWSIDX_EVERY_FAULT"))
SAMPLE = 6
CODES = (errno.ENOSPC, errno.EIO, errno.EACCES)

State = frozenset[tuple[str, str]]
Action = Callable[[Path, Path], None]

# Files that a failing disk left open are closed by whoever collects them.
pytestmark = pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)


def index_again(index: Path, press: Path) -> None:
    run(index, [str(press)], RunOptions())


def build_anew(index: Path, press: Path) -> None:
    run(index, [], RunOptions(rebuild=True, reread=True))


def into_one(index: Path, press: Path) -> None:
    optimize(index)


def make(index: Path, press: Path) -> None:
    if not (index / "manifest.json").exists():
        create_index(index, "whoosh", "en")
    run(index, [str(press)], RunOptions())


ACTIONS: dict[str, Action] = {
    "change": index_again,
    "rebuild": build_anew,
    "optimize": into_one,
    "make": make,
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Four segments, with a duplicate; files changed, added and removed since."""
    archive = Archive(tmp_path_factory.mktemp("faults"))
    for number in range(4):
        archive.write(f"{number}.json", story(f"Story {number}", f"This is story {number}."))
        archive.index()
    archive.write("copy.json", story("Story 1", "This is story 1."))
    archive.index()
    archive.write("0.json", story("Story 0", "This is story 0, corrected."))
    archive.write("new.json", story("New", "This is new."))
    (archive.press / "2.json").unlink()
    return archive


def contents(index: Path) -> State:
    if not (index / "manifest.json").exists():
        return frozenset()
    with Index(index) as opened:
        found = opened.search("*", limit=None)
        assert {hit.article.id for hit in opened.search("story OR new", limit=None).hits} == {
            hit.article.id for hit in found.hits
        }
        return frozenset((hit.article.id, hit.article.body) for hit in found.hits)


class Trial:
    """An action on copies of an index, disturbed or not."""

    def __init__(self, name: str, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        self.action = ACTIONS[name]
        self.fresh = name == "make"

    def copy(self, name: str) -> Path:
        index = self.folder / name
        if not self.fresh:
            shutil.copytree(self.archive.path, index)
        return index

    def undisturbed(self, kind: str) -> tuple[int, set[State], str]:
        """How many calls there are, what is committed on the way, and the state at the end."""
        index = self.copy(f"calm-{kind}")
        states = {contents(index)}
        commit = writer.WhooshWriter.commit

        def noted(each: writer.WhooshWriter) -> None:
            commit(each)
            if (index / "manifest.json").exists():
                states.add(contents(index))

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(writer.WhooshWriter, "commit", noted)
            with failing(kind, index) as disk:
                self.action(index, self.archive.press)
        states.add(contents(index))
        make(index, self.archive.press)
        with Index(index) as opened:
            return disk.calls, states, opened.manifest.state


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", ACTIONS)
def test_whatever_call_fails_the_index_is_as_before_or_as_after(
    name: str, kind: str, archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        writer, "to_merge", lambda sizes, _: [list(range(len(sizes)))][: len(sizes) > 2]
    )
    trial = Trial(name, archive, tmp_path)
    calls, states, state = trial.undisturbed(kind)
    assert calls or (name, kind) in (("make", "unlink"), ("optimize", "ledger"))
    failures = 0
    for at in places(calls):
        code, stays = CODES[at % 3], bool(at % 2)
        index = trial.copy(f"index-{at}")
        error = None
        try:
            with failing(kind, index, code, at, stays=stays):
                trial.action(index, archive.press)
        except NewsidxError as caught:
            error = caught
        where = f"{kind} {at} of {calls}, {errno.errorcode[code]}, {stays=}"
        if error is not None:
            failures += 1
            assert (error.code, bool(error.hint)) == ("index-not-written", True), where
        assert contents(index) in states, where
        if (index / "manifest.json").exists():
            assert verify(index).findings == [], where
        make(index, archive.press)
        verdict = verify(index)
        assert (verdict.findings, verdict.notes) == ([], []), where
        with Index(index) as opened:
            assert opened.manifest.state == state, where
            assert opened.warnings == ()
        shutil.rmtree(index)
    # What is not removed today is removed tomorrow; anything else has to be said.
    assert failures or kind == "unlink" or not calls


def places(calls: int) -> list[int]:
    if EVERY or calls <= SAMPLE:
        return list(range(1, calls + 1))
    return sorted({1 + (calls - 1) * number // (SAMPLE - 1) for number in range(SAMPLE)})


def test_a_process_that_may_not_write_so_much_says_so_and_can_be_run_again(
    tmp_path: Path,
) -> None:
    press = tmp_path / "press"
    press.mkdir()
    for part in range(10):
        words = " ".join(f"word{part * 2000 + number}" for number in range(2000))
        # In a language that is known: finding it out takes a large file of another's.
        (press / f"{part}.json").write_text(json.dumps(story("Long", words, language="en")))
    program = (
        "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (150_000, 150_000));"
        " from newsidx.__main__ import main; sys.argv[0] = 'newsidx'; main()"
    )
    index = tmp_path / "index"
    done = subprocess.run(
        [sys.executable, "-c", program, "index", press, "--index", index, "--jobs", "1"],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr
    assert "as of its last commit" in done.stderr
    assert finished("search", "word7", "--index", index).status == 1
    assert finished("index", press, "--index", index, "--jobs", "1").status == 0
    assert finished("search", "word7", "--index", index).status == 0
    assert finished("verify", "--index", index).status == 0
