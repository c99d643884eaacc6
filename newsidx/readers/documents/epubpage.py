"""One document of an EPUB: its text, its title, and where it was downloaded from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from newsidx.errors import ReadError
from newsidx.readers.source import HEAD_BYTES
from newsidx.readers.texts.encoding import declared_charset, decode
from newsidx.readers.texts.markup import flow

__all__ = ["MAX_PAGE", "Page", "page_of", "page_tree"]

MAX_PAGE = 10 * 1024 * 1024
"""Bytes of a document: parsing one takes memory of many times its size."""

# The longest novel in one document has a tenth of that.
_MOST_TAGS = 400_000

_UNREAD = ("script", "style", "svg", "template", "object", "rt", "rp", "title")
# The number of a note in the text, and the way back from the note.
_MARKS = frozenset({"noteref", "backlink", "doc-noteref", "doc-backlink"})
_HEADINGS = ("h1", "h2", "h3", "h4")

# XHTML may write any element that holds nothing as one tag; in HTML it would stay open.
_CLOSED = re.compile(
    r"<(?!(?:area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)\b)"
    r"([a-zA-Z][\w:-]*)((?:\s[^<>]*)?)/>"
)
# The namespaces and entities that a document type declares are none of ours.
_PROLOGUE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?<!DOCTYPE[^\[>]*(?:\[[^\]]*\]\s*)?>", re.IGNORECASE)
# Characters that libxml2 stops at or refuses.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

# calibre puts a bar of links around each article, the lower one with the address that
# it downloaded, and makes pages that list them.
_BAR = "calibre_navbar"
_LISTS = ("calibre_feed_list", "calibre_feed_title", "calibre_article_list")
_DOWNLOADED = "calibre-downloaded-from"
_FURNITURE = frozenset({"cover", "titlepage", "title-page", "toc", "copyright-page", "landmarks"})


class Page(Struct, frozen=True):
    """What a document holds.

    Attributes:
        body: Its text, with its title.
        headings: Its headings in order, from the first level on.
        words: How many words stand outside of links.
        url: The address it says it was downloaded from.
        is_list: Whether it lists articles, or is a cover or a table of contents.
    """

    body: str
    headings: tuple[str, ...]
    words: int
    url: str | None
    is_list: bool


def page_of(data: bytes) -> Page:
    """Read a document.

    Raises:
        ReadError: `undecodable` when it is no text, `malformed` when it can't be parsed,
            `too-large` when it has more tags than any document.
    """
    tree = page_tree(data)
    url = next(filter(None, map(_downloaded, tree.iter("a"))), None)
    is_list = any(map(_lists, tree.iter()))
    bars = [element for element in tree.iter("div") if _BAR in (element.get("class") or "")]
    marks = [link for link in tree.iter("a") if _MARKS & _kinds(link)]
    for element in bars + marks:
        element.drop_tree()
    linked = sum(len("".join(link.itertext()).split()) for link in tree.iterfind(".//a[@href]"))
    body = flow(tree)
    return Page(body, tuple(_headings(tree)), len(body.split()) - linked, url, is_list)


def page_tree(data: bytes) -> Any:
    """The elements of a document as those of HTML, without scripts and styles.

    Raises:
        ReadError: As `page_of`.
    """
    from lxml import etree, html

    text, _ = decode(data, declared_charset(data[:HEAD_BYTES]))
    if text.count("<") > _MOST_TAGS:
        raise ReadError("too-large", f"the document has more than {_MOST_TAGS} tags")
    prologue = _PROLOGUE.match(text)
    text = _CLOSED.sub(r"<\1\2></\1>", text[prologue.end() if prologue else 0 :])
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    data = f"<div>{_CONTROL.sub(' ', text)}</div>".encode()
    try:
        tree = html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ReadError("malformed", f"the document can't be parsed ({error})") from error
    etree.strip_elements(tree, *_UNREAD, with_tail=False)
    return tree


def _headings(tree: Any) -> Iterator[str]:
    for level in _HEADINGS:
        for element in tree.iter(level):
            text = " ".join("".join(element.itertext()).split())
            if text:
                yield text


def _downloaded(link: Any) -> str | None:
    """The address in the link that calibre puts under an article that it downloaded."""
    address = link.get("href") or ""
    marked = link.get("rel") == _DOWNLOADED
    if not marked and address == "".join(link.itertext()).strip():
        # Older versions of calibre did not mark it.
        marked = any(_BAR in (above.get("class") or "") for above in link.iterancestors("div"))
    return address if marked and re.match(r"https?://", address) else None


def _lists(element: Any) -> bool:
    if not isinstance(element.tag, str):
        return False
    if element.tag in ("html", "body", "section", "nav") and _FURNITURE & _kinds(element):
        return True
    return any(mark in (element.get("class") or "") for mark in _LISTS)


def _kinds(element: Any) -> set[str]:
    """What an element says it is."""
    return set(f"{element.get('epub:type') or ''} {element.get('role') or ''}".lower().split())
