"""An index held for writing: made, recovered, rebuilt beside the live one, published."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from newsidx.article import Article
from newsidx.durable import SCRATCH, flush_folder
from newsidx.engines.base import BUILDING, Engine
from newsidx.engines.registry import ENGINES, factory
from newsidx.errors import IndexDamaged, Refused, UsageError
from newsidx.index import removals
from newsidx.index.database import clear_journal
from newsidx.index.failures import explaining
from newsidx.index.ledger import Ledger
from newsidx.index.lock import HOLDER, writer_lock
from newsidx.index.manifest import (
    FORMAT,
    Manifest,
    engine_directory,
    read_manifest,
    write_manifest,
)
from newsidx.index.rows import FileRow, Place
from newsidx.indexer.commit import Committer
from newsidx.indexer.extract import extract, job_for
from newsidx.indexer.parts import Recipe
from newsidx.indexer.received import clear_parts, relocate
from newsidx.query.ranking import K1, LENGTH_PADDING, B
from newsidx.schema import FIELDS
from newsidx.text.stems import STEM_VERSION, STEMMERS
from newsidx.text.tokens import TOKEN_VERSION

__all__ = ["Writing", "create_engine", "create_index", "describe", "discard", "opened", "writing"]


def create_index(
    directory: Path, engine: str, language: str, options: Mapping[str, Any] | None = None
) -> Manifest:
    """Make an empty index; the directory may exist if it is empty.

    Args:
        options: What the engine wants to know, such as an address.

    Raises:
        UsageError: There is something in the directory, the language has no stemmer, or the
            engine can't do with these options.
    """
    if language not in STEMMERS:
        known = ", ".join(sorted(STEMMERS))
        raise UsageError(f"There is no stemmer for {language!r}.", f"Languages: {known}.")
    # An unknown engine, or option, is an error before anything is made.
    settled = factory(engine).settled(options or {})
    # What a creation that was cut short leaves behind is no obstacle.
    ours = {"engine", "ledger.db", "ledger.db-journal", "manifest.json.new", "lock", HOLDER}
    with explaining(directory):
        return _create(directory, engine, language, settled, ours)


def _create(
    directory: Path, engine: str, language: str, options: dict[str, Any], ours: set[str]
) -> Manifest:
    if directory.exists() and any(path.name not in ours for path in directory.iterdir()):
        raise UsageError(
            f"{directory} is not empty and is no index.", "Name a new directory with --index."
        )
    directory.mkdir(parents=True, exist_ok=True)
    directory.chmod(0o700)
    manifest = Manifest(
        engine=engine,
        language=language,
        tokens=TOKEN_VERSION,
        stems=STEM_VERSION,
        ranking=_ranking(),
        options=options,
    )
    with writer_lock(directory, wait=30.0):
        if (directory / "manifest.json").exists():  # another process was quicker
            return read_manifest(directory)
        for name in ("ledger.db", "ledger.db-journal"):
            (directory / name).unlink(missing_ok=True)
        create_engine(directory, manifest)
        ledger = Ledger(directory / "ledger.db", writable=True)
        describe(ledger, manifest)
        ledger.close()
        write_manifest(directory, manifest)
    return manifest


def describe(ledger: Ledger, manifest: Manifest) -> None:
    """Note of which engine the ledger tells, and what it takes to make a lost manifest again."""
    ledger.set_meta("engine", manifest.number)
    ledger.set_meta("manifest", _description(manifest))


def _description(manifest: Manifest) -> str:
    return json.dumps({name: getattr(manifest, name) for name in _DESCRIBED}, sort_keys=True)


_DESCRIBED = ("engine", "number", "options", "language", "tokens", "stems", "ranking", "format")


def _ranking() -> dict[str, object]:
    weights = {field.name: field.weight for field in FIELDS if field.weight}
    return {"k1": K1, "b": B, "padding": LENGTH_PADDING, "weights": weights}


def create_engine(directory: Path, manifest: Manifest) -> None:
    """Make the empty engine that a manifest names, in place of what is there."""
    home = engine_directory(directory, manifest)
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)
    factory(manifest.engine).create(home, manifest.language, manifest.options)
    for folder in (home.parent, directory):
        flush_folder(folder)


class Writing:
    """An index that this process holds for writing.

    Attributes:
        manifest: As it will be written; during a rebuild it already names the new engine.
    """

    def __init__(self, directory: Path, ledger: Ledger, rebuild: bool) -> None:
        self.directory = directory
        self.ledger = ledger
        self.live = read_manifest(directory)
        if self.live.options.get("attached"):
            raise Refused(
                f"The index at {directory} only searches what others have indexed.",
                "Index into one of your own: newsidx index DIR --index PATH "
                f"--engine {self.live.engine} --url URL",
            )
        self.manifest = replace(
            self.live,
            tokens=TOKEN_VERSION,
            stems=STEM_VERSION,
            ranking=_ranking(),
            format=FORMAT,
        )
        outdated = self.manifest != self.live
        described = ledger.meta("engine", self.live.number)
        unfinished = described != self.live.number
        self.rebuilding = rebuild or outdated or unfinished
        self.begun = unfinished and not rebuild
        if unfinished:
            # The ledger tells of the engine that is being built, not of the live one.
            self.manifest = replace(self.manifest, number=described)
        elif ledger.meta("manifest", "") not in ("", _description(self.live)):
            describe(ledger, self.live)  # whose engine was changed by a run that was cut off
        self._clear()
        self.committer = Committer(ledger, self.open_engine, self._reread)
        # What is built anew needs no mending, and may be beyond it.
        self.recovered = 0 if rebuild else self.committer.recover()

    @property
    def was_finished(self) -> bool:
        """Whether the last run went to its end, and nothing had to be undone since."""
        return self.live.finished and not self.recovered

    def refuse_while_rebuilding(self) -> None:
        """For what can't be done to an index that is to be built anew.

        Raises:
            Refused: This is one.
        """
        if self.rebuilding:
            raise Refused(
                "The index has to be built anew first. Nothing was changed.", "Run: newsidx index"
            )

    def begin_rebuild(self) -> None:
        """A new engine directory beside the live one, which goes on answering until the end.

        To be called when it is certain that all roots can be read, and to be followed by
        reading all of them.
        """
        number = self.live.number + 1
        self.manifest = replace(self.manifest, number=number)
        self.begun = True
        create_engine(self.directory, self.manifest)
        with self.ledger.transaction():
            self.ledger.forget_articles()
            self.ledger.set_meta("state", "0")
            describe(self.ledger, self.manifest)

    def _clear(self) -> None:
        """Remove what writers that were killed left lying."""
        kept = {engine_directory(self.directory, each) for each in (self.live, self.manifest)}
        for home in (self.directory / "engine").iterdir():
            if home not in kept:
                discard(home)
        for path in self.directory.glob("*" + SCRATCH):
            path.unlink()
        if not (self.rebuilding and not self.begun):
            home = engine_directory(self.directory, self.manifest)
            factory(self.manifest.engine).clear(home)

    def open_engine(self) -> Engine:
        """The engine that is written to."""
        home = engine_directory(self.directory, self.manifest)
        return factory(self.manifest.engine).open(home, self.manifest.language)

    def recipe(self, memory: int) -> Recipe:
        """How articles are prepared for that engine, in so many bytes of memory."""
        home = engine_directory(self.directory, self.manifest)
        marks = removals.every_mark(self.ledger)
        return Recipe(self.manifest.engine, home, self.manifest.language, memory, marks)

    def clear_building(self) -> None:
        """Remove what was prepared and will not be adopted."""
        home = engine_directory(self.directory, self.manifest)
        shutil.rmtree(home / BUILDING, ignore_errors=True)

    def publish(self, *, done: bool) -> None:
        """Write the manifest, where it has changed and names no engine still being rebuilt."""
        roots = self.ledger.roots()
        home = engine_directory(self.directory, self.manifest)
        now = replace(
            self.manifest,
            commit=factory(self.manifest.engine).latest(home),
            articles=self.ledger.count_articles(),
            state=str(self.ledger.meta("state", "0")).rjust(32, "0"),
            # Articles of files that are still to be read again are missing, whoever is done.
            finished=done and not self.ledger.unread_roots(),
            roots={root.label: root.base for root in roots},
            reading={root.label: {"only": root.only, "options": root.options} for root in roots},
        )
        if now == self.live:
            return  # the generation tells of changes
        self.manifest = replace(now, generation=now.generation + 1)
        if self.rebuilding and not done:
            return
        factory(self.manifest.engine).publish(engine_directory(self.directory, self.manifest))
        write_manifest(self.directory, self.manifest)
        if self.rebuilding and self.manifest.number != self.live.number:
            discard(engine_directory(self.directory, self.live))
            self.rebuilding = False

    def switch(self, manifest: Manifest) -> None:
        """Let another engine, which holds the same, be the one that answers."""
        old, self.manifest = self.live, manifest
        self.publish(done=self.was_finished)
        describe(self.ledger, self.manifest)
        discard(engine_directory(self.directory, old))

    def _reread(
        self, file: FileRow, rows: Mapping[int, FileRow], places: Collection[Place]
    ) -> dict[int, Article]:
        root = next(root for root in self.ledger.roots() if root.id == file.root)
        wanted = {(rows[place.file].path, place.position): place for place in places}
        found: dict[int, Article] = {}
        count: dict[str, int] = defaultdict(int)
        for piece in extract(job_for(root, file.path, orders=self.ledger.date_orders())):
            start = count[piece.path]
            count[piece.path] += len(piece.items)
            for position, item in enumerate(piece.items, start):
                place = wanted.get((piece.path, position))
                if place and rows[place.file].digest == piece.digest:
                    found[place.id] = item.article
            if len(found) == len(wanted):
                break
        return found


def discard(home: Path) -> None:
    """Remove the directory of an engine that does not answer any more."""
    name = home.name.rpartition("-")[0]
    if name in ENGINES:
        factory(name).discard(home)
    else:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def writing(directory: Path, *, wait: float = 0.0, rebuild: bool = False) -> Iterator[Writing]:
    """Hold an index for writing, recovered from whatever happened to the last writer."""
    read_manifest(directory)  # what is no index, or a newer one's, is not even locked
    with explaining(directory), writer_lock(directory, wait), opened(directory, rebuild) as held:
        yield held


@contextmanager
def opened(directory: Path, rebuild: bool = False) -> Iterator[Writing]:
    """The same for who has the lock already."""
    path = directory / "ledger.db"
    if not path.exists():  # a new one would know nothing of what the engine holds
        raise IndexDamaged(f"The ledger {path} is gone.")
    clear_journal(path)
    ledger = Ledger(path, writable=True)
    try:
        relocate(ledger, directory)
        clear_parts(directory)
        yield Writing(directory, ledger, rebuild)
    finally:
        ledger.close()
