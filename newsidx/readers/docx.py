"""DOCX: documents of Word, and of whatever writes them like Word."""

from __future__ import annotations

import posixpath
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
from newsidx.readers.documents.zipped import (
    BLOCK,
    ZIP_MAGIC,
    Zipped,
    declared_type,
    member_names,
    open_zip,
)
from newsidx.readers.records import values
from newsidx.readers.source import Source
from newsidx.readers.xmls.events import END, START, attribute, events, leaves

__all__ = ["READER", "DocxReader"]

# A document behind a password is a compound file (MS-OFFCRYPTO, 1.3.3) with a stream of
# this name; so are the documents of Word before 2007, without it.
_COMPOUND_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")

# The names of ECMA-376 as Office writes them, and those of its strict form (ISO/IEC 29500).
_PREFIXES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w:",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w:",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc:",
    "http://schemas.openxmlformats.org/package/2006/relationships": "r:",
    "http://schemas.openxmlformats.org/package/2006/metadata/core-properties": "cp:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
}

# Deleted and moved text, styles of old, how characters are pronounced, and the second
# form of a drawing for programs that don't know the first.
_UNREAD = frozenset({"w:del", "w:moveFrom", "w:pPrChange", "w:rt", "mc:Fallback"})
_WRITTEN = {"w:tab": "\t", "w:br": "\n", "w:cr": "\n", "w:noBreakHyphen": "\u2011"}
_NOTES = ("footnotes.xml", "endnotes.xml")


class DocxReader:
    """Reads Word documents by their ending and by what is in the archive."""

    name = "docx"
    version = 1
    suffixes = (".docx", ".docm", ".dotx")
    title = "Word document"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of an archive with a part of Word in it; a locked one is known by its name."""
        named = suffix in self.suffixes
        if head.startswith(_COMPOUND_MAGIC):
            return 90 if named else 0
        if not head.startswith(ZIP_MAGIC) or declared_type(head):
            return 0
        names = member_names(head)
        is_package = bool(names) and names[0] in ("[Content_Types].xml", "_rels/.rels")
        if is_package and any(name.startswith("word/") for name in names):
            return 95 if named else 85
        return 84 if named else 0

    def read(
        self,
        source: Source,
        options: ReadOptions,  # noqa: ARG002  (a document has no fields to be mapped)
    ) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of the document; its notes stand behind its text.

        Its title is the paragraph that has the style of one (`style:title`,
        `style:heading 1`), else that of the metadata (`dc:title`); its date the day
        on which it was made (`dcterms:created`), the only one that it says.

        Raises:
            ReadError: `encrypted` behind a password, `unknown-format` for a document
                of Word before 2007, `malformed` where the parts of one are missing,
                `no-article` without text.
        """
        if source.head().startswith(_COMPOUND_MAGIC):
            raise _compound(source)
        with open_zip(source) as archive:
            yield from _read(archive, source)


READER = DocxReader()


def _read(archive: Zipped, source: Source) -> Iterator[RawArticle | BadRecord]:
    broken: list[BadRecord] = []
    main, properties = _parts(archive)
    folder = posixpath.dirname(main)
    flow, notes = Flow(), Flow()
    _collect(archive, main, flow, root="w:document")
    for name in (posixpath.join(folder, part) for part in _NOTES):
        if name in archive.names:
            try:
                _collect(archive, name, notes)
            except ReadError as error:
                broken.append(BadRecord(2 + len(broken), error.reason, error.message))
    names = _style_names(archive, posixpath.join(folder, "styles.xml"), flow.opening_styles())
    findings = _findings(_properties(archive, properties), source)
    yield document_article(flow, names, findings, notes.text())
    yield from broken


def _parts(archive: Zipped) -> tuple[str, str]:
    """The names of the main document and of its core properties."""
    found = {"officeDocument": "word/document.xml", "core-properties": "docProps/core.xml"}
    if "_rels/.rels" in archive.names:
        for name, attributes, _ in leaves(
            archive.blocks("_rels/.rels"), _PREFIXES, "list of relationships"
        ):
            kind = attribute(attributes, "Type").rpartition("/")[2]
            if name == "r:Relationship" and kind in found:
                target = posixpath.normpath(attribute(attributes, "Target").lstrip("/"))
                found[kind] = target if target in archive.names else found[kind]
    return found["officeDocument"], found["core-properties"]


def _collect(archive: Zipped, name: str, flow: Flow, root: str | None = None) -> None:
    """Add the text of a part to the flow."""
    unread = 0
    in_text = False
    for kind, tag, value in events(archive.blocks(name), _PREFIXES, posixpath.basename(name)):
        if root and kind == START:
            if tag != root:
                raise ReadError("malformed", "it is an Office document, but none of Word")
            root = None
        if unread or tag in _UNREAD:
            unread += (kind == START) - (kind == END)
        elif kind == START:
            if tag == "w:t":
                in_text = True
            elif tag == "w:p":
                flow.begin()
            elif tag == "w:pStyle":
                flow.style(attribute(value, "val"))
            elif tag in _WRITTEN:
                flow.write(_WRITTEN[tag])
            elif tag == "w:tr":
                flow.begin_row()
            elif tag == "w:tc":
                flow.begin_cell()
        elif kind == END:
            if tag == "w:t":
                in_text = False
            elif tag == "w:p":
                flow.end()
            elif tag == "w:tc":
                flow.end_cell()
            elif tag == "w:tr":
                flow.end_row()
        elif in_text:
            assert isinstance(value, str)
            flow.write(value)


def _style_names(archive: Zipped, part: str, used: set[str]) -> dict[str, str]:
    """What the styles of some ids are called.

    Paragraphs name a style by its id, which depends on the language of the program;
    the built-in styles themselves are called the same everywhere.
    """
    names = {"Title": "title", "Heading1": "heading 1"}
    if part in archive.names and used != {""}:
        style = ""
        with suppress(ReadError):
            for kind, tag, value in events(archive.blocks(part), _PREFIXES, "list of styles"):
                if kind == START and tag == "w:style":
                    style = attribute(value, "styleId")
                elif kind == START and tag == "w:name" and style in used:
                    names[style] = attribute(value, "val").lower()
    return names


def _properties(archive: Zipped, part: str) -> dict[str, str]:
    """The core properties of a document by their names, as far as they can be read."""
    found: dict[str, str] = {}
    if part in archive.names:
        with suppress(ReadError):
            for name, _, text in leaves(archive.blocks(part), _PREFIXES, "list of properties"):
                if text:
                    found.setdefault(name, text)
    return found


def _findings(properties: Mapping[str, str], source: Source) -> Iterator[Finding]:
    """What the properties of a document say of it."""
    yield "title", document_title(properties.get("dc:title", ""), source), "dc:title"
    yield "authors", document_authors(properties.get("dc:creator", "")), "dc:creator"
    yield "published", document_date(properties.get("dcterms:created", "")), "dcterms:created"
    yield "tags", values.terms(properties.get("cp:keywords")), "cp:keywords"
    yield "tags", values.terms(properties.get("dc:subject")), "dc:subject"
    yield "language", properties.get("dc:language"), "dc:language"


def _compound(source: Source) -> ReadError:
    """What is wrong with a compound file that is called a Word document."""
    rest = b""
    with source.open() as stream:
        while block := stream.read(BLOCK):
            if _ENCRYPTED_STREAM in rest + block:
                return ReadError("encrypted", "it is locked with a password")
            rest = block[-len(_ENCRYPTED_STREAM) :]
    return ReadError("unknown-format", "it is a document of Word before 2007, whatever its name")
