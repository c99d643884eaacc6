"""Is a quotation in the archive, where, and what was changed?

Candidates are found by runs of up to three of its words, the rarest of them first, and none of
them has to be there: an article counts by how many it has. What is left of them is laid beside
the quotation (`alignment`), each near the runs that it has. The engine is asked for phrases and
texts only, so that any will do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from msgspec import Struct

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.fetching import named
from newsidx.query.bound import BoundQuery, Or, Phrase, Scored
from newsidx.schema import TEXT_FIELDS
from newsidx.searcher.alignment import BRACKET, ELLIPSIS, align
from newsidx.searcher.quotation import Place, Quotation, Verdict, flags_of, pieces_of
from newsidx.searcher.vocabulary import term
from newsidx.text.quoting import Unit, units_of
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import Token, tokenize
from newsidx.text.words import Word, moved, words_of

__all__ = ["ALTERED", "MOST", "Quotations", "quoted_words"]

ALTERED = 0.6
"""From this likeness on a passage is taken for the quotation with changes, below for another."""

MOST = 1000
"""Articles with one and the same quotation that are read at most."""

# So many runs of words are looked for, and so many articles read that lack some of them.
_RUNS = 8
_LESS_LIKE = 25
_NEAREST = 10
# Words on either side of where a passage should lie.
_SLACK = 8
# Of places in one article that have runs of the quotation, so many are looked at.
_WINDOWS = 4


def quoted_words(text: str) -> int:
    """How many words a quotation has, without what stands in square brackets."""
    return sum(1 for unit in units_of(text) if unit.word is not None and unit.word.tokens)


class _Run(NamedTuple):
    """Words of a quotation that stand side by side.

    Attributes:
        at: The place of the first among the words of the quotation.
    """

    forms: tuple[str, ...]
    at: int


class _Candidate(Struct, frozen=True):
    id: str
    weight: float


class Quotations:
    """Checks quotations against an archive, one after the other; keeps what it looked up.

    Args:
        engine: Any.
        language: The index's.
        path_of: Says where an article's source file is.
    """

    def __init__(self, engine: Engine, language: str, path_of: Callable[[Article], str]) -> None:
        self._engine = engine
        self._language = language
        self._path_of = path_of
        self._common = stop_words(language)
        self._known: dict[str, int] = {}

    def check(self, text: str) -> Quotation:
        """Look for a quotation.

        Args:
            text: Without the marks around it, or with them; with at least a word in it.
        """
        units = units_of(text)
        best: list[Place] = []
        complete = True
        runs: list[_Run] = []
        for size in (3, 2):
            before, runs = runs, self._runs(units, size)
            if runs == before:
                break
            candidates = self._candidates(runs)
            whole = [each for each in candidates if each.weight >= _whole(candidates)]
            some = [
                each for each in candidates[len(whole) :] if 2 * each.weight >= _whole(candidates)
            ]
            complete = len(whole) <= MOST
            found = self._places(text, units, runs, [*whole[:MOST], *some[:_LESS_LIKE]])
            best = _best([*best, *found])
            if best and not best[0].changes:
                break
        if not best or best[0].likeness < ALTERED:
            nearest = [_Candidate(key, 0.0) for key in self._nearest(units)]
            runs = [_Run((form,), at) for form, at in _forms(units) if form not in self._common]
            best = _best([*best, *self._places(text, units, runs, nearest)])
        return _answer(text, best, complete=complete)

    # Candidates

    def _runs(self, units: Sequence[Unit], size: int) -> list[_Run]:
        """Runs of up to so many words, those with the rarest words first, none inside another."""
        runs: list[_Run] = []
        for stretch in filter(None, _stretches(units)):
            wanted = min(size, len(stretch))
            for first in range(len(stretch) - wanted + 1):
                part = stretch[first : first + wanted]
                runs.append(_Run(tuple(form for form, _ in part), part[0][1]))
        longest = max((len(run.forms) for run in runs), default=0)
        runs = [run for run in runs if len(run.forms) == longest]
        counts = {run: sorted(map(self._count, run.forms)) for run in runs}
        runs.sort(key=lambda run: (counts[run], run.at))
        taken: list[_Run] = []
        covered: set[int] = set()
        # First runs without a word in common: one that is changed spoils one of them only.
        for again in (False, True):
            for run in runs:
                inside = range(run.at, run.at + len(run.forms))
                if (
                    len(taken) < _RUNS
                    and run not in taken
                    and (again or covered.isdisjoint(inside))
                ):
                    taken.append(run)
                    covered.update(inside)
        return taken

    def _count(self, form: str) -> int:
        """In how many articles a form is; common ones are not counted."""
        if form in self._common:
            return 1 << 40
        found = self._known.get(form)
        if found is None:
            found = self._known[form] = self._search(Phrase(TEXT_FIELDS, (form,)), 0)[0]
        return found

    def _search(self, phrase: Phrase, limit: int | None) -> tuple[int, list[str]]:
        request = SearchRequest(BoundQuery(phrase, ()), "oldest", limit=limit, scores=False)
        page = self._engine.search(request)
        return page.total, [hit.id for hit in page.hits]

    def _candidates(self, runs: Sequence[_Run]) -> list[_Candidate]:
        """Articles that have any of the runs, those with the most first; then the oldest."""
        weights: dict[str, float] = defaultdict(float)
        for forms in dict.fromkeys(run.forms for run in runs):
            for key in self._search(Phrase(TEXT_FIELDS, forms), None)[1]:
                weights[key] += 1
        ranked = sorted(weights.items(), key=lambda item: -item[1])
        return [_Candidate(key, weight) for key, weight in ranked]

    def _nearest(self, units: Sequence[Unit]) -> list[str]:
        """The articles that have most of the rarest words."""
        forms = sorted(
            {form for form, _ in _forms(units)}, key=lambda form: (self._count(form), form)
        )
        words = tuple(term(form) for form in forms[:_RUNS])
        if not words:
            return []
        query = BoundQuery(Or(words), tuple(map(Scored, words)))
        page = self._engine.search(SearchRequest(query, limit=_NEAREST))
        return [hit.id for hit in page.hits]

    # Places

    def _places(
        self, text: str, units: Sequence[Unit], runs: Sequence[_Run], some: Sequence[_Candidate]
    ) -> Iterator[Place]:
        """The passage of each candidate that is most like the quotation."""
        for article in named(self._engine, (each.id for each in some)):
            if place := self._place(text, units, runs, article):
                yield place

    def _place(
        self, text: str, units: Sequence[Unit], runs: Sequence[_Run], article: Article
    ) -> Place | None:
        best: Place | None = None
        for field in _fields(article):
            value = getattr(article, field)
            tokens = tokenize(value)
            for first, last in _windows(tokens, runs, units):
                # Signs beside the first and last word belong to them.
                start = tokens[first - 1].end if first else 0
                end = tokens[last + 1].start if last + 1 < len(tokens) else len(value)
                words = [moved(word, start) for word in words_of(value[start:end])]
                place = self._laid(text, units, article, field, words)
                if place and (best is None or _rank(place) < _rank(best)):
                    best = place
            if best is not None and not best.changes:
                break
        return best

    def _laid(
        self, text: str, units: Sequence[Unit], article: Article, field: str, words: Sequence[Word]
    ) -> Place | None:
        """A quotation laid beside some words of an article; None where they share none."""
        alignment = align(units, words)
        pieces = pieces_of(alignment, text, units, getattr(article, field), words)
        same, other = 0, 0
        for step in alignment.steps:
            length = step.words[1] - step.words[0]
            size = max(step.units[1] - step.units[0], length)
            if step.kind in ("same", "spelling"):
                same += size if length else 0  # a gap may stand for nothing
            elif step.kind in ("replaced", "missing", "added"):
                other += size
        if not same:
            return None
        taken = [step.words for step in alignment.steps if step.words[1] > step.words[0]]
        start, end = words[taken[0][0]].start, words[taken[-1][1] - 1].end
        return Place(
            article=article,
            path=self._path_of(article),
            field=field,
            start=start,
            end=end,
            text=getattr(article, field)[start:end],
            likeness=same / (same + other),
            pieces=pieces,
            flags=flags_of(alignment, units, words, article.language or self._language),
        )


def _whole(candidates: Sequence[_Candidate]) -> float:
    return candidates[0].weight if candidates else 0.0


def _forms(units: Sequence[Unit]) -> list[tuple[str, int]]:
    """The tokens of a quotation, each with its place among them."""
    forms = [form for unit in units if unit.word for form in unit.word.tokens]
    return [(form, at) for at, form in enumerate(forms)]


def _stretches(units: Sequence[Unit]) -> Iterator[list[tuple[str, int]]]:
    """Tokens that stand side by side, whatever is left out or put in elsewhere."""
    stretch: list[tuple[str, int]] = []
    at = 0
    for unit in units:
        word = unit.word
        if word is None or unit.kind == "within" or word.broken:
            yield stretch
            stretch = []
            at += len(word.tokens) if word else 0
            continue
        for form in word.tokens:
            stretch.append((form, at))
            at += 1
    yield stretch


def _fields(article: Article) -> tuple[str, ...]:
    """The fields to look through: a headline made of the first sentence is none of its own."""
    if article.provenance.get("title") == "first-sentence":
        return tuple(name for name in TEXT_FIELDS if name != "title")
    return TEXT_FIELDS


def _windows(
    tokens: Sequence[Token], runs: Sequence[_Run], units: Sequence[Unit]
) -> list[tuple[int, int]]:
    """Where in a text the quotation may lie: the first and last token of each place."""
    length = len(_forms(units))
    elided = sum(ELLIPSIS for unit in units if unit.kind == "ellipsis")
    put_in = sum(BRACKET for unit in units if unit.kind in ("bracket", "gap"))
    slack = _SLACK + length // 8 + elided + put_in
    places: dict[str, list[int]] = defaultdict(list)
    wanted = {run.forms[0] for run in runs}
    for at, token in enumerate(tokens):
        if token.form in wanted:
            places[token.form].append(at)
    votes: dict[int, int] = defaultdict(int)
    for run in runs:
        for at in places[run.forms[0]]:
            if tuple(token.form for token in tokens[at : at + len(run.forms)]) == run.forms:
                votes[at - run.at] += 1
    begins = sorted(votes)
    # Of each place, how many runs of the quotation lie near it in their order.
    ranked = sorted(
        begins, key=lambda at: (-sum(n for b, n in votes.items() if abs(b - at) <= slack), at)
    )
    windows: list[tuple[int, int]] = []
    for begin in ranked:
        first, last = max(0, begin - slack), min(len(tokens) - 1, begin + length + slack)
        if first <= last and not any(f <= begin <= e and f <= first + slack for f, e in windows):
            windows.append((first, last))
        if len(windows) == _WINDOWS:
            break
    return windows


def _rank(place: Place) -> tuple[float, int, int]:
    """The order of places: the fewest changes, then the least that is left out."""
    changed = sum(1 for _ in place.changes)
    return (0.0 if not changed else 2.0 - place.likeness, place.end - place.start, place.start)


def _best(places: Sequence[Place] | Iterator[Place]) -> list[Place]:
    """Of each article one place, the best first, then the earliest."""
    kept: dict[str, Place] = {}
    for place in places:
        known = kept.get(place.article.id)
        if known is None or _rank(place) < _rank(known):
            kept[place.article.id] = place
    return sorted(kept.values(), key=lambda place: (_rank(place)[0], _age(place)))


def _age(place: Place) -> tuple[bool, tuple[date, str], str]:
    published = place.article.published
    return published is None, published.latest if published else (date.max, ""), place.article.id


def _answer(text: str, best: list[Place], *, complete: bool) -> Quotation:
    if not best:
        return Quotation(text, "absent", None, ())
    first = best[0]
    verdict: Verdict = "verbatim" if not first.changes else "altered"
    if verdict == "altered" and first.likeness < ALTERED:
        return Quotation(text, "absent", first, ())
    alike = [place for place in best if _rank(place)[0] == _rank(first)[0]]
    return Quotation(text, verdict, first, tuple(alike), complete)
