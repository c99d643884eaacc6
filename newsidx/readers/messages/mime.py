"""Messages with headers and parts (RFC 5322, MIME), taken apart without trust.

The standard library splits a message into its parts. Its own decoding of headers
raises many things on broken input, so headers are decoded here, one at a time, and
what can't be decoded stays as it was written.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from newsidx.errors import ReadError
from newsidx.readers.source import HEAD_BYTES
from newsidx.readers.texts.encoding import declared_charset, decode, peek

if TYPE_CHECKING:
    from email.message import Message

__all__ = [
    "as_written",
    "children",
    "decoded",
    "header",
    "header_block",
    "kind",
    "parameter",
    "parse",
    "text_of",
]

_HEADER = re.compile(r"([!-9;-~]{1,80})[ \t]*:(.*)")
# What mail programs made of the line that parts the messages of an mbox.
_FROM_LINE = re.compile(r">?From ")
_LINE_END = re.compile(r"\r\n|\n|\r")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n")
# Line ends and a byte order mark, which programs put before the first header.
_BEFORE = b"\r\n\xef\xbb\xbf"
# What JSON and markup begin with, and no name of a header.
_NO_HEADER = (b"{", b"[", b"<")

# Encoded words (RFC 2047, section 2), also with a language (RFC 2231, section 5). Spaces
# within them, and none between them, are against the rules and written all the same.
_WORD = re.compile(r"=\?([\w:.+-]{1,40})(?:\*[\w-]*)?\?([bqBQ])\?([^?]*)\?=")
_WORDS = re.compile(rf"{_WORD.pattern}(?:\s*{_WORD.pattern})*")
_MAX_HEADER = 20_000
_MEDIA_TYPE = re.compile(r"[!-.0-9a-z^-~]{1,80}/[!-.0-9a-z^-~]{1,80}")

# The parser keeps every line as an object of its own, and tries every boundary that is
# open on each: short lines would take gigabytes, and parts within parts hours.
_MAX_LINES = 2_000_000
_MAX_WORK = 20_000_000

_T = TypeVar("_T")


def parse(data: bytes) -> Message:
    """A message as its headers and parts.

    Raises:
        ReadError: `malformed` when the parser gives up, `too-large` when there are more
            lines, or more parts with as many, than it can be trusted with.
    """
    from email.parser import BytesParser
    from email.policy import compat32

    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    if lines > _MAX_LINES or lines * data.lower().count(b"multipart/") > _MAX_WORK:
        raise ReadError("too-large", "it has more parts and lines than any message")
    try:
        # The newer policies look into headers while they parse, and one bad one is the end.
        return BytesParser(policy=compat32).parsebytes(data.lstrip(_BEFORE))
    except Exception as error:
        # It raises many things on what is not quite a message.
        message = f"its parts can't be told apart ({type(error).__name__}: {error})"
        raise ReadError("malformed", message) from error


def header_block(head: bytes) -> dict[str, str]:
    """The header lines that a file starts with, by their names in lower case.

    The first counts where a name comes several times. A file with any other line before
    its first blank one gives none, unless that is the last: the head may be cut there.
    """
    start = head.lstrip(_BEFORE)
    # Every file is asked, and few begin so.
    if start[:1] in _NO_HEADER or b":" not in start.partition(b"\n")[0]:
        return {}
    block, *rest = _BLANK_LINE.split(start, 1)
    lines = _LINE_END.split(peek(block) or "")
    found: dict[str, str] = {}
    last = None
    for number, line in enumerate(lines):
        match = _HEADER.fullmatch(line)
        if match:
            last = match[1].lower()
            found.setdefault(last, match[2].strip())
        elif last is not None and line[:1] in (" ", "\t"):
            found[last] += f" {line.strip()}"
        elif not _FROM_LINE.match(line) and (rest or number < len(lines) - 1):
            return {}
    return found


def header(message: Message, name: str) -> str | None:
    """The value of a header on one line, its encoded words decoded; None without one."""
    raw = as_written(message, name)
    return " ".join(decoded(raw).split()) or None if raw else None


def as_written(message: Message, name: str) -> str | None:
    """The value of a header on one line, its encoded words as they stand; None without one.

    Bytes beyond ASCII, which a header should not have, are decoded as those of a text are.
    """
    wanted = name.lower()
    for key, value in message.raw_items():
        if key.lower() == wanted:
            line = " ".join(str(value)[:_MAX_HEADER].replace("\0", "").split())
            return line if line.isascii() else _unescaped(line, message)
    return None


def decoded(text: str) -> str:
    """A text with its encoded words decoded; one that can't be stays as it is."""
    return _WORDS.sub(lambda match: _run(match[0]), text) if "=?" in text else text


def kind(part: Message) -> str:
    """The media type of a part in lower case; `text/plain` where it states none that is one.

    So RFC 2045, section 5.2, has it.
    """
    stated = _safely(part.get_content_type, "text/plain")
    return stated if _MEDIA_TYPE.fullmatch(stated) else "text/plain"


def parameter(part: Message, name: str) -> str | None:
    """A parameter of the media type of a part, such as its charset; None without one."""
    value = _safely(lambda: part.get_param(name), None)
    return value if isinstance(value, str) else None


def children(part: Message) -> list[Message]:
    """The parts of a part; none of one that holds text or data."""
    # Asked for the payload of a text, it would try to decode it.
    inner: object = part.get_payload() if part.is_multipart() else None
    return list(inner) if isinstance(inner, list) else []


def text_of(part: Message) -> str:
    """The text of a part that has no parts of its own.

    Raises:
        ReadError: `undecodable`, for binary data.
    """
    data: object = _safely(lambda: part.get_payload(decode=True), None)
    if not isinstance(data, bytes):
        return ""
    charset = _safely(part.get_content_charset, None)
    if charset is None and kind(part) == "text/html":
        charset = declared_charset(data[:HEAD_BYTES])
    return decode(data, charset)[0]


def _unescaped(line: str, message: Message) -> str:
    """A header whose bytes beyond ASCII the parser has turned into lone surrogates."""
    data = line.encode("utf-8", "surrogateescape")
    try:
        return decode(data, _safely(message.get_content_charset, None))[0]
    except ReadError:
        return data.decode("utf-8", "replace")


def _run(run: str) -> str:
    """The text of encoded words in a row.

    Programs cut a character in two at the end of a word, so the bytes of words with
    one charset are put together before they are decoded.
    """
    words = [(match[1].lower(), match[2], match[3]) for match in _WORD.finditer(run)]
    try:
        return "".join(
            decode(b"".join(_bytes(code, text) for _, code, text in group), charset)[0]
            for charset, group in groupby(words, key=lambda word: word[0])
        )
    except (ReadError, ValueError):
        return run


def _bytes(code: str, text: str) -> bytes:
    """What an encoded word holds. Raises ValueError for what is not in its encoding."""
    if code in "bB":
        return binascii.a2b_base64(text.rstrip("=") + "==")
    return binascii.a2b_qp(text, header=True)


def _safely(ask: Callable[[], _T], otherwise: _T) -> _T:
    """What the standard library says of a part, where it can say anything."""
    try:
        return ask()
    except Exception:
        # On parameters of broken headers: AttributeError, IndexError, UnicodeError and more.
        return otherwise
