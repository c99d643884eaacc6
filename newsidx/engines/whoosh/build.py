"""Building one segment of a Whoosh index, of new articles.

The files are Whoosh's own: what goes by document is written through its codec's
per-document writer as articles come, the postings by `postings` at the end.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec import default_codec
from whoosh.util.numeric import length_to_byte

from newsidx.article import Article
from newsidx.engines.whoosh.columns import column_values
from newsidx.engines.whoosh.gather import Gatherer
from newsidx.engines.whoosh.layout import COLUMNS
from newsidx.engines.whoosh.postings import FieldPostings, write_postings
from newsidx.engines.whoosh.stemforms import STEM_FORMS_EXT, write_stem_forms

__all__ = ["SegmentBuilder", "SegmentFiles"]


class SegmentFiles:
    """A segment that is being written: what goes by document now, its postings at the end.

    Args:
        storage: Whoosh's, of a folder.
        index_name: Whoosh's name of the index.
        schema: The index's.
        names: Of the fields that have postings.

    Attributes:
        documents: How many it has.
    """

    def __init__(self, storage: Any, index_name: str, schema: Any, names: Iterable[str]) -> None:
        codec = default_codec()
        self._segment = codec.new_segment(storage, index_name)
        self._stem = Path(storage.folder) / self._segment.segment_id()
        self.store = codec.per_document_writer(storage, self._segment)
        self.columns = {name: schema[name].column_type for name in COLUMNS}
        self.lengths = {name: bytearray() for name in names}
        self.documents = 0

    def add(self, lengths: Mapping[str, int], columns: Iterable[tuple[str, Any]], text: str) -> int:
        """Add a document; gives its number.

        Args:
            lengths: By field.
            columns: Names and values.
            text: The article, as it is stored.
        """
        document, store = self.documents, self.store
        store.start_doc(document)
        for name, kept in self.lengths.items():
            length = lengths.get(name, 0)
            kept.append(length_to_byte(length) if length else 0)
            store.add_field(name, None, None, length)
        for name, value in columns:
            store.add_column_value(name, self.columns[name], value)
        store.add_field("article", None, text, 0)
        store.finish_doc()
        self.documents += 1
        return document

    def finish(
        self,
        fields: Mapping[str, FieldPostings],
        stem_forms: Callable[[], Mapping[str, Sequence[str]]],
    ) -> Any:
        """Write the postings; gives Whoosh's description of the segment.

        Args:
            fields: By their names.
            stem_forms: Gives the forms of each stem; called when all terms are written.
        """
        self.store.close()
        self._segment.set_doc_count(self.documents)
        write_postings(self._stem, fields, self.lengths)
        write_stem_forms(Path(f"{self._stem}{STEM_FORMS_EXT}"), stem_forms())
        return self._segment

    def cancel(self) -> None:
        """Let go of files; what was written of the segment is for the next writer to clear."""
        self.store.close()


class SegmentBuilder:
    """A segment of new articles.

    Args:
        storage, index_name, schema: As for `SegmentFiles`.
        language: The index's.
    """

    def __init__(self, storage: Any, index_name: str, schema: Any, language: str) -> None:
        self._gatherer = Gatherer(language)
        self._files = SegmentFiles(storage, index_name, schema, self._gatherer.fields)
        self._encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

    @property
    def memory(self) -> int:
        """About how many bytes its postings take until they are written."""
        return self._gatherer.memory

    def add(self, article: Article) -> int:
        """Add an article; gives the number of its document."""
        lengths = self._gatherer.add(self._files.documents, article)
        return self._files.add(
            lengths, column_values(article).items(), self._encode(article.to_dict())
        )

    def finish(self) -> Any:
        """Write what is gathered; gives Whoosh's description of the segment."""
        return self._files.finish(self._gatherer.fields, self._gatherer.forms_of_stems)

    def cancel(self) -> None:
        """As of `SegmentFiles`."""
        self._files.cancel()
