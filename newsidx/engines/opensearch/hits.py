"""The hits of an answer, fetched page by page as they are taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import overload

from newsidx.engines.base import EngineHit

__all__ = ["Hits"]


class Hits(Sequence[EngineHit]):
    """So many hits, of which those asked for so far are there.

    Args:
        count: How many there are to be.
        pages: Gives the rest, a page at a time.
    """

    def __init__(self, count: int, pages: Iterator[list[EngineHit]]) -> None:
        self._count = count
        self._pages = pages
        self._found: list[EngineHit] = []
        self._places: dict[str, int] = {}

    def __len__(self) -> int:
        return self._count

    def _upto(self, end: int) -> None:
        while len(self._found) < end:
            page = next(self._pages, None)
            if page is None:  # an article went while they were read
                self._count = len(self._found)
                return
            places = range(len(self._found), len(self._found) + len(page))
            self._places.update(zip((hit.id for hit in page), places, strict=True))
            self._found += page

    @overload
    def __getitem__(self, at: int) -> EngineHit: ...
    @overload
    def __getitem__(self, at: slice) -> list[EngineHit]: ...

    def __getitem__(self, at: int | slice) -> EngineHit | list[EngineHit]:
        if isinstance(at, slice):
            places = range(*at.indices(self._count))
            self._upto(max(places[0], places[-1]) + 1 if places else 0)
            return [self._found[place] for place in places if place < len(self._found)]
        place = at + self._count if at < 0 else at
        if not 0 <= place < self._count:
            raise IndexError(at)
        self._upto(place + 1)
        return self._found[place]

    def __iter__(self) -> Iterator[EngineHit]:
        at = 0
        while at < self._count:
            self._upto(at + 1)
            if at < len(self._found):
                yield self._found[at]
            at += 1

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]

    def behind(self, key: str, count: int) -> list[str]:
        """The ids of hits that are there already, from one of an id on."""
        start = self._places.get(key, len(self._found))
        return [hit.id for hit in self._found[start : start + count]]
