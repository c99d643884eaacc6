"""XML as text, with what no parser could read put right, and without its entities.

A document type declaration is never handed on, so that no entity is ever declared: a
reference is one of XML's own five, a character, one of HTML's names, or it stays in
the text as it is written. There is nothing that could be expanded or fetched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import NamedTuple

from newsidx.errors import ReadError

__all__ = ["Root", "begins_with_tag", "mended", "root_of"]

# What is not read as text and tags.
_SECTION = re.compile(r"<!\[CDATA\[|<!--|<\?|<!DOCTYPE\b", re.IGNORECASE)
_ENDS = {"<![CDATA[": "]]>", "<!--": "-->"}
# An instruction is short; a `<?` with no end in sight is a stray one.
_LONGEST_INSTRUCTION = 1024
_LONGEST_DOCTYPE = 4 * 1024 * 1024
_DOCTYPE_PART = re.compile(r"""<!--|<\?|["'\[\]>]""")
_DOCTYPE_PAIRS = {"<!--": "-->", "<?": "?>", '"': '"', "'": "'"}

# No tag, reference or opening of a section has one of these before its last character.
_WORD_ENDS = " \n\t\r>"
_LONGEST_WORD = 1024 * 1024

_ODD = re.compile(
    r"&(?:(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});)?|<(?!/?[^\W\d]|/?:)"
    r"|\]\]>"
)
_KEPT = frozenset({"amp", "lt", "gt", "quot", "apos"})

# Characters that XML 1.0 (section 2.2) does not allow.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")

_PROLOG = re.compile(r"(?:[^<]++|<\?(?:(?!\?>).)*+\?>|<!--(?:(?!-->).)*+-->)*+", re.DOTALL)
_TAG = re.compile(r"<([^\W\d][\w.:-]*+)([^<>]*+)")
_TYPE = re.compile(r"<!DOCTYPE\s+([^\W\d][\w.:-]*+)", re.IGNORECASE)


class Root(NamedTuple):
    """The root element of an XML text, as far as its first page shows it.

    Attributes:
        name: Its name as written, with a prefix if it has one.
        attributes: The attributes as written; empty where only the document type is known.
        declared: Whether the text has an XML declaration.
    """

    name: str
    attributes: str
    declared: bool

    @property
    def local(self) -> str:
        """The name without its prefix, in lower case."""
        return self.name.rpartition(":")[2].lower()


def begins_with_tag(head: str) -> bool:
    """Whether nothing but white space stands before the first `<`: what is XML begins so."""
    return head.lstrip("\ufeff \t\r\n").startswith("<")


def root_of(head: str) -> Root | None:
    """The root element that the head of a text names, or None where it is no XML."""
    start = _PROLOG.match(head)
    at = start.end() if start else 0
    declared = "<?xml" in head[:at]
    kind = _TYPE.match(head, at)
    if kind:
        after = _end_of_doctype(head, at)
        if after < 0:
            return Root(kind[1], "", declared)
        start = _PROLOG.match(head, after)
        at = start.end() if start else after
    tag = _TAG.match(head, at)
    if tag:
        return Root(tag[1], tag[2], declared)
    return Root(kind[1], "", declared) if kind else None


def mended(blocks: Iterable[str]) -> Iterator[str]:
    """XML text with its small faults put right, in pieces that end between two words.

    What is left are tags and text. A lone `&` or `<` is escaped, and so is a reference
    to an entity that is not one of HTML's; characters that XML does not allow become
    spaces. CDATA sections become plain text. Declarations, comments and processing
    instructions are left out, with whatever stands before the first of them or the
    first tag; line breaks stay, so that lines can be counted.

    Raises:
        ReadError: `malformed` for a document type declaration without an end.
    """
    mender = _Mender()
    for block in blocks:
        yield from mender.feed(block)
    yield from mender.feed("", last=True)


