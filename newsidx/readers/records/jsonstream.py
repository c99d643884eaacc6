"""JSON values one at a time out of a stream of bytes, without holding it all."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from typing import BinaryIO

from newsidx.errors import ReadError
from newsidx.readers.limits import MAX_RECORD, MAX_VALUE
from newsidx.readers.texts.encoding import text_blocks

__all__ = ["JsonStream", "parse"]

# Numbers stay as they are written: an id of twenty digits is not a float, and
# `int` refuses one of five thousand. What is not a number (NaN) is nothing.
_DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=lambda _: None, strict=False
)

_SPACE = re.compile(r"[\s\ufeff\x1e]*")
_BETWEEN = re.compile(r"[\s,\x1e]*")

# An error this close to the end of what was read may only mean that more must be read.
_NEAR_END = 16

# Parsed, a value may take twenty times as much as its text: a list of empty lists does.
# What each of these signs adds at most, in bytes, besides the characters of strings.
_COSTS = {",": 8, '"': 28, "[": 64, "{": 240}
# Characters up to which it does no harm in any case.
_HARMLESS = 256 * 1024
# A character takes one byte, or four where there is a single emoji in the text.
_BYTES = 2
_TOO_DEEP = "it is nested too deeply"


def parse(text: str, line: int) -> object:
    """The one value that a line of text is.

    Raises:
        ReadError: `malformed`, with the line number given and the column; `too-large`.
    """
    start = len(text) - len(text.lstrip(" \t\r\n\x1e\ufeff"))
    if _is_too_large(text, MAX_RECORD):
        raise ReadError("too-large", f"line {line} holds more than any article")
    try:
        value, end = _DECODER.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise ReadError(
            "malformed", f"at line {line} column {error.pos + 1}: {error.msg}"
        ) from error
    except RecursionError as error:
        raise ReadError("malformed", f"at line {line}: {_TOO_DEEP}") from error
    if text[end:].strip(" \t\r\n,"):
        raise ReadError("malformed", f"at line {line} column {end + 1}: more follows the value")
    return value


def _is_too_large(text: str, limit: int) -> bool:
    """Whether a text that is one value takes more than `limit` characters should, once parsed."""
    if len(text) <= min(limit, _HARMLESS):
        return False
    parsed = sum(cost * text.count(sign) for sign, cost in _COSTS.items())
    return len(text) > limit or sys.getsizeof(text) + parsed > _BYTES * limit


def _width(text: str) -> int:
    """How many bytes each character of a string takes: as many as the widest."""
    if len(text) > _HARMLESS // 64:
        return sys.getsizeof(text) // len(text)
    return 1 if text.isascii() else 4 if max(text) > "\uffff" else 2


class JsonStream:
    """Iterates over the values of a JSON text.

    Those are the elements, if the text is one array, else the values that stand in
    it one after another: usually one.

    Args:
        stream: The bytes, in any encoding.

    Attributes:
        is_array: Whether the values are the elements of an array.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._blocks = text_blocks(stream)
        self._text = ""
        self._at = 0
        self._ended = False
        # Where the text that is held starts in the file, for messages.
        self._line = 1
        self._column = 1
        self.is_array = False

    def __iter__(self) -> Iterator[object]:
        """Yield the values.

        Raises:
            ReadError: `malformed`, with line and column; `too-large` for a value
                beyond the bounds. Nothing follows it.
        """
        self._skip(_SPACE)
        self.is_array = self._peek() == "["
        if self.is_array:
            self._at += 1
            yield from self._elements()
        else:
            while self._peek():
                yield self._value(MAX_VALUE)
                self._skip(_BETWEEN)

    def _elements(self) -> Iterator[object]:
        self._skip(_SPACE)
        if self._peek() == "]":
            return
        while True:
            yield self._value(MAX_RECORD)
            self._skip(_SPACE)
            mark = self._peek()
            if mark not in (",", "]"):
                raise self._error(
                    "expecting ',' or ']'" if mark else "the array has no end", self._at
                )
            self._at += 1
            if mark == "]":
                return
            self._skip(_SPACE)

    def _value(self, limit: int) -> object:
        """The value that starts here, reading on until it is whole."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                cut = error.msg.startswith("Unterminated") or (
                    error.pos >= len(self._text.rstrip()) - _NEAR_END
                )
                if not cut or not self._read_on(limit):
                    raise self._error(error.msg, error.pos) from error
            except RecursionError as error:
                raise self._error(_TOO_DEEP, self._at) from error
            else:
                # A number at the end of what was read may go on.
                if end < len(self._text) or not isinstance(value, str) or not self._read_on(limit):
                    self._at = end
                    if end > max(_HARMLESS, len(self._text) // 2):
                        self._drop()
                    return value

    def _read_on(self, limit: int) -> bool:
        """Double what is held of the current value; at the end of the file, False and no change."""
        block = next(self._blocks, "")
        if not block:
            return False
        self._drop()
        if _is_too_large(self._text, limit):
            raise self._too_large()
        blocks, size, room = [self._text], len(self._text), _BYTES * limit
        wanted = min(2 * size, limit + 1)
        width = _width(self._text)
        while block:
            blocks.append(block)
            size += len(block)
            width = max(width, _width(block))
            block = next(self._blocks, "") if size < wanted and size * width <= room else ""
        if 2 * size * width > 3 * room:
            # Not even to be put together.
            raise self._too_large()
        self._text = "".join(blocks)
        return True

    def _skip(self, pattern: re.Pattern[str]) -> None:
        """Pass over what lies between values."""
        while True:
            match = pattern.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return
            self._drop()
            self._text = next(self._blocks, "")
            if not self._text:
                return

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _drop(self) -> None:
        """Let go of the text before the current place."""
        lines = self._text.count("\n", 0, self._at)
        if lines:
            self._line += lines
            self._column = self._at - self._text.rfind("\n", 0, self._at)
        else:
            self._column += self._at
        self._text = self._text[self._at :]
        self._at = 0

    def _place(self, position: int) -> str:
        lines = self._text.count("\n", 0, position)
        column = (
            position - self._text.rfind("\n", 0, position) if lines else self._column + position
        )
        return f"line {self._line + lines} column {column}"

    def _too_large(self) -> ReadError:
        what = "the record that starts here is larger than can be read safely"
        return ReadError("too-large", f"at {self._place(0)}: {what}")

    def _error(self, what: str, position: int) -> ReadError:
        return ReadError("malformed", f"at {self._place(position)}: {what}")
