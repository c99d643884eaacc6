"""Of many places, which articles: versions, copies and first prints told apart.

A place is an article in a file. Several places can hold the same article: copies of
it, or its versions. What is searched follows from the set of places alone, so that it
does not depend on the order in which files were read or in how many runs.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from newsidx.article import article_id
from newsidx.index.removals import MANY_TITLES
from newsidx.index.rows import Place

__all__ = ["MANY_TITLES", "Outcome", "first_with_body", "resolve"]


class Outcome(Struct, frozen=True):
    """What becomes of a place.

    Attributes:
        status: `indexed`, `duplicate`, `superseded` or `removed`.
        article: The id under which it, its original or its newer version is searched; of
            what is removed, that of the removal.
        identity: What that id is a hash of; empty of what is removed.
    """

    status: str
    article: str
    identity: str


class _Group(Struct, frozen=True):
    """All places with one identity: the versions of an article, and copies of each.

    Attributes:
        key: Of the identity.
        identity: As it is written; empty where that was forgotten.
        first: Of the copies of the newest version, the one that is searched.
    """

    key: bytes
    identity: str
    first: Place
    places: list[Place]


def resolve(
    places: Iterable[Place], removed: Mapping[bytes, str] | None = None
) -> dict[int, Outcome]:
    """Decide for every place, by its id, what becomes of it.

    What bears a removed identity, or says last what was removed, is so with all its
    versions, and is no copy of anything.

    Args:
        places: Closed: with a place, all that share its URL, its own identity or its
            content.
        removed: Contents and keys of identities -> the id of the removal.
    """
    outcomes: dict[int, Outcome] = {}
    same_content: dict[bytes, list[_Group]] = defaultdict(list)
    removed = removed or {}
    for group in _groups(places):
        content = group.first.content
        if removals := [removed[mark] for mark in (group.key, content) if mark in removed]:
            outcome = Outcome("removed", min(removals), "")
            outcomes.update((place.id, outcome) for place in group.places)
        else:
            same_content[content].append(group)
    for content, groups in same_content.items():
        first = groups[0]
        if len(groups) > 1:
            first = min(groups, key=lambda group: _rank(group.first))
        article, identity = article_id(first.identity), first.identity
        for place in (place for group in groups for place in group.places):
            status = "superseded" if place.content != content else "duplicate"
            outcomes[place.id] = Outcome(status, article, identity)
        outcomes[first.first.id] = Outcome("indexed", article, identity)
    return outcomes


def _groups(places: Iterable[Place]) -> Iterator[_Group]:
    every = list(places)
    titles: dict[bytes, set[bytes]] = defaultdict(set)
    for place in every:
        if place.url_key is not None:
            titles[place.url_key].add(place.title)
    members: dict[tuple[bytes, bool], list[Place]] = defaultdict(list)
    for place in every:
        url = place.url_key
        if url is not None and len(titles[url]) <= MANY_TITLES:
            members[url, True].append(place)
        else:
            members[place.own_key, False].append(place)
    for (key, is_url), group in members.items():
        first = group[0]
        if len(group) > 1:
            newest = max(group, key=lambda place: place.version).content
            first = min((p for p in group if p.content == newest), key=_rank)
        identity = (first.url_identity or "") if is_url else first.own_identity
        yield _Group(key, identity, first, group)


def _rank(place: Place) -> tuple[bool, tuple[str, str, int]]:
    """Of copies the one that ranks first is searched: a source before an export of it."""
    return bool(place.declared), place.key


def first_with_body(places: Iterable[Place]) -> Place:
    """Of searched places with one body, the first: by date, then by place."""
    return min(places, key=lambda place: (place.day is None, place.day or 0, place.key))
