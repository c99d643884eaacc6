"""Postings, encoded a term at a time.

What is written is what Whoosh's own writer of its format `W3` would have, and is read
by Whoosh itself; only the way there is shorter. Whoosh sorts single postings and passes
each through half a dozen functions; here a whole block of them is encoded at a time.
Blocks hold 512 postings where Whoosh's hold 128, a posting that is alone stands in the
dictionary, and pickles are of a protocol in which bytes need no import to be read.
"""

from __future__ import annotations

import struct
import sys
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import sub
from pathlib import Path
from pickle import dumps
from typing import Protocol

from newsidx.engines.whoosh.dictionary import DictionaryWriter

__all__ = [
    "FieldPostings",
    "Postings",
    "counts",
    "encoded_positions",
    "single_position",
    "write_postings",
]

BLOCK_POSTINGS = 512
"""Fewer make for more headers, more for more that is decoded in vain."""

_COMPRESSION = 1
# Below this much, zlib takes long for the little that it saves.
_COMPRESSION_MIN = 200
# A window and a table as small as the blocks are: setting up zlib's usual ones takes
# four times as long as compressing a small block. Any zlib reads the result.
_WINDOW_BITS, _MEMORY_LEVEL = 12, 5
# Protocol 2, which Whoosh writes, spells out bytes by way of an imported function.
_PROTOCOL = 4
_HELD = 1 << 20

_MAGIC = b"W3Bl"
# Flags, total weight, document frequency, least and greatest length, greatest weight,
# first and last document (whoosh.codec.whoosh3.W3TermInfo); then where the postings are,
# or themselves.
_TERM = struct.Struct("!BfIBBfII")
_EXTENT = struct.Struct("!qi")
_INLINED = 1
_LENGTH = struct.Struct("!i")
_COUNT = struct.Struct("!I")


Postings = tuple[list[int], list[int], list[bytes]]
"""Documents, weights and values of a term, in parallel; no values where those are fixed."""


class FieldPostings(Protocol):
    """The postings of a field of a segment that is to be written.

    Attributes:
        fixed: Whether values are no more than the weights, as 32-bit integers.
        lengths: For each document its length in the field, as the byte that is stored.
    """

    fixed: bool
    lengths: Sequence[int]

    def in_order(self) -> Iterator[tuple[bytes, Postings]]:
        """Yield the terms in the order of their bytes, each with its postings."""
        ...


# Positions, as Whoosh has them: how many there are, and a pickled list of the steps from
# each to the next. Such a pickle is put together from parts (PEP 307; pickletools).
_FEW, _FEW_END = b"\x80\x02](", b"e."
# In a value that isn't longer, a count fits into one byte.
_LONG = 500


class _Steps(dict[int, bytes]):
    """A number -> its opcode in a pickle, as short as can be."""

    def __missing__(self, number: int) -> bytes:
        if number < 256:
            code = b"K" + bytes((number,))
        elif number < 65536:
            code = b"M" + number.to_bytes(2, "little")
        else:
            return b"J" + number.to_bytes(4, "little")
        self[number] = code
        return code


@cache
def _float(weight: int) -> bytes:
    return b"G" + struct.pack(">d", weight)


class _Single(dict[int, bytes]):
    """A position -> the value of a posting that has no other."""

    def __missing__(self, position: int) -> bytes:
        value = _COUNT.pack(1) + b"\x80\x02]" + _steps[position] + b"a."
        if position < 65536:
            self[position] = value
        return value


class _Heads(dict[int, bytes]):
    """A number of positions -> how their value begins."""

    def __missing__(self, count: int) -> bytes:
        head = _COUNT.pack(count) + _FEW
        if count < 65536:
            self[count] = head
        return head


_steps = _Steps()
single_position = _Single()
_heads = _Heads()
_TWO = _heads[2]


def encoded_positions(positions: Sequence[int]) -> bytes:
    """The value of a posting with positions, as `whoosh.formats.Positions` reads it."""
    first = positions[0]
    count = len(positions)
    if count == 1:
        return single_position[first]
    if count == 2:
        return _TWO + _steps[first] + _steps[positions[1] - first] + _FEW_END
    steps = map(_steps.__getitem__, map(sub, positions[1:], positions))
    return _heads[count] + _steps[first] + b"".join(steps) + _FEW_END


