"""Reading postings, a block at a time, and of a block only what is asked for.

A posting list is a chain of blocks: a length, a pickled header, and a pickle of steps from
document to document, weights and values, mostly compressed (`whoosh.codec.whoosh3`). Those
that `postings` has written are taken apart by their places, without reading them as the
pickles they are; any others go through `pickles`.
"""

from __future__ import annotations

import re
import struct
import sys
import zlib
from array import array
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from math import ceil
from typing import Any, NamedTuple

from newsidx.engines.whoosh.files import Data
from newsidx.engines.whoosh.pickles import Unreadable, load
from newsidx.engines.whoosh.terms import Dictionary, TermEntry

__all__ = ["Block", "Postings", "positions_of", "positions_of_token"]

_LITTLE = sys.byteorder == "little"
_MAGIC = b"W3Bl"
_LENGTH = struct.Struct("!i").unpack_from

_INTEGER = rb"K.|M..|J...[\x00-\x7f]"
_HEAD = re.compile(
    rb"\x80[\x02-\x05](?:\x95.{8})?\((%(i)s)(%(i)s)(?:G(.{8})|%(i)s)(%(i)s)(%(i)s)(%(i)s)t(?:q.|\x94)?\."
    % {b"i": _INTEGER},
    re.DOTALL,
)
_STEPS = re.compile(
    rb"\x80[\x02-\x05](?:\x95.{8})?\(?((?:%s)++)[t\x85\x86\x87](?:q.|\x94)" % _INTEGER, re.DOTALL
)
_STEPS_ALONE = re.compile(rb"\(?((?:%s)++)[t\x85\x86\x87]\x94" % _INTEGER, re.DOTALL)
_DOUBLE = struct.Struct(">d").unpack_from
# Operation -> how long an integer is with it.
_WIDTHS = {75: 2, 77: 3, 74: 5}
_POSITIONS = re.compile(rb"\x80\x02\](?:q\x00)?\(?((?:%s)++)[ea]\." % _INTEGER, re.DOTALL)
# Fewer positions than these are read one by one.
_MANY = 12
# The operations of so many steps of two bytes.
_STEPS_OF = [b"K" * count for count in range(256)]
# No reference is longer, and every value is.
_REFERENCE = 5
_END = b"\x94\x87\x94."

# What one block may become when it is decompressed, in bytes: 512 articles with a word half
# a million times each. More is an attempt to fill the memory.
_MOST = 1 << 28


class Block(NamedTuple):
    """The header of a block.

    Attributes:
        size: Number of postings.
        last: The last document.
        most: The greatest weight.
        shortest: The least length, as a byte.
        packed: Whether it is compressed.
        start: Where what follows the header is, and `end`, where that ends.
    """

    size: int
    last: int
    most: float
    shortest: int
    packed: bool
    start: int
    end: int


def _integer(raw: bytes) -> int:
    return int.from_bytes(raw[1:], "little")


