"""Building one segment of a Whoosh index: of new articles, and of older segments merged.

The files are Whoosh's own, written through its codec's per-document writer and, for
postings, through `postings`.
"""

from __future__ import annotations

import json
from typing import Any

from whoosh.codec import default_codec
from whoosh.codec.whoosh3 import LENGTHS_COLUMN

from newsidx.analysis import index_terms
from newsidx.article import Article
from newsidx.engines.ordering import day_number, sort_text
from newsidx.engines.whoosh.layout import COLUMNS, PADDING_TERM, POSITIONAL_FIELDS
from newsidx.engines.whoosh.postings import FieldPostings, blocks_of, write_postings
from newsidx.query.ranking import LENGTH_PADDING
from newsidx.schema import FIELDS

__all__ = ["SegmentBuilder"]

_NAMES = tuple(field.name for field in FIELDS)
# What a posting takes in memory while it is gathered, in bytes: places in three lists,
# and the encoded positions. Measured on newswire.
_POSTING_BYTES = 90


class SegmentBuilder:
    """A segment being built.

    Args:
        storage: Whoosh's, of the index.
        schema: The index's.
        language: The index's.

    Attributes:
        documents: How many it has.
        memory: About how many bytes it takes.
    """

    def __init__(self, storage: Any, index_name: str, schema: Any, language: str) -> None:
        self._storage = storage
        self._schema = schema
        self._language = language
        self._codec = default_codec()
        self._segment = self._codec.new_segment(storage, index_name)
        self._store = self._codec.per_document_writer(storage, self._segment)
        self._fields = {name: FieldPostings(fixed=False) for name in POSITIONAL_FIELDS}
        self._fields["ranking"] = FieldPostings(fixed=True)
        self._fields["has"] = FieldPostings(fixed=True)
        self._columns = {name: schema[name].column_type for name in COLUMNS}
        self._encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
        self.documents = 0
        self.memory = 0

    def add(self, article: Article) -> None:
        """Add an article."""
        document, store, fields = self.documents, self._store, self._fields
        terms = index_terms(article, self._language)
        store.start_doc(document)
        count = 0
        for name, places in terms.positions.items():
            fields[name].add(document, places)
            count += len(places)
            store.add_field(name, None, None, sum(map(len, places.values())))
        terms.frequencies[PADDING_TERM] = LENGTH_PADDING
        fields["ranking"].add_frequencies(document, terms.frequencies)
        store.add_field("ranking", None, None, terms.length + LENGTH_PADDING)
        present = {name: 1 for name in _NAMES if article.values(name)}
        fields["has"].add_frequencies(document, present)
        self._add_columns(article)
        store.add_field("article", None, self._encoder(article.to_dict()), 0)
        store.finish_doc()
        self.documents += 1
        self.memory += (count + len(terms.frequencies)) * _POSTING_BYTES

    def _add_columns(self, article: Article) -> None:
        published = article.published
        add, columns = self._store.add_column_value, self._columns
        add("day_first", columns["day_first"], day_number(article))
        add("day_last", columns["day_last"], published.last.toordinal() if published else 0)
        add("words", columns["words"], article.words)
        add("id_key", columns["id_key"], article.id.encode())
        add("title_key", columns["title_key"], sort_text(article.title).encode())
        add("source_key", columns["source_key"], sort_text(article.source).encode())

    def add_segment(self, reader: Any) -> None:
        """Add the live documents of another segment, in their order."""
        old = [number for number in range(reader.doc_count_all()) if not reader.is_deleted(number)]
        store, base = self._store, self.documents
        columns = [
            (name, column, reader.column_reader(name, translate=False))
            for name, column in self._columns.items()
        ]
        lengths = [
            (name, reader._perdoc.doc_field_length_reader(name))  # noqa: SLF001
            for name in self._fields
        ]
        self._add_totals(reader, lengths)
        for number in old:
            store.start_doc(self.documents)
            for name, length in lengths:
                store.add_field(name, None, None, length(number) or 0)
            for name, column, values in columns:
                store.add_column_value(name, column, values[number])
            store.add_field("article", None, reader.stored_fields(number)["article"], 0)
            store.finish_doc()
            self.documents += 1
        renumbered = dict(zip(old, range(base, self.documents), strict=True))
        for name, gathered in self._fields.items():
            for term in reader.lexicon(name):
                gathered.take(term.decode(), blocks_of(reader.postings(name, term)), renumbered)

    def _add_totals(self, reader: Any, lengths: list[tuple[str, Any]]) -> None:
        """Correct what the rounded lengths of a segment's documents will add up to."""
        live = [number for number in range(reader.doc_count_all()) if not reader.is_deleted(number)]
        gone = [number for number in range(reader.doc_count_all()) if reader.is_deleted(number)]
        for name, length in lengths:
            exact = reader.field_length(name) - sum(length(number) or 0 for number in gone)
            rounded = sum(length(number) or 0 for number in live)
            self._store._fieldlengths[name] += exact - rounded  # noqa: SLF001

    def finish(self) -> Any:
        """Write what is gathered; gives Whoosh's description of the segment."""
        self._store.close()
        self._segment.set_doc_count(self.documents)
        reader = self._codec.per_document_reader(self._storage, self._segment)
        for name, gathered in self._fields.items():
            gathered.lengths = self._lengths(reader, name)
        reader.close()
        writer = self._codec.field_writer(self._storage, self._segment)
        fields = {name: field for name, field in self._fields.items() if field.terms}
        write_postings(writer, self._schema, fields)
        writer.close()
        return self._segment

    def cancel(self) -> None:
        """Let go of files; what was written of the segment is for `clean_files`."""
        self._store.close()

    def _lengths(self, reader: Any, name: str) -> bytearray:
        column = f"_{name}_len"
        if not reader.has_column(column):
            return bytearray(self.documents)
        stored = reader.column_reader(column, LENGTHS_COLUMN)
        return bytearray(stored[document] for document in range(self.documents))
