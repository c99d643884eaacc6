"""EPUB: books, and the daily issues that calibre makes of newspapers; an article a document."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.documents.epubpackage import Chapter, Label, Package, package_of
from newsidx.readers.documents.epubpage import MAX_PAGE, Page, page_of
from newsidx.readers.documents.info import Finding, describe
from newsidx.readers.documents.zipped import ZIP_MAGIC, Zipped, declared_type, open_zip
from newsidx.readers.limits import MAX_BODY, check_body
from newsidx.readers.records import values
from newsidx.readers.source import Source
from newsidx.readers.texts.markup import without_title
from newsidx.readers.xmls.events import attribute

__all__ = ["READER", "EpubReader"]

_TYPE = "application/epub+zip"

# The shortest news in brief has more words than a title page.
_LEAST_WORDS = 20

# Programs that make issues of web pages put their own name for author and publisher.
_MAKERS = frozenset({"calibre", "kindleear", "unknown", "unknown author", "unknown title"})
# `The Example [Mon, 05 Jan 2015]`, as calibre calls an issue.
_ISSUE = re.compile(r"\s*[\[(][^\[\]()]*\d[^\[\]()]*[\])]$")
# `periodical:newspaper:The Example`
_PERIODICAL = re.compile(r"periodical:[^:]*:(.+)")
# calibre's date for a book without one.
_NO_DATE = re.compile(r"0101-01-01")
# calibre cuts long documents: index_split_000.html, index_split_001.html, …
_CUT = re.compile(r"(.*)_split_\d+(\.\w+)")


class EpubReader:
    """Reads EPUBs by the type that the archive declares."""

    name = "epub"
    version = 1
    suffixes = (".epub",)
    title = "EPUB"
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
        """Yield an article for each document of the reading order that has enough text.

        Covers, tables of contents and lists of articles are passed over. An article's
        title is a heading or what the table of contents calls it (`heading`, `nav`,
        `ncx`), its section the entry above that; the rest is that of the whole EPUB
        (`dc:date`, `dc:publisher` …). Its record is the id of its document.

        Raises:
            ReadError: `encrypted` where its text is locked, `malformed` where the parts
                of an EPUB are missing, `no-article` where no document has any text.
        """
        with open_zip(source) as archive:
            package = package_of(archive)
            names = [chapter.name for chapter in package.chapters]
            if names and package.locked.issuperset(names):
                raise ReadError("encrypted", "its text is locked by rights management")
            found = False
            for article in _articles(archive, package):
                found = True
                yield article
            if not found:
                raise ReadError("no-article", "there is no text in it")


READER = EpubReader()


def _articles(archive: Zipped, package: Package) -> Iterator[RawArticle | BadRecord]:
    """The articles in order; where all documents are short, those."""
    general = list(_findings(package))
    short: list[RawArticle] = []
    found = False
    for page in _pages(archive, package):
        if isinstance(page, BadRecord):
            yield page
            continue
        if page.content.is_list or not page.content.body:
            continue
        article = _article(page, package.labels.get(page.chapter.name))
        describe(article, general)
        if page.content.words < _LEAST_WORDS:
            short.append(article)
            continue
        found = True
        yield article
    if not found:
        yield from short


class _Document(Struct):
    """A document, with those that continue it."""

    position: int
    chapter: Chapter
    content: Page


def _pages(archive: Zipped, package: Package) -> Iterator[_Document | BadRecord]:
    """The documents in order, those that were cut in pieces whole again."""
    last: _Document | None = None
    for position, chapter in enumerate(package.chapters, 1):
        bad: BadRecord | None = None
        try:
            if chapter.name in package.locked:
                raise ReadError("encrypted", f"{chapter.name!r} in it is locked")
            content = page_of(archive.read(chapter.name, MAX_PAGE))
            check_body(content.body)
        except ReadError as error:
            bad = BadRecord(position, error.reason, error.message)
        else:
            if last and chapter.name not in package.labels and _continues(last, chapter, content):
                body = f"{last.content.body}\n\n{content.body}".strip()
                words = last.content.words + content.words
                last.content = replace(last.content, body=body, words=words)
                continue
        if last:
            yield last
        last = None if bad else _Document(position, chapter, content)
        if bad:
            yield bad
    if last:
        yield last


def _continues(last: _Document, chapter: Chapter, content: Page) -> bool:
    """Whether a document without a title was cut off the one before it."""
    if content.headings or len(last.content.body) + len(content.body) > MAX_BODY:
        return False
    cut, rest = _CUT.fullmatch(last.chapter.name), _CUT.fullmatch(chapter.name)
    return bool(cut and rest and cut.groups() == rest.groups())


def _article(page: _Document, label: Label | None) -> RawArticle:
    """The article of a document, with what it and the table of contents say of it."""
    content = page.content
    article = RawArticle(position=page.position, record=page.chapter.id)
    article.provenance["record"] = "spine"
    title = _title(content.headings, label)
    describe(article, [title] if title else [])
    if label:
        describe(article, [("section", label.above, label.origin)])
    describe(article, [("page_url", content.url, "calibre")])
    article.body = without_title(content.body, article.title)
    return article


def _title(headings: tuple[str, ...], label: Label | None) -> Finding | None:
    """The heading that the table of contents names, else the first, else the entry there."""
    if label:
        for heading in headings:
            if heading.casefold() == label.text.casefold():
                return "title", heading, "heading"
    if headings:
        return "title", headings[0], "heading"
    return ("title", label.text, label.origin) if label else None


def _findings(package: Package) -> Iterator[Finding]:
    """What an EPUB says of all that is in it."""
    outlet = _PERIODICAL.fullmatch(package.first("calibre:publication_type") or "")
    yield "source", outlet[1] if outlet else None, "calibre:publication_type"
    for name in ("dc:publisher", "dc:title"):
        text = _ISSUE.sub("", package.first(name) or "")
        yield "source", text if text.lower() not in _MAKERS else None, name
    yield "published", _date(package), "dc:date"
    yield "authors", _people(package), "dc:creator"
    subjects = [text for text, _ in package.metadata.get("dc:subject", [])]
    yield "tags", values.terms(subjects), "dc:subject"
    yield "language", package.first("dc:language"), "dc:language"


def _date(package: Package) -> str | None:
    """The day of publication: so called, else the one that is called nothing else."""
    dates = package.metadata.get("dc:date", [])
    for wanted in ("publication", "original-publication", ""):
        for text, attributes in dates:
            if attribute(attributes, "event") == wanted and not _NO_DATE.match(text):
                return text
    return None


def _people(package: Package) -> list[str]:
    """Who wrote it: creators of the role `aut`, or of none that is told."""
    roles = {
        attribute(attributes, "refines"): text
        for text, attributes in package.metadata.get("role", [])
    }
    found = []
    for text, attributes in package.metadata.get("dc:creator", []):
        role = attribute(attributes, "role") or roles.get("#" + attribute(attributes, "id"), "aut")
        if role == "aut" and text.lower() not in _MAKERS:
            found.append(text)
    return values.names(found)
