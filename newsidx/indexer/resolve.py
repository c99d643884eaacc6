"""Of many places, which articles: versions, copies and first prints told apart.

A place is an article in a file. Several places can hold the same article: copies of
it, or its versions. What is searched follows from the set of places alone, so that it
does not depend on the order in which files were read or in how many runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from newsidx.article import article_id
from newsidx.index.rows import Place

__all__ = ["MANY_TITLES", "Outcome", "first_with_body", "resolve"]

# A URL under which more articles than this differ in their title is the address of
# something else than an article (a home page, a print view), and identifies none.
MANY_TITLES = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of a place.

    Attributes:
        status: `indexed`, `duplicate` or `superseded`.
        article: The id under which it, its original or its newer version is searched.
        identity: What that id is a hash of.
    """

    status: str
    article: str
    identity: str


def resolve(places: Iterable[Place]) -> dict[int, Outcome]:
    """Decide for every place, by its id, what becomes of it.

    `places` must be closed: with a place, all that share its URL, its own identity or
    its content.
    """
    outcomes: dict[int, Outcome] = {}
    originals: dict[bytes, list[tuple[Place, str]]] = defaultdict(list)
    for identity, group in _by_identity(places).items():
        newest = max(group, key=lambda place: place.version).content
        current = sorted((p for p in group if p.content == newest), key=lambda place: place.key)
        originals[newest].append((current[0], identity))
        for place in group:
            status = "superseded" if place.content != newest else "duplicate"
            outcomes[place.id] = Outcome(status, article_id(identity), identity)
    moved_to: dict[str, Outcome] = {}
    for same in originals.values():
        same.sort(key=lambda pair: pair[0].key)
        first, identity = same[0]
        outcomes[first.id] = Outcome("indexed", article_id(identity), identity)
        for _, other in same[1:]:
            moved_to[other] = outcomes[first.id]
    for key, outcome in outcomes.items():
        if outcome.identity in moved_to:
            target = moved_to[outcome.identity]
            outcomes[key] = Outcome(outcome.status, target.article, target.identity)
    return outcomes


def _by_identity(places: Iterable[Place]) -> dict[str, list[Place]]:
    every = list(places)
    titles: dict[str, set[bytes]] = defaultdict(set)
    for place in every:
        if place.url_identity is not None:
            titles[place.url_identity].add(place.title)
    groups: dict[str, list[Place]] = defaultdict(list)
    for place in every:
        url = place.url_identity
        trusted = url is not None and len(titles[url]) <= MANY_TITLES
        groups[url if url is not None and trusted else place.own_identity].append(place)
    return groups


def first_with_body(places: Iterable[Place]) -> Place:
    """Of searched places with one body, the first: by date, then by place."""
    return min(places, key=lambda place: (place.day is None, place.day or 0, place.key))
