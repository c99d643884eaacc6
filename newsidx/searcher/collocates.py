"""Collocates: the words that keep company with the matches of a query.

A word is near where it stands at most so many words before or behind a match (or between
its words); everything else in the same articles is elsewhere.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from newsidx.searcher.association import contingency_g2, log_ratio
from newsidx.searcher.passages import Passage, Reading
from newsidx.text.stopwords import stop_words

__all__ = ["LEAST", "WINDOW", "Collocate", "Collocates", "Neighbours"]

WINDOW = 5
"""Words on either side, as a rule."""

LEAST = 2
"""What stands near a match less often than that says nothing."""


class Collocate(Struct, frozen=True):
    """A word that is more frequent near matches than elsewhere in the same articles.

    Attributes:
        near: How often it stands near a match: `left` of it, `right`, or between its words.
        elsewhere: How often it stands elsewhere.
        articles: In how many articles it is near a match.
        g2: Log-likelihood (`association.contingency_g2`).
        log_ratio: Effect size (`association.log_ratio`).
    """

    word: str
    left: int
    right: int
    near: int
    elsewhere: int
    articles: int
    g2: float
    log_ratio: float


class Collocates(Struct, frozen=True):
    """All collocates of the matches of a query, the highest G2 first.

    Attributes:
        matches: Number of matches, and of the `articles` that have one.
        window: Words on either side.
        words_near, words_elsewhere: Number of tokens, stop words included; those of the
            matches themselves are neither.
    """

    matches: int
    articles: int
    window: int
    words_near: int
    words_elsewhere: int
    words: tuple[Collocate, ...]


class Neighbours(Struct):
    """Counts what stands near matches, article by article; memory goes with the vocabulary.

    Args:
        window: Words on either side.
        everything: Keep stop words, and the words of the query.
    """

    window: int = WINDOW
    everything: bool = False
    matches: int = 0
    _articles: int = 0
    _sides: dict[str, Counter[str]] = field(
        default_factory=lambda: {side: Counter() for side in ("left", "between", "right")}
    )
    _all: Counter[str] = field(default_factory=Counter)
    _stopped: Counter[str] = field(default_factory=Counter)
    _within: Counter[str] = field(default_factory=Counter)
    _own: set[str] = field(default_factory=set)

    def watched(self, readings: Iterable[Reading]) -> Iterator[Reading]:
        """The same readings, each counted before it is handed on."""
        for reading in readings:
            self.add(reading)
            yield reading

    def add(self, reading: Reading) -> None:
        """Count the words of an article; one without a match plays no part."""
        if not reading.passages:
            return
        self._articles += 1
        self.matches += len(reading.passages)
        stops = stop_words(reading.view.stemmer)
        close: set[str] = set()
        for name in reading.fields:
            places = [each for each in reading.passages if each.field == name]
            tokens = [token.form for value in reading.view.values(name) for token in value]
            matched = {at for where, at in reading.matched if where == name}
            self._own.update(tokens[at] for at in matched)
            words = Counter(form for at, form in enumerate(tokens) if at not in matched)
            self._all.update(words)
            for stop in stops & words.keys():
                self._stopped[stop] += words[stop]
            for at, side in self._near(places, len(tokens)).items():
                if at not in matched:
                    self._sides[side][tokens[at]] += 1
                    close.add(tokens[at])
        self._within.update(close)

    def _near(self, places: list[Passage], size: int) -> dict[int, str]:
        """Positions near passages, and on which side of the nearest of them they are."""
        near: dict[int, tuple[int, str]] = {}
        for _, first, last in places:
            for at in range(max(0, first - self.window), min(size, last + self.window + 1)):
                if at < first:
                    found = first - at, "left"
                elif at > last:
                    found = at - last, "right"
                else:
                    found = 0, "between"
                near[at] = min(found, near.get(at, found))
        return {at: side for at, (_, side) in near.items()}

    def collocates(self) -> Collocates:
        """What has been counted, reckoned up."""
        left, between, right = (self._sides[side] for side in ("left", "between", "right"))
        near = left + between + right
        here, there = near.total(), self._all.total() - near.total()
        found = []
        for word, count in near.items():
            elsewhere = self._all[word] - count
            if count < LEAST or count * there <= elsewhere * here or self._is_left_out(word):
                continue
            found.append(
                Collocate(
                    word,
                    left[word],
                    right[word],
                    count,
                    elsewhere,
                    self._within[word],
                    contingency_g2(count, elsewhere, here, there),
                    log_ratio(count, elsewhere, here, there),
                )
            )
        found.sort(key=lambda each: (-each.g2, each.word))
        return Collocates(self.matches, self._articles, self.window, here, there, tuple(found))

    def _is_left_out(self, word: str) -> bool:
        """Whether it is of the query, or mostly a stop word of the article that it stands in."""
        if self.everything:
            return False
        return word in self._own or 2 * self._stopped[word] > self._all[word]
