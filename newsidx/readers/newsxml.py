"""XML: the formats of the news trade, and lists of articles in anybody's own.

NITF, NewsML-G2 and NewsML 1.x are known by name. Of other XML, the elements called
article, item, story and the like are records, whose parts are understood by their
names; where none is called so, the whole is understood as JSON of the same shape
would be.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import Any

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import check_body
from newsidx.readers.records.containers import articles_in
from newsidx.readers.records.record import article_from_record
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import peek, text_blocks
from newsidx.readers.xmls.element import language_of, local_name, plainly_named, record_of
from newsidx.readers.xmls.newsml import NO_TEXT, article_of_item, is_item
from newsidx.readers.xmls.newsml1 import articles_of_item, is_old_item
from newsidx.readers.xmls.nitf import article_of_nitf
from newsidx.readers.xmls.parse import find_first, parsed
from newsidx.readers.xmls.stream import Found, Read, guarded, records
from newsidx.readers.xmls.text import Root, begins_with_tag, mended, root_of

__all__ = ["READER", "NewsXmlReader"]

_ITEMS = frozenset({"newsItem", "NewsItem", *NO_TEXT})
_TRADE = _ITEMS | {"nitf", "newsitem"}
_TRADE_ROOTS = frozenset(name.lower() for name in _TRADE) | {"newsml", "newsmessage"}
_RECORDS = frozenset({"article", "doc", "document", "item", "news", "post", "story"})
_RECORD = re.compile(rf"<(?:[\w.-]+:)?(?:{'|'.join(sorted(_RECORDS))})[\s>]", re.IGNORECASE)

# XML in which names of ours mean something else, and other readers' files.
_OTHERS = frozenset(
    {"html", "opml", "plist", "schema", "sitemapindex", "stylesheet", "svg", "urlset"}
)
_SGML = frozenset({"DOC", "REUTERS"})
_FEEDS = frozenset({"channel", "feed", "rdf", "rss"})

# A text without a title is that of an article if it is longer than a setting or a label.
_LEAST_WORDS = 10

# So many records without an article are held back, to say it once if there never is one.
_PATIENCE = 1000


class NewsXmlReader:
    """Reads `.xml`, and under any name what starts like news in XML."""

    name = "xml"
    version = 1
    suffixes = (".xml", ".nitf", ".newsml")
    title = "news in XML"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of NITF and NewsML; gives way to feeds, pages and SGML."""
        text = peek(head)
        if text is None:
            return 0
        named = suffix in self.suffixes
        if not named and not begins_with_tag(text):
            return 0
        root = root_of(text)
        if root is None:
            return 45 if named else 0
        return _score(root, text, suffix, named=named)

    def read(self, source: Source, options: ReadOptions) -> Iterator[Read]:
        """Yield the articles in order; positions are the numbers of the records.

        A record that is damaged gives what could be saved of it and a BadRecord, with
        line and column.

        Raises:
            ReadError: `malformed` where the whole file is, `no-article` when there is
                no article in it.
        """
        return guarded(_read(source, options))


READER = NewsXmlReader()


def _score(root: Root, text: str, suffix: str, *, named: bool) -> int:
    if root.local == "html":
        return 0
    if root.name in _SGML:
        return 20
    if root.local in _FEEDS or root.local in _OTHERS:
        return 40 if named else 0
    if root.local in _TRADE_ROOTS:
        return 93 if named else 83
    if named:
        return 90 if root.declared else 75
    if _RECORD.search(text) and root.declared:
        return 60
    return 35 if root.declared and not suffix else 0


def _read(source: Source, options: ReadOptions) -> Iterator[Read]:
    """The articles, or one ReadError in place of records that are all without one."""
    bad: list[BadRecord] = []
    patient = True
    with source.open() as stream:
        for found in _articles(mended(text_blocks(stream, declares=True)), options):
            if patient and isinstance(found, BadRecord) and len(bad) < _PATIENCE:
                bad.append(found)
                continue
            if patient:
                yield from bad
                patient = False
            yield found
    if patient:
        raise _none_of(bad)


