"""Articles that somebody removed: what keeps them out of search from then on.

A removal is known by the id that its article had, and keeps out whatever bears one of
its marks: the keys of all identities under which the article was known, and the hash of
its content. So it meets the article wherever and however often it is read, its copies,
and its later versions; it does not meet the same text under another outlet, day or URL.
Nothing in it can be read: marks are hashes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from newsidx.index.ledger import Ledger
from newsidx.index.rows import Place

__all__ = ["MANY_TITLES", "Removal", "add", "lift", "marks_of", "met", "removals", "strip"]

# A URL under which more articles than this differ in their title is the address of
# something else than an article (a home page, a print view), and identifies none.
MANY_TITLES = 3


class Removal(Struct, frozen=True):
    """An article that was removed.

    Attributes:
        id: What it was known by.
        moment: When, in nanoseconds since the epoch.
    """

    id: str
    moment: int


def add(ledger: Ledger, ids: Collection[str], moment: int) -> list[Place]:
    """Take down that articles are removed; gives the places that hold them.

    Args:
        ids: Of articles that are searched; others are passed over.
    """
    live = ledger.live(ids)
    places = ledger.places_by("article", live.keys())
    trusted = _trusted(ledger, {place.url_key for place in places if place.url_key})
    marks: set[tuple[bytes, str]] = set()
    for place in places:
        key = place.article or ""
        marks.add((place.own_key, key))
        if place.url_key in trusted:
            marks.add((place.url_key, key))
        if place.id == live[key].place:
            marks.add((place.content, key))
    ledger.db.executemany(
        "INSERT OR REPLACE INTO removals VALUES (?, ?)", [(k, moment) for k in live]
    )
    ledger.db.executemany("INSERT OR IGNORE INTO removal_marks VALUES (?, ?)", sorted(marks))
    return places


def _trusted(ledger: Ledger, urls: Iterable[bytes]) -> set[bytes]:
    """Of the keys of URLs, those that identify articles."""
    count = "SELECT count(DISTINCT title) FROM places WHERE url_key = ?"
    return {url for url in urls if ledger.db.execute(count, (url,)).fetchone()[0] <= MANY_TITLES}


def met(ledger: Ledger, places: Iterable[Place]) -> dict[bytes, str]:
    """The marks that some places bear: mark -> the removal that keeps it out, by its id."""
    if not ledger.db.execute("SELECT EXISTS (SELECT 1 FROM removals)").fetchone()[0]:
        return {}
    borne = {key for p in places for key in (p.url_key, p.own_key, p.content) if key is not None}
    find = "SELECT min(removal) FROM removal_marks WHERE mark = ?"
    found = {mark: ledger.db.execute(find, (mark,)).fetchone()[0] for mark in borne}
    return {mark: removal for mark, removal in found.items() if removal is not None}


def strip(ledger: Ledger, places: Iterable[Place], marks: Mapping[bytes, str]) -> None:
    """Forget what can be read of places, those that bear a mark; their hashes stay.

    So does what their dates show of their source, by which those of others are read.
    """
    known = [
        (p.id,) for p in places if not marks.keys().isdisjoint((p.url_key, p.own_key, p.content))
    ]
    ledger.db.executemany("DELETE FROM sketches WHERE place = ?", known)
    ledger.db.executemany(
        "UPDATE places SET url_identity = NULL, own_identity = '', published = NULL,"
        " source = NULL, language = NULL, authors = 0, words = 0,"
        " date_key = iif(date_order = 'open', NULL, date_key),"
        " date_order = nullif(date_order, 'open') WHERE id = ?",
        known,
    )


def removals(ledger: Ledger, prefix: str = "") -> list[Removal]:
    """The removals whose ids begin with a prefix, in the order of their ids."""
    rows = ledger.db.execute(
        "SELECT id, moment FROM removals WHERE substr(id, 1, ?) = ? ORDER BY id",
        (len(prefix), prefix),
    )
    return [Removal(*row) for row in rows]


def every_mark(ledger: Ledger) -> frozenset[bytes]:
    """The marks of all removals."""
    return frozenset(mark for (mark,) in ledger.db.execute("SELECT mark FROM removal_marks"))


def marks_of(ledger: Ledger, ids: Iterable[str]) -> dict[str, set[bytes]]:
    """Removal, by its id -> the marks that it keeps out."""
    find = "SELECT mark FROM removal_marks WHERE removal = ?"
    return {key: {mark for (mark,) in ledger.db.execute(find, (key,))} for key in ids}


def lift(ledger: Ledger, ids: Collection[str]) -> dict[int, set[str]]:
    """Undo removals: what they kept out is to be read again.

    Their places are forgotten, because what could be read of them is.

    Returns:
        File on disk -> the removals of which it held something.
    """
    files: dict[int, set[str]] = {}
    places = [p for p in ledger.places_by("article", ids) if p.status == "removed"]
    holders = {place.file: ledger.file(place.file) for place in places}
    for place in places:
        key = holders[place.file].container or place.file
        files.setdefault(key, set()).add(place.article or "")
    every = [(key,) for key in ids]
    ledger.db.executemany("DELETE FROM places WHERE id = ?", [(place.id,) for place in places])
    ledger.forget_reading({*files, *holders})
    ledger.db.executemany("DELETE FROM removal_marks WHERE removal = ?", every)
    ledger.db.executemany("DELETE FROM removals WHERE id = ?", every)
    return files
