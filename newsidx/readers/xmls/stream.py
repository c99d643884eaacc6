"""The records of an XML text of any size, one after another.

A record is an element of a given name, with all that is in it. One parser runs
through the text; where it gives up, it is started again at the next record, so that
a break costs the record that it is in and no other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord
from newsidx.readers.xmls.element import local_name
from newsidx.readers.xmls.parse import Opening, Size, balanced, fault_of, fed_parser, feed, parsed

__all__ = ["Found", "Read", "guarded", "records"]

Read = RawArticle | BadRecord

# After so many records without an article, one after another, the rest is not read.
_PATIENCE = 50_000

# How libxml2 says that something is beyond its own bounds.
_BOUNDS = ("XML_PARSE_HUGE", "limit exceeded", "too long")


class Found(Struct, frozen=True):
    """A record.

    Attributes:
        number: Its number in the text, from 1.
        element: An lxml element, empty by the time the next record is asked for; None
            where there is nothing left of it.
        fault: What is wrong, with line and column, if anything is.
        reason: The reason for the ledger, where there is a fault.
    """

    number: int
    element: Any
    fault: str | None = None
    reason: str = "malformed"


def guarded(found: Iterator[Read]) -> Iterator[Read]:
    """What a reader finds; what stops it after something was found becomes a BadRecord.

    Raises:
        ReadError: Nothing was found before.
    """
    count = vain = 0
    try:
        for one in found:
            yield one
            count = one.position
            vain = vain + 1 if isinstance(one, BadRecord) else 0
            if vain == _PATIENCE:
                message = f"none of the last {vain} records is an article; the rest was not read"
                yield BadRecord(count + 1, "malformed", message)
                return
    except ReadError as error:
        if not count:
            raise
        yield BadRecord(count + 1, error.reason, error.message)
    except Exception as error:
        # What a strange file sets off in libxml2 or feedparser must not end a run over a million.
        message = f"it can't be parsed ({type(error).__name__}: {error})"
        if not count:
            raise ReadError("malformed", message) from error
        yield BadRecord(count + 1, "malformed", message)


def records(opening: Opening, pieces: Iterable[str]) -> Iterator[Found]:
    """Every record of a mended text, in order.

    A record that another of the same name starts in is two only where the text shows
    that the first one has lost its end.
    """
    cutter = _Cutter(opening)
    for starts, piece in _cut(pieces, opening.names):
        yield from cutter.take(starts, piece)
    yield from cutter.finish()


def _cut(pieces: Iterable[str], names: frozenset[str]) -> Iterator[tuple[bool, str]]:
    """The text cut before each start tag of a record, and whether a piece is such a start."""
    wanted = "|".join(map(re.escape, sorted(names)))
    pattern = re.compile(rf"<(?:[^\W\d][\w.-]*:)?(?:{wanted})(?=[\s/>])")
    for piece in pieces:
        starts, at = False, 0
        for tag in pattern.finditer(piece):
            if tag.start() > at:
                yield starts, piece[at : tag.start()]
            starts, at = True, tag.start()
        yield starts, piece[at:]


class _Cutter:
    """Runs a parser over the pieces of a text, from record to record."""

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self._number = 0
        # The lines that the next piece, the record and the parser started in.
        self._line = self._record_line = self._parser_line = 1
        # Once a record has lost its end, each start is taken for that of a new one.
        self._flat = False
        self._parser: Any
        self._record: Any
        self._held: list[tuple[bool, str]]
        self._fault: str | None
        self._wait()

    def _wait(self) -> None:
        """Pass over what comes until the next start of a record."""
        self._parser = self._record = self._fault = None
        self._held = []
        self._size = Size()
        self._depth = 0

    def take(self, starts: bool, piece: str) -> Iterator[Found]:
        """Take one more piece of the text."""
        if starts and self._flat and self._held and not self._fault:
            self._fault = f"at line {self._line}: the next one starts before it has ended"
        if starts and self._fault:
            yield self._damaged()
        if starts and not self._depth:
            self._begin()
        if starts and not self._held:
            self._record_line = self._line
        self._line += piece.count("\n")
        if starts or self._held:
            self._held.append((starts, piece))
        too_large = self._size.exceeded_with(piece)
        if self._parser is not None:
            yield from self._parse(piece)
        if too_large and (self._held or self._parser is not None):
            yield from self._give_up()

    def finish(self) -> Iterator[Found]:
        """Say what is missing at the end."""
        while self._depth and not self._fault:
            yield from self._break(f"at line {self._line}: it ends before its last element does")
        if self._fault:
            yield self._damaged()

    def _begin(self) -> None:
        """Start a parser inside of the elements that records are in."""
        from lxml import etree

        self._wait()
        self._parser, self._parser_line = fed_parser(), self._line
        try:
            feed(self._parser, self._opening.start)
        except etree.XMLSyntaxError:
            self._opening = replace(self._opening, start="")
            self._parser = fed_parser()
        self._depth = sum(1 for _ in self._parser.read_events())

    def _parse(self, piece: str) -> Iterator[Found]:
        """The records that end in a piece; a fault in it is dealt with."""
        from lxml import etree

        fault = None
        try:
            feed(self._parser, piece)
        except etree.XMLSyntaxError as error:
            shift = len(self._opening.start.encode("utf-8", "replace"))
            fault = fault_of(error, self._parser.feed_error_log, self._parser_line, shift)
        for event, element in self._parser.read_events():
            if event == "start":
                self._depth += 1
                if self._is_lost(element):
                    yield from self._break(None)
                    return
            else:
                self._depth -= 1
                if element is self._record:
                    self._record, self._held, self._size = None, [], Size()
                    self._number += 1
                    yield Found(self._number, element)
                    _forget(element)
        if fault:
            yield from self._break(fault)

    def _is_lost(self, element: Any) -> bool:
        """Whether a start is that of a record in a record that must have lost its end."""
        if self._record is None:
            if local_name(element) in self._opening.names:
                self._record = element
            return False
        return element.getparent() is self._record and local_name(element) in self._opening.names

    def _break(self, fault: str | None) -> Iterator[Found]:
        """Leave the parser: what it is in is a broken record, several of them, or none."""
        held = self._held
        if not self._flat and sum(starts for starts, _ in held) > 1:
            self._flat = True
            self._line = self._record_line
            self._wait()
            for starts, piece in held:
                yield from self.take(starts, piece)
        elif held:
            # What is left of it ends where the next one starts.
            self._fault, self._parser, self._depth = fault, None, 0
        else:
            if fault and self._depth:
                self._number += 1
                yield Found(self._number, None, fault, _reason(fault))
            self._wait()

    def _give_up(self) -> Iterator[Found]:
        """Leave a record that is beyond all bounds."""
        if not self._flat and sum(starts for starts, _ in self._held) > 1:
            yield from self._break(None)
            return
        if self._held:
            self._number += 1
            fault = f"what starts at line {self._record_line} is larger than any article"
            yield Found(self._number, None, fault, "too-large")
        self._wait()

    def _damaged(self) -> Found:
        """The record whose text is held, as far as it can be saved."""
        text = self._opening.start + balanced("".join(piece for _, piece in self._held))
        fault = self._fault or ""
        self._wait()
        self._number += 1
        if _reason(fault) == "too-large":
            return Found(self._number, None, fault, "too-large")
        root, _ = parsed(text)
        names = self._opening.names
        parts = () if root is None else root.iter()
        element = next((part for part in parts if local_name(part) in names), None)
        return Found(self._number, element, fault)


def _reason(fault: str) -> str:
    return "too-large" if any(bound in fault for bound in _BOUNDS) else "malformed"


def _forget(element: Any) -> None:
    """Free a record and what stands before it, so that the tree does not grow."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        del parent[: parent.index(element)]