def _none_of(bad: list[BadRecord]) -> ReadError:
    if not bad:
        return ReadError("no-article", "there is no article in it")
    worst = next((one for one in bad if one.reason != "no-article"), bad[0])
    if len(bad) == 1 or worst.reason != "no-article":
        return ReadError(worst.reason, worst.message)
    message = f"none of its {len(bad)} records has an article; of the first: {worst.message}"
    return ReadError("no-article", message)


def _articles(pieces: Iterator[str], options: ReadOptions) -> Iterator[Read]:
    opening, taken = find_first(pieces, _choose)
    start = root_of(taken)
    if start is not None and start.local in _OTHERS:
        raise ReadError("no-article", f"it is XML of another kind ({start.local})")
    if opening is not None:
        for record in records(opening, chain([taken], pieces)):
            yield from _of_record(record, options)
        return
    root, fault = parsed(taken)
    if root is None or (fault and not len(root)):
        raise ReadError("malformed", fault or "there is no XML in it")
    yield from _of_unknown(root, 1, options, fault)


def _choose(first: Any, following: Any) -> frozenset[str] | None:
    """The names of records, where an element is the first of them.

    One that starts with another of them is what they are in: `<news><item>`.
    """
    name = local_name(first)
    if name in _ITEMS:
        return _ITEMS
    if name in _TRADE:
        return frozenset({name})
    if name.lower() not in _RECORDS:
        return None
    if (
        following is not None
        and following.getparent() is first
        and local_name(following).lower() in _RECORDS
    ):
        return None
    return frozenset({name})


def _of_record(record: Found, options: ReadOptions) -> Iterator[Read]:
    """The articles of a record, and what is wrong with it."""
    found: list[Read] = []
    if record.element is not None:
        try:
            found = list(_understood(record.element, record.number, options))
        except ReadError as error:
            found = [BadRecord(record.number, error.reason, error.message)]
        except Exception as error:
            message = f"it can't be understood ({type(error).__name__}: {error})"
            found = [BadRecord(record.number, "malformed", message)]
    if record.fault:
        found = [one for one in found if isinstance(one, RawArticle)]
        last = max([record.number, *(one.position for one in found)])
        found.append(BadRecord(last, record.reason, record.fault))
    yield from found


def _understood(element: Any, number: int, options: ReadOptions) -> Iterator[Read]:
    name = local_name(element)
    if name in NO_TEXT:
        raise ReadError("no-article", f"it is {NO_TEXT[name]}")
    language = language_of(element)
    if name == "nitf":
        yield _checked(article_of_nitf(plainly_named(element)), number)
    elif name in _ITEMS and is_old_item(element):
        for article in articles_of_item(plainly_named(element)):
            yield _checked(article, number)
    elif name in _ITEMS and is_item(element):
        yield _checked(article_of_item(plainly_named(element)), number)
    elif element.getparent() is None:
        yield from _of_unknown(element, number, options, None)
    else:
        yield _judged(article_from_record(record_of(element), options, number), language, 1)


def _of_unknown(root: Any, number: int, options: ReadOptions, fault: str | None) -> Iterator[Read]:
    """The articles in an element that may be one or hold many."""
    language = language_of(root)
    for found in articles_in(record_of(root), options, number):
        yield _judged(found, language, _LEAST_WORDS)
        number = found.position
    if fault:
        yield BadRecord(number + 1, "malformed", fault)


def _judged(found: Read, language: str | None, least: int) -> Read:
    """A record in nobody's standard format, if there is enough in it for an article.

    Without a title that is a text of so many words; without a text, a title with a
    date or an address, since the entries of any menu have titles.
    """
    if isinstance(found, BadRecord):
        return found
    if found.title is None and len(found.body.split(maxsplit=least)) < least:
        return BadRecord(found.position, "no-article", "it has no title and too short a text")
    if not (found.body or found.published or found.url):
        return BadRecord(found.position, "no-article", "it has a title and nothing else")
    if not found.language and language:
        found.language, found.provenance["language"] = language, "xml:lang"
    return found


def _checked(article: RawArticle, number: int) -> RawArticle:
    """The article, if it has a title or a text of a size that articles have."""
    article.position = number
    if not article.body and not article.title:
        raise ReadError("no-article", "it has no headline and no text")
    check_body(article.body)
    return article
