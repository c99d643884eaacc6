"""Binding what stands for many forms: wildcards, fuzzy words, regular expressions."""

from __future__ import annotations

from typing import assert_never

from newsidx.query import bind_complaints as complaints
from newsidx.query import bound, nodes
from newsidx.query.characters import core
from newsidx.text.tokens import tokenize

__all__ = ["expansion"]


def expansion(
    query: str, node: nodes.Pattern | nodes.Fuzzy | nodes.Regex, fields: tuple[str, ...]
) -> bound.Expansion:
    """What stands for every form that fits, in some fields.

    Raises:
        QueryError: A wildcard stands in what is several words.
    """
    match node:
        case nodes.Pattern():
            return bound.Wildcard(fields, _folded_pattern(query, node))
        case nodes.Fuzzy():
            return bound.Fuzzy(fields, tokenize(node.text)[0].form, node.edits)
        case nodes.Regex():
            return bound.Regex(fields, node.text)
        case _:
            assert_never(node)


def _folded_pattern(query: str, node: nodes.Pattern) -> str:
    text = node.text[slice(*core(node.text))]
    runs = text.replace("*", "\0").replace("?", "\0").split("\0")
    tokens = [tokenize(run) for run in runs]
    if any(len(found) != 1 for run, found in zip(runs, tokens, strict=True) if run):
        raise complaints.several_words(query, node)
    folded = iter(found[0].form if found else "" for found in tokens)
    stars = iter(character for character in text if character in "*?")
    return next(folded) + "".join(star + next(folded) for star in stars)
