"""Whether an index is as it was committed: its files, its ledger, and the two together.

It reads only and takes no lock. Where a writer commits meanwhile, what seems to be wrong
is looked at again; segments never change, so none is read twice.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.engines.base import PartCheck
from newsidx.engines.registry import factory
from newsidx.errors import IndexDamaged, IndexNotFound, IndexVersionError
from newsidx.index.failures import explained
from newsidx.index.ledger import Ledger
from newsidx.index.lock import writer_at_work
from newsidx.index.manifest import (
    FORMAT,
    Manifest,
    engine_directory,
    is_as_written,
    read_manifest,
)
from newsidx.index.state import state_of

__all__ = ["Checking", "Finding", "Verdict", "verify"]

# A writer that commits all the time is given up on after so many looks, so far apart in seconds.
_TRIES = 50
_PAUSE = 0.1

AT_WORK = "A writer is at work; what it has committed so far was looked at."
CUT_OFF = "The last run of newsidx index did not finish; the next one goes on from there."
REBUILDING = (
    "The index is being built anew beside the one that answers: newsidx index completes it."
)


class Finding(Struct, frozen=True):
    """Something that is wrong.

    Attributes:
        part: `manifest`, `ledger`, `engine`, `segment`, or `agreement` of the ledger with
            the rest.
        name: Of the segment; elsewhere of the file or directory.
        detail: What is wrong, a sentence.
    """

    part: str
    name: str
    detail: str


class Verdict(Struct):
    """What was looked at and what is wrong with it.

    Attributes:
        segments: Those of the live engine.
        articles: Live ones in the engine; None where it can't be opened.
        missing: Ids that only the ledger has.
        unknown: Ids that only the engine has.
        twice: Ids that the engine has more than once.
        notes: What is no damage and should be known.
    """

    manifest: Manifest | None = None
    segments: tuple[PartCheck, ...] = ()
    articles: int | None = None
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    unknown: set[str] = field(default_factory=set)
    twice: set[str] = field(default_factory=set)

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def has(self, *parts: str) -> bool:
        """Whether something is wrong with one of some parts."""
        return any(finding.part in parts for finding in self.findings)

    @property
    def damaged(self) -> list[PartCheck]:
        """The segments that are not what was written."""
        return [each for each in self.segments if each.problems]


class Checking(Struct):
    """How far it is, in bytes of the engine's files."""

    done: int = 0
    total: int = 0


def verify(directory: Path, progress: Callable[[Checking], None] = lambda _: None) -> Verdict:
    """Check every file of an index.

    Args:
        progress: Called often, with the same object each time.

    Raises:
        IndexNotFound: There is none.
        IndexVersionError: It was made by a newer or an older newsidx.
    """
    known: dict[str, PartCheck] = {}
    checking = Checking()
    for _ in range(_TRIES):
        before = _moment(directory)
        verdict = _Look(directory, known, checking, progress).verdict
        if verdict.sound or _moment(directory) == before:
            break
        time.sleep(_PAUSE)
    return verdict


def _moment(directory: Path) -> object:
    """Something that is another whenever a writer did something."""
    found: list[object] = [_names(path) for path in sorted((directory / "engine").glob("*"))]
    for name, start, end in (("manifest.json", 0, None), ("ledger.db", 24, 28)):
        # The header of an SQLite file counts its changes (SQLite, "Database File Format", 1.3.6).
        try:
            with (directory / name).open("rb") as file:
                file.seek(start)
                found.append(file.read(-1 if end is None else end - start))
        except OSError:
            found.append(None)
    return found


def _names(home: Path) -> object:
    """The files of an engine, of which each commit changes some."""
    try:
        return sorted((each.name, each.stat().st_mtime_ns) for each in home.iterdir())
    except OSError:
        return None


