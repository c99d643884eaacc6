"""The sketches that the ledger keeps, by which copies of an article are found.

Each belongs to a place, and goes with it. An index from before there were any has none, and
one that was made with another scheme has none that could be compared: they come as articles
are read again, and until then are made of the stored text where they are wanted.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

from newsidx.index.ledger import Ledger
from newsidx.text.sketch import scheme

__all__ = ["Sketched", "keep", "kept"]

_SCHEME = "sketches"
# So many ids at most are asked for by name; of more, all are read and some are dropped.
_FEW = 4000


class Sketched(NamedTuple):
    """An article's sketch, with what decides which of several copies speaks for them.

    Attributes:
        sketch: Empty where the body has no words.
        words: Of its body.
        day: Ordinal; None where it is not known.
    """

    id: str
    sketch: bytes
    words: int
    day: int | None


def keep(ledger: Ledger, found: Iterable[tuple[int, bytes | None]]) -> None:
    """Keep the sketches of places, in the transaction that is open."""
    rows = [row for row in found if row[1] is not None]
    if not rows:
        return
    if ledger.meta(_SCHEME) != scheme():
        ledger.db.execute("DELETE FROM sketches")  # nothing can be compared with these any more
        ledger.set_meta(_SCHEME, scheme())
    ledger.db.executemany("INSERT OR REPLACE INTO sketches VALUES (?, ?)", rows)


def kept(ledger: Ledger, ids: Collection[str] | None = None) -> Iterator[Sketched]:
    """The sketches that there are of articles; none where they were made otherwise.

    Args:
        ids: None is all articles.
    """
    query = (
        "SELECT a.id, s.sketch, p.words, p.day FROM articles a"
        " JOIN sketches s ON s.place = a.place JOIN places p ON p.id = a.place"
    )
    try:
        if ledger.meta(_SCHEME) != scheme():
            return
        if ids is None or len(ids) > _FEW:
            wanted = None if ids is None else frozenset(ids)
            rows = ledger.db.execute(query)
            yield from (Sketched(*row) for row in rows if wanted is None or row[0] in wanted)
            return
        for key in ids:
            yield from map(Sketched._make, ledger.db.execute(f"{query} WHERE a.id = ?", (key,)))
    except sqlite3.OperationalError as problem:
        if "no such table" not in str(problem):
            raise  # an index from before there were any has none
