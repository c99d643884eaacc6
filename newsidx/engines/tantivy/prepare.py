"""Segments that are written apart from the index, in any process, until a writer adopts them."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from msgspec import Struct, field

from newsidx.article import Article
from newsidx.engines.base import BUILDING
from newsidx.engines.tantivy.files import Sum, files_of, read_meta, reading, seal
from newsidx.engines.tantivy.layout import tantivy_schema
from newsidx.engines.tantivy.records import Recorder, article_of
from newsidx.engines.tantivy.words import Counts, save

if TYPE_CHECKING:
    from tantivy import IndexWriter, Query, Schema

__all__ = ["HEAP", "WORDS", "PreparedSegments", "TantivyPreparer"]

WORDS = "words"
"""What the names of files of counts begin with."""

# What Tantivy may hold before it writes a segment, and the least it wants to have.
HEAP = 200_000_000
LEAST_HEAP = 15_000_000

# What an article takes of that, besides about as much as its text: the share of it that
# Tantivy's tables of terms take was measured on newswire.
_ARTICLE, _OF_TEXT = 1500, 2


class PreparedSegments(Struct, frozen=True):
    """Segments in a folder of their own, which is a Tantivy index.

    Attributes:
        documents: How many there are; each has its number in a column.
        sums: The checksums of its files.
    """

    folder: Path
    documents: int
    sums: Mapping[str, Sum] = field(default_factory=dict)

    def articles(self, numbers: Collection[int]) -> dict[int, Article]:
        """Some of its articles by their numbers."""
        if not numbers:
            return {}
        from tantivy import Index

        with reading(self.folder):
            index = Index.open(str(self.folder))
            searcher = index.searcher()
            found = searcher.search(with_numbers(index.schema, numbers), len(numbers), count=False)
            places = [place for _, place in found.hits]
            named = searcher.fast_field_values("number", places) if places else []
            return {
                int(number or 0): article_of(searcher.doc(place)["article"][0])
                for number, place in zip(named, places, strict=True)
            }

    def drop(self, numbers: Collection[int]) -> Iterable[Article]:
        """Delete some of the documents, before they are adopted; gives what they were."""
        if not numbers:
            return ()
        from tantivy import Index

        gone = self.articles(numbers)
        with reading(self.folder):
            index = Index.open(str(self.folder))
            writer = index.writer(LEAST_HEAP, 1)
            writer.delete_documents_by_query(with_numbers(index.schema, numbers))
            writer.commit()
            writer.wait_merging_threads()
        return gone.values()


def with_numbers(schema: Schema, numbers: Collection[int]) -> Query:
    """The query for documents by their numbers."""
    from newsidx.engines.tantivy.queries import any_of, between

    ordered = sorted(numbers)
    runs: list[tuple[int, int]] = []
    for number in ordered:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return any_of([between(schema, "number", *run) for run in runs])


class TantivyPreparer:
    """Writes segments into a new folder.

    Args:
        directory: The index's.
        language: The index's.
    """

    def __init__(self, directory: Path, language: str) -> None:
        from tantivy import Index

        building = directory / BUILDING
        building.mkdir(exist_ok=True)
        self.folder = Path(mkdtemp(dir=building))
        self._recorder = Recorder(language)
        self._counts = Counts()
        self._documents = self._size = 0
        self._writer: IndexWriter = Index(tantivy_schema(), str(self.folder)).writer(HEAP, 1)

    @property
    def memory(self) -> int:
        """About how many bytes it takes now."""
        return _ARTICLE * self._documents + _OF_TEXT * self._size

    def add(self, article: Article) -> int:
        """Add an article; gives its number."""
        number = self._documents
        document, texts = self._recorder.document(article, number)
        self._writer.add_document(document)
        self._counts.add(texts)
        self._documents += 1
        self._size += len(article.body)
        return number

    def finish(self) -> PreparedSegments:
        """Write its files, durably."""
        self._writer.commit()
        self._writer.wait_merging_threads()
        words = self.folder / f"{WORDS}.{self.folder.name}"
        save(words, self._counts)
        paths = [
            p for each in read_meta(self.folder)["segments"] for p in files_of(self.folder, each)
        ]
        return PreparedSegments(self.folder, self._documents, seal([*paths, words]))

    def cancel(self) -> None:
        """Remove what was written."""
        del self._writer
        shutil.rmtree(self.folder, ignore_errors=True)
