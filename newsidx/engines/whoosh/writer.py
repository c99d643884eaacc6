"""Writing articles into a Whoosh index: one transaction, of new segments and deletions.

A segment is written whenever what is gathered for it takes too much memory, and all of
them appear together with the next table of contents.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from whoosh.index import TOC, FileIndex, clean_files
from whoosh.reading import SegmentReader, TermNotFound

from newsidx.article import Article
from newsidx.engines.whoosh.build import SegmentBuilder
from newsidx.engines.whoosh.merge import to_merge
from newsidx.engines.whoosh.merger import merge_segments
from newsidx.engines.whoosh.prepare import PreparedSegment

__all__ = ["WhooshWriter"]

# What a segment may take in memory while it is gathered.
_MEMORY = 128 * 1024 * 1024


class WhooshWriter:
    """One transaction on a Whoosh index. The caller holds the index's own lock."""

    def __init__(self, index: FileIndex, language: str) -> None:
        self._storage = index.storage
        self._directory = Path(index.storage.folder)  # type: ignore[attr-defined]
        self._name = index.indexname
        self._language = language
        table: Any = TOC.read(self._storage, self._name, schema=index.schema)
        self._schema = table.schema
        self._generation = table.generation
        self._segments: list[Any] = table.segments
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
            reader = SegmentReader(self._storage, self._schema, segment)
            try:
                for key in wanted:
                    try:
                        found = list(reader.postings("id", key.encode()).all_ids())
                    except TermNotFound:
                        continue
                    for document in found:
                        segment.delete_document(document)
            finally:
                reader.close()

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
        for group in to_merge([_live(each) for each in self._segments]):
            self._merge([self._segments[number] for number in group])
        table: Any = TOC(self._schema, self._segments, self._generation + 1)
        table.write(self._storage, self._name)
        self._clean(self._generation + 1)

    def _merge(self, old: list[Any]) -> None:
        with ExitStack() as stack:
            readers = [SegmentReader(self._storage, self._schema, segment) for segment in old]
            for reader in readers:
                stack.callback(reader.close)
            merged = merge_segments(self._storage, self._name, self._schema, readers)
        self._segments = [*(each for each in self._segments if each not in old), merged]

    def rollback(self) -> None:
        """Drop what was written."""
        table: Any = TOC.read(self._storage, self._name, schema=self._schema)
        if self._builder is not None:
            self._builder.cancel()
            self._builder = None
        self._segments = table.segments
        self._clean(table.generation)

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