def counts(values: Sequence[bytes]) -> list[int]:
    """The number of positions in each of some values."""
    if max(map(len, values), default=0) > _LONG:
        return [_COUNT.unpack_from(value)[0] for value in values]
    return [value[3] for value in values]


def write_postings(stem: Path, fields: Mapping[str, FieldPostings]) -> None:
    """Write the dictionary and the postings of a segment.

    Args:
        stem: Of its files: all but what follows the dot.
        fields: By their names; one without a term is left out.
    """
    dictionary = DictionaryWriter(Path(f"{stem}.trm"))
    at, held, size = 0, [], 0
    with Path(f"{stem}.pst").open("wb") as file:
        for name in sorted(fields):
            field = fields[name]
            prefix = None
            for term, found in field.in_order():
                if prefix is None:
                    prefix = dictionary.add_field(name)
                if len(found[0]) == 1:
                    dictionary.add(prefix + term, _inlined(field, found))
                    continue
                info, blocks = _term(field, found, at)
                dictionary.add(prefix + term, info)
                held.append(blocks)
                at += len(blocks)
                size += len(blocks)
                if size > _HELD:
                    file.write(b"".join(held))
                    held, size = [], 0
        file.write(b"".join(held))
    dictionary.close()


def _inlined(field: FieldPostings, postings: Postings) -> bytes:
    """The entry in the dictionary of a term of one document, with its posting."""
    (document,), (weight,), values = postings
    length = field.lengths[document]
    if field.fixed:
        values = [_COUNT.pack(weight)]
    info = _TERM.pack(_INLINED, weight, 1, length, length, weight, document, document)
    return info + dumps(((document,), (float(weight),), tuple(values)), _PROTOCOL)


def _term(field: FieldPostings, postings: Postings, offset: int) -> tuple[bytes, bytes]:
    """The entry of a term in the dictionary, and its blocks, which begin at `offset`."""
    documents, weights, values = postings
    count = len(documents)
    greatest = max(weights)
    total = count if greatest == 1 else sum(weights)
    if count <= BLOCK_POSTINGS:
        block, shortest, longest = _block(field, documents, weights, values, greatest, last=True)
        blocks = _MAGIC + block
    else:
        parts = [_MAGIC]
        shortest, longest = 255, 0
        for start in range(0, count, BLOCK_POSTINGS):
            end = start + BLOCK_POSTINGS
            amounts = weights[start:end]
            block, least, most = _block(
                field,
                documents[start:end],
                amounts,
                values[start:end],
                max(amounts),
                last=end >= count,
            )
            parts.append(block)
            shortest, longest = min(shortest, least), max(longest, most)
        blocks = b"".join(parts)
    info = _TERM.pack(0, total, count, shortest, longest, greatest, documents[0], documents[-1])
    return info + _EXTENT.pack(offset, len(blocks)), blocks


def _block(
    field: FieldPostings,
    ids: Sequence[int],
    weights: Sequence[int],
    values: Sequence[bytes],
    greatest: int,
    *,
    last: bool,
) -> tuple[bytes, int, int]:
    """Up to `BLOCK_POSTINGS` postings, and their least and greatest lengths."""
    lengths = field.lengths
    found = [lengths[document] for document in ids]
    least, most = min(found), max(found)
    payload = _frequencies(weights) if field.fixed else tuple(values)
    minified: float | tuple[int, ...] | None
    if greatest == 1:
        minified = None
    elif weights.count(greatest) == len(weights):
        minified = float(greatest)
    else:
        minified = tuple(weights)
    data = dumps(((ids[0], *map(sub, ids[1:], ids)), minified, payload), _PROTOCOL)
    level = _COMPRESSION if len(data) >= _COMPRESSION_MIN else 0
    if level:
        deflate = zlib.compressobj(level, zlib.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL)
        data = deflate.compress(data) + deflate.flush()
    head = (
        b"\x80\x02(" + _steps[len(ids)] + _steps[ids[-1]] + _float(greatest)
        + _steps[level] + _steps[least] + _steps[most] + b"t."
    )  # fmt: skip
    size = len(head) + len(data)
    return _LENGTH.pack(-size if last else size) + head + data, least, most


def _frequencies(amounts: Sequence[int]) -> bytes:
    """Frequencies as `whoosh.formats.Frequency` has them: big-endian, four bytes each."""
    packed = array("I", amounts)
    if sys.byteorder == "little":
        packed.byteswap()
    return packed.tobytes()
