"""Mail and Usenet: single messages, and mailboxes that hold thousands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_RECORD, check_body
from newsidx.readers.messages.mbox import is_mbox, messages
from newsidx.readers.messages.mime import as_written, decoded, header, header_block, parse
from newsidx.readers.messages.text import body_of
from newsidx.readers.records import values
from newsidx.readers.records.record import fill
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import peek

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["READER", "MailReader"]

# Two of these at the top make a message, unless another name shows that somebody's
# scraper wrote the block; one that only machines write makes it beyond doubt.
_EXPECTED = frozenset({"from", "subject", "date", "message-id", "newsgroups", "received"})
_BY_MACHINE = frozenset({"message-id", "newsgroups", "received", "mime-version"})
_BY_SCRAPER = frozenset({"title", "headline", "url", "link", "source", "author", "authors"})

_WORD = re.compile(r"[^,\s]+")
# `jane@example.org`, and `host!jane` as it was before that.
_ADDRESS = re.compile(r"@|\w!\w")
# Mass mailers name a list by its number: `0c5a1b77f mc list <…>`.
_NUMBERED = re.compile(r"[0-9a-f]{8,}", re.IGNORECASE)


class MailReader:
    """Reads messages and mboxes, by their ending or by the headers at their start."""

    name = "mail"
    version = 1
    suffixes = (".eml", ".mbox", ".mbx")
    title = "mail and Usenet"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of a header block with two names of mail; less so where a name speaks against it."""
        named = suffix in self.suffixes
        block = header_block(head)
        machine = not _BY_MACHINE.isdisjoint(block)
        if len(_EXPECTED & block.keys()) >= 2:
            if named or is_mbox(head):
                return 95 if named else 85
            if machine or (not suffix and _BY_SCRAPER.isdisjoint(block)):
                return 82
        return 50 if named and peek(head) is not None else 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of a message, or those of an mbox in order.

        Raises:
            ReadError: For a single message that can't be read: `malformed`, `too-large`,
                `encrypted`, `undecodable`, or `no-article` when it says nothing.
        """
        if not is_mbox(source.head()):
            yield _article(source.read(MAX_RECORD), 1, options)
            return
        with source.open() as stream:
            for number, data in messages(stream):
                try:
                    if data is None:
                        raise ReadError("too-large", "the message is longer than any article")
                    yield _article(data, number, options)
                except ReadError as error:
                    yield BadRecord(number, error.reason, error.message)


READER = MailReader()


def _article(data: bytes, number: int, options: ReadOptions) -> RawArticle:
    """The article of one message.

    Its source is the list that it was sent to by name, else the organization that its
    sender names; its section the first newsgroup.
    """
    message = parse(data)
    if not len(message):
        raise ReadError("malformed", "it does not start with the headers of a message")
    article = RawArticle(position=number)
    _take_mapped(article, message, options)
    for field, value, name in _findings(message):
        if value and not getattr(article, field):
            setattr(article, field, value)
            article.provenance[field] = f"header:{name}"
    article.body, kinds = body_of(message)
    if not article.body and not article.title:
        raise ReadError("no-article", "it has no subject and no text")
    check_body(article.body)
    if article.body:
        article.provenance["body"] = f"part:{kinds}"
    return article


def _take_mapped(article: RawArticle, message: Message, options: ReadOptions) -> None:
    mapped = {name: header(message, name) for name in options.fields.values()}
    fill(article, {name: text for name, text in mapped.items() if text}, options, "header:{}")


def _findings(message: Message) -> Iterator[tuple[str, str | list[str] | None, str]]:
    """Field, value and the header it is from."""
    yield "title", header(message, "Subject"), "Subject"
    yield "authors", _people(as_written(message, "From") or ""), "From"
    yield "source", _list_name(header(message, "List-Id") or ""), "List-Id"
    yield "source", header(message, "Organization"), "Organization"
    yield "published", values.date_text(header(message, "Date")), "Date"
    groups = values.terms(header(message, "Newsgroups") or "")
    yield "section", groups[0] if groups else None, "Newsgroups"
    yield "tags", values.terms(header(message, "Keywords") or ""), "Keywords"
    yield "tags", groups if len(groups) > 1 else None, "Newsgroups"
    yield "url", values.address(_unbracketed(as_written(message, "Archived-At"))), "Archived-At"
    yield "record", _unbracketed(as_written(message, "Message-ID")), "Message-ID"
    yield "language", header(message, "Content-Language"), "Content-Language"


def _people(text: str) -> list[str]:
    """The names of those it is from: `Jane Doe <jane@…>`, `jane@… (Jane Doe)`.

    An address is not a name. Names are often written without the quotation marks that
    commas in them ask for, so only an address ends one.
    """
    *named, rest = re.split(r"<[^<>]*>", text) if "<" in text else ["", text]
    comment = rest.partition("(")[2].rpartition(")")[0]
    names = map(_name, (*named, comment or rest))
    return list(dict.fromkeys(name for name in names if name))


def _name(text: str) -> str:
    """A name without quotation marks and addresses; `""` where nothing is left of it."""
    text = _WORD.sub(lambda word: "" if _ADDRESS.search(word[0]) else word[0], text)
    name = re.sub(r"\\(.)", r"\1", decoded(text.strip(" ,;\"'"))).strip(" ,;\"'")
    return name if any(map(str.isalpha, name)) and "@" not in name else ""


def _list_name(text: str) -> str | None:
    """The description that a list has before its id, if it is one for people."""
    name = text.partition("<")[0].strip(" \t\"'") if "<" in text else ""
    return None if not name or _NUMBERED.match(name) else name


def _unbracketed(text: str | None) -> str | None:
    return text.strip("<> \t") or None if text else None
