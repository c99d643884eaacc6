"""Which words of a query its score is the sum over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from newsidx.query import bound, nodes
from newsidx.query.bind_patterns import expansion
from newsidx.schema import TEXT_FIELDS, Kind, field_named
from newsidx.text.tokens import tokenize

__all__ = ["scored_words"]


def scored_words(node: nodes.Node, query: str, boost: float = 1.0) -> Iterator[bound.Scored]:
    """The words that rank: positive, and in a text field or in none.

    Each counts by its stem, also within a phrase, after `=` and with `--exact`: the
    ranking field of an engine holds stems. What stands for many forms counts as one
    word of them all.

    Args:
        query: The query's text, for error messages.
    """
    match node:
        case nodes.Word() | nodes.Phrase() | nodes.Slop() | nodes.Exact():
            for token in tokenize(node.text):
                yield bound.Scored(bound.Term(TEXT_FIELDS, token.lower, token.form), boost)
        case nodes.Pattern() | nodes.Fuzzy() | nodes.Regex():
            if not isinstance(node, nodes.Pattern) or node.text.strip("*"):
                yield bound.Scored(expansion(query, node, TEXT_FIELDS), boost)
        case nodes.Boost():
            yield from scored_words(node.child, query, boost * node.factor)
        case nodes.InField():
            field = field_named(node.name)
            if field is not None and field.kind is Kind.TEXT:
                yield from scored_words(node.child, query, boost)
        case nodes.AtLeast():
            yield from scored_words(node.child, query, boost)
        case nodes.Near():
            yield from scored_words(node.left, query, boost)
            yield from scored_words(node.right, query, boost)
        case nodes.Loose() | nodes.And() | nodes.Or():
            for child in node.children:
                yield from scored_words(child, query, boost)
        case nodes.Not() | nodes.Range() | nodes.Compare():
            return
        case _:
            assert_never(node)
