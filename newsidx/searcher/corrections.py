"""What was perhaps meant by a query that finds nothing.

A word that no article has is replaced by the forms of the index's own lexicon that are
nearest to it; what is proposed is a whole query, and it is run before it is proposed.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from newsidx.engines.base import Engine
from newsidx.errors import NewsidxError
from newsidx.query import bound, nodes
from newsidx.query.render import render
from newsidx.results import Correction
from newsidx.schema import TEXT_FIELDS, Field, Kind, field_named
from newsidx.searcher.explain import articles_of
from newsidx.searcher.question import Ask, Understood, bound_question
from newsidx.searcher.spelling import COMMONER, near_forms
from newsidx.text.stems import stem
from newsidx.text.tokens import tokenize

__all__ = ["PROPOSED", "corrections"]

PROPOSED = 3
"""Queries proposed at most."""

# Words of one query that are counted, and the rarest of them that corrections are sought
# for: so the time is bounded, however long the query is.
_COUNTED = 50
_CORRECTED = 4

Words = nodes.Word | nodes.Phrase | nodes.Slop | nodes.Exact


class _Slip(Struct, frozen=True):
    """A word that may be wrong: which leaf it stands in, where, and what to put instead."""

    leaf: Words
    start: int
    end: int
    instead: tuple[str, ...]


def corrections(
    engine: Engine, question: Ask, understood: Understood, language: str, today: date
) -> tuple[Correction, ...]:
    """The likeliest queries like this one that find something, those that find most first.

    Args:
        language: The index's language.
        today: What `yesterday` counts from.
    """
    roots = (understood.node, *understood.filter_nodes)
    words = [pair for root in roots for pair in _words(root, None)]
    unmet, rare = _slips(engine, words, language)
    # Filters are given as quoted text, which is no reason to take the quotes away.
    typed = [leaf for leaf, _ in _words(understood.node, None)]
    tried = itertools.chain(
        _replacements(unmet),
        _replacements([*unmet, *rare]) if rare else (),
        ({id(leaf): _unquoted(leaf)} for leaf in typed if not unmet),
    )
    found: dict[tuple[str, ...], Correction] = {}
    for new in tried:
        node, *filters = (_with(root, new) for root in roots)
        texts = tuple(map(render, (node, *filters)))
        if texts in found or texts == tuple(map(render, roots)):
            continue
        try:
            corrected = bound_question(question, node, tuple(filters), texts[0], language, today)
        except NewsidxError:  # a corrected word may be one that the grammar reads otherwise
            continue
        if articles := articles_of(engine, corrected.query.tree):
            query = _plain(node) if question.literal else texts[0]
            found[texts] = Correction(query, texts[1:], articles)
        if len(found) == PROPOSED:
            break
    return tuple(sorted(found.values(), key=lambda each: -each.articles))


def _plain(node: nodes.Node) -> str:
    """The words of a literal query as they can be given to `-F` again."""
    return " ".join(leaf.text for leaf, _ in _words(node, None))


def _words(node: nodes.Node, scope: Field | None) -> Iterator[tuple[Words, Field | None]]:
    """The words and phrases that a query asks for, with their field; not those it excludes."""
    if isinstance(node, nodes.Not):
        return
    if isinstance(node, Words):
        if scope is None or (scope.name != "id" and scope.kind not in (Kind.DATE, Kind.NUMBER)):
            yield node, scope
        return
    if isinstance(node, nodes.InField):
        scope = field_named(node.name)
    for child in _children(node):
        yield from _words(child, scope)


def _children(node: nodes.Node) -> Iterator[nodes.Node]:
    """The nodes inside one, whatever its fields are called."""
    for name in node.__struct_fields__:
        value = getattr(node, name)
        each = value if isinstance(value, tuple) else (value,)
        yield from (child for child in each if isinstance(child, nodes.Node))


def _with(node: nodes.Node, new: dict[int, nodes.Node]) -> nodes.Node:
    """A tree with some of its nodes, named by their identity, replaced by others."""
    if id(node) in new:
        return new[id(node)]
    changes: dict[str, Any] = {}
    for name in node.__struct_fields__:
        value = getattr(node, name)
        if isinstance(value, nodes.Node):
            changes[name] = _with(value, new)
        elif isinstance(value, tuple) and any(isinstance(child, nodes.Node) for child in value):
            changes[name] = tuple(_with(child, new) for child in value)
    return replace(node, **changes) if changes else node


# Wrong words


def _slips(
    engine: Engine, words: list[tuple[Words, Field | None]], language: str
) -> tuple[list[_Slip], list[_Slip]]:
    """The words that no article has, and those that are suspiciously rare."""
    counted = []
    each = ((leaf, scope, token) for leaf, scope in words for token in tokenize(leaf.text))
    for leaf, scope, token in itertools.islice(each, _COUNTED):
        fields = TEXT_FIELDS if scope is None else (scope.name,)
        articles = articles_of(engine, bound.Phrase(fields, (token.form,)))
        counted.append((articles, leaf, fields, token))
    counted.sort(key=lambda row: row[0])
    unmet: list[_Slip] = []
    rare: list[_Slip] = []
    for articles, leaf, fields, token in counted[:_CORRECTED]:
        near = near_forms(engine, fields, token.form, 2 * PROPOSED)
        if articles:  # others may have made the same slip
            near = [pair for pair in near if pair[1] >= COMMONER * articles]
        # One of each stem: obama and obamas find the same.
        instead = {stem(form, language): form for form, _ in reversed(near)}
        forms = [form for form, _ in near if form in instead.values()][:PROPOSED]
        if forms:
            slip = _Slip(leaf, token.start, token.end, tuple(forms))
            (rare if articles else unmet).append(slip)
    return unmet, rare


def _replacements(slips: list[_Slip]) -> Iterator[dict[int, nodes.Node]]:
    """Leaves to put instead: the best of each slip first, then the next best of each."""
    if not slips:
        return
    yield _corrected(slips, [slip.instead[0] for slip in slips])
    for turn in range(1, PROPOSED):
        for at, slip in enumerate(slips):
            if turn < len(slip.instead):
                chosen = [other.instead[0] for other in slips]
                chosen[at] = slip.instead[turn]
                yield _corrected(slips, chosen)


def _corrected(slips: list[_Slip], chosen: list[str]) -> dict[int, nodes.Node]:
    found: dict[int, nodes.Node] = {}
    # From the end of each leaf on, so that places before stay where they are.
    pairs = sorted(zip(slips, chosen, strict=True), key=lambda pair: -pair[0].start)
    for slip, form in pairs:
        leaf = found.get(id(slip.leaf), slip.leaf)
        assert isinstance(leaf, Words)
        text = leaf.text[: slip.start] + form + leaf.text[slip.end :]
        found[id(slip.leaf)] = replace(leaf, text=text)
    return found


def _unquoted(leaf: Words) -> nodes.Node:
    """A phrase as loose words: they may all be there, and not side by side."""
    tokens = tokenize(leaf.text)
    if not isinstance(leaf, nodes.Phrase | nodes.Slop) or len(tokens) < 2:
        return leaf
    return nodes.Loose(tuple(nodes.Word(leaf.text[token.start : token.end]) for token in tokens))
