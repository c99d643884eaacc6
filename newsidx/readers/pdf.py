"""PDF: the text that is in it, through PDFium; pictures of text are passed over."""

from __future__ import annotations

from collections.abc import Iterator

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.documents.info import describe, document_authors, document_date, document_title
from newsidx.readers.limits import check_body
from newsidx.readers.records import values
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import peek
from newsidx.readers.texts.markup import without_title

__all__ = ["READER", "PdfReader"]

_MAGIC = b"%PDF-"
# Readers of PDF look for it this far (Adobe's implementation note 13 to PDF 1.7).
_WITHIN = 1024
_BLOCK = 1024 * 1024
_MAX_FILE = 256 * 1024 * 1024


class PdfReader:
    """Reads PDF by its first bytes."""

    name = "pdf"
    version = 1
    suffixes = (".pdf",)
    title = "PDF"
    extra = "documents"

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of the mark at the start; a little further on other data must not be text."""
        named = suffix in self.suffixes
        if head.startswith(_MAGIC):
            return 95 if named else 85
        if _MAGIC in head[: _WITHIN + len(_MAGIC)]:
            return 90 if named else 50 if peek(head) is None else 0
        return 0

    def read(
        self,
        source: Source,
        options: ReadOptions,  # noqa: ARG002  (a document has no fields to be mapped)
    ) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of the document, and a BadRecord for each page that is broken.

        Title, authors and tags are those of the metadata (`pdf:Title` …) where they
        were put there by a person. A PDF says of no day but that on which it was made
        (`pdf:CreationDate`), which is taken for the day of publication.

        Raises:
            ReadError: `missing-extra` without the PDF library; `image-only` where there
                are pictures and no text; `encrypted`, `undecodable` (its fonts don't say
                which letters they draw), `no-article`, `too-large` and `malformed`.
        """
        from importlib.util import find_spec

        if find_spec("pypdfium2") is None:
            message = 'reading PDF needs an extra: pip install "newsidx[documents]"'
            raise ReadError("missing-extra", message)
        from newsidx.readers.documents.pdfprocess import read_apart

        found = read_apart(_blocks(source))
        article = RawArticle()
        title = document_title(found["Title"], source)
        describe(
            article,
            (
                ("title", title, "pdf:Title"),
                ("authors", document_authors(found["Author"]), "pdf:Author"),
                ("published", document_date(found["CreationDate"]), "pdf:CreationDate"),
                ("tags", values.terms(found["Keywords"]), "pdf:Keywords"),
            ),
        )
        article.body = without_title(found["text"], article.title)
        check_body(article.body)
        yield article
        for number in found["broken"]:
            yield BadRecord(number, "malformed", f"page {number} of it can't be read")


READER = PdfReader()


def _blocks(source: Source) -> Iterator[bytes]:
    """The bytes of a file that is not too large."""
    size = 0
    with source.open(_BLOCK) as stream:
        while block := stream.read(_BLOCK):
            size += len(block)
            if size > _MAX_FILE:
                raise ReadError("too-large", f"it holds more than {_MAX_FILE // 1024**2} MiB")
            yield block
