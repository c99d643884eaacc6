"""Reading postings, a block at a time, and of a block only what is asked for.

A posting list is a chain of blocks: a length, a pickled header, and a pickle of steps from
document to document, weights and values, mostly compressed (`whoosh.codec.whoosh3`). Those
that `encoding` has written are taken apart by `decoding`; any others go through `pickles`.
"""

from __future__ import annotations

import re
import struct
import zlib
from array import array
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from math import ceil
from typing import Any, NamedTuple

from newsidx.engines.whoosh import decoding
from newsidx.engines.whoosh.decoding import INTEGER, integer
from newsidx.engines.whoosh.files import Data
from newsidx.engines.whoosh.pickles import Unreadable, load
from newsidx.engines.whoosh.terms import Dictionary, TermEntry

__all__ = ["Block", "Postings"]

_MAGIC = b"W3Bl"
_LENGTH = struct.Struct("!i").unpack_from
_DOUBLE = struct.Struct(">d").unpack_from
_HEAD = re.compile(
    rb"\x80[\x02-\x05](?:\x95.{8})?\((%(i)s)(%(i)s)(?:G(.{8})|%(i)s)(%(i)s)(%(i)s)(%(i)s)t(?:q.|\x94)?\."
    % {b"i": INTEGER},
    re.DOTALL,
)

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


class Postings:
    """The posting list of a term.

    What was decoded is kept.

    Args:
        data: The file of postings.
        terms: The dictionary.
        entry: What that says of the term.
        documents: How many the segment has.
        fixed: Whether its values are frequencies only.
        lead: Whether only the first words count: `Segment.steps` leaves out the rest.

    Attributes:
        size: How many postings it has.
        decoded: How many numbers it keeps in memory.
    """

    def __init__(
        self,
        data: Data,
        terms: Dictionary,
        entry: TermEntry,
        documents: int,
        *,
        fixed: bool,
        lead: bool = False,
    ) -> None:
        self._data = data
        self._terms = terms
        self.entry = entry
        self.size = entry.documents
        self._documents = documents
        self._fixed = fixed
        self.lead = lead
        self._blocks: list[Block] | None = None
        self._ids: dict[int, list[int]] = {}
        self._weights: dict[int, Sequence[float]] = {}
        self._halves: dict[int, bytes] = {}
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
            number, highest, level, shortest, _ = map(integer, head.group(1, 2, 4, 5, 6))
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
        return list(chain.from_iterable(map(self.ids, range(len(self.blocks)))))

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
        tokens = self._tokens(number, places)
        if tokens is not None:
            return decoding.values_of(tokens)
        values = decoding.plain_values(self._whole(number)[2], self.blocks[number].size)
        return [values[place] for place in places]

    def steps(self, number: int, places: Sequence[int]) -> Sequence[list[int]]:
        """Where the term stands in some of a block's documents, by their places in it.

        Returns:
            For each the first position, and the step from each to the next.
        """
        tokens = self._tokens(number, places)
        if tokens is not None:
            return decoding.steps_of_tokens(tokens)
        return list(map(decoding.steps_of, self.values(number, places)))

    def _tokens(self, number: int, places: Sequence[int]) -> list[bytes] | None:
        """Values as they are pickled, which are not kept; None if another has written them."""
        block = self.blocks[number]
        data = self._content(block)
        at = self._behind_ids(data, block.size)
        if not at:
            return None
        at, _ = decoding.weights(data, at, block.size)
        tokens = decoding.tokens(data, at, block.size)
        return None if tokens is None else [tokens[place] for place in places]

    def _read_ids(self, number: int) -> list[int]:
        block = self.blocks[number]
        if block.size == 1:
            return [block.last]
        if self._fixed:
            data = self._fixed_content(number)
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
        at, end = decoding.small_steps(data, count)
        if end:
            return integer(data[4:at]), data[at + 1 : end : 2]
        match = None if not self.entry.length else decoding.STEPS.match(data)
        if match:
            first, *rest = decoding.integers(match[1])
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
            found = decoding.frequencies(self._fixed_content(number), count)
            if found is not None:
                return found
        # Up to five bytes of each step, and nine of each weight.
        data = self._content(block, 14 * count + 64)
        at = self._behind_ids(data, count)
        if at:
            return decoding.weights(data, at, count)[1]
        return decoding.plain_weights(self._whole(number)[1], count)

    def _behind_ids(self, data: bytes, count: int) -> int:
        """Where the weights are, in a block of our own writing; else 0."""
        _, end = decoding.small_steps(data, count)
        if end:
            return end + 1
        match = decoding.STEPS.match(data) if self.entry.length else None
        return match.end() if match else 0

    def _fixed_content(self, number: int) -> bytes:
        """What follows a block's header, kept until both documents and weights are read."""
        data = self._halves.pop(number, None)
        if data is None:
            data = self._halves[number] = self._content(self.blocks[number])
            self.decoded += self.blocks[number].size
        return data

    def heavy(self, number: int, least: float) -> list[int]:
        """The places in a block of the weights that are not less than some weight."""
        if least <= 1.0:
            return list(range(self.blocks[number].size))
        weights = self.weights(number)
        if least <= 255.0 and self.blocks[number].most < 256.0 and isinstance(weights, array):
            # As bytes, in which an expression finds them at once.
            start = 0 if decoding.LITTLE else weights.itemsize - 1
            low = weights.tobytes()[start :: weights.itemsize]
            return [match.start() for match in decoding.at_least(ceil(least)).finditer(low)]
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
