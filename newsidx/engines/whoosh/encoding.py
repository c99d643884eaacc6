"""Postings encoded in bulk, as arrays.

What comes of it is what Whoosh's own writer of its format `W3` would have written, and is
read by Whoosh itself; only the way there is shorter. Whoosh sorts single postings and
passes each through half a dozen functions; here a hundred thousand of them are turned
into bytes at a time. Its blocks are pickles, which are put together from parts (PEP 307;
pickletools), without what a pickle may leave out: frames and memory.

Blocks hold 512 postings where Whoosh's hold 128, and a posting that is alone stands in
the dictionary.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.uint32]
    Places = NDArray[np.int64]

__all__ = ["BLOCK_POSTINGS", "Chunk", "Values", "encoded", "opaque", "positional"]

BLOCK_POSTINGS = 512
"""Fewer make for more headers, more for more that is decoded in vain."""

_COMPRESSION = 1
# Below this much, zlib takes long for the little that it saves.
_COMPRESSION_MIN = 512
# A window and a table as small as the blocks are: setting up zlib's usual ones takes
# four times as long as compressing a small block. Any zlib reads the result.
_WINDOW_BITS, _MEMORY_LEVEL = 12, 5

_MAGIC = b"W3Bl"
# Flags, total weight, document frequency, least and greatest length, greatest weight,
# first and last document (whoosh.codec.whoosh3.W3TermInfo). Where the postings are follows,
# or they themselves.
_TERM = np.dtype(
    [
        ("inlined", "u1"), ("total", ">f4"), ("count", ">u4"), ("shortest", "u1"),
        ("longest", "u1"), ("greatest", ">f4"), ("first", ">u4"), ("last", ">u4"),
    ]
)  # fmt: skip
_INFO = struct.Struct(f"{_TERM.itemsize}s")
# Where the blocks of a term begin, and how many bytes they are.
_EXTENT = struct.Struct("!qi")
_LENGTH = struct.Struct("!i")

# A block's content: the steps from document to document, weights, values.
_STEPS, _VALUES, _END = b"\x80\x04((", b"(", b"t\x87."
# A posting in the dictionary: tuples of one.
_ALONE, _ONE, _ALONE_END = b"\x80\x04", b"\x85", b"\x85\x87."


class Values(Struct, frozen=True):
    """What postings hold, pickled, one behind another.

    Attributes:
        data: All of them.
        places: Where each begins, and behind them where the last one ends.
    """

    data: bytes
    places: Sequence[int]


class Chunk(Struct, frozen=True):
    """The postings of some terms.

    Attributes:
        terms: In order.
        starts: Where the postings of each begin, and how many there are in all.
        documents, weights: In parallel.
        values: Likewise; None where these are no more than the weights, as 32-bit integers.
    """

    terms: Sequence[bytes]
    starts: Places
    documents: Numbers
    weights: Numbers
    values: Values | None


def _cumulated(sizes: NDArray[np.integer]) -> Places:
    """Where things of some sizes begin that stand side by side, and where the last ends."""
    places = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=places[1:])
    return places


def _widths(numbers: Numbers) -> NDArray[np.uint8]:
    """How many bytes each takes, pickled."""
    widths = np.full(len(numbers), 2, np.uint8)
    widths[numbers > 0xFF] = 3
    widths[numbers > 0xFFFF] = 5
    return widths


_CODES = np.frombuffer(b"\0\0KM\0J", np.uint8)


def _put(data: NDArray[np.uint8], at: Places, numbers: Numbers, widths: NDArray[np.uint8]) -> None:
    """Write numbers, pickled as short as can be."""
    data[at] = _CODES[widths]
    data[at + 1] = numbers
    for byte, least in enumerate((3, 5, 5), 1):
        wide = np.flatnonzero(widths >= least)
        if not len(wide):
            break
        data[at[wide] + 1 + byte] = numbers[wide] >> (8 * byte)


def _pickled(numbers: Numbers) -> Values:
    widths = _widths(numbers)
    places = _cumulated(widths)
    data = np.empty(places[-1], np.uint8)
    _put(data, places[:-1], numbers, widths)
    return Values(data.tobytes(), places.tolist())


def positional(positions: Numbers, starts: Places) -> Values:
    """The values of postings with positions, as `whoosh.formats.Positions` reads them.

    Each is how many there are, and a pickled list of the steps from one to the next.

    Args:
        positions: Of all postings, ascending in each.
        starts: Where those of each posting begin, and how many there are in all.
    """
    counts = np.diff(starts)
    steps = positions.copy()
    steps[1:] -= positions[:-1]
    steps[starts[:-1]] = positions[starts[:-1]]
    widths = _widths(steps)
    before = _cumulated(widths)
    inside = before[starts[1:]] - before[starts[:-1]]
    several = counts > 1
    sizes = inside + several + 9
    long = sizes > 0xFF
    places = _cumulated(sizes + np.where(long, 5, 2))
    data = np.zeros(places[-1], np.uint8)
    _put_heads(data, places[:-1], sizes, long)
    at = places[1:] - sizes
    _put_big_endian(data, at, counts)
    for offset, code in enumerate(b"\x80\x02]", 4):
        data[at + offset] = code
    data[at[several] + 7] = ord("(")
    end = places[1:] - 2
    data[end] = np.where(several, ord("e"), ord("a"))
    data[end + 1] = ord(".")
    moved = np.repeat(at + 7 + several - before[starts[:-1]], counts)
    _put(data, moved + before[:-1], steps, widths)
    return Values(data.tobytes(), places.tolist())


def _put_heads(data: NDArray[np.uint8], at: Places, sizes: Places, long: NDArray[np.bool_]) -> None:
    """Write what stands before bytes in a pickle: their number, in one byte or four."""
    data[at] = np.where(long, ord("B"), ord("C"))
    data[at + 1] = sizes & 0xFF
    at, sizes = at[long], sizes[long]
    for byte in (1, 2, 3):
        data[at + 1 + byte] = sizes >> (8 * byte) & 0xFF


def _put_big_endian(data: NDArray[np.uint8], at: Places, numbers: Places) -> None:
    """Write four bytes each, into zeros."""
    data[at + 3] = numbers & 0xFF
    large = np.flatnonzero(numbers > 0xFF)
    at, numbers = at[large], numbers[large]
    for byte in (0, 1, 2):
        data[at + byte] = numbers >> (24 - 8 * byte) & 0xFF


def _of_bytes(value: bytes) -> bytes:
    """Bytes, pickled."""
    size = len(value)
    return (b"C%c" % size if size < 256 else b"B" + size.to_bytes(4, "little")) + value


def opaque(values: Sequence[bytes]) -> Values:
    """Values that were encoded before."""
    found = [_of_bytes(value) for value in values]
    return Values(b"".join(found), _cumulated(np.fromiter(map(len, found), np.int64)).tolist())


@cache
def _float(weight: int) -> bytes:
    return b"G" + struct.pack(">d", weight)


@cache
def _number(number: int) -> bytes:
    """A number of a block's header, pickled; there are few, but for the documents."""
    return _integer(number)


