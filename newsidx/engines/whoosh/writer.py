"""Writing articles into a Whoosh index: one transaction, of new segments and deletions.

A segment is written whenever what is gathered for it takes too much memory, and all of
them appear together with the next table of contents, which names them only when their
files are on the disk and their checksums beside them (`sealing`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import MappingProxyType
from typing import Any

from whoosh.filedb.filestore import FileStorage

from newsidx.article import Article
from newsidx.engines.merging import SMALL, to_merge
from newsidx.engines.whoosh.build import SegmentBuilder
from newsidx.engines.whoosh.checking import assert_whole
from newsidx.engines.whoosh.damage import reading
from newsidx.engines.whoosh.layout import segment_info, whoosh_schema, whoosh_segment
from newsidx.engines.whoosh.merger import merge_segments
from newsidx.engines.whoosh.prepare import PreparedSegment
from newsidx.engines.whoosh.sealing import clear, seal, write_toc
from newsidx.engines.whoosh.segment import Segment
from newsidx.engines.whoosh.toc import INDEX_NAME, read_toc

__all__ = ["WhooshWriter"]

# What a segment may take in memory while it is gathered here, in the process that commits:
# what can't be adopted as it was prepared is little.
_MEMORY = 48 * 1024 * 1024


class WhooshWriter:
    """One transaction on a Whoosh index. The caller holds the index's own lock."""

    rejected: Mapping[str, str] = MappingProxyType({})

    def __init__(self, directory: Path, language: str) -> None:
        self._storage = FileStorage(str(directory))
        self._directory = directory
        self._name = INDEX_NAME
        self._language = language
        self._schema = whoosh_schema()
        self._generation, self._segments = self._read()
        self._builder: SegmentBuilder | None = None
        self._into_one = False
        self._old = len(self._segments)
        self._untidy = False

    def add(self, article: Article) -> None:
        """Add an article whose id is not in the index."""
        if self._builder is None:
            self._builder = self._new_builder()
        self._builder.add(article)
        if self._builder.memory > _MEMORY:
            self._flush()

    def delete(self, ids: Iterable[str]) -> None:
        """Delete articles by id."""
        wanted = list(ids)
        with reading(self._directory):
            for segment in self._segments if wanted else ():
                reader = Segment(self._directory, segment_info(segment))
                for key in wanted:
                    for document in reader.with_term("id", key):
                        segment.delete_document(document)

    def optimize(self) -> None:
        """Let the commit merge all segments into one, and leave behind what is deleted."""
        self._into_one = True

    def reclaim(self) -> None:
        """Rewrite every segment with deleted documents, each by itself."""
        for segment in [each for each in self._segments if each.deleted_count() and _live(each)]:
            self._merge([segment])

    def adopt(self, prepared: PreparedSegment, without: Collection[int]) -> None:
        """Add a segment that was written apart, but for some of its documents."""
        if len(without) == prepared.documents:
            return  # it is cleared away with what else isn't adopted
        prepared.move(self._directory)
        segment = prepared.segment()
        for document in without:
            segment.delete_document(document)
        self._segments.append(segment)
        self._untidy |= bool(without) and prepared.documents <= SMALL

    def commit(self) -> None:
        """Write what is left, merge small segments, switch to the new generation."""
        self._flush()
        if self._untidy:  # the scores of a small archive are those of its articles alone
            self._merge(self._segments[self._old :])
        self._segments = [each for each in self._segments if _live(each)]
        for group in [[self._segments[number] for number in group] for group in self._groups()]:
            self._merge(group)
        for segment in self._segments:
            seal(self._directory, segment)
        self._generation += 1
        write_toc(self._directory, self._schema, self._segments, self._generation)
        self._clean()

    def _groups(self) -> list[list[int]]:
        """Which segments are to be merged, by their numbers."""
        if not self._into_one:
            sizes = [_live(each) for each in self._segments]
            return to_merge(sizes, [each.deleted_count() for each in self._segments])
        whole = len(self._segments) == 1 and not self._segments[0].deleted_count()
        return [list(range(len(self._segments)))] if self._segments and not whole else []

    def _merge(self, old: list[Any]) -> None:
        assert_whole(self._directory, _names(old))
        with reading(self._directory):
            readers = [Segment(self._directory, segment_info(segment)) for segment in old]
            merged = merge_segments(self._storage, self._name, readers)
        self._segments = [*(each for each in self._segments if each not in old), merged]

    def rollback(self) -> None:
        """Drop what was written; what a failing disk leaves of it is for the next writer."""
        with suppress(Exception):
            if self._builder is not None:
                self._builder.cancel()
        self._builder = None
        with suppress(Exception):
            self._generation, self._segments = self._read()
            self._clean()

    def _read(self) -> tuple[int, list[Any]]:
        """The last commit's number, and its segments as Whoosh describes them."""
        with reading(self._directory):
            toc = read_toc(self._directory)
            return toc.generation, [whoosh_segment(info) for info in toc.segments]

    def _clean(self) -> None:
        """Remove what the table of contents does not name; what can't be is for the next writer."""
        with suppress(OSError):
            clear(self._directory, self._generation, _names(self._segments))

    def _new_builder(self) -> SegmentBuilder:
        return SegmentBuilder(self._storage, self._name, self._language)

    def _flush(self) -> None:
        if self._builder is not None:
            self._segments.append(self._builder.finish())
            self._builder = None


def _live(segment: Any) -> int:
    return int(segment.doc_count_all() - segment.deleted_count())


def _names(segments: list[Any]) -> list[str]:
    return [segment.segment_id() for segment in segments]
