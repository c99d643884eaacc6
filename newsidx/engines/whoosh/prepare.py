"""Segments that are written apart from the index, in any process, until a writer adopts them."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from msgspec import Struct
from whoosh.codec import default_codec
from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.filestore import FileStorage
from whoosh.index import _DEF_INDEX_NAME
from whoosh.reading import SegmentReader

from newsidx.article import Article
from newsidx.engines.base import BUILDING
from newsidx.engines.stored import stored_article
from newsidx.engines.whoosh.build import SegmentBuilder
from newsidx.engines.whoosh.layout import whoosh_schema
from newsidx.engines.whoosh.sealing import seal

__all__ = ["PreparedSegment", "SegmentPreparer"]


class PreparedSegment(Struct, frozen=True):
    """A segment in a folder of its own.

    Attributes:
        name: Whoosh's of the segment.
        lengths: Its total length by field.
    """

    folder: Path
    name: str
    documents: int
    lengths: Mapping[str, int]

    def articles(self, numbers: Collection[int]) -> dict[int, Article]:
        """Some of its articles by their numbers."""
        reader = SegmentReader(FileStorage(str(self.folder)), whoosh_schema(), self.segment())
        try:
            return {
                number: stored_article(reader.stored_fields(number)["article"])
                for number in numbers
            }
        finally:
            reader.close()

    def segment(self) -> Any:
        """Whoosh's description of it."""
        segment: Any = W3Segment(default_codec(), _DEF_INDEX_NAME, self.documents, self.name)
        segment._fieldlengths = dict(self.lengths)  # noqa: SLF001 - as its codec sets it
        return segment

    def move(self, directory: Path) -> None:
        """Let its files be those of an index."""
        for path in self.folder.iterdir():
            path.rename(directory / path.name)
        self.folder.rmdir()


class SegmentPreparer:
    """Writes a segment into a new folder.

    Args:
        directory: The index's.
        language: The index's.
    """

    def __init__(self, directory: Path, language: str) -> None:
        building = directory / BUILDING
        building.mkdir(exist_ok=True)
        self._folder = Path(mkdtemp(dir=building))
        storage = FileStorage(str(self._folder))
        self._builder = SegmentBuilder(storage, _DEF_INDEX_NAME, language)

    @property
    def memory(self) -> int:
        """About how many bytes it takes now."""
        return self._builder.memory

    def add(self, article: Article) -> int:
        """Add an article; gives its number."""
        return self._builder.add(article)

    def finish(self) -> PreparedSegment:
        """Write its files, durably, with their checksums."""
        segment = self._builder.finish()
        seal(self._folder, segment)
        lengths = dict(segment._fieldlengths)  # noqa: SLF001 - nothing else tells
        return PreparedSegment(self._folder, segment.segid, segment.doc_count_all(), lengths)

    def cancel(self) -> None:
        """Remove what was written."""
        self._builder.cancel()
        shutil.rmtree(self._folder, ignore_errors=True)
