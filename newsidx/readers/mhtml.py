"""MHTML (RFC 2557): a web page saved with its pictures as the parts of one message."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.html import article_of_page
from newsidx.readers.limits import MAX_RECORD
from newsidx.readers.messages.mime import (
    as_written,
    children,
    header,
    header_block,
    kind,
    parameter,
    parse,
    text_of,
)
from newsidx.readers.records import values
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import peek

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["READER", "MhtmlReader"]

_PAGES = frozenset({"text/html", "application/xhtml+xml"})
# Headers of mail, which a page that somebody saved has not.
_OF_MAIL = frozenset({"message-id", "received", "to", "newsgroups", "return-path"})


class MhtmlReader:
    """Reads pages as browsers save them in one file."""

    name = "mhtml"
    version = 1
    suffixes = (".mhtml", ".mht")
    title = "web page in one file"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of a message of related parts that was not sent as mail."""
        named = suffix in self.suffixes
        block = header_block(head)
        related = block.get("content-type", "").lower().startswith("multipart/related")
        if related and (named or _OF_MAIL.isdisjoint(block)):
            return 95 if named else 85
        return 60 if named and peek(head) is not None else 0

    def read(
        self,
        source: Source,
        options: ReadOptions,  # noqa: ARG002  (a page has no fields to be mapped)
    ) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of the page; see `article_of_page`.

        Where it was saved from and when are in the provenance as `page_url` and `captured`.

        Raises:
            ReadError: As from `article_of_page`; `malformed` when there is no page in it.
        """
        message = parse(source.read(MAX_RECORD))
        page = _page_of(message)
        address, name = _address(message, page)
        article = article_of_page(text_of(page), address)
        if address:
            article.page_url, article.provenance["page_url"] = address, f"header:{name}"
        if captured := header(message, "Date"):
            article.provenance["captured"] = captured
        if not article.title and (title := header(message, "Subject")):
            article.title = title
            article.provenance["title"] = "header:Subject"
        yield article


READER = MhtmlReader()


def _address(message: Message, page: Message) -> tuple[str | None, str]:
    """Where a page was saved from, and the header that says so."""
    for part, name in (
        (message, "Snapshot-Content-Location"),
        (page, "Content-Location"),
        (message, "Content-Location"),
    ):
        address = values.address((as_written(part, name) or "").replace(" ", ""))
        if address and "://" in address:
            return address, name
    return None, ""


def _page_of(message: Message) -> Message:
    """The part that is the page itself: the one its container starts with, or the first."""
    pages = [part for part in _leaves(message) if kind(part) in _PAGES]
    if not pages:
        raise ReadError("malformed", "there is no web page among its parts")
    start = parameter(message, "start")
    return next(
        (one for one in pages if start and as_written(one, "Content-ID") == start), pages[0]
    )


def _leaves(message: Message) -> Iterator[Message]:
    waiting = [message]
    while waiting:
        part = waiting.pop()
        inner = children(part)
        if not inner:
            yield part
        waiting.extend(reversed(inner))
