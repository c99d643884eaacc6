"""Mending a damaged index: what is damaged is dropped, and read again from its sources."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.article import Article
from newsidx.durable import SCRATCH, flush_folder
from newsidx.engines.registry import factory
from newsidx.errors import IndexDamaged, Refused
from newsidx.index.database import from_db
from newsidx.index.failures import explaining
from newsidx.index.ledger import Ledger
from newsidx.index.lock import writer_lock
from newsidx.index.manifest import Manifest, engine_directory, read_manifest, write_manifest
from newsidx.index.rows import Root
from newsidx.indexer.report import Progress, Report
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.verify import AT_WORK, Verdict, verify
from newsidx.indexer.writing import create_engine, describe, opened
from newsidx.text.counted import counted

__all__ = ["Lost", "Mended", "repair"]


class Lost(Struct, frozen=True):
    """An article that is no longer in the index, as far as it is known."""

    id: str
    path: str | None
    title: str | None = None


class Mended(Struct):
    """What was wrong, what was done about it, and what is left.

    Attributes:
        before: What was found first.
        steps: What was done, or would be, a sentence each.
        missing: Articles that were dropped with what was damaged.
        lost: Those of them that could not be read again.
        unread: Why not everything was read again.
        after: What is found now; None when nothing was done.
        report: Of the run that read articles again.
    """

    before: Verdict
    steps: list[str] = field(default_factory=list)
    missing: dict[str, Lost] = field(default_factory=dict)
    lost: list[Lost] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    after: Verdict | None = None
    report: Report | None = None


def repair(
    directory: Path,
    options: RunOptions,
    *,
    dry_run: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
) -> Mended:
    """Mend an index.

    Args:
        options: For the run that reads articles again; with `prune`, articles whose
            sources are gone may be given up.
        dry_run: Say only what would be done.

    Raises:
        IndexDamaged: It can't be mended, because nothing is left that says what it was.
        Refused: Articles would be given up for good.
    """
    if dry_run:
        mended = Mended(verify(directory))
        mended.steps = _foretold(mended.before)
        return mended
    with explaining(directory), writer_lock(directory, options.wait):
        mended = Mended(verify(directory))
        # The writer that is at work is this process.
        mended.before.notes = [note for note in mended.before.notes if note != AT_WORK]
        if mended.before.sound:
            return mended
        rebuild = _Repair(directory, options, mended).mend()
    _read_again(directory, replace(options, rebuild=rebuild, reread=rebuild), mended, progress)
    mended.after = verify(directory)
    _count_lost(directory, mended)
    return mended


def _foretold(verdict: Verdict) -> list[str]:
    steps = []
    if verdict.has("manifest"):
        steps.append("The manifest will be made again from the ledger.")
    if verdict.has("ledger"):
        steps.append("The ledger and the engine will be made again from the sources.")
    elif verdict.has("engine"):
        steps.append("The engine will be built anew from the sources.")
    else:
        steps += [
            f"The segment {part.name} will be dropped, with {counted(part.articles, 'article')}."
            for part in verdict.damaged
        ]
        if ids := verdict.missing | verdict.unknown | verdict.twice:
            steps.append(f"{counted(len(ids), 'article')} will be removed and read again.")
    return steps


class _Repair:
    """The steps that are taken while the lock is held."""

    def __init__(self, directory: Path, options: RunOptions, mended: Mended) -> None:
        self.directory = directory
        self.options = options
        self.mended = mended

    def mend(self) -> bool:
        """Put right all that no source is needed for; says whether to build the engine anew."""
        verdict = self.mended.before
        (self.directory / "engine").mkdir(exist_ok=True)
        if verdict.has("manifest"):
            if not verdict.has("ledger"):
                self._restore_manifest()
                verdict = verify(self.directory)
            elif verdict.manifest is None:
                raise IndexDamaged(
                    f"Neither the manifest nor the ledger of {self.directory} can be read, and "
                    "nothing else says what was indexed.",
                    "Remove the directory, and make the index again: newsidx index DIR",
                )
        if verdict.has("ledger"):
            self._restore_ledger()
            return False
        if verdict.has("engine"):
            self.mended.steps.append("The engine was built anew from the sources.")
            self._note_missing(self._known_ids())
            return True
        if verdict.damaged:
            self._drop([part.name for part in verdict.damaged])
            verdict = verify(self.directory)
            if verdict.has("engine"):
                return True
        if verdict.has("agreement"):
            self._reconcile(verdict)
        return False

    # The manifest

    def _restore_manifest(self) -> None:
        ledger = Ledger(self.directory / "ledger.db", writable=True)
        try:
            described = json.loads(ledger.meta("manifest", "{}"))
            if not described:
                raise IndexDamaged(
                    f"The manifest of {self.directory} is lost, and its ledger is too old to "
                    "know what was in it.",
                    "Remove the directory, and make the index again: newsidx index DIR",
                )
            roots = ledger.roots()
            manifest = Manifest(
                **described,
                articles=ledger.count_articles(),
                state=str(ledger.meta("state", "0")).rjust(32, "0"),
                finished=False,
                roots={root.label: root.base for root in roots},
                reading={
                    root.label: {"only": root.only, "options": root.options} for root in roots
                },
            )
        finally:
            ledger.close()
        # While an engine is built beside it, it is the older one that answers.
        homes = (self.directory / "engine").glob(f"{manifest.engine}-*")
        numbers = [int(home.name.rpartition("-")[2]) for home in homes]
        manifest = replace(manifest, number=min(numbers, default=manifest.number))
        commit = factory(manifest.engine).latest(engine_directory(self.directory, manifest))
        generation = max(commit, 0)
        write_manifest(self.directory, replace(manifest, commit=commit, generation=generation))
        self.mended.steps.append("The manifest was made again from the ledger.")

    # The ledger

    def _restore_ledger(self) -> None:
        """Begin a ledger that knows nothing but the roots, and an engine to go with it."""
        manifest = read_manifest(self.directory)
        roots = [
            Root(0, label, base, **manifest.reading.get(label, {}))
            for label, base in sorted(manifest.roots.items())
        ]
        gone = [root.path for root in roots if not os.path.lexists(root.path)]
        if gone and not self.options.prune:
            raise Refused(
                f"The ledger has to be made again from the sources, and {gone[0]} is not there. "
                "Nothing was changed.",
                "Bring it back, or give its articles up with --prune.",
            )
        self._note_missing(self._held(manifest))
        fresh = replace(manifest, number=manifest.number + 1)
        create_engine(self.directory, fresh)
        scratch = self.directory / ("ledger.db" + SCRATCH)
        for name in (scratch.name, scratch.name + "-journal"):
            (self.directory / name).unlink(missing_ok=True)
        ledger = Ledger(scratch, writable=True)
        for root in roots:
            ledger.save_root(root)
        self._save_removals(ledger)
        describe(ledger, fresh)
        ledger.close()
        # A journal of the old ledger must never be applied to the new one.
        (self.directory / "ledger.db-journal").unlink(missing_ok=True)
        scratch.replace(self.directory / "ledger.db")
        flush_folder(self.directory)
        self.mended.steps.append("The ledger and the engine were made again from the sources.")

    def _save_removals(self, fresh: Ledger) -> None:
        """Take over from the lost ledger, where that can be read at all, what was removed."""
        tables = ("removals", "removal_marks")
        try:
            old = sqlite3.connect(
                f"{(self.directory / 'ledger.db').absolute().as_uri()}?mode=ro", uri=True
            )
            try:
                rows = {name: old.execute(f"SELECT * FROM {name}").fetchall() for name in tables}  # noqa: S608
            finally:
                old.close()
            with fresh.transaction():
                for name in tables:
                    fresh.db.executemany(f"INSERT INTO {name} VALUES (?, ?)", rows[name])  # noqa: S608
        except sqlite3.Error:
            self.mended.unread.append(
                "Which articles had been removed can't be told: those whose files are there are "
                "searched again."
            )

    def _held(self, manifest: Manifest) -> Iterable[Lost]:
        """What the live engine holds, as far as it can be read."""
        home = engine_directory(self.directory, manifest)
        found: list[Lost] = []
        try:
            engine = factory(manifest.engine).open(home, manifest.language)
            try:
                found += map(_lost, engine.scan())
            finally:
                engine.close()
        except IndexDamaged:
            self.mended.unread.append("What the engine held can't be told.")
        return found

    # The engine

    def _drop(self, names: list[str]) -> None:
        manifest = read_manifest(self.directory)
        home = engine_directory(self.directory, manifest)
        factory(manifest.engine).drop(home, names)
        self.mended.steps += [f"The segment {name} was dropped." for name in names]

    def _reconcile(self, verdict: Verdict) -> None:
        with opened(self.directory) as held:
            ids = verdict.missing | verdict.unknown | verdict.twice
            self._note_missing(_from_ledger(held.ledger, verdict.missing))
            engine = held.open_engine()
            try:
                beyond = engine.get(sorted(verdict.unknown | verdict.twice))
            finally:
                engine.close()
            self._note_missing(map(_lost, beyond.values()))
            held.committer.mend(ids)
            held.publish(done=False)
        self.mended.steps.append(f"The files of {counted(len(ids), 'article')} were read again.")

    def _known_ids(self) -> Iterable[Lost]:
        ledger = Ledger(self.directory / "ledger.db")
        try:
            return _from_ledger(ledger, None)
        finally:
            ledger.close()

    def _note_missing(self, found: Iterable[Lost]) -> None:
        for each in found:
            self.mended.missing.setdefault(each.id, each)


def _lost(article: Article) -> Lost:
    return Lost(article.id, article.path, article.title)


def _from_ledger(ledger: Ledger, ids: set[str] | None) -> list[Lost]:
    """What the ledger knows of articles: where they came from, and no titles."""
    rows = ledger.db.execute(
        "SELECT a.id, f.path FROM articles a LEFT JOIN places p ON p.id = a.place"
        " LEFT JOIN files f ON f.id = p.file ORDER BY a.id"
    )
    return [
        Lost(key, from_db(path) if path is not None else None)
        for key, path in rows
        if ids is None or key in ids
    ]


def _read_again(
    directory: Path, options: RunOptions, mended: Mended, progress: Callable[[Progress], None]
) -> None:
    """Bring the index in step with its sources."""
    ledger = Ledger(directory / "ledger.db")
    known = ledger.roots()
    ledger.close()
    if not known:
        return
    try:
        mended.report = run(directory, (), options, progress)
    except Refused as refused:
        if options.rebuild:
            raise
        mended.unread.append(f"{refused.message} {refused.hint or ''}".strip())


def _count_lost(directory: Path, mended: Mended) -> None:
    ledger = Ledger(directory / "ledger.db")
    try:
        there = set(ledger.live(mended.missing))
    finally:
        ledger.close()
    mended.lost = [each for key, each in sorted(mended.missing.items()) if key not in there]
