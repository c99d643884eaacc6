"""Does this article match, and where: the definition that every engine is held to.

`match` is the oracle of the tests, the whole of the memory engine's search, and what
finds the highlights of a result whichever engine found it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import assert_never

from newsidx.analysis import ArticleView
from newsidx.query import bound
from newsidx.query.occurrences import (
    Occurrence,
    near_each_other,
    occurrences,
    sloppy,
    whole_values,
)
from newsidx.query.ranking import LENGTH_PADDING, bm25, idf
from newsidx.results import Span
from newsidx.schema import FIELDS, TEXT_FIELDS

__all__ = ["frequency", "match", "score"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}

_Positional = bound.Leaf | bound.Slop | bound.Near


def match(node: bound.Bound, view: ArticleView) -> list[Span] | None:
    """The spans by which an article matches, or None where it does not.

    An article can match without a span (by its date, say): then the list is empty.
    """
    match node:
        case bound.All():
            return []
        case bound.Term() | bound.Phrase() | bound.Wildcard() | bound.Fuzzy() | bound.Regex():
            return _in_fields(node, view) or None
        case bound.Slop() | bound.Near():
            return _in_fields(node, view) or None
        case bound.Whole():
            return list(_spans(whole_values(node, view), node.field, view)) or None
        case bound.AtLeast():
            return _at_least(node, view)
        case bound.Range():
            return [] if _in_range(node, view) else None
        case bound.Has():
            return [] if view.article.values(node.field) else None
        case bound.Not():
            return [] if match(node.child, view) is None else None
        case bound.And():
            every = [match(child, view) for child in node.children]
            if any(spans is None for spans in every):
                return None
            return [span for spans in every for span in spans or ()]
        case bound.Or():
            some = [match(child, view) for child in node.children]
            if all(spans is None for spans in some):
                return None
            return [span for spans in some for span in spans or ()]
        case _:
            assert_never(node)


def _in_range(node: bound.Range, view: ArticleView) -> bool:
    if node.field == "published":
        published = view.article.published
        if published is None:
            return False
        first, last = published.first.toordinal(), published.last.toordinal()
    else:
        first = last = getattr(view.article, node.field)
    above = node.low is None or first >= node.low
    return above and (node.high is None or last <= node.high)


def _spans(found: Iterable[Occurrence], name: str, view: ArticleView) -> Iterator[Span]:
    """Occurrences as places in the text of the article's own fields."""
    for number, first, last in found:
        tokens = view.values(name)[number]
        field, value = view.part(name, number)
        yield Span(field, tokens[first].start, tokens[last].end, value)


def _in_fields(node: _Positional, view: ArticleView) -> list[Span]:
    return [
        span for name in node.fields for span in _spans(_occurrences(node, name, view), name, view)
    ]


def _occurrences(node: _Positional, name: str, view: ArticleView) -> Iterator[Occurrence]:
    match node:
        case bound.Slop():
            return sloppy(node, name, view)
        case bound.Near():
            return near_each_other(node, name, view)
        case _:
            return occurrences(node, name, view)


def _at_least(node: bound.AtLeast, view: ArticleView) -> list[Span] | None:
    found = {
        name: sorted({each for leaf in node.words for each in occurrences(leaf, name, view)})
        for name in node.fields
    }
    begun = {(name, number, first) for name, runs in found.items() for number, first, _ in runs}
    if len(begun) < node.count:
        return None
    return [span for name, runs in found.items() for span in _spans(runs, name, view)]


def frequency(word: bound.Term | bound.Expansion, view: ArticleView) -> int:
    """How often a scoring word occurs, each field's tokens counted by its weight."""
    return sum(
        _WEIGHTS[name] * sum(1 for _ in occurrences(word, name, view)) for name in TEXT_FIELDS
    )


def score(
    query: bound.BoundQuery,
    views: list[ArticleView],
    round_length: Callable[[int], float] = float,
) -> list[float]:
    """The BM25F score of each of a whole archive's articles, matching or not.

    Args:
        views: All articles of the archive; statistics are taken over them.
        round_length: How an engine rounds a padded length when it stores it.
    """
    padded = [view.ranking_length() + LENGTH_PADDING for view in views]
    average = sum(padded) / len(padded) if padded else 1.0
    scores = [0.0] * len(views)
    for scored in query.scored:
        counts = [frequency(scored.word, view) for view in views]
        weight = scored.boost * idf(len(views), sum(1 for count in counts if count))
        for at, count in enumerate(counts):
            if count:
                scores[at] += weight * bm25(count, round_length(padded[at]), average)
    return scores