class Postings:
    """The posting list of a term.

    What was decoded is kept.

    Args:
        data: The file of postings.
        terms: The dictionary.
        entry: What that says of the term.
        documents: How many the segment has.
        fixed: Whether its values are frequencies only.

    Attributes:
        size: How many postings it has.
        decoded: How many numbers it keeps in memory.
    """

    def __init__(
        self, data: Data, terms: Dictionary, entry: TermEntry, documents: int, *, fixed: bool
    ) -> None:
        self._data = data
        self._terms = terms
        self.entry = entry
        self.size = entry.documents
        self._documents = documents
        self._fixed = fixed
        self._blocks: list[Block] | None = None
        self._last: tuple[int, bytes] = (-1, b"")
        self._ids: dict[int, list[int]] = {}
        self._weights: dict[int, Sequence[float]] = {}
        self.decoded = 0

    @property
    def blocks(self) -> list[Block]:
        """The headers of all blocks."""
        if self._blocks is None:
            self._blocks = self._inlined() or self._chain()
        return self._blocks

    def _inlined(self) -> list[Block]:
        entry = self.entry
        if entry.length:
            return []
        return [Block(self.size, entry.last, entry.most, entry.shortest, False, 0, 0)]

    def _chain(self) -> list[Block]:
        data, entry = self._data, self.entry
        at, stop = entry.start + 4, entry.start + entry.length
        if stop > len(data) or data[entry.start : at] != _MAGIC:
            raise Unreadable("a posting list is not where it should be")
        blocks = []
        count, last, more = 0, -1, True
        while more:
            if at + 4 > stop:
                raise Unreadable("a posting list ends too soon")
            (size,) = _LENGTH(data, at)
            more = size > 0
            end = at + 4 + abs(size)
            head = _HEAD.match(data, at + 4, min(end, stop))
            if head is None or end > stop:
                raise Unreadable("the header of a posting block is none")
            number, highest, level, shortest, _ = map(_integer, head.group(1, 2, 4, 5, 6))
            count += number
            if not last < highest < self._documents or not number or shortest > 255:
                raise Unreadable("the header of a posting block makes no sense")
            most = _DOUBLE(head[3])[0] if head[3] else self.entry.most
            blocks.append(Block(number, highest, most, shortest, level > 0, head.end(), end))
            at, last = end, highest
        if count != self.size:
            raise Unreadable("a posting list is longer or shorter than it should be")
        return blocks

    # What is in a block

    def ids(self, number: int) -> list[int]:
        """The documents of a block, ascending."""
        found = self._ids.get(number)
        if found is None:
            found = self._ids[number] = self._read_ids(number)
            self.decoded += len(found)
        return found

    def all_ids(self) -> list[int]:
        """All documents, ascending."""
        if self.size == 1:
            return [self.entry.last]
        if len(self.blocks) == 1:
            return self.ids(0)
        found: list[int] = []
        for number in range(len(self.blocks)):
            found += self.ids(number)
        return found

    def weights(self, number: int) -> Sequence[float]:
        """The weights of a block's postings."""
        found = self._weights.get(number)
        if found is None:
            found = self._weights[number] = self._read_weights(number)
            self.decoded += len(found)
        return found

    def all_weights(self) -> Sequence[float]:
        """The weights of all postings."""
        if self.size == 1:
            return (self.entry.most,)
        if len(self.blocks) == 1:
            return self.weights(0)
        found: list[float] = []
        for number in range(len(self.blocks)):
            found += self.weights(number)
        return found

    def values(self, number: int, places: Sequence[int]) -> list[bytes]:
        """The values of some of a block's postings, by their places in it."""
        tokens, start = self._tokens(number, places)
        return [token[start : -1 if start else None] for token in tokens]

    def positions(self, number: int, places: Sequence[int]) -> Iterator[list[int]]:
        """The positions of some of a block's postings, by their places in it."""
        tokens, start = self._tokens(number, places)
        if start:
            return map(positions_of_token, tokens)
        return map(positions_of, tokens)

    def _tokens(self, number: int, places: Sequence[int]) -> tuple[list[bytes], int]:
        """Values as they are pickled, which are not kept, and where in that they begin."""
        block = self.blocks[number]
        data = self._content(block)
        at = self._behind_ids(data, block.size)
        if at:
            at, weights = _weights(data, at, block.size)
            tokens = _quick_values(data, at, block.size)
            if tokens is not None:
                before = 1 if _all_same(weights) else 2
                return _resolved([tokens[place] for place in places], tokens, before), 2
        values = _values(self._whole(number)[2], block.size)
        return [values[place] for place in places], 0

    def _read_ids(self, number: int) -> list[int]:
        block = self.blocks[number]
        if block.size == 1:
            return [block.last]
        if self._fixed:
            data = self._kept_content(number)
        else:
            # A step takes five bytes at most, and most take two.
            data = self._content(block, 5 * block.size + 32)
        first, rest = self._steps(number, data)
        found = list(accumulate(rest, initial=first))
        forward = 0 not in rest if isinstance(rest, bytes) else first >= 0 and min(rest) > 0
        if found[-1] != block.last or len(found) != block.size or not forward:
            raise Unreadable("a posting block holds other documents than it says")
        return found

    def _steps(self, number: int, data: bytes) -> tuple[int, Sequence[int]]:
        """The first document of a block, and from each to the next."""
        count = self.blocks[number].size
        at, end = _small_steps(data, count)
        if end:
            return _integer(data[12:at]), data[at + 1 : end : 2]
        match = None if not self.entry.length else _STEPS.match(data)
        if match:
            first, *rest = _integers(match[1])
            return first, rest
        first, *rest = steps = self._whole(number)[0]
        if not all(type(step) is int for step in steps):
            raise Unreadable("a posting block holds documents that are none")
        if not self.entry.length:
            rest = [after - before for before, after in pairwise(steps)]
        return first, rest

    def _read_weights(self, number: int) -> Sequence[float]:
        block = self.blocks[number]
        count = block.size
        if block.most == 1.0:
            return (1.0,) * count
        if self._fixed and self.entry.length:
            found = _frequencies(self._kept_content(number), count)
            if found is not None:
                return found
        # Up to five bytes of each step, and nine of each weight.
        data = self._content(block, 14 * count + 64)
        at = self._behind_ids(data, count)
        if at:
            return _weights(data, at, count)[1]
        return _plain_weights(self._whole(number)[1], count)

    def _behind_ids(self, data: bytes, count: int) -> int:
        """Where the weights are, in a block of our own writing; else 0."""
        _, end = _small_steps(data, count)
        if end:
            return end + 2
        match = _STEPS.match(data) if data[:3] == b"\x80\x04\x95" else None
        return match.end() if match and self.entry.length else 0

    def _kept_content(self, number: int) -> bytes:
        """What follows a block's header, which is kept until another's is asked for."""
        if self._last[0] != number:
            self._last = number, self._content(self.blocks[number])
        return self._last[1]

    def heavy(self, number: int, least: float) -> list[int]:
        """The places in a block of the weights that are not less than some weight."""
        if least <= 1.0:
            return list(range(self.blocks[number].size))
        weights = self.weights(number)
        if least <= 255.0 and self.blocks[number].most < 256.0 and isinstance(weights, array):
            # As bytes, in which an expression finds them at once.
            low = weights.tobytes()[0 if _LITTLE else weights.itemsize - 1 :: weights.itemsize]
            return [match.start() for match in _at_least(ceil(least)).finditer(low)]
        return [place for place, weight in enumerate(weights) if weight >= least]

    def _content(self, block: Block, most: int = _MOST) -> bytes:
        """What follows a block's header, decompressed, or the beginning of it."""
        raw = self._data[block.start : block.end]
        if not block.packed:
            return raw
        machine = zlib.decompressobj()
        data = machine.decompress(raw, most)
        if most == _MOST and not machine.eof:
            raise Unreadable("a posting block is cut short or too large")
        return data

    def _whole(self, number: int) -> tuple[Any, ...]:
        """All three parts of a block, by reading it as the pickle that it is."""
        if not self.entry.length:
            return self._terms.inlined(self.entry)
        found, _ = load(self._content(self.blocks[number]))
        if type(found) is not tuple or len(found) != 3 or type(found[0]) is not tuple:
            raise Unreadable("a posting block is none")
        return found


