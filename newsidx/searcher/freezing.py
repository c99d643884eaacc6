"""Freezing what an archive or an answer holds, and what is between two of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Literal

from msgspec import Struct

from newsidx.article import Article
from newsidx.engines.base import Engine
from newsidx.engines.fetching import known
from newsidx.index.frozen import Frozen, Holding, content_of
from newsidx.results import QueryInfo
from newsidx.searcher.citation import Versions
from newsidx.searcher.question import Ask, notes
from newsidx.searcher.standing import question_kept, question_of

__all__ = ["QUERY", "Change", "Difference", "Event", "Side", "changes", "difference"]
__all__ += ["frozen_of", "question_kept_in"]

QUERY = "query:"
"""What stands before a query where the name of a frozen set may stand: no name has a colon."""

Event = Literal["came", "went", "changed"]
Today = Literal["same", "changed", "removed", "gone"]


def frozen_of(
    name: str,
    question: Ask | None,
    query: QueryInfo | None,
    held: Mapping[str, Holding],
    state: str,
    versions: Versions,
    day: date,
) -> Frozen:
    """What a frozen set says of itself.

    Args:
        question, query: What was asked, and how it was understood; None of a whole state.
        state: Of the archive.
    """
    return Frozen(
        name=name,
        day=day.isoformat(),
        question=None if question is None else question_kept(question),
        understood=None if query is None else query.understood,
        filters=query.filters if query else (),
        articles=len(held),
        content=content_of(held),
        state=state,
        newsidx=versions.newsidx,
        tokens=versions.tokens,
        stems=versions.stems,
    )


class Side(Struct, frozen=True):
    """One of the two that are held against each other.

    Attributes:
        text: As it was named.
        query: The query that was asked now, if it is the result of one.
        frozen: What was kept under a name; None of what is asked now.
        held: Id -> the article as it is there.
    """

    text: str
    query: QueryInfo | None
    frozen: Frozen | None
    held: Mapping[str, Holding]

    @property
    def kind(self) -> str:
        """`state` of an archive, or `result` of a query."""
        if self.frozen is not None:
            return self.frozen.kind
        return "state" if self.query is None else "result"

    @property
    def content(self) -> str:
        """The state of what it holds."""
        return content_of(self.held)


def question_kept_in(side: Side) -> Ask | None:
    """What was asked for a result, to be asked again; None of a state."""
    if side.frozen is not None:
        kept = side.frozen.question
        return None if kept is None else question_of(kept)
    return None if side.query is None else Ask(side.query.text, exact=side.query.exact)


class Change(Struct, frozen=True):
    """An article that is not the same on both sides.

    Attributes:
        event: `came`, `went` or `changed`.
        before, after: The hash of what it said on either side; None where it isn't there.
        path: Where it was read, on the side that has it last.
        today: What the archive has now of the version that came or changed, or that
            went: the `same`, a `changed` one, or nothing, since it was `removed` or is `gone`.
        article: As the archive has it now; None where it has it no more.
    """

    event: Event
    id: str
    before: str | None
    after: str | None
    path: str
    today: Today
    article: Article | None


class Difference(Struct, frozen=True):
    """What is between two sides.

    Attributes:
        same: Articles that both have, and that say the same there.
        changes: What came, then what went, then what changed; each by date, then by id.
        warnings: Sentences the reader should see.
    """

    first: Side
    second: Side
    same: int
    changes: tuple[Change, ...]
    warnings: tuple[str, ...]

    def count(self, event: Event) -> int:
        """How many articles came, went, or changed."""
        return sum(each.event == event for each in self.changes)


def difference(
    engine: Engine,
    first: Side,
    second: Side,
    present: Mapping[str, Holding],
    removed: Collection[str],
    versions: Versions,
    warnings: tuple[str, ...] = (),
) -> Difference:
    """What is between two sides.

    Args:
        present, removed: As for `changes`.
        versions: The present ones.
        warnings: What should be known of the index.
    """
    found = changes(engine, first.held, second.held, present, removed)
    common = len(first.held.keys() & second.held.keys())
    said = [*warnings]
    for side in (first, second):
        said += notes(side.query) if side.query else ()
        if side.frozen is not None and _read_otherwise(side.frozen, versions):
            said.append(
                f"{side.text} was frozen by newsidx {side.frozen.newsidx}, which told words apart "
                "or stemmed them otherwise: what a query finds may differ for that alone."
            )
    changed = sum(each.event == "changed" for each in found)
    return Difference(first, second, common - changed, found, tuple(dict.fromkeys(said)))


def _read_otherwise(frozen: Frozen, versions: Versions) -> bool:
    words = (versions.tokens, versions.stems)
    return frozen.question is not None and (frozen.tokens, frozen.stems) != words


def changes(
    engine: Engine,
    first: Mapping[str, Holding],
    second: Mapping[str, Holding],
    present: Mapping[str, Holding],
    removed: Collection[str],
) -> tuple[Change, ...]:
    """What came, went and changed from one to the other.

    Args:
        present: What the archive holds now, of those that are in either at least.
        removed: Ids of articles that somebody removed.
    """
    events = dict(_events(first, second))
    articles = {article.id: article for article in known(engine, events)}
    found = []
    for key, event in events.items():
        before, after = first.get(key), second.get(key)
        meant = after or before
        assert meant is not None
        now = present.get(key)
        today: Today = "gone" if key not in removed else "removed"
        if now is not None:
            today = "same" if now.facts == meant.facts else "changed"
        old, new = (None if each is None else each.facts.hex() for each in (before, after))
        found.append(Change(event, key, old, new, meant.path, today, articles.get(key)))
    return tuple(sorted(found, key=_order))


def _events(
    first: Mapping[str, Holding], second: Mapping[str, Holding]
) -> Iterator[tuple[str, Event]]:
    for key, after in second.items():
        before = first.get(key)
        if before is None:
            yield key, "came"
        elif before.facts != after.facts:
            yield key, "changed"
    for key in first:
        if key not in second:
            yield key, "went"


def _order(change: Change) -> tuple[int, str, str]:
    published = change.article and change.article.published
    day = published.isoformat() if published else "~"
    return ("came", "went", "changed").index(change.event), day, change.id
