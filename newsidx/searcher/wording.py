"""A bound query in the words of the query language again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import assert_never

from newsidx.query import bound, nodes
from newsidx.query.render import render
from newsidx.schema import TEXT_FIELDS

__all__ = ["fields_of", "kind_of", "listing", "wording"]

_KINDS: dict[type[bound.Bound], str] = {
    bound.All: "everything",
    bound.Term: "word",
    bound.Phrase: "phrase",
    bound.Whole: "value",
    bound.Slop: "slop",
    bound.Wildcard: "wildcard",
    bound.Fuzzy: "fuzzy",
    bound.Regex: "regex",
    bound.Near: "near",
    bound.AtLeast: "atleast",
    bound.Range: "range",
    bound.Has: "has",
    bound.Not: "not",
    bound.And: "all",
    bound.Or: "any",
}

# A query's usual name of a field, where that is not its own.
_NAMES = {"authors": "author", "published": "date", "tags": "tag", "language": "lang"}


def kind_of(node: bound.Bound) -> str:
    """What a node is called in an explanation."""
    return _KINDS[type(node)]


def fields_of(node: bound.Bound) -> tuple[str, ...]:
    """The fields that a leaf looks into."""
    one = getattr(node, "field", None)
    return (one,) if one is not None else tuple(getattr(node, "fields", ()))


def wording(node: bound.Bound) -> str:
    """A bound query as text that means the same: fields resolved, days written out."""
    return render(_typed(node))


def listing(trees: Iterable[bound.Bound], *more: nodes.Node) -> str | None:
    """A query for the articles that several trees and further conditions all match.

    It means the same without any option: stop words are gone from the trees, `--any` and
    `--exact` are in them, and "yesterday" has become a day. None where nothing can match.
    """
    each: list[nodes.Node] = []
    for tree in trees:
        if tree == bound.Or(()):
            return None
        if isinstance(tree, bound.And):
            each += map(_typed, tree.children)
        elif tree != bound.All():
            each.append(_typed(tree))
    each += more
    if not each:
        return "*"
    return render(each[0] if len(each) == 1 else nodes.And(tuple(dict.fromkeys(each))))


def _typed(node: bound.Bound) -> nodes.Node:
    match node:
        case bound.All():
            return nodes.Pattern("*")
        case bound.Term() | bound.Phrase() | bound.Wildcard() | bound.Fuzzy() | bound.Regex():
            return _within(node.fields, _leaf(node))
        case bound.Whole():
            return _within((node.field,), _spelt(node.forms, node.spelling))
        case bound.Slop():
            return _within(node.fields, nodes.Slop(" ".join(node.forms), node.words))
        case bound.Near():
            left, right = _either(node.left), _either(node.right)
            near = nodes.Near(left, right, node.distance, node.ordered)
            return _within(node.fields, near)
        case bound.AtLeast():
            return _within(node.fields, nodes.AtLeast(node.count, _either(node.words)))
        case bound.Range():
            return _range(node)
        case bound.Has():
            return _within((node.field,), nodes.Pattern("*"))
        case bound.Not():
            return nodes.Not(_typed(node.child))
        case bound.And():
            return nodes.And(tuple(map(_typed, node.children)))
        case bound.Or():
            return nodes.Or(tuple(map(_typed, node.children)))
        case _:
            assert_never(node)


def _leaf(node: bound.Leaf) -> nodes.Node:
    """A leaf without its fields."""
    match node:
        case bound.Term():
            return nodes.Word(node.lower)
        case bound.Phrase():
            if node.spelling:
                return _spelt(node.forms, node.spelling)
            return nodes.Phrase(" ".join(node.forms))
        case bound.Wildcard():
            return nodes.Pattern(node.pattern)
        case bound.Fuzzy():
            return nodes.Fuzzy(node.form, node.edits)
        case bound.Regex():
            return nodes.Regex(node.pattern)
        case _:
            assert_never(node)


def _spelt(forms: tuple[str, ...], spelling: tuple[str, ...]) -> nodes.Node:
    return nodes.Exact(" ".join(spelling or forms), bool(spelling))


def _either(leaves: tuple[bound.Leaf, ...]) -> nodes.Node:
    each = tuple(map(_leaf, leaves))
    return each[0] if len(each) == 1 else nodes.Or(each)


def _within(fields: tuple[str, ...], node: nodes.Node) -> nodes.Node:
    if fields == TEXT_FIELDS:
        return node
    each = tuple(nodes.InField(_NAMES.get(name, name), node) for name in fields)
    return each[0] if len(each) == 1 else nodes.Or(each)


def _range(node: bound.Range) -> nodes.Node:
    def end(value: int | None) -> str | None:
        if value is None or node.field != "published":
            return None if value is None else str(value)
        return date.fromordinal(value).isoformat() if 1 <= value <= _LAST_DAY else None

    low, high = end(node.low), end(node.high)
    if low == high and low is not None:
        return _within((node.field,), nodes.Word(low))
    return _within((node.field,), nodes.Range(low, high))


_LAST_DAY = date.max.toordinal()
