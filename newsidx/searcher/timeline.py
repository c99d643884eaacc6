"""How a query's articles lie in time: counts by bucket, and what they are a part of.

A **series** is a query, or a query with one value of a field. Its **base** is what it is
measured against: the articles that the filters let through, those of the same value, or
those of a query of their own. Only articles of the base are counted, so that none of its
shares is more than 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from newsidx.engines.base import Engine, Timeline
from newsidx.errors import UsageError
from newsidx.query import nodes
from newsidx.query.bound import All, And, Bound, BoundQuery, Or, Range
from newsidx.results.counts import Bucket, KeptSources, Series, Timelines
from newsidx.schema import Field, field_named
from newsidx.searcher.buckets import (
    COUNTED_BY,
    SIZES,
    bucket_of,
    buckets_between,
    ends_of,
    node_for,
    size_for,
)
from newsidx.searcher.explain import articles_of
from newsidx.searcher.facets import facet_field, joined, value_node, whole_value
from newsidx.searcher.intervals import wilson
from newsidx.searcher.mentions import mentions
from newsidx.searcher.question import Understood
from newsidx.searcher.wording import listing

__all__ = ["UNITS", "Plan", "timelines"]

UNITS: tuple[str, ...] = ("articles", "mentions", "per-million")
"""What a timeline counts."""

# Of dated articles, at most this part may be known less exactly than to their bucket
# where the size of buckets is chosen by us.
_VAGUE = 0.1

_PER_MILLION = 1_000_000


class Plan(Struct, frozen=True):
    """What is wanted of a timeline.

    Attributes:
        by: The size of buckets, one of `SIZES`; None takes what suits the span.
        unit: One of `UNITS`. Mentions are matches in the body.
        split: A field, of which each of the commonest values is a series.
        limit: So many values at most; None is all.
        balanced: Count only sources that have articles all the time: in each bucket of
            the span in which the base has any.
    """

    by: str | None = None
    unit: str = "articles"
    split: str | None = None
    limit: int | None = 5
    balanced: bool = False


class _Line(Struct, frozen=True):
    """A series before it is counted.

    Attributes:
        within: What holds of all articles that it is measured against.
        value: What finds a value of `split`, as a tree and as it is typed.
    """

    name: str
    query: Bound
    within: Bound
    value: tuple[Bound, nodes.Node] | None = None

    @property
    def base(self) -> Bound:
        """The articles that it is measured against."""
        return joined(self.within, self.value[0]) if self.value else self.within

    @property
    def tree(self) -> Bound:
        """Its articles."""
        return joined(self.query, self.base)

    def listing(self, bucket: str, size: str) -> str | None:
        """The query for its articles of a bucket, without dates that say no more than it."""
        parts = joined(self.query, self.within)
        each = parts.children if isinstance(parts, And) else (parts,)
        first, last = (day.toordinal() for day in ends_of(bucket, size))
        kept = [tree for tree in each if not _holds(tree, first, last)]
        typed = [self.value[1]] if self.value else []
        return listing(kept, *typed, node_for(bucket, size))


def _holds(tree: Bound, first: int, last: int) -> bool:
    """Whether a range of dates has all of a span in it."""
    if not isinstance(tree, Range) or tree.field != "published":
        return False
    return (tree.low or 0) <= first and last <= (tree.high or last)


def timelines(
    engine: Engine,
    queries: Sequence[Understood],
    plan: Plan,
    language: str,
    base: Understood | None = None,
) -> Timelines:
    """Count the articles of queries by time.

    The span goes from the first to the last bucket in which any series has an article;
    it reaches to `--since` and `--until` where the filters have these.

    Args:
        queries: One or more, all with the same filters.
        language: The index's.
        base: What shares are a part of, with the same filters; None is all that these
            let through.

    Raises:
        UsageError: The plan makes no sense, or no source is there all the time.
    """
    _check(plan)
    filters = queries[0].filters
    within = joined(base.tree if base else All(), *filters)
    split = facet_field(plan.split) if plan.split else None
    values: int | None = None
    if split is None:
        lines = [_Line(each.info.text, each.tree, within) for each in queries]
    else:
        lines, values = _split(engine, queries[0].tree, within, split, plan.limit)
    size = plan.by or _chosen(engine, lines)
    span = _span(engine, lines, filters, size)
    kept: KeptSources | None = None
    if plan.balanced and span:
        always, kept = _always_there(engine, within, span, size)
        within = joined(within, always)
        lines = [replace(line, within=within) for line in lines]
    counted = _Counting(engine, plan.unit, size, span, language)
    series = tuple(counted.series(line) for line in lines)
    part = base.info.text if base else None
    name = split.name if split else None
    total = articles_of(engine, _any(joined(each.tree, within) for each in queries))
    return Timelines(total, size, plan.unit, part, name, values, kept, series)


def _check(plan: Plan) -> None:
    if plan.by is not None and plan.by not in SIZES:
        raise UsageError(f"Time can't be cut by {plan.by!r}.", f"Write one of {', '.join(SIZES)}.")
    if plan.unit not in UNITS:
        raise UsageError(f"There is no unit {plan.unit!r}.", f"Units: {', '.join(UNITS)}.")
    if plan.limit is not None and plan.limit < 0:
        raise UsageError("A limit can't be negative.", "--limit 0 shows everything.")


def _split(
    engine: Engine, query: Bound, within: Bound, field: Field, limit: int | None
) -> tuple[list[_Line], int]:
    """A line for each of the commonest values of a field, and how many values there are."""
    found = engine.facets(BoundQuery(joined(query, within), ()), field.name)
    lines = []
    for value, _ in found.values:
        whole, typed = whole_value(field, value), value_node(field, value)
        if whole is not None and typed is not None:
            lines.append(_Line(value, query, within, (whole, typed)))
    return lines[:limit], len(found.values)


# The span, and the size of its buckets


def _chosen(engine: Engine, lines: Sequence[_Line]) -> str:
    """The size of buckets that suits the span, and how exactly its dates are known."""
    tree = _any(line.tree for line in lines)
    by = {unit: engine.timeline(BoundQuery(tree, ()), unit) for unit in ("day", "month", "year")}
    exact = next((unit for unit, each in by.items() if not _is_vague(each)), "year")
    found = by[exact].buckets
    if not found:
        return "month"
    size = size_for(ends_of(found[0][0], exact)[0], ends_of(found[-1][0], exact)[1])
    return max(size, exact, key=SIZES.index)


def _is_vague(found: Timeline) -> bool:
    dated = found.total - found.undated
    return found.vague > _VAGUE * dated


def _any(trees: Iterable[Bound]) -> Bound:
    each = tuple(dict.fromkeys(trees))
    return each[0] if len(each) == 1 else Or(each)


def _span(engine: Engine, lines: Sequence[_Line], filters: Sequence[Bound], size: str) -> list[str]:
    """The buckets from the first to the last, in order; none where nothing has a date."""
    unit = COUNTED_BY[size]
    tree = _any(line.tree for line in lines)
    found = [bucket for bucket, _ in engine.timeline(BoundQuery(tree, ()), unit).buckets]
    days = [ends_of(found[0], unit)[0], ends_of(found[-1], unit)[1]] if found else []
    for each in filters:
        if isinstance(each, Range) and each.field == "published":
            days += [date.fromordinal(end) for end in (each.low, each.high) if end]
    return buckets_between(min(days), max(days), size) if days else []


def _always_there(
    engine: Engine, within: Bound, span: Sequence[str], size: str
) -> tuple[Bound, KeptSources]:
    """What the sources match that have an article in every bucket that is no gap."""
    needed = set(_added(engine, within, size)) & set(span)
    field = field_named("source")
    assert field is not None
    found = engine.facets(BoundQuery(within, ()), field.name).values
    kept = []
    for value, count in found:
        whole = whole_value(field, value)
        # Who has fewer articles than there are buckets can't be in all.
        if whole is None or count < len(needed):
            continue
        if needed <= set(_added(engine, joined(within, whole), size)):
            kept.append(whole)
    if not kept:
        raise UsageError(
            f"No source has an article in every {size} from {span[0]} to {span[-1]}.",
            "Take larger buckets with --by, or a shorter span with --since and --until.",
        )
    return _any(kept), KeptSources(len(kept), len(found))


def _added(engine: Engine, tree: Bound, size: str) -> Counter[str]:
    """Bucket -> articles of a tree."""
    found = engine.timeline(BoundQuery(tree, ()), COUNTED_BY[size])
    return _by_bucket(found, size)


def _by_bucket(found: Timeline, size: str) -> Counter[str]:
    """What an engine counted by days or months, by the buckets that these are in."""
    unit = COUNTED_BY[size]
    if unit == size:
        return Counter(dict(found.buckets))
    counts: Counter[str] = Counter()
    for bucket, count in found.buckets:
        counts[bucket_of(ends_of(bucket, unit)[0], size)] += count
    return counts


# Counting


class _Counting(Struct, frozen=True):
    """Counts series over the same buckets."""

    engine: Engine
    unit: str
    size: str
    span: list[str]
    language: str

    def series(self, line: _Line) -> Series:
        """Count a line."""
        unit, size = COUNTED_BY[self.size], self.size
        query, base = BoundQuery(line.tree, ()), BoundQuery(line.base, ())
        found, every = self.engine.timeline(query, unit), self.engine.timeline(base, unit)
        articles, there = _by_bucket(found, size), _by_bucket(every, size)
        counts, bases = articles, there
        if self.unit != "articles":
            counts = mentions(self.engine, query, line.query, size, self.language)
            bases = _by_bucket(self.engine.timeline(base, unit, words=True), size)
        buckets = tuple(
            self._bucket(line, name, counts[name], articles[name], bases[name], there[name])
            for name in self.span
        )
        return Series(
            line.name,
            *(found.total, found.undated, found.vague),
            *(every.total, every.undated, every.vague),
            buckets,
        )

    def _bucket(
        self, line: _Line, name: str, n: int, articles: int, base: int, there: int
    ) -> Bucket:
        ratio = lower = upper = None
        if base and self.unit == "articles":
            ratio = n / base
            lower, upper = wilson(n, base)
        elif base:
            ratio = n * _PER_MILLION / base
        first, last = ends_of(name, self.size)
        query = line.listing(name, self.size)
        gap = not there
        return Bucket(name, first, last, n, articles, base, ratio, lower, upper, gap, query)
