"""The text of a message: which of its parts hold it, and in which form it is read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from newsidx.errors import ReadError
from newsidx.readers.limits import check_markup
from newsidx.readers.messages.mime import children, header, kind, text_of
from newsidx.readers.texts.markup import html_text

if TYPE_CHECKING:
    from email.message import Message

__all__ = ["body_of"]

_READ = frozenset({"text/plain", "text/html", "text/markdown"})
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_PGP_ARMOR = "-----BEGIN PGP MESSAGE-----"

# A newsletter's plain text may be no more than "open this in your browser": a few words
# where its HTML has many times as many. No list of phrases would know all languages.
_STUB_WORDS = 80
_STUB_RATIO = 3
_ADDRESSES = re.compile(r"<?\b(?:https?://|www\.)\S+")

_HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
_DEEPEST = 30


def body_of(message: Message) -> tuple[str, str]:
    """The text of a message, and the kinds of the parts that it is from.

    Of alternatives the plain text is taken, unless it is a stub; of anything else all
    parts that are text and no attachments, one after the other.

    Raises:
        ReadError: `encrypted`, `undecodable` or `unknown-format` (S/MIME that is only
            signed) when there is no text but such.
    """
    reading = _Reading()
    text = reading.text(message, _DEEPEST)
    if reading.problem and not text:
        raise reading.problem
    return text, ", ".join(sorted(reading.kinds)) or "text/plain"


class _Reading:
    """Walks through the parts of one message.

    Attributes:
        kinds: The media types that its text is from.
        problem: Why the first of the parts that can't be read can't be.
    """

    def __init__(self) -> None:
        self.kinds: set[str] = set()
        self.problem: ReadError | None = None

    def text(self, part: Message, depth: int) -> str:
        """The text of a part and the parts within it; `""` for what is no text to read."""
        media = kind(part)
        if media in _ENCRYPTED or media in _SMIME:
            return self._fail(_locked(part))
        if depth < 0 or _is_attachment(part):
            return ""
        inner = children(part)
        if media == "message/rfc822" and inner:
            return _paragraphs([header(inner[0], "Subject") or "", self.text(inner[0], depth - 1)])
        if media == "multipart/alternative" and inner:
            return self._best(inner, depth - 1)
        if inner:
            wanted = inner[:1] if media in ("multipart/related", "multipart/signed") else inner
            return _paragraphs([self.text(one, depth - 1) for one in wanted])
        if media not in _READ and not media.startswith("multipart/"):
            return ""
        return self._leaf(part, media)

    def _best(self, parts: list[Message], depth: int) -> str:
        """The text of the best of several forms of one text."""
        plain = _paragraphs([self.text(one, depth) for one in parts if _is_plain(one)])
        words = _count(plain)
        if words >= _STUB_WORDS:
            return plain
        kinds, self.kinds = self.kinds, set()
        others = [self.text(one, depth) for one in parts if not _is_plain(one)]
        rich = max(others, key=len, default="")
        if rich and _count(rich) >= max(1, words * _STUB_RATIO):
            self.kinds |= kinds - {"text/plain"}
            return rich
        self.kinds = kinds
        return plain

    def _leaf(self, part: Message, media: str) -> str:
        try:
            text = text_of(part)
            if media == "text/html":
                check_markup(text)
        except ReadError as error:
            return self._fail(error)
        if media == "text/html":
            head = _HEAD_END.search(text)
            text = html_text(text[head.end() :] if head else text)
        if not text.strip():
            return ""
        if text.lstrip().startswith(_PGP_ARMOR):
            return self._fail(_locked(part))
        self.kinds.add(media)
        return text

    def _fail(self, problem: ReadError) -> str:
        self.problem = self.problem or problem
        return ""


def _is_plain(part: Message) -> bool:
    return kind(part) == "text/plain"


def _is_attachment(part: Message) -> bool:
    """Whether a part is a file that was sent along: it is said to be one, or has a name."""
    stated = (header(part, "Content-Disposition") or "").lower()
    return stated.startswith("attachment") or "filename" in stated


def _locked(part: Message) -> ReadError:
    """Why a part can't be read; S/MIME also wraps what is signed and not encrypted."""
    if "signed-data" in (header(part, "Content-Type") or "").lower():
        return ReadError("unknown-format", "its text is inside a signature (S/MIME)")
    return ReadError("encrypted", "its text is encrypted")


def _count(text: str) -> int:
    return len(_ADDRESSES.sub(" ", text).split())


def _paragraphs(texts: list[str]) -> str:
    return "\n\n".join(text.strip("\r\n") for text in texts if text.strip())
