"""A dossier: some queries with all that it takes to judge and to check their answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from msgspec import Struct

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.engines.fetching import named
from newsidx.index.frozen import Holding
from newsidx.query.match import match
from newsidx.results import Span
from newsidx.results.counts import FacetCounts, Timelines
from newsidx.searcher.citation import Citation
from newsidx.searcher.concordance import Line, lines
from newsidx.searcher.facets import facet_field, facets
from newsidx.searcher.passages import Reading, passages
from newsidx.searcher.question import Understood
from newsidx.searcher.timeline import Plan, timelines

__all__ = ["MOST_LINES", "Chapter", "Dossier", "Entry", "chapter", "entries"]

MOST_LINES = 1000
"""Matches of a query that are shown in their context, at most."""

# Characters on either side of a match.
_CONTEXT = 55


class Chapter(Struct, frozen=True):
    """A query in a dossier.

    Attributes:
        timeline: None where no article that was found has a date.
        lines: Its matches in their context, article by article.
        more_lines: Matches in these articles that are not among them.
        ids: Of the articles that are in the dossier, in order.
        left_out: Articles that were found and are not.
        spans: Id -> its matches in that article.
    """

    citation: Citation
    sources: FacetCounts
    timeline: Timelines | None
    lines: tuple[Line, ...]
    more_lines: int
    ids: tuple[str, ...]
    left_out: int
    spans: Mapping[str, tuple[Span, ...]]


class Entry(Struct, frozen=True):
    """An article in a dossier.

    Attributes:
        path: Its source file, as the label of its root and the path below that.
        facts: Hash of all that it says.
        chapters: The queries that find it, by their number from 0.
        spans: Every match of any of them.
        places: Its copies and older versions, likewise as label and path: `status`, `path`.
    """

    article: Article
    path: str
    facts: str
    chapters: tuple[int, ...]
    spans: tuple[Span, ...]
    places: tuple[dict[str, Any], ...] = ()


class Dossier(Struct, frozen=True):
    """Some queries, and the articles that they find, each once, the oldest first."""

    chapters: tuple[Chapter, ...]
    entries: tuple[Entry, ...]


def chapter(
    engine: Engine,
    understood: Understood,
    citation: Citation,
    language: str,
    *,
    limit: int | None,
    sort: str,
    plan: Plan,
) -> Chapter:
    """Put together what a dossier has of one query.

    Args:
        language: The index's.
        limit: Articles at most; None is all.
        sort: Which come first, and are kept: one of `engines.base.SORTS`.
        plan: Of the timeline.
    """
    page = engine.search(SearchRequest(understood.query, sort, limit, scores=False))
    ids = tuple(hit.id for hit in page.hits)
    spans: dict[str, tuple[Span, ...]] = {}

    def readings() -> Iterator[Reading]:
        for article in named(engine, ids):
            view = ArticleView(article, language)
            spans[article.id] = tuple(sorted(set(match(understood.tree, view) or ())))
            yield passages(understood.tree, view)

    every = lines(readings(), "date", {}, _CONTEXT)
    shown = tuple(islice(every, MOST_LINES))
    more = sum(1 for _ in every)
    found = timelines(engine, [understood], plan, language)
    source = facet_field("source")
    return Chapter(
        citation=citation,
        sources=facets(engine, understood, source),
        timeline=found if any(series.buckets for series in found.series) else None,
        lines=shown,
        more_lines=more,
        ids=ids,
        left_out=page.total - len(ids),
        spans=spans,
    )


def entries(
    engine: Engine,
    chapters: Sequence[Chapter],
    held: Mapping[str, Holding],
    places: Mapping[str, Iterable[dict[str, Any]]],
) -> tuple[Entry, ...]:
    """The articles of all chapters, each once, the oldest first and undated ones last.

    Args:
        held: What they say, by a hash, and where they were read.
        places: Id -> its copies and older versions.
    """
    finders: dict[str, list[int]] = {}
    for number, each in enumerate(chapters):
        for key in each.ids:
            finders.setdefault(key, []).append(number)
    found = []
    for article in named(engine, list(finders)):
        key, numbers = article.id, finders[article.id]
        spans = sorted({span for at in numbers for span in chapters[at].spans.get(key, ())})
        facts = held[key].facts.hex() if key in held else ""
        path = f"{article.root}/{article.path}"
        found.append(
            Entry(article, path, facts, tuple(numbers), tuple(spans), tuple(places.get(key, ())))
        )
    return tuple(sorted(found, key=_order))


def _order(entry: Entry) -> tuple[str, str]:
    published = entry.article.published
    return published.isoformat() if published else "~", entry.article.id
