"""Writing articles into a Whoosh index.

Terms come from `newsidx.analysis`, so Whoosh's own analysis is passed by: postings
go straight into its pool, values straight into its columns, and its segment writer
does the rest. What lies on disk is what Whoosh itself would have written.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from whoosh.index import FileIndex
from whoosh.reading import TermNotFound
from whoosh.writing import SegmentWriter

from newsidx.analysis import index_terms
from newsidx.article import Article
from newsidx.engines.ordering import day_number, sort_text
from newsidx.engines.whoosh.layout import PADDING_TERM
from newsidx.query.ranking import LENGTH_PADDING
from newsidx.schema import FIELDS

__all__ = ["WhooshWriter"]

_NAMES = tuple(field.name for field in FIELDS)


class WhooshWriter:
    """One transaction on a Whoosh index. The caller holds the index's own lock."""

    def __init__(self, index: FileIndex, language: str) -> None:
        # Segments of plain files are mapped when read; a compound file is copied whole.
        self._writer: Any = SegmentWriter(index, compound=False, limitmb=256)
        self._language = language
        schema = self._writer.schema
        self._formats = {
            name: schema[name].format for name in schema.names() if schema[name].format
        }
        self._columns = {name: schema[name].column_type for name in schema.names()}

    def add(self, article: Article) -> None:
        """Add an article whose id is not in the index."""
        writer = self._writer
        terms = index_terms(article, self._language)
        document = writer.docnum
        post = writer.pool.add
        store = writer.perdocwriter
        store.start_doc(document)
        for name, places in terms.positions.items():
            encode = self._formats[name].encode
            for term, positions in places.items():
                weight = float(len(positions))
                post((name, term.encode(), document, weight, encode(positions)))
            store.add_field(name, writer.schema[name], None, sum(map(len, places.values())))
        frequencies = {**terms.frequencies, PADDING_TERM: LENGTH_PADDING}
        for term, frequency in frequencies.items():
            value = frequency.to_bytes(4, "big")
            post(("ranking", term.encode(), document, float(frequency), value))
        length = terms.length + LENGTH_PADDING
        store.add_field("ranking", writer.schema["ranking"], None, length)
        for name in _NAMES:
            if article.values(name):
                post(("has", name.encode(), document, 1.0, (1).to_bytes(4, "big")))
        for name, cell in self._column_values(article).items():
            store.add_column_value(name, self._columns[name], cell)
        stored = json.dumps(article.to_dict(), ensure_ascii=False, separators=(",", ":"))
        store.add_field("article", writer.schema["article"], stored, 0)
        store.finish_doc()
        writer.docnum += 1
        writer._added = True  # noqa: SLF001 - what SegmentWriter.add_document sets as well

    @staticmethod
    def _column_values(article: Article) -> dict[str, object]:
        published = article.published
        return {
            "day_first": day_number(article),
            "day_last": published.last.toordinal() if published else 0,
            "words": article.words,
            "id_key": article.id.encode(),
            "title_key": sort_text(article.title).encode(),
            "source_key": sort_text(article.source).encode(),
        }

    def delete(self, ids: Iterable[str]) -> None:
        """Delete articles by id."""
        wanted = list(ids)
        if not wanted:
            return
        reader = self._writer.reader()
        try:
            for leaf, base in reader.leaf_readers():
                for key in wanted:
                    try:
                        matcher = leaf.postings("id", key)
                    except TermNotFound:
                        continue
                    for document in matcher.all_ids():
                        self._writer.delete_document(base + document)
        finally:
            reader.close()

    def commit(self) -> None:
        """Write the segment, merge small ones, switch to the new generation."""
        self._writer.commit()

    def rollback(self) -> None:
        """Drop the unwritten segment."""
        if not self._writer.is_closed:
            self._writer.cancel()