class _Mender:
    """Holds what can't be judged yet."""

    def __init__(self) -> None:
        self._text = ""
        self._begun = False
        # The end of the section that the text is in, if it is in one.
        self._until = ""

    def feed(self, block: str, *, last: bool = False) -> Iterator[str]:
        self._text += _FORBIDDEN.sub(" ", block)
        pieces: list[str] = []
        at = 0
        if not self._begun:
            at = self._text.find("<")
            self._begun = at >= 0
            at = at if self._begun else len(self._text)
            pieces.append("\n" * self._text.count("\n", 0, at))
        while at < len(self._text):
            piece, end = self._section(at, last) if self._until else self._plain(at, last)
            pieces.append(piece)
            if end == at:
                break
            at = end
        self._text = self._text[at:]
        if piece := "".join(pieces):
            yield piece

    def _section(self, at: int, last: bool) -> tuple[str, int]:
        """Read a section up to its end, if that is in sight, or all that can't be part of it."""
        start, until = at, self._until
        found = self._text.find(until, at)
        if found >= 0:
            at, self._until = found + len(until), ""
        else:
            found = len(self._text) if last else max(at, len(self._text) - len(until) + 1)
            at = found
        inner = self._text[start:found]
        if until == "]]>":
            return html.escape(inner, quote=False), at
        return _lines(inner), at

    def _plain(self, at: int, last: bool) -> tuple[str, int]:
        """Mend text and tags up to the next section, or as far as they are whole words."""
        text = self._text
        opening = _SECTION.search(text, at)
        if opening is None:
            end = len(text) if last else self._safe_end(at)
            return _ODD.sub(_put_right, text[at:end]), end
        if opening.start() > at:
            return _ODD.sub(_put_right, text[at : opening.start()]), opening.start()
        self._until = _ENDS.get(opening[0].upper(), "")
        return ("", opening.end()) if self._until else self._left_out(opening, last)

    def _left_out(self, opening: re.Match[str], last: bool) -> tuple[str, int]:
        """Pass over an instruction or a document type."""
        text, at = self._text, opening.start()
        if opening[0] == "<?":
            end = text.find("?>", at, at + _LONGEST_INSTRUCTION) + 2
            if end < 2:
                far = last or len(text) - at >= _LONGEST_INSTRUCTION
                return ("&lt;?", at + 2) if far else ("", at)
        else:
            end = _end_of_doctype(text, at)
            if end < 0:
                if last or len(text) - at > _LONGEST_DOCTYPE:
                    raise ReadError("malformed", "its document type declaration has no end")
                return "", at
        return _lines(text[at:end]), end

    def _safe_end(self, at: int) -> int:
        end = max(self._text.rfind(mark, at) for mark in _WORD_ENDS) + 1
        if end:
            return end
        return len(self._text) if len(self._text) - at > _LONGEST_WORD else at


def _lines(text: str) -> str:
    """The line breaks of what is left out, where they do not part a word in two."""
    count = text.count("\n")
    return f"<!--{chr(10) * count}-->" if count else ""


def _end_of_doctype(text: str, at: int) -> int:
    """Where the document type declaration that starts at `at` ends; -1 if it does not."""
    at += 2
    inside = 0
    while part := _DOCTYPE_PART.search(text, at):
        mark, at = part[0], part.end()
        if mark in _DOCTYPE_PAIRS:
            closing = _DOCTYPE_PAIRS[mark]
            at = text.find(closing, at)
            if at < 0:
                return -1
            at += len(closing)
        elif mark == ">":
            if not inside:
                return at
        else:
            inside = 1 if mark == "[" else 0
    return -1


def _put_right(odd: re.Match[str]) -> str:
    """What to write for a lone `<`, `&` or `]]>`, or for a reference."""
    reference = odd[1]
    if reference is None:
        return {"<": "&lt;", "&": "&amp;"}.get(odd[0], "]]&gt;")
    if reference in _KEPT:
        return odd[0]
    if not reference.startswith("#"):
        named = html5.get(f"{reference};")
        return html.escape(named, quote=True) if named else f"&amp;{reference};"
    base, digits = (16, reference[2:]) if reference[1] in "xX" else (10, reference[1:])
    number = int(digits, base)
    if number < 128:
        return odd[0] if number >= 32 or number in (9, 10, 13) else " "
    # As on the web, 128 to 159 stand for the characters that Windows has there.
    return _FORBIDDEN.sub(" ", html.unescape(odd[0])) or " "
