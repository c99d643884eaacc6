"""A name, or any words that stand together, as a query: never read as query text.

The words of a name are looked for in their order and as written, as a quoted phrase has
them. With slips, each word stands for all forms of the archive that are so near to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise

from newsidx.engines.base import Engine
from newsidx.errors import UsageError
from newsidx.query import bound, nodes
from newsidx.query.patterns import fitting
from newsidx.schema import TEXT_FIELDS
from newsidx.searcher.explain import articles_of
from newsidx.text.tokens import forms

__all__ = ["MOST_EDITS", "Names"]

MOST_EDITS = 2
"""Slips in a word, at most, as in the query language."""

Way = nodes.Phrase | nodes.Slop


class Names:
    """Makes queries of names, and keeps what it learns of an archive's forms.

    Args:
        engine: Whose forms a word with slips may stand for.
        slop: How many other words may stand between the first of a name and its last.
        edits: How many slips each word may have: a letter more, less or other, or two
            neighbours swapped.

    Raises:
        UsageError: The numbers make no sense.
    """

    def __init__(self, engine: Engine, slop: int = 0, edits: int = 0) -> None:
        if slop < 0:
            raise UsageError("Fewer than no words can't stand between.", "Write --slop 0 or more.")
        if not 0 <= edits <= MOST_EDITS:
            raise UsageError(f"A word can't have {edits} slips.", "Write --fuzzy 1 or --fuzzy 2.")
        self._engine = engine
        self._slop = slop
        self._edits = edits
        self._near: dict[str, tuple[str, ...]] = {}

    def node(self, name: str) -> nodes.Node:
        """The query that finds a name.

        With slips it names the ways in which the archive has it.

        Raises:
            UsageError: There is no word in it.
        """
        words = forms(name)
        if not words:
            raise UsageError(f"There is no word in {name!r}.")
        ways = self._ways(words) if self._edits else []
        if len(ways) > 1:
            return nodes.Or(tuple(ways))
        return ways[0] if ways else self._way(name)

    def _way(self, text: str) -> Way:
        return nodes.Slop(text, self._slop) if self._slop else nodes.Phrase(text)

    def _ways(self, words: list[str]) -> list[Way]:
        """Put together word by word; a beginning that no article has is dropped."""
        places = [self._forms_near(word) for word in words]
        if len(places) > 1 and not self._stand_together(places):
            return []
        found: list[tuple[str, ...]] = [(form,) for form in places[0]]
        for place in places[1:]:
            found = [start for start in found if self._near_each_other(start[-1:], place)]
            ends = {start[-1] for start in found}
            place = tuple(form for form in place if self._near_each_other(ends, (form,)))
            longer = ((*start, form) for start in found for form in place)
            found = [each for each in longer if articles_of(self._engine, self._bound(each))]
        return [self._way(" ".join(each)) for each in found]

    def _bound(self, words: tuple[str, ...]) -> bound.Bound:
        if self._slop:
            return bound.Slop(TEXT_FIELDS, words, self._slop)
        return bound.Phrase(TEXT_FIELDS, words)

    def _stand_together(self, places: list[tuple[str, ...]]) -> bool:
        """Whether any article has forms of each two neighbours close to each other.

        Most names of a list are in no article, and then this is all there is to do.
        """
        if not all(places):
            return False
        near = tuple(self._pair(*pair) for pair in pairwise(places))
        return bool(articles_of(self._engine, bound.And(near) if len(near) > 1 else near[0]))

    def _near_each_other(self, left: Iterable[str], right: Iterable[str]) -> bool:
        return bool(articles_of(self._engine, self._pair(left, right)))

    def _pair(self, left: Iterable[str], right: Iterable[str]) -> bound.Near:
        return bound.Near(TEXT_FIELDS, _words(left), _words(right), self._slop + 1, True)

    # Slips

    def _forms_near(self, word: str) -> tuple[str, ...]:
        """The forms of the archive that a word with slips stands for."""
        if word not in self._near:
            fits = fitting(bound.Fuzzy(TEXT_FIELDS, word, self._edits))
            sizes = range(len(word) - self._edits, len(word) + self._edits + 1)
            some = (form for size in sizes for form in self._by_length.get(size, ()))
            if self._edits == 1:
                # One slip leaves one half of a word whole, but for letters swapped in its middle.
                half = len(word) // 2
                start, end = word[: max(half - 1, 0)], word[half + 1 :]
                some = (form for form in some if form.startswith(start) or form.endswith(end))
            self._near[word] = tuple(sorted(filter(fits, some)))
        return self._near[word]

    @cached_property
    def _by_length(self) -> dict[int, set[str]]:
        """All forms of running text: read once, since a list may hold thousands of names."""
        found: dict[int, set[str]] = {}
        for name in TEXT_FIELDS:
            for form, _ in self._engine.terms(name):
                found.setdefault(len(form), set()).add(form)
        return found


def _words(some: Iterable[str]) -> tuple[bound.Phrase, ...]:
    return tuple(bound.Phrase(TEXT_FIELDS, (form,)) for form in sorted(some))
