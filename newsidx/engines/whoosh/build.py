"""Building one segment of a Whoosh index, of new articles.

The files are Whoosh's own: what goes by document is gathered by `documents` as articles
come, the postings are written by `postings` at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from whoosh.codec import default_codec

from newsidx.article import Article
from newsidx.engines.stored import stored_json
from newsidx.engines.whoosh.columns import column_values
from newsidx.engines.whoosh.documents import DocumentWriter, packed_article
from newsidx.engines.whoosh.gather import Gatherer
from newsidx.engines.whoosh.postings import FieldPostings, write_postings
from newsidx.engines.whoosh.stemforms import STEM_FORMS_EXT, write_stem_forms

__all__ = ["SegmentBuilder", "SegmentFiles"]


class SegmentFiles:
    """A segment that is being written: what goes by document now, its postings at the end.

    Args:
        storage: Whoosh's, of a folder.
        index_name: Whoosh's name of the index.
        names: Of the fields that have postings.

    Attributes:
        documents: Takes what goes by document.
    """

    def __init__(self, storage: Any, index_name: str, names: Iterable[str]) -> None:
        self._segment = default_codec().new_segment(storage, index_name)
        self._stem = Path(storage.folder) / self._segment.segment_id()
        self.documents = DocumentWriter(self._stem, names)

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
        self.documents.close()
        self._segment.set_doc_count(self.documents.count)
        self._segment._fieldlengths = self.documents.totals  # noqa: SLF001 - as its codec does
        write_postings(self._stem, fields, self.documents.lengths)
        write_stem_forms(Path(f"{self._stem}{STEM_FORMS_EXT}"), stem_forms())
        return self._segment

    def cancel(self) -> None:
        """Let go of files; what was written of the segment is for the next writer to clear."""
        self.documents.cancel()


class SegmentBuilder:
    """A segment of new articles.

    Args:
        storage, index_name: As for `SegmentFiles`.
        language: The index's.
    """

    def __init__(self, storage: Any, index_name: str, language: str) -> None:
        self._gatherer = Gatherer(language)
        self._files = SegmentFiles(storage, index_name, self._gatherer.fields)

    @property
    def memory(self) -> int:
        """About how many bytes its postings take until they are written."""
        return self._gatherer.memory

    def add(self, article: Article) -> int:
        """Add an article; gives the number of its document."""
        documents = self._files.documents
        lengths = self._gatherer.add(documents.count, article)
        stored = packed_article(stored_json(article).decode())
        return documents.add(lengths, column_values(article), stored)

    def finish(self) -> Any:
        """Write what is gathered; gives Whoosh's description of the segment."""
        return self._files.finish(self._gatherer.fields, self._gatherer.forms_of_stems)

    def cancel(self) -> None:
        """As of `SegmentFiles`."""
        self._files.cancel()
