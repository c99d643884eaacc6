"""Where words, phrases and patterns occur in an article, token by token."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from newsidx.analysis import ArticleView
from newsidx.query import bound
from newsidx.query.patterns import fitting
from newsidx.query.proximity import in_order, near
from newsidx.text.stems import stem
from newsidx.text.tokens import Token, spelt

__all__ = ["Occurrence", "near_each_other", "occurrences", "sloppy", "whole_values"]


class Occurrence(NamedTuple):
    """A run of tokens of one value of a field: first and last, by their positions in it."""

    value: int
    first: int
    last: int


def occurrences(leaf: bound.Leaf, name: str, view: ArticleView) -> Iterator[Occurrence]:
    """Where a leaf occurs in one field, in order; its own fields play no part."""
    match leaf:
        case bound.Term():
            yield from _stems(leaf, name, view)
        case bound.Phrase():
            yield from _phrases(leaf, name, view)
        case bound.Wildcard() | bound.Fuzzy() | bound.Regex():
            fits = fitting(leaf)
            for number, tokens in enumerate(view.values(name)):
                for at, token in enumerate(tokens):
                    if fits(token.form):
                        yield Occurrence(number, at, at)
        case _:
            assert_never(leaf)


def _stems(leaf: bound.Term, name: str, view: ArticleView) -> Iterator[Occurrence]:
    wanted = stem(leaf.lower, view.stemmer)
    stems = iter(view.stems(name))
    for number, tokens in enumerate(view.values(name)):
        for at in range(len(tokens)):
            if wanted in next(stems):
                yield Occurrence(number, at, at)


def _phrases(leaf: bound.Phrase, name: str, view: ArticleView) -> Iterator[Occurrence]:
    first, size = leaf.forms[0], len(leaf.forms)
    for number, tokens in enumerate(view.values(name)):
        for at, token in enumerate(tokens):
            if token.form != first or at + size > len(tokens):
                continue
            found = tokens[at : at + size]
            if _has_forms(found, leaf.forms) and _is_spelt(
                found, leaf.spelling, name, number, view
            ):
                yield Occurrence(number, at, at + size - 1)


def _has_forms(tokens: list[Token], forms: tuple[str, ...]) -> bool:
    return len(tokens) == len(forms) and all(
        token.form == form for token, form in zip(tokens, forms, strict=True)
    )


def _is_spelt(
    tokens: list[Token], spelling: tuple[str, ...], name: str, number: int, view: ArticleView
) -> bool:
    """Whether tokens of a value stand in its text in a spelling; without one they do."""
    if not spelling:
        return True
    text = view.text(name, number)
    return all(
        spelt(text[token.start : token.end]) == wanted
        for token, wanted in zip(tokens, spelling, strict=True)
    )


def whole_values(node: bound.Whole, view: ArticleView) -> Iterator[Occurrence]:
    """The values of a keyword field that are just these forms."""
    for number, tokens in enumerate(view.values(node.field)):
        if _has_forms(tokens, node.forms) and _is_spelt(
            tokens, node.spelling, node.field, number, view
        ):
            yield Occurrence(number, 0, len(tokens) - 1)


def sloppy(node: bound.Slop, name: str, view: ArticleView) -> Iterator[Occurrence]:
    """Each of the words in a field that stand in order with few others between."""
    for number, tokens in enumerate(view.values(name)):
        places = [
            [at for at, token in enumerate(tokens) if token.form == form] for form in node.forms
        ]
        chains = in_order(places, node.words)
        for at in sorted({at for chain in chains for at in chain}):
            yield Occurrence(number, at, at)


def near_each_other(node: bound.Near, name: str, view: ArticleView) -> Iterator[Occurrence]:
    """The occurrences in a field of either side that have one of the other near them."""
    sides = [
        sorted({found for leaf in side for found in occurrences(leaf, name, view)})
        for side in (node.left, node.right)
    ]
    for number in range(len(view.values(name))):
        left, right = ([found[1:] for found in side if found.value == number] for side in sides)
        for found in near(left, right, node.distance, ordered=node.ordered):
            yield from (Occurrence(number, *run) for run in found)