def _small_steps(data: bytes, count: int) -> tuple[int, int]:
    """Where the steps behind the first are and end, if each takes two bytes; else zeros."""
    at = 12 + _WIDTHS.get(data[12], 0) if len(data) > 12 else 0
    end = at + 2 * (count - 1)
    if (
        count > 3
        and data[2:3] == b"\x95"
        and data[at:end:2] == b"K" * (count - 1)
        and data[end : end + 2] == b"t\x94"
    ):
        return at, end
    return 0, 0


@cache
def _at_least(weight: int) -> re.Pattern[bytes]:
    return re.compile(b"[%s-\xff]" % re.escape(bytes((weight,))), re.DOTALL)


def _frequencies(data: bytes, count: int) -> Sequence[float] | None:
    """The values of a block in which they are 32-bit integers, the last thing in it."""
    size = 4 * count
    start = len(data) - len(_END) - size
    head = b"C" + bytes((size,)) if size < 256 else b"B" + size.to_bytes(4, "little")
    if not data.endswith(_END) or data[start - len(head) : start] != head:
        return None
    found = array("I", data[start : start + size])
    if _LITTLE:
        found.byteswap()
    return found


def _weights(data: bytes, at: int, count: int) -> tuple[int, Sequence[float]]:
    """Where the weights end, and what they are: nothing, one for all, or a tuple of them."""
    code = data[at : at + 1]
    if code == b"N":
        return at + 1, (1.0,) * count
    if code == b"G" and data[at + 9 : at + 10] != b"G":
        return at + 9, _DOUBLE(data, at + 1) * count
    start = at + (code == b"(")
    end = start + 2 * count
    if data[start:end:2] == b"K" * count and data[end + 1 : end + 2] == b"\x94":
        return end + 2, data[start + 1 : end : 2]
    end = start + 9 * count
    if data[start:end:9] == b"G" * count and data[end + 1 : end + 2] == b"\x94":
        return end + 2, struct.unpack_from(">" + "xd" * count, data, start)
    match = _STEPS_ALONE.match(data, at)
    if match is None:
        raise Unreadable("a posting block holds weights that are none")
    return match.end(), _integers(match[1])


