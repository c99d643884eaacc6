"""What became of a text in another one: cut, added, altered, moved.

A text is taken apart into sentences, since many are stored in one line. A word of it is also in
the other text when a shingle around it is; a sentence of which the other has less than `LITTLE`
is not there at all.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from newsidx.article import Article
from newsidx.results.spread import Change, Changes, Passage
from newsidx.text.sentences import sentence_ends
from newsidx.text.shingles import WIDTH, shingles
from newsidx.text.tokens import Token, forms, tokenize

__all__ = ["Text", "changes"]

LITTLE = 0.3
"""The share of a sentence's words below which it counts as cut, or as added."""

# A sentence that has moved has so many words at least: shorter ones stand anywhere.
_MOVED = 6
_CONTEXT = 3  # words shown on either side of a difference
# Beyond so many words a difference is told with what is frequent in it left out of account.
_LONG = 3000

_BREAK = re.compile("\n+")


class _Sentence(NamedTuple):
    """Its first token and the one past its last; where it starts and stops, in code points."""

    first: int
    end: int
    start: int
    stop: int

    @property
    def tokens(self) -> slice:
        """Its tokens among those of the text."""
        return slice(self.first, self.end)


class Text:
    """A text ready to be compared.

    Attributes:
        tokens: With their places.
        words: Their forms.
        shingles: Each with how often it occurs.
        sentences: In order, each of one token at least.
    """

    def __init__(self, article: Article) -> None:
        self.article = article
        self.tokens: list[Token] = tokenize(article.body)
        self.words = [token.form for token in self.tokens]
        self.running = shingles(self.words)
        self.shingles = Counter(self.running)
        self.sentences = list(self._sentences())

    def _sentences(self) -> Iterator[_Sentence]:
        body = self.article.body
        ends = {*sentence_ends(body, self.article.language), len(body)}
        ends |= {match.start() for match in _BREAK.finditer(body)}
        starts = [token.start for token in self.tokens]
        first = start = 0
        for stop in sorted(ends):
            end = bisect_left(starts, stop)
            if end > first:
                start += len(body[start:stop]) - len(body[start:stop].lstrip())
                yield _Sentence(first, end, start, stop)
                first = end
            start = stop

    def covered(self, other: Text) -> list[bool]:
        """Which words the other text has as well: those in a shingle that it has."""
        found = [False] * len(self.words)
        for at, each in enumerate(self.running):
            if each in other.shingles:
                found[at : at + WIDTH] = [True] * min(WIDTH, len(found) - at)
        return found

    def has(self, words: Sequence[str]) -> bool:
        """Whether some words stand in it side by side."""
        wanted, size = list(words), len(words)
        return any(
            self.words[at : at + size] == wanted
            for at, word in enumerate(self.words)
            if word == wanted[0]
        )

    def passage(self, first: _Sentence, last: _Sentence) -> Passage:
        """The sentences from one to another."""
        text = self.article.body[first.start : last.stop]
        return Passage(first.start, last.stop, text, last.end - first.first)


def changes(base: Text, other: Text, *, by_word: bool = False) -> Changes:
    """What became of a text in another one.

    Args:
        by_word: Tell the differences word by word as well.
    """
    mine, theirs = base.shingles.keys(), other.shingles.keys()
    both, covered = len(mine & theirs), other.covered(base)
    gone, new = _missing(base, other, base.covered(other)), _missing(other, base, covered)
    inside = {at for each in new for at in range(each.first, each.end)}
    return Changes(
        shared=both / max(1, len(mine | theirs)),
        kept=both / max(1, len(mine)),
        taken=both / max(1, len(theirs)),
        headline=forms(base.article.title) != forms(other.article.title),
        cut=tuple(_passages(base, gone)),
        added=tuple(_passages(other, new)),
        altered=sum(not had and at not in inside for at, had in enumerate(covered)),
        reordered=_reordered(base, other),
        words=tuple(_by_word(base, other)) if by_word else None,
    )


def _missing(text: Text, other: Text, covered: Sequence[bool]) -> list[_Sentence]:
    """The sentences of a text that the other one hasn't got."""
    return [
        each
        for each in text.sentences
        if sum(covered[each.tokens]) < LITTLE * (each.end - each.first)
        and not (each.end - each.first <= WIDTH and other.has(text.words[each.tokens]))
    ]


def _passages(text: Text, sentences: Sequence[_Sentence]) -> Iterator[Passage]:
    """Sentences, with those that follow on each other in one line put together."""
    run: list[_Sentence] = []
    for each in sentences:
        if run and (
            each.first != run[-1].end or "\n" in text.article.body[run[-1].stop : each.start]
        ):
            yield text.passage(run[0], run[-1])
            run = []
        run.append(each)
    if run:
        yield text.passage(run[0], run[-1])


def _reordered(base: Text, other: Text) -> bool:
    """Whether a sentence of the other text stands before one that it follows in the base."""
    places = {each: at for at, each in enumerate(base.running) if base.shingles[each] == 1}
    furthest = -1
    for first, end, _, _ in other.sentences:
        if end - first < _MOVED:
            continue
        found = [places[each] for each in other.running[first : end - WIDTH + 1] if each in places]
        if 2 * len(found) < end - first - WIDTH + 1:
            continue
        found.sort()
        middle = found[len(found) // 2]
        if middle < furthest:
            return True
        furthest = middle
    return False


def _by_word(base: Text, other: Text) -> Iterator[Change]:
    """The differences of two texts, in the order of both."""
    long = max(len(base.words), len(other.words)) > _LONG
    matcher = SequenceMatcher(None, base.words, other.words, autojunk=long)
    for kind, start, end, first, last in matcher.get_opcodes():
        if kind == "equal":
            continue
        before = other.tokens[max(0, first - _CONTEXT) : first]
        after = other.tokens[last : last + _CONTEXT]
        here = other.tokens[first].start if first < len(other.tokens) else len(other.article.body)
        yield Change(
            _said(base, base.tokens[start:end]),
            _said(other, other.tokens[first:last]),
            _said(other, before),
            _said(other, after),
            here,
        )


def _said(text: Text, tokens: Sequence[Token]) -> str:
    """Some tokens as they are written, on one line."""
    if not tokens:
        return ""
    return " ".join(text.article.body[tokens[0].start : tokens[-1].end].split())
