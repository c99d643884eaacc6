"""Writing articles into a Whoosh index: one transaction, of new segments and deletions.

A segment is written whenever what is gathered for it takes too much memory, and all of
them appear together with the next table of contents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, clean_files

from newsidx.article import Article
from newsidx.engines.whoosh.build import SegmentBuilder
from newsidx.engines.whoosh.layout import segment_info, whoosh_schema, whoosh_segment
from newsidx.engines.whoosh.merge import to_merge
from newsidx.engines.whoosh.merger import merge_segments
from newsidx.engines.whoosh.prepare import PreparedSegment
from newsidx.engines.whoosh.segment import Segment
from newsidx.engines.whoosh.toc import INDEX_NAME, read_toc

__all__ = ["WhooshWriter"]

# What a segment may take in memory while it is gathered.
_MEMORY = 128 * 1024 * 1024


class WhooshWriter:
    """One transaction on a Whoosh index. The caller holds the index's own lock."""

    def __init__(self, directory: Path, language: str) -> None:
        self._storage = FileStorage(str(directory))
        self._directory = directory
        self._name = INDEX_NAME
        self._language = language
        self._schema = whoosh_schema()
        self._generation, self._segments = self._read()
        self._builder: SegmentBuilder | None = None

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
        for segment in self._segments if wanted else ():
            reader = Segment(self._directory, segment_info(segment))
            for key in wanted:
                for document in reader.with_term("id", key):
                    segment.delete_document(document)

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

    def commit(self) -> None:
        """Write what is left, merge small segments, switch to the new generation."""
        self._flush()
        self._segments = [each for each in self._segments if _live(each)]
        sizes = [_live(each) for each in self._segments]
        deleted = [each.deleted_count() for each in self._segments]
        groups = to_merge(sizes, deleted)
        for group in [[self._segments[number] for number in group] for group in groups]:
            self._merge(group)
        table: Any = TOC(self._schema, self._segments, self._generation + 1)
        table.write(self._storage, self._name)
        self._clean(self._generation + 1)

    def _merge(self, old: list[Any]) -> None:
        readers = [Segment(self._directory, segment_info(segment)) for segment in old]
        merged = merge_segments(self._storage, self._name, self._schema, readers)
        self._segments = [*(each for each in self._segments if each not in old), merged]

    def rollback(self) -> None:
        """Drop what was written."""
        if self._builder is not None:
            self._builder.cancel()
            self._builder = None
        generation, self._segments = self._read()
        self._clean(generation)

    def _read(self) -> tuple[int, list[Any]]:
        """The last commit's number, and its segments as Whoosh describes them."""
        toc = read_toc(self._directory)
        return toc.generation, [whoosh_segment(info) for info in toc.segments]

    def _clean(self, generation: int) -> None:
        """Remove what no table of contents names."""
        self._storage.temp_storage(f"{self._name}.tmp").destroy()
        clean_files(self._storage, self._name, generation, self._segments)

    def _new_builder(self) -> SegmentBuilder:
        return SegmentBuilder(self._storage, self._name, self._schema, self._language)

    def _flush(self) -> None:
        if self._builder is not None:
            self._segments.append(self._builder.finish())
            self._builder = None


def _live(segment: Any) -> int:
    return int(segment.doc_count_all() - segment.deleted_count())