def _integer(number: int) -> bytes:
    if number < 256:
        return b"K%c" % number
    if number < 65536:
        return b"M" + number.to_bytes(2, "little")
    return b"J" + number.to_bytes(4, "little")


def encoded(chunk: Chunk, lengths: NDArray[np.uint8], at: int) -> tuple[list[bytes], list[bytes]]:
    """Encode postings.

    Args:
        lengths: For each document its length in the field, as the byte that is stored.
        at: Where the blocks will begin in their file.

    Returns:
        What the dictionary says of each term; and the blocks, one behind another, of those
        that have several postings.
    """
    blocks = _Blocks(chunk, lengths)
    infos = _INFO.iter_unpack(_infos(chunk, lengths[chunk.documents]).tobytes())
    said: list[bytes] = []
    written: list[bytes] = []
    block = 0
    for (info,), count in zip(infos, np.diff(chunk.starts).tolist(), strict=True):
        if count == 1:
            said.append(info + blocks.alone(block))
            block += 1
            continue
        end = block - (-count // BLOCK_POSTINGS)
        parts = [blocks.encode(each, last=each == end - 1) for each in range(block, end)]
        data = _MAGIC + b"".join(parts)
        said.append(info + _EXTENT.pack(at, len(data)))
        written.append(data)
        at += len(data)
        block = end
    return said, written


def _infos(chunk: Chunk, lengths: NDArray[np.uint8]) -> NDArray[np.void]:
    """What the dictionary says of each term."""
    first, counts = chunk.starts[:-1], np.diff(chunk.starts)
    infos = np.empty(len(first), _TERM)
    infos["inlined"] = counts == 1
    infos["total"] = np.add.reduceat(chunk.weights, first, dtype=np.uint64)
    infos["count"] = counts
    infos["shortest"] = np.minimum.reduceat(lengths, first)
    infos["longest"] = np.maximum.reduceat(lengths, first)
    infos["greatest"] = np.maximum.reduceat(chunk.weights, first)
    infos["first"] = chunk.documents[first]
    infos["last"] = chunk.documents[chunk.starts[1:] - 1]
    return infos


class _Blocks:
    """The blocks of a chunk.

    Attributes:
        starts: Where the postings of each begin, and how many there are in all.
    """

    def __init__(self, chunk: Chunk, lengths: NDArray[np.uint8]) -> None:
        numbers = -(-np.diff(chunk.starts) // BLOCK_POSTINGS)
        first = _cumulated(numbers)[:-1]
        inside = np.arange(numbers.sum()) - np.repeat(first, numbers)
        starts = np.repeat(chunk.starts[:-1], numbers) + inside * BLOCK_POSTINGS
        documents, weights, lengths = chunk.documents, chunk.weights, lengths[chunk.documents]
        steps = documents.copy()
        steps[1:] -= documents[:-1]
        steps[starts] = documents[starts]
        self._steps = _pickled(steps)
        self._weights = _pickled(weights)
        self._values = chunk.values
        self._frequencies = b"" if chunk.values else weights.astype(">u4").tobytes()
        self._least_weights = np.minimum.reduceat(weights, starts).tolist()
        self._weights_most = np.maximum.reduceat(weights, starts).tolist()
        self._shortest = np.minimum.reduceat(lengths, starts).tolist()
        self._longest = np.maximum.reduceat(lengths, starts).tolist()
        ends = np.append(starts[1:], chunk.starts[-1])
        self._last = documents[ends - 1].tolist()
        self.starts = [*starts.tolist(), int(chunk.starts[-1])]

    def alone(self, block: int) -> bytes:
        """A block of one posting, as it stands in the dictionary."""
        at = self.starts[block]
        weight = _float(self._weights_most[block])
        step, value = _integer(self._last[block]), self._value(at, at + 1)
        return b"".join((_ALONE, step, _ONE, weight, _ONE, value, _ALONE_END))

    def _value(self, start: int, end: int) -> bytes:
        values = self._values
        if values is None:
            return _of_bytes(self._frequencies[4 * start : 4 * end])
        return values.data[values.places[start] : values.places[end]]

    def encode(self, block: int, *, last: bool) -> bytes:
        """A block with its header."""
        start, end = self.starts[block], self.starts[block + 1]
        least, most = self._least_weights[block], self._weights_most[block]
        steps = self._steps.data[self._steps.places[start] : self._steps.places[end]]
        if most == 1:
            weights = b"N"
        elif least == most:
            weights = _float(most)
        else:
            places = self._weights.places
            weights = b"(" + self._weights.data[places[start] : places[end]] + b"t"
        values = self._value(start, end)
        if self._values is None:
            data = b"".join((_STEPS, steps, b"t", weights, values, _END[1:]))
        else:
            data = b"".join((_STEPS, steps, b"t", weights, _VALUES, values, _END))
        level = _COMPRESSION if len(data) >= _COMPRESSION_MIN else 0
        if level:
            deflate = zlib.compressobj(level, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL)
            data = deflate.compress(data) + deflate.flush()
        head = b"".join(
            (
                b"\x80\x02(", _number(end - start), _integer(self._last[block]), _float(most),
                _number(level), _number(self._shortest[block]), _number(self._longest[block]),
                b"t.",
            )
        )  # fmt: skip
        size = len(head) + len(data)
        return _LENGTH.pack(-size if last else size) + head + data
