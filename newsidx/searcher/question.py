"""A question as it was put, and what was understood of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.engines.base import SORTS
from newsidx.errors import UsageError
from newsidx.query import nodes
from newsidx.query.bind import bind
from newsidx.query.bound import And, Bound, BoundQuery
from newsidx.query.parser import mixed_reading, parse, parse_literal
from newsidx.query.render import render
from newsidx.results import QueryInfo
from newsidx.searcher.filters import Filters, bound_filter, filter_nodes, filters_of

__all__ = ["Ask", "Understood", "bound_question", "notes", "question_of", "understand"]


class Ask(Struct, frozen=True):
    """A question as the user put it.

    Attributes:
        literal: Take the text as loose words, whatever it holds (`-F`).
        any_word: Loose words are alternatives (`--any`).
        exact: No stemming (`--exact`).
        limit: Hits at most; None is all.
        snippets: Windows of text for each hit.
        marks: Whether hits say where they matched. To find that out takes longest where
            all matches are listed.
        scores: Whether hits need their score also where they are sorted by something else.
        filters: What must hold besides; no score depends on it.
        expand: Whether to add words of the best articles (`--expand`).
        explain: Whether the query and each score are to be taken apart (`--explain`).
        suggest: Whether to look for corrections where nothing is found.
        breakdowns: Whether to count the matches by their most telling fields.
        searched: Whether to say also where something is found what was searched.
        collapse: Whether near-copies are one result (`--collapse story`).
    """

    text: str
    literal: bool = False
    any_word: bool = False
    exact: bool = False
    sort: str = "relevance"
    limit: int | None = 10
    offset: int = 0
    snippets: int = 1
    marks: bool = True
    scores: bool = True
    filters: Filters = field(default=Filters())
    expand: bool = False
    explain: bool = False
    suggest: bool = True
    breakdowns: bool = False
    searched: bool = False
    collapse: bool = False


class Understood(Struct, frozen=True):
    """A question that makes sense.

    Attributes:
        node: The query as parsed.
        filter_nodes: The filters, as nodes of the query language.
        query: The query ready to run, filters included.
        tree: The same without them.
        filters: Each of them by itself.
    """

    node: nodes.Node
    filter_nodes: tuple[nodes.Node, ...]
    query: BoundQuery
    tree: Bound
    filters: tuple[Bound, ...]
    info: QueryInfo


def question_of(
    query: str | Ask,
    *,
    any: bool = False,  # noqa: A002 - the name of the flag
    exact: bool = False,
    literal: bool = False,
    **filters: Any,
) -> Ask:
    """A question from what a caller of the Python API has, or one that is put already.

    Args:
        query: In the query language.
        filters: As for `filters_of`.
    """
    if isinstance(query, Ask):
        return query
    return Ask(query, literal, any, exact, filters=filters_of(**filters))


def understand(question: Ask, language: str, today: date) -> Understood:
    """Parse and bind a question.

    Args:
        language: The index's language.
        today: What `yesterday` counts from.

    Raises:
        QueryError: The query can't be understood.
        UsageError: The sort, limit, offset or a filter makes no sense.
    """
    if question.sort not in SORTS:
        choices = "Sorts: " + ", ".join(SORTS) + "."
        raise UsageError(f"Results can't be sorted by {question.sort!r}.", choices)
    if question.offset < 0 or (question.limit is not None and question.limit < 0):
        raise UsageError("A limit or offset can't be negative.", "--limit 0 shows everything.")
    text = question.text
    node = parse_literal(text) if question.literal else parse(text)
    filters = filter_nodes(question.filters, today)
    return bound_question(question, node, filters, text, language, today)


def bound_question(
    question: Ask,
    node: nodes.Node,
    filters: tuple[nodes.Node, ...],
    text: str,
    language: str,
    today: date,
) -> Understood:
    """A parsed query and its filters, ready to run.

    Args:
        text: What the query was parsed from.

    Raises:
        QueryError: The query can't be bound.
        UsageError: A filter can't.
    """
    bound = bind(
        node,
        text,
        language=language,
        today=today,
        any_word=question.any_word,
        exact=question.exact,
        literal=question.literal,
    )
    sieves = [bound_filter(each, language, today) for each in filters]
    trees = tuple(sieve.tree for sieve in sieves)
    info = QueryInfo(
        text=text,
        understood=render(node),
        sort=question.sort,
        any=question.any_word,
        exact=question.exact,
        dropped=bound.dropped,
        ignored=bound.ignored,
        starred=(*bound.starred, *(text for sieve in sieves for text in sieve.starred)),
        reading=None if question.literal else mixed_reading(node),
        filters=tuple(map(render, filters)),
    )
    whole = replace(bound, tree=And((bound.tree, *trees))) if trees else bound
    return Understood(node, filters, whole, bound.tree, trees, info)


def notes(info: QueryInfo) -> tuple[str, ...]:
    """What a reader should know of how a query was understood, in sentences."""
    said = []
    if not info.understood:
        said.append("There is nothing in this query to look for.")
    if info.dropped:
        words = ", ".join(info.dropped)
        said.append(f"Left out as too common: {words}. Put them in quotes to look for them.")
    if info.ignored:
        said.append(f"Ignored, for want of a letter or digit: {' '.join(info.ignored)}")
    said += [
        f"A * or ? in quotes is punctuation, not a wildcard: {phrase}" for phrase in info.starred
    ]
    if info.reading:
        said.append(f"Read as: {info.reading}")
    if info.expanded:
        words = " ".join(f"{form}^{weight:.2g}" for form, weight in info.expanded)
        said.append(f"Added by --expand: {words}")
    return tuple(said)