class _Look:
    """One look at an index."""

    def __init__(
        self,
        directory: Path,
        known: dict[str, PartCheck],
        checking: Checking,
        progress: Callable[[Checking], None],
    ) -> None:
        self.directory = directory
        self.known = known
        self.checking = checking
        self.progress = progress
        self.verdict = Verdict()
        manifest = self._manifest()
        ledger = self._ledger()
        try:
            self._look(manifest, ledger)
        finally:
            if ledger is not None:
                ledger.close()

    def _look(self, manifest: Manifest | None, ledger: Ledger | None) -> None:
        intact = manifest is not None and self._files(manifest)
        if ledger is not None and not self._ledger_is_whole(ledger):
            ledger = None
        self._note_unfinished(manifest, ledger)
        if manifest is not None and ledger is not None and intact:
            self._agreement(manifest, ledger)

    def _found(self, part: str, name: str, detail: str) -> None:
        self.verdict.findings.append(Finding(part, name, detail))

    # One by one

    def _manifest(self) -> Manifest | None:
        name = "manifest.json"
        try:
            manifest = read_manifest(self.directory)
            if manifest.format < FORMAT:
                raise IndexVersionError.older(self.directory)
            if not is_as_written(self.directory):
                self._found("manifest", name, "It is not what was written: its checksum differs.")
        except IndexNotFound:
            if not (self.directory / "ledger.db").exists():
                raise
            self._found("manifest", name, "It is gone.")
            return None
        except IndexDamaged as problem:
            self._found("manifest", name, problem.message)
            return None
        self.verdict.manifest = manifest
        return manifest

    def _files(self, manifest: Manifest) -> bool:
        """Check the engine's files; says whether they are what was written."""
        home = engine_directory(self.directory, manifest)
        if not home.is_dir():
            self._found("engine", home.name, "It is gone.")
            return False
        sizes = {path: path.stat().st_size for path in home.iterdir() if path.is_file()}
        self.checking.done, self.checking.total = 0, sum(sizes.values())
        check = factory(manifest.engine).check(home, self.known, self._tell)
        self.known.update({each.name: each for each in check.parts if not each.problems})
        self.verdict.segments = check.parts
        for detail in check.problems:
            self._found("engine", home.name, detail)
        for part in check.parts:
            for detail in part.problems:
                self._found("segment", part.name, detail)
        return not self.verdict.has("engine", "segment")

    def _tell(self, size: int) -> None:
        self.checking.done += size
        self.progress(self.checking)

    def _ledger(self) -> Ledger | None:
        try:
            return Ledger(self.directory / "ledger.db")
        except IndexDamaged as problem:
            self._found("ledger", "ledger.db", problem.message)
            return None

    def _ledger_is_whole(self, ledger: Ledger) -> bool:
        try:
            for (detail,) in ledger.db.execute("PRAGMA integrity_check(10)").fetchall():
                if detail != "ok":
                    self._found("ledger", "ledger.db", f"SQLite says: {detail}.")
            rows = ledger.db.execute("PRAGMA foreign_key_check").fetchall()
            tables = sorted({str(table) for table, *_ in rows})
            if rows:
                detail = f"{len(rows):,} rows of {', '.join(tables)} name what is not there."
                self._found("ledger", "ledger.db", detail)
        except sqlite3.Error as problem:
            self._damaged_or_raise(problem)
        return not self.verdict.has("ledger")

    def _damaged_or_raise(self, problem: sqlite3.Error) -> None:
        error = explained(problem, self.directory)
        if not isinstance(error, IndexDamaged):
            raise error from problem
        self._found("ledger", "ledger.db", error.message)

    def _note_unfinished(self, manifest: Manifest | None, ledger: Ledger | None) -> None:
        if writer_at_work(self.directory):
            self.verdict.notes.append(AT_WORK)
        elif (manifest and not manifest.finished) or (ledger and ledger.intent()):
            self.verdict.notes.append(CUT_OFF)

    # Together

    def _agreement(self, manifest: Manifest, ledger: Ledger) -> None:
        """Hold the ledger against the engine and the manifest, at one moment."""
        number = ledger.meta("engine", manifest.number)
        if number != manifest.number:
            self._files_of_new(replace(manifest, number=number))
            return
        home = engine_directory(self.directory, manifest)
        try:
            described = _Described(ledger)
            engine = factory(manifest.engine).open(home, manifest.language)
            try:
                ids, commit = engine.own_ids(), engine.commit
                # One that others write to as well counts theirs with ours.
                shared = engine.capabilities.shared
                counted = len(ids) if shared else engine.statistics().articles
            finally:
                engine.close()
        except IndexDamaged as problem:
            self._found("engine", home.name, problem.message)
            return
        except sqlite3.Error as problem:
            self._damaged_or_raise(problem)
            return
        self.verdict.articles = counted
        self._compare_ids(described, ids, counted)
        if described.state != described.reckoned:
            detail = f"The state is {described.reckoned} and not {described.state}."
            self._found("agreement", "ledger.db", detail)
        if manifest.commit == commit and not described.intent:
            self._compare_manifest(manifest, described)

    def _files_of_new(self, manifest: Manifest) -> None:
        """Check the files of an engine that is being built beside the live one."""
        self.verdict.notes.append(REBUILDING)
        home = engine_directory(self.directory, manifest)
        check = factory(manifest.engine).check(home, self.known, self._tell)
        self.known.update({each.name: each for each in check.parts if not each.problems})
        details = [*check.problems, *(d for part in check.parts for d in part.problems)]
        for detail in details:
            self._found("engine", home.name, detail)

    def _compare_ids(self, described: _Described, ids: list[str], counted: int) -> None:
        held, verdict = set(ids), self.verdict
        verdict.missing = described.ids - held - described.intent
        verdict.unknown = held - described.ids - described.intent
        verdict.twice = {key for key, count in Counter(ids).items() if count > 1}
        for count, detail in (
            (len(verdict.missing), "in the ledger and not in the engine"),
            (len(verdict.unknown), "in the engine and not in the ledger"),
            (len(verdict.twice), "in the engine more than once"),
            (abs(counted - len(ids)), "counted by the engine otherwise than it holds"),
        ):
            if count:
                self._found("agreement", "articles", f"{count:,} of them {detail}.")

    def _compare_manifest(self, manifest: Manifest, described: _Described) -> None:
        for what, here, there in (
            ("articles", manifest.articles, len(described.ids)),
            ("state", manifest.state, described.state),
        ):
            if here != there:
                detail = f"Its {what}: {here}; the ledger's: {there}."
                self._found("agreement", "manifest.json", detail)


class _Described:
    """What a ledger says of the engine, read in one piece."""

    def __init__(self, ledger: Ledger) -> None:
        ledger.db.execute("BEGIN")
        try:
            rows: list[tuple[Any, Any]] = ledger.db.execute(
                "SELECT id, facts FROM articles"
            ).fetchall()
            self.intent = set(ledger.intent())
            self.state = str(ledger.meta("state", "0")).rjust(32, "0")
        finally:
            ledger.db.execute("ROLLBACK")
        self.ids = {key for key, _ in rows}
        total = sum(state_of(key, facts) for key, facts in rows)
        self.reckoned = f"{total % (1 << 128):032x}"
