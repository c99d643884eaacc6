"""Writing articles into a Tantivy index: one transaction, in a folder of its own.

Tantivy's writer would let others see deletions before additions, and remove files that an
older commit needs. So it is never given the index's directory: a transaction links the
files it has to change into `BUILDING`, lets Tantivy delete and merge there, and when all
that it made is sealed, moves that into the index and replaces `meta.json`.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from types import MappingProxyType
from typing import TYPE_CHECKING

from newsidx.article import Article
from newsidx.durable import flush_folder
from newsidx.engines.base import BUILDING
from newsidx.engines.tantivy.checking import assert_whole
from newsidx.engines.tantivy.files import (
    Commit,
    Segment,
    Sum,
    clear,
    files_of,
    read_commit,
    read_meta,
    reading,
    seal,
    segment_name,
    write_commit,
)
from newsidx.engines.tantivy.layout import is_id, key_of
from newsidx.engines.tantivy.merge import Merger, described, link, live_in, to_rewrite
from newsidx.engines.tantivy.prepare import LEAST_HEAP, WORDS, PreparedSegments, TantivyPreparer
from newsidx.engines.tantivy.queries import with_keys
from newsidx.engines.tantivy.records import article_of
from newsidx.engines.tantivy.words import Counts, load, save

if TYPE_CHECKING:
    from tantivy import Index

__all__ = ["TantivyWriter"]

# So many files of word counts may stand side by side.
_FEW_COUNTS = 12


class TantivyWriter:
    """One transaction on a Tantivy index. The caller holds the index's own lock."""

    rejected: Mapping[str, str] = MappingProxyType({})

    def __init__(self, directory: Path, language: str) -> None:
        self._directory = directory
        self._language = language
        self._commit = read_commit(directory)
        self._deleted: set[int] = set()
        self._adopted: list[PreparedSegments] = []
        self._new: TantivyPreparer | None = None
        self._into_one = self._reclaiming = False
        self._sums: dict[str, Sum] = {}
        self._counts = Counts()
        self._counted: dict[str, Sum] = {}
        building = directory / BUILDING
        building.mkdir(exist_ok=True)
        self._folder = Path(mkdtemp(dir=building))

    def add(self, article: Article) -> None:
        """Add an article whose id is not in the index."""
        if self._new is None:
            self._new = TantivyPreparer(self._directory, self._language)
        self._new.add(article)

    def delete(self, ids: Iterable[str]) -> None:
        """Delete articles by id."""
        self._deleted.update(key_of(key) for key in ids if is_id(key))

    def optimize(self) -> None:
        """Let the commit merge all segments into one, and leave behind what is deleted."""
        self._into_one = True

    def reclaim(self) -> None:
        """Let the commit rewrite every segment with deleted documents."""
        self._reclaiming = True

    def adopt(self, prepared: PreparedSegments, without: Collection[int]) -> None:
        """Add segments that were written apart, but for some of their documents."""
        if len(without) == prepared.documents:
            return  # it is cleared away with what else isn't adopted
        for article in prepared.drop(without):
            self._counts.take(article)
        self._adopted.append(prepared)

    def commit(self) -> None:
        """Make the new segments, merge, seal, and switch to them."""
        with reading(self._directory):
            self._make()

    def _make(self) -> None:
        old = self._commit
        if self._new is not None:
            self._adopted.append(self._new.finish())
            self._new = None
        segments = self._delete() if self._deleted else list(old.segments)
        for prepared in self._adopted:
            segments += self._take_in(prepared)
        segments = self._merged([each for each in segments if live_in(each)])
        stamps = [int(each["deletes"]["opstamp"]) for each in segments if each["deletes"]]
        number = max([old.number, *stamps]) + 1
        sums = self._sealed(segments)
        sums[""] = self._word_counts(number)
        commit = Commit(number, segments, old.schema, sums)
        self._move(commit)
        write_commit(self._directory, commit)
        self._commit = commit
        self._clean()

    # Steps

    def _delete(self) -> list[Segment]:
        """Delete what is to go from the segments that there are."""
        self._link(self._commit.segments)
        index = self._described(self._commit.segments)
        gone = with_keys(index.schema, self._deleted)
        searcher = index.searcher()
        found = searcher.search(gone, max(1, len(self._deleted)), count=False).hits
        if not found:
            return list(self._commit.segments)
        for _, place in found:
            self._counts.take(article_of(searcher.doc(place)["article"][0]))
        del searcher
        writer = index.writer(LEAST_HEAP, 1)
        writer.delete_documents_by_query(gone)
        writer.commit()
        writer.wait_merging_threads()
        return list(read_meta(self._folder)["segments"])

    def _take_in(self, prepared: PreparedSegments) -> list[Segment]:
        """The segments of what is adopted, whose files are now here."""
        segments: list[Segment] = read_meta(prepared.folder)["segments"]
        for segment in segments:
            for path in files_of(prepared.folder, segment):
                path.rename(self._folder / path.name)
        self._sums.update(prepared.sums)
        for path in prepared.folder.glob(f"{WORDS}.*"):
            path.rename(self._folder / path.name)
            self._counted[path.name] = prepared.sums[path.name]
        shutil.rmtree(prepared.folder, ignore_errors=True)
        return segments

    def _merged(self, segments: list[Segment]) -> list[Segment]:
        """The segments, with those merged that are too small, or of which much is deleted."""
        for group in to_rewrite(segments, one=self._into_one, clean=self._reclaiming):
            names = {segment_name(each) for each in group}
            for name in names:
                assert_whole(self._directory, self._commit.sums.get(name, {}))
            self._link(group)
            merger = Merger(self._folder, self._language, self._commit.schema)
            merged = merger.merge(group)
            kept = [each for each in segments if segment_name(each) not in names]
            segments = [*kept, *merged]
        return segments

    def _sealed(self, segments: list[Segment]) -> dict[str, dict[str, Sum]]:
        """The checksums of all files of segments."""
        found: dict[str, dict[str, Sum]] = {}
        for segment in segments:
            name = segment_name(segment)
            known = self._commit.sums.get(name, {})
            here = files_of(self._folder, segment)
            known = known | {p.name: self._sums[p.name] for p in here if p.name in self._sums}
            new = seal([path for path in here if path.name not in known])
            old = {each: kept for each, kept in known.items() if not each.endswith(".del")}
            if segment["deletes"]:
                deletes = f"{name}.{segment['deletes']['opstamp']}.del"
                old |= {each: kept for each, kept in known.items() if each == deletes}
            found[name] = old | new
        return found

    def _word_counts(self, number: int) -> dict[str, Sum]:
        """The files of word counts, with what this transaction changed."""
        known = {**self._commit.sums.get("", {}), **self._counted}
        if len(known) >= _FEW_COUNTS or self._into_one or self._reclaiming:
            for name in known:
                here = self._folder / name
                self._counts.merge(load(here if here.exists() else self._directory / name))
            known = {}
        if not self._counts:
            return known
        path = self._folder / f"{WORDS}.{number}"
        save(path, self._counts)
        return {**known, **seal([path])}

    def _move(self, commit: Commit) -> None:
        """Let what is new have its place in the index, which nothing names yet."""
        before = self._commit.names
        for name in sorted(commit.names - before):
            os.replace(self._folder / name, self._directory / name)  # noqa: PTH105 - one call
        flush_folder(self._directory)

    def _link(self, segments: Iterable[Segment]) -> None:
        """Have the files of segments here as well, if they are in the index."""
        for segment in segments:
            for path in files_of(self._directory, segment):
                link(path, self._folder / path.name)

    def _described(self, segments: list[Segment]) -> Index:
        """Open the folder as an index of some segments."""
        return described(self._folder, self._commit.schema, segments)

    def rollback(self) -> None:
        """Drop what was written; what a failing disk leaves of it is for the next writer."""
        with suppress(Exception):
            if self._new is not None:
                self._new.cancel()
        self._new = None
        with suppress(Exception):
            self._commit = read_commit(self._directory)
            self._clean()

    def _clean(self) -> None:
        """Remove what the commit does not name; what can't be is for the next writer."""
        shutil.rmtree(self._folder, ignore_errors=True)
        with suppress(OSError):
            clear(self._directory, self._commit)
