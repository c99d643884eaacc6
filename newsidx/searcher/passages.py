"""Where the text of an article matches a query, one place for each match.

`query.match` marks every word that takes part. Here a phrase with others between, and
words near each other, are one place from the first word to the last, and so are words of
a query that stand side by side. Only the text counts, headline and body: an article that
matches by its author or date has no place by that.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from newsidx.analysis import ArticleView
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.fetching import named
from newsidx.query import bound
from newsidx.query.match import match
from newsidx.query.occurrences import occurrences
from newsidx.query.proximity import Run, in_order
from newsidx.schema import TEXT_FIELDS

__all__ = ["Passage", "Reading", "passages", "read"]


class Passage(NamedTuple):
    """A place in a text field: its first and last token, by their positions from 0."""

    field: str
    first: int
    last: int


class Reading(NamedTuple):
    """An article that matches, and where.

    Attributes:
        matched: The single words of the passages that the query asks for.
        fields: What its text is: the headline and the body, or the body alone where the
            headline was made of its first sentence.
    """

    view: ArticleView
    passages: list[Passage]
    matched: frozenset[tuple[str, int]]
    fields: tuple[str, ...]


class _Found(NamedTuple):
    """A passage and the parts of the query, by number, that it fits."""

    passage: Passage
    parts: frozenset[int]


def read(
    engine: Engine, query: bound.BoundQuery, tree: bound.Bound, sort: str, language: str
) -> tuple[int, Iterator[Reading]]:
    """The number of articles that match, and each of them with its places as it is taken.

    Args:
        query: What to search, with filters.
        tree: The part of it that places are sought for.
        sort: One of `engines.base.SORTS`.
        language: The index's language.
    """
    page = engine.search(SearchRequest(query, sort, limit=None, scores=False))
    articles = named(engine, [hit.id for hit in page.hits])
    return page.total, (passages(tree, ArticleView(each, language)) for each in articles)


def passages(tree: bound.Bound, view: ArticleView) -> Reading:
    """Where an article that matches does so, the headline first, in the order of the text."""
    parts: list[list[Passage]] = []
    matched: set[tuple[str, int]] = set()
    _gather(tree, view, parts, matched, known=True)
    found = [
        _Found(passage, frozenset((number,)))
        for number, places in enumerate(parts)
        for passage in places
    ]
    found.sort(key=lambda each: (TEXT_FIELDS.index(each.passage.field), each.passage[1:]))
    merged = [each.passage for each in _merged(found, view)]
    fields = TEXT_FIELDS
    if view.article.provenance.get("title") == "first-sentence":
        in_body = [each for each in merged if each.field != "title"]
        if in_body or not merged:  # what stands in both is one place
            merged, fields = in_body, tuple(name for name in TEXT_FIELDS if name != "title")
    return Reading(view, merged, frozenset(matched), fields)


def _gather(
    node: bound.Bound,
    view: ArticleView,
    parts: list[list[Passage]],
    matched: set[tuple[str, int]],
    *,
    known: bool,
) -> None:
    """Add the places of each part of a query, as far as `match` would mark it.

    Args:
        known: Whether the article is known to match this part.
    """
    if isinstance(node, bound.Or) or (
        isinstance(node, bound.And) and (known or match(node, view) is not None)
    ):
        for child in node.children:
            _gather(child, view, parts, matched, known=isinstance(node, bound.And))
        return
    if isinstance(node, bound.And) or not (spans := match(node, view)):
        return
    words = [
        _passage(span.field, span.start, span.end, view)
        for span in spans
        if span.field in TEXT_FIELDS
    ]
    matched.update((word.field, at) for word in words for at in range(word.first, word.last + 1))
    joined = isinstance(node, bound.Slop | bound.Near)
    parts.append(_joined(node, view) if joined else words)  # type: ignore[arg-type]


def _passage(field: str, start: int, end: int, view: ArticleView) -> Passage:
    """The tokens of a span."""
    tokens = view.values(field)[0]
    first = bisect_left(tokens, start, key=lambda token: token.start)
    behind = bisect_left(tokens, end, lo=first, key=lambda token: token.start)
    return Passage(field, first, max(first, behind - 1))


def _joined(node: bound.Slop | bound.Near, view: ArticleView) -> list[Passage]:
    """The matches of words near each other, each as one; none shares a word with another."""
    found = []
    for name in node.fields:
        for number in range(len(view.values(name))):
            field, _ = view.part(name, number)
            if field in TEXT_FIELDS:
                runs = _slop_runs if isinstance(node, bound.Slop) else _near_runs
                found += [
                    Passage(field, *run)
                    for run in _shortest(runs(node, name, number, view))  # type: ignore[arg-type]
                ]
    return found


def _slop_runs(node: bound.Slop, name: str, number: int, view: ArticleView) -> list[Run]:
    tokens = view.values(name)[number]
    places = [[at for at, token in enumerate(tokens) if token.form == form] for form in node.forms]
    return [(chain[0], chain[-1]) for chain in in_order(places, node.words)]


def _near_runs(node: bound.Near, name: str, number: int, view: ArticleView) -> list[Run]:
    sides: list[list[Run]] = [
        sorted(
            (found.first, found.last)
            for leaf in side
            for found in occurrences(leaf, name, view)
            if found.value == number
        )
        for side in (node.left, node.right)
    ]
    left, right = sides
    runs = list(_followed(left, right, node.distance))
    return runs if node.ordered else [*runs, *_followed(right, left, node.distance)]


def _followed(runs: list[Run], others: list[Run], distance: int) -> Iterator[Run]:
    """From each run to the next of the others behind it, where that is near."""
    for start, end in runs:
        at = bisect_left(others, (end + 1, 0))
        if at < len(others) and others[at][0] <= end + distance:
            yield start, others[at][1]


def _shortest(runs: list[Run]) -> list[Run]:
    """Of runs that share a token, the shortest."""
    taken: list[Run] = []
    used: set[int] = set()
    for start, end in sorted(set(runs), key=lambda run: (run[1] - run[0], run)):
        inside = range(start, end + 1)
        if used.isdisjoint(inside):
            used.update(inside)
            taken.append((start, end))
    return sorted(taken)


def _merged(found: Iterable[_Found], view: ArticleView) -> list[_Found]:
    """Passages that overlap as one, and those of different parts that stand side by side."""
    merged: list[_Found] = []
    for each in found:
        last = merged[-1] if merged else None
        if last is not None and _belongs(last, each, view):
            (field, first, end), parts = last
            joined = Passage(field, first, max(end, each.passage.last))
            merged[-1] = _Found(joined, parts | each.parts)
        else:
            merged.append(each)
    return merged


def _belongs(last: _Found, each: _Found, view: ArticleView) -> bool:
    (field, _, end), (name, first, _) = last.passage, each.passage
    if field != name or first > end + 1:
        return False
    if first <= end:
        return True
    tokens, text = view.values(field)[0], view.text(field, 0)
    between = text[tokens[end].end : tokens[first].start]
    return last.parts.isdisjoint(each.parts) and not between.strip()
