"""An index held for writing: made, recovered, rebuilt beside the live one, published."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from newsidx.article import Article
from newsidx.engines.base import BUILDING, Engine
from newsidx.engines.registry import factory
from newsidx.errors import IndexNotFound, UsageError
from newsidx.index.ledger import Ledger
from newsidx.index.lock import HOLDER, writer_lock
from newsidx.index.manifest import Manifest, engine_directory, read_manifest, write_manifest
from newsidx.index.rows import FileRow, Place
from newsidx.indexer.commit import Committer
from newsidx.indexer.extract import extract, job_for
from newsidx.indexer.parts import Recipe
from newsidx.indexer.received import relocate
from newsidx.query.ranking import K1, LENGTH_PADDING, B
from newsidx.schema import FIELDS
from newsidx.text.stems import STEM_VERSION, STEMMERS
from newsidx.text.tokens import TOKEN_VERSION

__all__ = ["Writing", "create_index", "writing"]


def create_index(directory: Path, engine: str, language: str) -> Manifest:
    """Make an empty index; the directory may exist if it is empty.

    Raises:
        UsageError: There is something in the directory, or the language has no stemmer.
    """
    if language not in STEMMERS:
        known = ", ".join(sorted(STEMMERS))
        raise UsageError(f"There is no stemmer for {language!r}.", f"Languages: {known}.")
    factory(engine)  # an unknown engine is an error before anything is made
    # What a creation that was cut short leaves behind is no obstacle.
    ours = {"engine", "ledger.db", "ledger.db-journal", "manifest.json.new", "lock", HOLDER}
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
    )
    with writer_lock(directory, wait=30.0):
        if (directory / "manifest.json").exists():  # another process was quicker
            return read_manifest(directory)
        for name in ("ledger.db", "ledger.db-journal"):
            (directory / name).unlink(missing_ok=True)
        _create_engine(directory, manifest)
        ledger = Ledger(directory / "ledger.db", writable=True)
        ledger.set_meta("engine", manifest.number)
        ledger.close()
        write_manifest(directory, manifest)
    return manifest


def _ranking() -> dict[str, object]:
    weights = {field.name: field.weight for field in FIELDS if field.weight}
    return {"k1": K1, "b": B, "padding": LENGTH_PADDING, "weights": weights}


def _create_engine(directory: Path, manifest: Manifest) -> None:
    home = engine_directory(directory, manifest)
    if home.exists():
        shutil.rmtree(home)
    home.mkdir(parents=True)
    factory(manifest.engine).create(home, manifest.language)


class Writing:
    """An index that this process holds for writing.

    Attributes:
        manifest: As it will be written; during a rebuild it already names the new engine.
    """

    def __init__(self, directory: Path, ledger: Ledger, rebuild: bool) -> None:
        self.directory = directory
        self.ledger = ledger
        self.live = read_manifest(directory)
        self.manifest = replace(
            self.live, tokens=TOKEN_VERSION, stems=STEM_VERSION, ranking=_ranking()
        )
        outdated = self.manifest != self.live
        described = ledger.meta("engine", self.live.number)
        unfinished = described != self.live.number
        self.rebuilding = rebuild or outdated or unfinished
        self.begun = unfinished and not rebuild
        if unfinished:
            # The ledger tells of the engine that is being built, not of the live one.
            self.manifest = replace(self.manifest, number=described)
        self._remove_old_engines()
        self.clear_building()
        self.committer = Committer(ledger, self.open_engine, self._reread)
        # What is built anew needs no mending, and may be beyond it.
        self.recovered = 0 if rebuild else self.committer.recover()

    def begin_rebuild(self) -> None:
        """A new engine directory beside the live one, which goes on answering until the end.

        To be called when it is certain that all roots can be read, and to be followed by
        reading all of them.
        """
        number = self.live.number + 1
        self.manifest = replace(self.manifest, number=number)
        self.begun = True
        _create_engine(self.directory, self.manifest)
        with self.ledger.transaction():
            self.ledger.forget_articles()
            self.ledger.set_meta("state", "0")
            self.ledger.set_meta("engine", number)

    def _remove_old_engines(self) -> None:
        """What a run that was killed while it switched left lying."""
        kept = {engine_directory(self.directory, each) for each in (self.live, self.manifest)}
        for home in (self.directory / "engine").iterdir():
            if home not in kept:
                shutil.rmtree(home, ignore_errors=True)

    def open_engine(self) -> Engine:
        """The engine that is written to."""
        home = engine_directory(self.directory, self.manifest)
        return factory(self.manifest.engine).open(home, self.manifest.language)

    def recipe(self, memory: int) -> Recipe:
        """How articles are prepared for that engine, in so many bytes of memory."""
        home = engine_directory(self.directory, self.manifest)
        return Recipe(self.manifest.engine, home, self.manifest.language, memory)

    def clear_building(self) -> None:
        """Remove what was prepared and will not be adopted."""
        home = engine_directory(self.directory, self.manifest)
        shutil.rmtree(home / BUILDING, ignore_errors=True)

    def _last_commit(self) -> int:
        engine = self.open_engine()
        try:
            return engine.commit
        finally:
            engine.close()

    def publish(self, *, done: bool) -> None:
        """Write the manifest, unless it would name an engine that is still being rebuilt."""
        roots = {root.label: root.base for root in self.ledger.roots()}
        self.manifest = replace(
            self.manifest,
            generation=self.manifest.generation + 1,
            commit=self._last_commit(),
            articles=self.ledger.count_articles(),
            state=str(self.ledger.meta("state", "0")).rjust(32, "0"),
            # Articles of files that are still to be read again are missing, whoever is done.
            finished=done and not self.ledger.unread_roots(),
            roots=roots,
        )
        if self.rebuilding and not done:
            return
        write_manifest(self.directory, self.manifest)
        if self.rebuilding and self.manifest.number != self.live.number:
            shutil.rmtree(engine_directory(self.directory, self.live), ignore_errors=True)
            self.rebuilding = False

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


@contextmanager
def writing(directory: Path, *, wait: float = 0.0, rebuild: bool = False) -> Iterator[Writing]:
    """Hold an index for writing, recovered from whatever happened to the last writer."""
    if not (directory / "manifest.json").exists():
        raise IndexNotFound(
            f"There is no index at {directory}.", "Make one with: newsidx index DIR"
        )
    with writer_lock(directory, wait):
        ledger = Ledger(directory / "ledger.db", writable=True)
        try:
            relocate(ledger, directory)
            yield Writing(directory, ledger, rebuild)
        finally:
            ledger.close()
