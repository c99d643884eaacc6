"""Feeds: RSS of any version, Atom and RDF, an entry at a time.

The entries are cut out of the file first, so that a broken one costs no other and a
feed may be of any size; each is then read by feedparser, as a feed of one entry that
is sound and has nothing in it that feedparser would be slow at.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from io import BytesIO
from itertools import chain
from typing import Any

from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import peek, text_blocks
from newsidx.readers.xmls.element import attributes, language_of, local_name
from newsidx.readers.xmls.feedentry import article_of_entry
from newsidx.readers.xmls.parse import Opening, find_first, parsed
from newsidx.readers.xmls.stream import Found, Read, guarded, records
from newsidx.readers.xmls.text import Root, begins_with_tag, mended, root_of

__all__ = ["READER", "FeedReader"]

_ATOM = "http://www.w3.org/2005/Atom"
# The namespace of each prefix that feeds use and forget to declare.
_KNOWN = {
    "atom": _ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "prism": "http://prismstandard.org/namespaces/1.2/basic/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_ATOM_HINTS = ("/atom", "purl.org/echo", "necho", "newformat#", "purl.org/pie")
_RDF_HINTS = ("purl.org/rss", "rdf/simple/0.9", "rss/1.0")

_TEXTS = frozenset({"body", "content", "description", "encoded", "fullitem", "summary"})
# Extensions that repeat the text in other words, or describe a picture.
_SECOND_HAND = ("itunes", "mrss", "play-podcasts", "purl.org/dc/")

# feedparser looks for addresses in authors, and for tags it has, in quadratic time.
_LONG_WORD = re.compile(r"(\S{200})\S+")
_LONGEST_FIELD = 4000
_MOST_OF_A_KIND = 500
_TERMS = frozenset({"category", "keywords", "link", "subject", "tags"})
_AUTHORS = frozenset(
    {"author", "contributor", "creator", "email", "managingeditor", "name", "owner", "publisher",
     "webmaster"}
)  # fmt: skip
# feedparser cuts an address like jane@coast.example in two, and takes its end for a name.
_MAIL = re.compile(r"[<(\[]?[^\s@<>()]+@[^\s@<>()]+[>)\]]?")
_VOID = re.compile(r"\s{64,}")
_ODD_NAME = re.compile(r"^[^A-Za-z_]|[^A-Za-z0-9_.-]")


class FeedReader:
    """Reads feeds, by their root element; `.rss`, `.atom` and `.rdf` also by name."""

    name = "feed"
    version = 1
    suffixes = (".rss", ".atom", ".rdf")
    title = "feed (RSS, Atom, RDF)"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of the root elements of feeds, also where something stands before them."""
        text = peek(head)
        if text is None:
            return 0
        named = suffix in self.suffixes
        welcome = named or suffix == ".xml"
        if not welcome and not begins_with_tag(text):
            return 0
        root = root_of(text)
        if root is not None and _is_feed(root, text):
            return 95 if welcome else 85
        return 50 if named else 0

    def read(
        self,
        source: Source,
        options: ReadOptions,  # noqa: ARG002  (the fields of feeds have their names)
    ) -> Iterator[Read]:
        """Yield the entries in order; positions are their numbers.

        Raises:
            ReadError: `malformed` where nothing of it can be parsed, `no-article` for
                a feed without entries.
        """
        return guarded(_read(source))


READER = FeedReader()


def _is_feed(root: Root, text: str) -> bool:
    attributes = root.attributes.lower()
    if root.local == "rss":
        return True
    if root.local in ("feed", "entry"):
        return any(hint in attributes for hint in _ATOM_HINTS) or (
            root.local == "feed" and re.search(r"<(?:\w+:)?entry[\s>]", text) is not None
        )
    if root.local == "rdf":
        return any(hint in attributes for hint in _RDF_HINTS)
    return root.local == "channel" and re.search(r"(?i)<item[\s>]", text) is not None


def _read(source: Source) -> Iterator[Read]:
    with source.open() as stream:
        pieces = mended(text_blocks(stream, declares=True))
        opening, taken = find_first(pieces, _choose)
        if opening is None:
            raise _nothing(taken)
        feed, version = _header(opening)
        for found in records(opening, chain([taken], pieces)):
            if found.element is not None:
                yield from _of_record(found, feed, version)
            if found.fault:
                yield BadRecord(found.number, found.reason, found.fault)


def _choose(first: Any, _following: Any) -> frozenset[str] | None:
    name = local_name(first)
    return frozenset({name}) if name.lower() in ("item", "entry") else None


def _nothing(text: str) -> ReadError:
    root = root_of(text)
    if root is not None and _is_feed(root, text):
        _, fault = parsed(text)
        if fault:
            return ReadError("malformed", fault)
        return ReadError("no-article", "the feed has no entries")
    return ReadError("no-article", "there is no feed in it")


