"""Folding near-copies: a result for each story, and what it stands for.

Every match is taken into account, whichever page is asked for, so that totals are true and pages
follow on each other. A story stands where the first of its articles would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from newsidx.engines.base import Engine, EngineHit, EnginePage, SearchRequest
from newsidx.engines.fetching import named
from newsidx.errors import UsageError
from newsidx.index.sketches import Sketched
from newsidx.query.bound import BoundQuery
from newsidx.results import Copies, Hit
from newsidx.searcher.copies import Texts, sketched, stories
from newsidx.searcher.question import Ask

__all__ = ["MOST_MADE", "Folded", "fold"]


MOST_MADE = 20_000
"""Sketches that are made for one answer at most: reading so many texts takes ten seconds."""


class Folded(Struct, frozen=True):
    """The matches of a query, folded.

    Attributes:
        total: Matching articles.
        stories: What they are without copies.
        page: The first article of each story that is wanted.
        members: The first one's id -> all matching articles of the story, in order.
    """

    total: int
    stories: int
    page: EnginePage
    members: dict[str, list[str]]

    def marked(self, engine: Engine, hits: Iterable[Hit]) -> Iterator[Hit]:
        """The hits of its page, with what each stands for."""
        for hit in hits:
            ids = self.members.get(hit.article.id, [hit.article.id])
            outlets = {hit.article.source: None}
            outlets |= {article.source: None for article in named(engine, ids[1:])}
            known = tuple(source for source in outlets if source)
            yield replace(hit, copies=Copies(tuple(ids), known))


Known = Callable[[Sequence[str]], Iterable[Sketched]]
"""Ids of articles -> their sketches, as far as these are kept."""


def fold(engine: Engine, query: BoundQuery, question: Ask, known: Known) -> Folded:
    """All matches of a query, those that are near-copies of each other as one.

    Args:
        known: Gives the sketches that are kept; for matching articles without they are made.

    Raises:
        UsageError: There are more than `MOST_MADE` of these.
    """
    request = SearchRequest(query, question.sort, limit=None, scores=question.scores)
    found = engine.search(request)
    ids = [hit.id for hit in found.hits]
    heads = stories(_sketches(engine, ids, known), Texts(engine))
    members: dict[str, list[str]] = {}
    firsts: dict[str, str] = {}
    for key in ids:
        first = firsts.setdefault(heads.get(key, key), key)
        if first != key:
            members.setdefault(first, [first]).append(key)
    chosen: Sequence[EngineHit] = ()
    if question.limit != 0:
        end = None if question.limit is None else question.offset + question.limit
        alone = (hit for hit in found.hits if firsts[heads.get(hit.id, hit.id)] == hit.id)
        chosen = tuple(islice(alone, question.offset, end))
    return Folded(found.total, len(firsts), EnginePage(len(firsts), chosen), members)


def _sketches(engine: Engine, ids: Sequence[str], known: Known) -> Iterator[Sketched]:
    missing = dict.fromkeys(ids)
    for each in known(ids):
        if each.id in missing:
            del missing[each.id]
            yield each
    rest = list(missing)
    if len(rest) > MOST_MADE:
        raise UsageError(
            f"{len(rest):,} of the matching articles have no sketch yet, by which copies are "
            f"found; for one answer {MOST_MADE:,} are made at most.",
            "Narrow the query, or run newsidx index --reread, which makes and keeps them.",
        )
    yield from map(sketched, named(engine, rest))
