"""Articles drawn at random from what a query matches, to be judged by people.

The draw depends on the seed and the ids alone: each article has a key, the BLAKE2b hash of
`SEED:ID` of 16 bytes, and those with the smallest keys are drawn. So it is a simple random sample
without replacement in each stratum; it is the same on every engine and machine, in whatever order
articles were indexed; and a larger sample with the same seed contains the smaller one, where it
has no strata.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b

from msgspec import Struct

from newsidx.engines.base import Engine, SearchRequest
from newsidx.errors import UsageError
from newsidx.query.bound import Bound, BoundQuery, Not, Range
from newsidx.schema import field_named
from newsidx.searcher.facets import joined, whole_value
from newsidx.text.counted import counted

__all__ = ["LEAST", "PARTS", "STRATA", "Drawn", "Sample", "allocated", "draw", "key_of"]

STRATA = ("source", "month")
"""What a sample can be stratified by."""

PARTS = ("matches", "remainder")
"""Where articles are drawn from: what the query matches, and what only the broader one does."""

LEAST = 2
"""Articles of each stratum at least, so that there is a variance to be estimated."""


class Drawn(Struct, frozen=True):
    """An article that was drawn.

    Attributes:
        part: One of `PARTS`.
        stratum: A source or month; empty for the articles without one, and where there are
            no strata.
        population: How many articles its stratum has in this part.
        drawn: How many of them were drawn.
    """

    id: str
    part: str
    stratum: str
    population: int
    drawn: int


class Sample(Struct, frozen=True):
    """What was drawn, in the order of keys: parts and strata are mixed.

    Attributes:
        matches: How many articles the query matches.
        remainder: How many only the broader query does; None where there is no such.
    """

    articles: tuple[Drawn, ...]
    matches: int
    remainder: int | None


def key_of(seed: int, article_id: str) -> bytes:
    """What decides whether an article is drawn: the smallest are."""
    return blake2b(f"{seed}:{article_id}".encode(), digest_size=16).digest()


def draw(
    engine: Engine,
    tree: Bound,
    number: int,
    seed: int,
    *,
    per: str | None = None,
    broader: Bound | None = None,
    outside: int | None = None,
) -> Sample:
    """Draw articles from the matches of a query, and from the remainder of a broader one.

    Args:
        tree: The query, with filters.
        number: How many to draw from the matches; all, where there are fewer.
        per: One of `STRATA`: in proportion to the size of each, but `LEAST` at least.
        broader: The other query, with filters; what the first matches is not in its remainder.
        outside: How many to draw from the remainder; None is as many.

    Raises:
        UsageError: There are more strata than can be drawn from.
    """
    matches = _ids(engine, tree)
    drawn = list(_drawn(engine, PARTS[0], tree, matches, number, seed, per))
    remainder: list[str] | None = None
    if broader is not None:
        rest = joined(broader, Not(tree))
        remainder = _ids(engine, rest)
        wanted = number if outside is None else outside
        drawn += _drawn(engine, PARTS[1], rest, remainder, wanted, seed, per)
    drawn.sort(key=lambda each: key_of(seed, each.id))
    return Sample(tuple(drawn), len(matches), None if remainder is None else len(remainder))


def _ids(engine: Engine, tree: Bound) -> list[str]:
    request = SearchRequest(BoundQuery(tree, ()), "oldest", limit=None, scores=False)
    return [hit.id for hit in engine.search(request).hits]


def _drawn(
    engine: Engine,
    part: str,
    tree: Bound,
    ids: Sequence[str],
    number: int,
    seed: int,
    per: str | None,
) -> Iterator[Drawn]:
    """What is drawn from one part."""
    strata = _strata(engine, tree, ids, per)
    sizes = allocated({name: len(members) for name, members in strata.items()}, number, part)
    for name, members in strata.items():
        members.sort(key=lambda each: key_of(seed, each))
        for each in members[: sizes[name]]:
            yield Drawn(each, part, name, len(members), sizes[name])


def _strata(
    engine: Engine, tree: Bound, ids: Sequence[str], per: str | None
) -> dict[str, list[str]]:
    """The ids of each stratum, those in none under an empty name."""
    found: dict[str, list[str]] = {}
    rest = dict.fromkeys(ids)
    for name, condition in _conditions(engine, tree, per):
        members = [each for each in _ids(engine, joined(tree, condition)) if each in rest]
        for each in members:
            del rest[each]
        if members:
            found[name] = members
    if rest:
        found[""] = list(rest)
    return found


def _conditions(engine: Engine, tree: Bound, per: str | None) -> Iterator[tuple[str, Bound]]:
    query = BoundQuery(tree, ())
    if per == "source":
        field = field_named("source")
        assert field is not None
        for value, _ in engine.facets(query, "source").values:
            condition = whole_value(field, value)
            if condition is not None:
                yield value, condition
    elif per == "month":
        for bucket, _ in engine.timeline(query, "month").buckets:
            year, month = map(int, bucket.split("-"))
            last = date(year, month, calendar.monthrange(year, month)[1])
            # By itself a spreadsheet would take it for a day.
            yield (
                f"month {bucket}",
                Range("published", date(year, month, 1).toordinal(), last.toordinal()),
            )


def allocated(sizes: Mapping[str, int], number: int, part: str = PARTS[0]) -> dict[str, int]:
    """How many to draw from each stratum: in proportion to its size, and two at least.

    Proportional allocation (Cochran, Sampling Techniques, 1977, section 5.5), one by one to the
    stratum that is furthest below its share.

    Raises:
        UsageError: That takes more than there are to draw.
    """
    total = sum(sizes.values())
    number = min(number, total)
    given = {name: min(LEAST, size) for name, size in sizes.items()}
    if len(sizes) < 2:
        return dict.fromkeys(sizes, number)
    if (least := sum(given.values())) > number:
        raise UsageError(
            f"The {part} have {counted(len(sizes), 'stratum', 'strata')}, and {number:,} is too "
            "few for two of each.",
            f"Draw {least:,} or more with -n, or leave --per out.",
        )
    for _ in range(number - least):
        name = max(
            (name for name, size in sizes.items() if given[name] < size),
            key=lambda name: (number * sizes[name] / total - given[name], name),
        )
        given[name] += 1
    return given