def _header(opening: Opening) -> tuple[Mapping[str, Any], str]:
    """What feedparser makes of the part before the first entry."""
    from lxml import etree

    root = parsed(opening.head)[0] if opening.head else None
    if root is None:
        return {}, ""
    try:
        _tame(root)
        result = _parsed(etree.tostring(root))
    except Exception:
        # The entries do not depend on it, and feedparser stumbles over some broken ones.
        return {}, ""
    return result["feed"], str(result["version"])


def _of_record(found: Found, feed: Mapping[str, Any], version: str) -> Iterator[Read]:
    """The article of an entry; of one that is broken, only if there is one left."""
    number = found.number
    try:
        entry = _entry(found.element)
        article = article_of_entry(entry, feed, version)
    except ReadError as error:
        if not found.fault:
            yield BadRecord(number, error.reason, error.message)
    except Exception as error:
        if not found.fault:
            message = f"feedparser can't read it ({type(error).__name__}: {error})"
            yield BadRecord(number, "malformed", message)
    else:
        article.position = number
        yield article


def _entry(element: Any) -> Mapping[str, Any]:
    """What feedparser makes of an entry, in a feed of its own that leaves no doubt."""
    from lxml import etree

    language = language_of(element)
    _tame(element)
    is_item = local_name(element).lower() == "item"
    element.tag = "item" if is_item else "entry"
    start, end = (b"<rss><channel>", b"</channel></rss>") if is_item else (b"<feed>", b"</feed>")
    result = _parsed(start + etree.tostring(element, with_tail=False) + end)
    entry: dict[str, Any] = result["entries"][0]
    if language:
        entry.setdefault("xml_lang", language)
    return entry


def _parsed(data: bytes) -> Any:
    """What feedparser makes of bytes; as a stream, which it never takes for an address."""
    return _feedparser().parse(
        BytesIO(data),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        # No HTML of it is ever shown: it becomes text.
        sanitize_html=False,
        resolve_relative_uris=False,
    )


@cache
def _feedparser() -> Any:
    import feedparser

    # Python's own parser is always there, and looking for another takes time for each entry.
    feedparser.api.PREFERRED_XML_PARSERS = []
    return feedparser


def _tame(element: Any) -> None:
    """Change an element so that feedparser's own parser takes it, and in linear time.

    Names that are bound to nothing get the namespace that is meant. Second-hand texts
    go where there is a first-hand one, as feedparser would take them for the content.
    """
    names: dict[Any, str] = {}
    in_text: set[Any] = set()
    for part in element.iter():
        above = part.getparent()
        if above in in_text or names.get(above) in _TEXTS:
            in_text.add(part)
        names[part] = _tame_one(part, in_text=part in in_text)
    own = {
        names[part]
        for part in element
        if not _is_second_hand(part) and (len(part) or (part.text and part.text.strip()))
    }
    told = (_TEXTS if own & _TEXTS else frozenset()) | (own & {"title"})
    seen = Counter[str]()
    for part, name in names.items():
        seen[name] += 1
        surplus = seen[name] > _MOST_OF_A_KIND and name in _AUTHORS | _TERMS
        if surplus or (name in told and _is_second_hand(part)):
            part.tag = "surplus"


def _is_second_hand(part: Any) -> bool:
    space = str(part.tag).partition("}")[0].lower()
    return any(mark in space for mark in _SECOND_HAND)


def _tame_one(part: Any, *, in_text: bool) -> str:
    """Tame an element but not what is in it; gives its plain name."""
    tag = str(part.tag)
    space, _, name = tag.rpartition("}")
    prefix, colon, _ = name.rpartition(":")
    local = _ODD_NAME.sub("_", local_name(part))
    if local != name:
        uri = _KNOWN.get(prefix, "urn:x-unknown") if colon else space[1:]
        part.tag = f"{{{uri}}}{local}" if uri else local
    known = attributes(part)
    if len(known) < len(part.attrib):
        part.attrib.clear()
    for key, value in known:
        if ":" in key.rpartition("}")[2] or _ODD_NAME.search(key.rpartition("}")[2]):
            del part.attrib[key]
        elif len(value) > _LONGEST_FIELD:
            part.set(key, value[:_LONGEST_FIELD])
    plain = local.lower()
    if part.text and plain not in _TEXTS and not in_text and not len(part):
        part.text = part.text[:_LONGEST_FIELD]
        if plain in _AUTHORS:
            part.text = _named(part.text)
    if part.text and len(part.text) > _LONGEST_FIELD:
        part.text = _VOID.sub("\n\n", part.text)
    if part.tail and len(part.tail) > _LONGEST_FIELD:
        part.tail = _VOID.sub("\n\n", part.tail)
    return plain


def _named(author: str) -> str:
    """An author without an address: `Jane Roe` of `jane@coast.example (Jane Roe)`."""
    name = _MAIL.sub(" ", _LONG_WORD.sub(r"\1", author)).strip()
    return name[1:-1] if name.startswith("(") and name.endswith(")") else name
