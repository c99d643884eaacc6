"""Taking apart the blocks of postings that `encoding` has written.

They are pickles, but of so few shapes that what is asked for is found by its place, or by
an expression, in a fraction of the time of reading the whole. Nothing here trusts a file:
what has none of these shapes is left to `pickles`.
"""

from __future__ import annotations

import re
import struct
import sys
from array import array
from collections.abc import Sequence
from functools import cache
from typing import Any

from newsidx.engines.whoosh.pickles import Unreadable, load

__all__ = ["INTEGER", "LITTLE", "STEPS", "at_least", "frequencies", "integer", "integers"]
__all__ += ["plain_values", "plain_weights", "small_steps", "steps_of"]
__all__ += ["steps_of_tokens", "tokens", "values_of", "weights"]

LITTLE = sys.byteorder == "little"

INTEGER = rb"K.|M..|J...[\x00-\x7f]"
"""A number that is not negative, as it is pickled."""

_OPEN = b"\x80\x04(("
STEPS = re.compile(re.escape(_OPEN) + rb"((?:%s)++)t" % INTEGER, re.DOTALL)
"""The head of a block's content: from document to document."""

_WEIGHTS = re.compile(rb"\(((?:%s)++)t" % INTEGER, re.DOTALL)
_DOUBLE = struct.Struct(">d").unpack_from
# Operation -> how long an integer is with it.
_WIDTHS = {75: 2, 77: 3, 74: 5}
# Lists of numbers that are not negative.
_LISTS = re.compile(
    rb"(?:\](?:q\x00)?(?:\((?:%(i)s)++e|(?:%(i)s)a))*+" % {b"i": INTEGER}, re.DOTALL
)
# Of a value, what stands before its list, a number and a protocol, and behind it.
_BEFORE = 6
_CODE_SHORT = ord("C")
# A pickled value's code and length: one byte of length, or four.
_SHORT, _LONG = 2, 5
_END, _FIXED_END = b"t\x87.", b"\x87."


def integer(pickled: bytes) -> int:
    """A number, as of `INTEGER`."""
    return int.from_bytes(pickled[1:], "little")


def integers(pickled: bytes) -> tuple[int, ...]:
    """The numbers in a part of a pickle that is known to hold numbers only."""
    # The module behind `pickle`, for half the time that this takes to import.
    from _pickle import loads

    found: tuple[int, ...] = loads(b"(" + pickled + b"t.")
    return found


# Documents


def small_steps(data: bytes, count: int) -> tuple[int, int]:
    """Where the steps behind the first are and end, if each takes two bytes; else zeros."""
    at = 4 + _WIDTHS.get(data[4], 0) if len(data) > 4 else 0
    end = at + 2 * (count - 1)
    if data[:4] == _OPEN and data[at:end:2] == b"K" * (count - 1) and data[end : end + 1] == b"t":
        return at, end
    return 0, 0


# Weights


@cache
def at_least(weight: int) -> re.Pattern[bytes]:
    """The bytes that are not less than one."""
    return re.compile(b"[%s-\xff]" % re.escape(bytes((weight,))), re.DOTALL)


def frequencies(data: bytes, count: int) -> Sequence[float] | None:
    """The values of a block in which they are 32-bit integers, the last thing in it."""
    size = 4 * count
    start = len(data) - len(_FIXED_END) - size
    head = b"C" + bytes((size,)) if size < 256 else b"B" + size.to_bytes(4, "little")
    if not data.endswith(_FIXED_END) or data[start - len(head) : start] != head:
        return None
    found = array("I", data[start : start + size])
    if LITTLE:
        found.byteswap()
    return found


def weights(data: bytes, at: int, count: int) -> tuple[int, Sequence[float]]:
    """Where the weights end, and what they are: nothing, one for all, or a tuple of them."""
    code = data[at : at + 1]
    if code == b"N":
        return at + 1, (1.0,) * count
    if code == b"G":
        return at + 9, _DOUBLE(data, at + 1) * count
    end = at + 1 + 2 * count
    if code == b"(" and data[at + 1 : end : 2] == b"K" * count and data[end : end + 1] == b"t":
        return end + 1, data[at + 2 : end : 2]
    match = _WEIGHTS.match(data, at)
    if match is None:
        raise Unreadable("a posting block holds weights that are none")
    return match.end(), integers(match[1])


def plain_weights(weights: Any, count: int) -> Sequence[float]:
    """The weights of a block that was read as a pickle."""
    if weights is None:
        return (1.0,) * count
    if isinstance(weights, int | float):
        return (float(weights),) * count
    if type(weights) is not tuple or len(weights) != count:
        raise Unreadable("a posting block holds weights that are none")
    return tuple(map(float, weights))


# Values


@cache
def _tokens_pattern() -> re.Pattern[bytes]:
    """Bytes in a pickle.

    Up to 255 bytes are known by their number, more by being positions.
    """
    sizes = (*range(11, 256), *range(11))
    short = b"|".join(re.escape(bytes((size,))) + b".{%d}" % size for size in sizes)
    long = rb"B.{4}.{4}\x80\x02\]\((?:%s)++e\." % INTEGER
    return re.compile(rb"C(?:%s)|%s" % (short, long), re.DOTALL)


def tokens(data: bytes, at: int, count: int) -> list[bytes] | None:
    """The values of a block of our own writing, as they are pickled; None if it is another's."""
    start, end = at + 1, len(data) - len(_END)
    if data[at:start] != b"(" or not data.endswith(_END):
        return None
    found = _tokens_pattern().findall(data, start, end)
    return found if len(found) == count and sum(map(len, found)) == end - start else None


def values_of(tokens: Sequence[bytes]) -> list[bytes]:
    """Values without what they are pickled in."""
    return [token[_SHORT if token[0] == _CODE_SHORT else _LONG :] for token in tokens]


def plain_values(values: Any, count: int) -> Sequence[bytes]:
    """The values of a block that was read as a pickle."""
    if type(values) is bytes and len(values) == 4 * count:
        return [values[at : at + 4] for at in range(0, len(values), 4)]
    if type(values) is tuple and len(values) == count and all(type(v) is bytes for v in values):
        return values
    raise Unreadable("a posting block holds values that are none")


def steps_of_tokens(tokens: Sequence[bytes]) -> Sequence[list[int]]:
    """The positions in pickled values, each as the first and the steps behind it.

    Of a value, which is a number and a pickle, the list in this is taken; all together
    they are one pickle, which is read at once when an expression has seen that there is
    nothing in it but lists of numbers.
    """
    short, long = _SHORT + _BEFORE, _LONG + _BEFORE
    lists = b"".join([token[short if token[0] == _CODE_SHORT else long : -1] for token in tokens])
    if _LISTS.fullmatch(lists):
        from _pickle import loads

        found: tuple[list[int], ...] = loads(b"(" + lists + b"t.")
        if len(found) == len(tokens):
            return found
    return list(map(steps_of, values_of(tokens)))


def steps_of(value: bytes) -> list[int]:
    """The positions in one value, in the same way."""
    steps = load(value, 4)[0]
    if type(steps) is not list or not all(type(step) is int for step in steps):
        raise Unreadable("the positions of a posting are none")
    return steps
