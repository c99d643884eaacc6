"""How many of a query's articles have each value of a field, and how many there are at all."""

from __future__ import annotations

from newsidx.engines.base import Engine
from newsidx.errors import UsageError
from newsidx.query import nodes
from newsidx.query.bound import All, And, Bound, BoundQuery, Whole
from newsidx.results.counts import FacetCount, FacetCounts
from newsidx.schema import FIELDS, Field, Kind, field_named
from newsidx.searcher.question import Understood
from newsidx.searcher.wording import listing
from newsidx.text.folding import fold
from newsidx.text.tokens import forms

__all__ = ["facet_field", "facets", "joined", "value_node", "whole_value"]


def facet_field(name: str) -> Field:
    """The field that articles can be counted by, by any of its names.

    Raises:
        UsageError: There is none, or it is not one that articles are counted by.
    """
    counted = [each for each in FIELDS if each.facet and each.kind is not Kind.DATE]
    found = field_named(name)
    if found in counted:
        return found
    if found is not None and found.kind is Kind.DATE:
        raise UsageError(
            "Dates are counted by newsidx timeline.", "Write: newsidx timeline QUERY --by month"
        )
    known = ", ".join(each.name for each in counted)
    problem = "Articles can't be counted by" if found else "There is no field"
    raise UsageError(f"{problem} {name!r}.", f"Fields: {known}.")


def joined(*trees: Bound) -> Bound:
    """What all of some trees match."""
    flat: list[Bound] = []
    for tree in trees:
        flat += tree.children if isinstance(tree, And) else [tree]
    kept = [tree for tree in flat if tree != All()]
    if len(kept) > 1:
        return And(tuple(kept))
    return kept[0] if kept else All()


def facets(
    engine: Engine, understood: Understood, field: Field, limit: int | None = None
) -> FacetCounts:
    """Count the values of a field over all matches of a query.

    Args:
        limit: Values at most; None is all.
    """
    within = joined(*understood.filters)
    tree = joined(understood.tree, within)
    found = engine.facets(BoundQuery(tree, ()), field.name)
    every = found if tree == within else engine.facets(BoundQuery(within, ()), field.name)
    bases = {_key(value): count for value, count in every.values}
    values = []
    for value, count in found.values[:limit]:
        base, node = bases[_key(value)], value_node(field, value)
        query = listing([tree], node) if node is not None else None
        values.append(FacetCount(value, count, count / found.total, base, count / base, query))
    none = listing([tree], _without(field))
    return FacetCounts(
        field=field.name,
        total=found.total,
        missing=found.missing,
        missing_query=none,
        distinct=len(found.values),
        base=every.total,
        values=tuple(values),
    )


def whole_value(field: Field, value: str) -> Bound | None:
    """What matches the articles with a value, however it is written; None where nothing can."""
    words = tuple(forms(value))
    return Whole(field.name, words) if words else None


def value_node(field: Field, value: str) -> nodes.Node | None:
    """The same as it is typed: `source:="Harbor Courier"`."""
    return nodes.InField(_usual(field), nodes.Exact(value)) if forms(value) else None


def _without(field: Field) -> nodes.Node:
    return nodes.Not(nodes.InField(_usual(field), nodes.Pattern("*")))


def _usual(field: Field) -> str:
    """What people call a field: `author`, `tag`, `lang`."""
    return field.aliases[0] if field.name in ("authors", "tags", "language") else field.name


def _key(value: str) -> str:
    """What values have in common that are counted as one, as engines do."""
    return " ".join(forms(value)) or fold(value)
