"""ODT: text documents of OpenOffice and LibreOffice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.documents.flow import Flow
from newsidx.readers.documents.info import (
    Finding,
    document_article,
    document_authors,
    document_date,
    document_title,
)
from newsidx.readers.documents.zipped import ZIP_MAGIC, Zipped, declared_type, open_zip
from newsidx.readers.records import values
from newsidx.readers.source import Source
from newsidx.readers.xmls.events import END, START, attribute, events, leaves

__all__ = ["READER", "OdtReader"]

_TYPE = "application/vnd.oasis.opendocument.text"

_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    f"{_ODF}office:1.0": "office:",
    f"{_ODF}text:1.0": "text:",
    f"{_ODF}table:1.0": "table:",
    f"{_ODF}style:1.0": "style:",
    f"{_ODF}meta:1.0": "meta:",
    f"{_ODF}manifest:1.0": "manifest:",
    "http://purl.org/dc/elements/1.1/": "dc:",
}

_PARAGRAPHS = frozenset({"text:p", "text:h"})
# Deleted text, remarks, the marks of notes, lists that are made from the text itself,
# and how characters are pronounced.
_UNREAD = frozenset(
    {
        "text:tracked-changes",
        "office:annotation",
        "text:note-citation",
        "text:table-of-content",
        "text:alphabetical-index",
        "text:ruby-text",
    }
)
_SPACE = re.compile(r"[ \t\r\n]+")
_MOST_SPACES = 100


class OdtReader:
    """Reads text documents by the type that the archive declares."""

    name = "odt"
    version = 1
    suffixes = (".odt", ".ott")
    title = "OpenDocument text"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of the declared type; an archive without one is known by its name."""
        named = suffix in self.suffixes
        declared = declared_type(head)
        if declared is not None and declared.startswith(_TYPE):
            return 95 if named else 85
        return 84 if named and declared is None and head.startswith(ZIP_MAGIC) else 0

    def read(
        self,
        source: Source,
        options: ReadOptions,  # noqa: ARG002  (a document has no fields to be mapped)
    ) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of the document; its notes stand behind its text.

        Its title is the paragraph that has the style of one (`style:title`,
        `style:heading 1`), else that of the metadata (`dc:title`); its date the day
        on which it was made (`meta:creation-date`).

        Raises:
            ReadError: `encrypted` behind a password, `malformed` where the parts of a
                document are missing, `no-article` without text.
        """
        with open_zip(source) as archive:
            if _is_encrypted(archive):
                raise ReadError("encrypted", "it is locked with a password")
            flow, notes = Flow(), Flow()
            names = _collect(archive, flow, notes)
            yield document_article(flow, names, _findings(archive, source), notes.text())


READER = OdtReader()


def _is_encrypted(archive: Zipped) -> bool:
    """Whether the text is locked: by itself, or with all the rest as newer versions do."""
    manifest = "META-INF/manifest.xml"
    if "encrypted-package" in archive.names:
        return True
    if manifest not in archive.names:
        return False
    entry = ""
    with suppress(ReadError):
        for kind, tag, value in events(archive.blocks(manifest), _PREFIXES, "manifest"):
            if kind == START and tag == "manifest:file-entry":
                entry = attribute(value, "full-path")
            elif kind == START and tag == "manifest:encryption-data" and entry == "content.xml":
                return True
    return False


def _collect(archive: Zipped, flow: Flow, notes: Flow) -> dict[str, str]:
    """Add the text of a document to `flow`, and that of its notes to `notes`.

    Returns:
        What the styles are called that its paragraphs have; those that the document
        defines for itself like the ones that they were made from.
    """
    names = {"Title": "title", "Heading 1": "heading 1"}
    into = flow
    unread = 0
    stack: list[str] = []
    is_text = False
    for kind, tag, value in events(archive.blocks("content.xml"), _PREFIXES, "content.xml"):
        if kind == START:
            is_text = is_text or tag == "office:text"
            stack.append(tag)
        if unread or tag in _UNREAD:
            unread += (kind == START) - (kind == END)
        elif kind == START:
            assert not isinstance(value, str)
            if tag == "text:note-body":
                into = notes
            elif tag == "style:style":
                parent = attribute(value, "parent-style-name").replace("_20_", " ")
                names[attribute(value, "name")] = parent.lower()
            else:
                _begin(into, tag, value)
        elif kind == END:
            if tag == "text:note-body":
                into = flow
            else:
                _end(into, tag)
        elif stack[-1].startswith("text:"):
            assert isinstance(value, str)
            into.write(_SPACE.sub(" ", value))
        if kind == END:
            stack.pop()
    if not is_text:
        raise ReadError("malformed", "it is an OpenDocument file, but no text document")
    return names


def _begin(flow: Flow, tag: str, attributes: Mapping[str, str]) -> None:
    if tag in _PARAGRAPHS:
        level = attribute(attributes, "outline-level")
        style = "Heading 1" if tag == "text:h" and level in ("", "1") else ""
        flow.begin(attribute(attributes, "style-name") if tag == "text:p" else style)
    elif tag == "text:s":
        count = attribute(attributes, "c")
        flow.write(" " * (min(int(count[:9]), _MOST_SPACES) if count.isdecimal() else 1))
    elif tag == "text:tab":
        flow.write("\t")
    elif tag == "text:line-break":
        flow.write("\n")
    elif tag == "table:table-row":
        flow.begin_row()
    elif tag == "table:table-cell":
        flow.begin_cell()


def _end(flow: Flow, tag: str) -> None:
    if tag in _PARAGRAPHS:
        flow.end()
    elif tag == "table:table-cell":
        flow.end_cell()
    elif tag == "table:table-row":
        flow.end_row()


def _findings(archive: Zipped, source: Source) -> Iterator[Finding]:
    """What the metadata of a document say of it, as far as they can be read."""
    found: dict[str, list[str]] = {}
    if "meta.xml" in archive.names:
        with suppress(ReadError):
            for name, _, text in leaves(archive.blocks("meta.xml"), _PREFIXES, "metadata"):
                if text:
                    found.setdefault(name, []).append(text)
    titles = [document_title(text, source) for text in found.get("dc:title", [])]
    yield "title", next(iter(titles), None), "dc:title"
    # `dc:creator` is who changed it last.
    creators = found.get("meta:initial-creator", [])
    people = [person for text in creators for person in document_authors(text)]
    yield "authors", people, "meta:initial-creator"
    created = found.get("meta:creation-date", [""])[0]
    yield "published", document_date(created), "meta:creation-date"
    yield "tags", values.terms(found.get("meta:keyword", [])), "meta:keyword"
    yield "tags", values.terms(found.get("dc:subject", [])), "dc:subject"
    yield "language", values.scalar(found.get("dc:language", [])), "dc:language"
