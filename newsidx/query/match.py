"""Does this article match, and where: the definition that every engine is held to.

`match` is the oracle of the tests, the whole of the memory engine's search, and what
finds the highlights of a result whichever engine found it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import assert_never

from newsidx.analysis import ArticleView
from newsidx.query import bound
from newsidx.query.patterns import compile_wildcard
from newsidx.query.ranking import LENGTH_PADDING, bm25, idf
from newsidx.results import Span
from newsidx.schema import FIELDS, TEXT_FIELDS
from newsidx.text.stems import stem
from newsidx.text.tokens import Token

__all__ = ["frequency", "match", "score"]

_WEIGHTS = {field.name: field.weight for field in FIELDS}


def match(node: bound.Bound, view: ArticleView) -> list[Span] | None:
    """The spans by which an article matches, or None where it does not.

    An article can match without a span (by its date, say): then the list is empty.
    """
    match node:
        case bound.All():
            return []
        case bound.Term() | bound.Phrase() | bound.Wildcard():
            spans = [span for name in node.fields for span in _leaf_spans(node, name, view)]
            return spans or None
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


def _leaf_spans(
    node: bound.Term | bound.Phrase | bound.Wildcard, name: str, view: ArticleView
) -> Iterator[Span]:
    if isinstance(node, bound.Phrase):
        yield from _phrase_spans(node.forms, name, view)
        return
    for number, token in _tokens_of(node, name, view):
        yield Span(name, token.start, token.end, number)


def _tokens_of(
    node: bound.Term | bound.Wildcard, name: str, view: ArticleView
) -> Iterator[tuple[int, Token]]:
    """The tokens of a field that a one-word leaf matches, with the number of their value."""
    if isinstance(node, bound.Term):
        wanted = stem(node.lower, view.stemmer)
        tokens = (token for value in view.values(name) for token in value)
        for token, stems in zip(tokens, view.stems(name), strict=True):
            if wanted in stems:
                yield 0, token
        return
    fits: Callable[[str], object] = compile_wildcard(node.pattern).fullmatch
    for number, value in enumerate(view.values(name)):
        for token in value:
            if fits(token.form):
                yield number, token


def _phrase_spans(forms: tuple[str, ...], name: str, view: ArticleView) -> Iterator[Span]:
    first, size = forms[0], len(forms)
    for number, tokens in enumerate(view.values(name)):
        for at, token in enumerate(tokens):
            if token.form != first or at + size > len(tokens):
                continue
            if all(tokens[at + step].form == forms[step] for step in range(1, size)):
                yield Span(name, token.start, tokens[at + size - 1].end, number)


def frequency(word: bound.Term | bound.Wildcard, view: ArticleView) -> int:
    """How often a scoring word occurs, each field's tokens counted by its weight."""
    return sum(
        _WEIGHTS[name] * sum(1 for _ in _tokens_of(word, name, view)) for name in TEXT_FIELDS
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
