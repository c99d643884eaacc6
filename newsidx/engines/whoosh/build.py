"""Building one segment of a Whoosh index: of new articles, and of older segments merged.

The files are Whoosh's own, written through its codec's per-document writer and, for
postings, through `postings`. New articles are gathered in memory; a merge holds the
postings of one term at a time.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from whoosh.codec import default_codec
from whoosh.codec.whoosh3 import LENGTHS_COLUMN

from newsidx.analysis import index_terms
from newsidx.article import Article
from newsidx.engines.whoosh.columns import column_values
from newsidx.engines.whoosh.layout import COLUMNS, FIXED, PADDING_TERM, POSITIONAL_FIELDS
from newsidx.engines.whoosh.postings import FieldPostings, Gathered, Merged, write_postings
from newsidx.query.ranking import LENGTH_PADDING
from newsidx.schema import FIELDS

__all__ = ["SegmentBuilder", "SegmentMerger"]

_NAMES = tuple(field.name for field in FIELDS)
# All fields that have postings.
INDEXED = (*POSITIONAL_FIELDS, *sorted(FIXED))
# What a posting takes in memory while it is gathered, in bytes: its places in three lists,
# and its encoded positions. 79 were measured on the 1.27 million of 2,173 BBC stories.
_POSTING_BYTES = 80


class _Segment:
    """A segment that is being written: what goes by document now, its postings at the end."""

    def __init__(self, storage: Any, index_name: str, schema: Any) -> None:
        self._storage = storage
        self._schema = schema
        self._codec = default_codec()
        self._segment = self._codec.new_segment(storage, index_name)
        self._store = self._codec.per_document_writer(storage, self._segment)
        self._columns = {name: schema[name].column_type for name in COLUMNS}
        self.documents = 0

    def cancel(self) -> None:
        """Let go of files; what was written of the segment is for `clean_files`."""
        self._store.close()

    def _finish(self, fields: Mapping[str, FieldPostings]) -> Any:
        """Write the postings; gives Whoosh's description of the segment."""
        self._store.close()
        self._segment.set_doc_count(self.documents)
        reader = self._codec.per_document_reader(self._storage, self._segment)
        for name, field in fields.items():
            field.lengths = self._lengths(reader, name)
        reader.close()
        writer = self._codec.field_writer(self._storage, self._segment)
        write_postings(writer, self._schema, fields)
        writer.close()
        return self._segment

    def _lengths(self, reader: Any, name: str) -> bytes:
        column = f"_{name}_len"
        if not reader.has_column(column):
            return bytes(self.documents)
        stored = reader.column_reader(column, LENGTHS_COLUMN)
        return bytes(stored[document] for document in range(self.documents))


class SegmentBuilder(_Segment):
    """A segment of new articles.

    Args:
        storage: Whoosh's, of the index.
        schema: The index's.
        language: The index's.

    Attributes:
        documents: How many it has.
        memory: About how many bytes its postings take until they are written.
    """

    def __init__(self, storage: Any, index_name: str, schema: Any, language: str) -> None:
        super().__init__(storage, index_name, schema)
        self._language = language
        self._fields = {name: Gathered(fixed=name in FIXED) for name in INDEXED}
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
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
        store.add_field("article", None, self._encode(article.to_dict()), 0)
        store.finish_doc()
        self.documents += 1
        self.memory += (count + len(terms.frequencies)) * _POSTING_BYTES

    def _add_columns(self, article: Article) -> None:
        for name, value in column_values(article).items():
            self._store.add_column_value(name, self._columns[name], value)

    def finish(self) -> Any:
        """Write what is gathered; gives Whoosh's description of the segment."""
        return self._finish(self._fields)


class SegmentMerger(_Segment):
    """A segment of the live documents of others, in their order."""

    def merge(self, readers: Sequence[Any]) -> Any:
        """Write it; gives Whoosh's description of it.

        Args:
            readers: Whoosh's, of each segment; they are not closed here.
        """
        parts = [(reader, self._take(reader)) for reader in readers]
        fields = {name: Merged(name, parts, fixed=name in FIXED) for name in INDEXED}
        return self._finish(fields)

    def _take(self, reader: Any) -> dict[int, int]:
        """Take over the documents of a segment; gives old number -> new number."""
        store = self._store
        columns = [
            (name, column, reader.column_reader(name, translate=False))
            for name, column in self._columns.items()
        ]
        per_document = reader._perdoc  # noqa: SLF001 - nothing else tells lengths so quickly
        lengths = [(name, per_document.doc_field_length_reader(name)) for name in INDEXED]
        renumbered: dict[int, int] = {}
        rounded = dict.fromkeys(INDEXED, 0)
        for number in range(reader.doc_count_all()):
            if reader.is_deleted(number):
                for name, length in lengths:
                    rounded[name] += length(number) or 0
                continue
            renumbered[number] = self.documents
            store.start_doc(self.documents)
            for name, length in lengths:
                rounded[name] += (known := length(number) or 0)
                store.add_field(name, None, None, known)
            for name, column, values in columns:
                store.add_column_value(name, column, values[number])
            store.add_field("article", None, reader.stored_fields(number)["article"], 0)
            store.finish_doc()
            self.documents += 1
        for name, total in rounded.items():
            # What the rounded lengths add up to is put right by the total that is known.
            store._fieldlengths[name] += reader.field_length(name) - total  # noqa: SLF001
        return renumbered