@cache
def _values_pattern() -> re.Pattern[bytes]:
    """Bytes in a pickle, up to 255 of them, or what stands for bytes that were there before."""
    sizes = (*range(11, 256), *range(11))
    each = b"|".join(re.escape(bytes((size,))) + b".{%d}" % size for size in sizes)
    return re.compile(rb"C(?:%s)\x94|h.|j.{4}" % each, re.DOTALL)


def _quick_values(data: bytes, at: int, count: int) -> list[bytes] | None:
    """The values of a block of our own writing, as they are pickled; None if it is another's."""
    start = at + (data[at : at + 1] == b"(")
    end = len(data) - len(_END) - 1
    tokens = _values_pattern().findall(data, start, end)
    return tokens if len(tokens) == count and sum(map(len, tokens)) == end - start else None


def _resolved(wanted: list[bytes], tokens: Sequence[bytes], before: int) -> list[bytes]:
    """Pickled values, and in place of references what these refer to.

    Args:
        wanted: Some values; changed in place.
        tokens: All values of the block.
        before: How many things a reference may mean that were there before the values.
    """
    if min(map(len, wanted), default=_REFERENCE + 1) > _REFERENCE:
        return wanted
    memory = [each for each in tokens if len(each) > _REFERENCE]
    for at, token in enumerate(wanted):
        if len(token) <= _REFERENCE:
            wanted[at] = memory[_integer(token) - before]
    return wanted


def _all_same(weights: Sequence[float]) -> bool:
    return weights.count(weights[0]) == len(weights)


def _plain_weights(weights: Any, count: int) -> Sequence[float]:
    if weights is None:
        return (1.0,) * count
    if isinstance(weights, int | float):
        return (float(weights),) * count
    if type(weights) is not tuple or len(weights) != count:
        raise Unreadable("a posting block holds weights that are none")
    return tuple(map(float, weights))


def _values(values: Any, count: int) -> Sequence[bytes]:
    if type(values) is bytes and len(values) == 4 * count:
        return [values[at : at + 4] for at in range(0, len(values), 4)]
    if type(values) is tuple and len(values) == count and all(type(v) is bytes for v in values):
        return values
    raise Unreadable("a posting block holds values that are none")


def positions_of_token(token: bytes) -> list[int]:
    """The positions in a value that is pickled: a code, a length of one byte, and the value."""
    end = len(token) - 3
    at = 10
    # Of a value so short, one byte is enough to tell how many positions it has.
    if token[5] > _MANY:
        first = token[11] if token[10] == 75 else token[11] | token[12] << 8
        start = 12 if token[10] == 75 else 13
        others = token[5] - 1
        if start + 2 * others == end and token[start:end:2] == _STEPS_OF[others]:
            return list(accumulate(token[start + 1 : end : 2], initial=first))
        return positions_of(token[2:-1])
    if token[5] == 1:
        at = 9  # a list of one has no mark
    found = []
    position = 0
    while at < end:
        code = token[at]
        if code == 75:
            position += token[at + 1]
            at += 2
        elif code == 77:
            position += token[at + 1] | token[at + 2] << 8
            at += 3
        else:
            return positions_of(token[2:-1])
        found.append(position)
    return found


def positions_of(value: bytes) -> list[int]:
    """The positions that a posting's value holds: a number of them, and a pickle of steps."""
    match = _POSITIONS.fullmatch(value, 4)
    if match:
        return list(accumulate(_integers(match[1])))
    steps = load(value, 4)[0]
    if type(steps) is not list or not all(type(step) is int for step in steps):
        raise Unreadable("the positions of a posting are none")
    return list(accumulate(steps))


def _integers(pickled: bytes) -> tuple[int, ...]:
    """The numbers in a part of a pickle that is known to hold numbers only."""
    # The module behind `pickle`, for half the time that this takes to import.
    from _pickle import loads

    found: tuple[int, ...] = loads(b"(" + pickled + b"t.")
    return found
