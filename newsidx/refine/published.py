"""Which of the dates that an article carries is the day it was published.

The order of trust: structured data (JSON-LD), meta elements, what the record or the
page states otherwise, the address, visible text; the file's own time comes last, and
only where that was asked for. What the date was taken from is noted as

    json-ld                                        its way
    json-ld; url says 2016-11-07                   the first that is more than a day off
    column:date; read as dmy                       an order that others showed
    url; column:date rejected: impossible: 31/2/2016
    ambiguous: 03/04/2016                          only the year is kept
    rejected: absurd: 0001-01-01                   nothing is
    file-time; rejected: unreadable: soon

with what is noted behind the way parted by `; `, and what was written at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from msgspec import Struct

from newsidx.article import Published, RawArticle
from newsidx.refine.cleaning import clean_line
from newsidx.refine.dates import ORDERS, Reading, read_date
from newsidx.refine.urldates import date_in_url

__all__ = ["Dated", "published_of"]

# How much of a date that could not be read is kept to be shown, in characters.
_SHOWN = 80
# A page states its date in a handful of places; who states more states nothing.
_MOST = 12

_URL, _TEXT = "url", "text"


class Dated(Struct, frozen=True):
    """The day of an article.

    Attributes:
        published: The day, as far as it is certain.
        way: What it was taken from, or why nothing was; None where there is no date.
        order: What its dates show of the order of numbers, as `Reading.order`.
    """

    published: Published | None = None
    way: str | None = None
    order: str | None = None


class _Candidate(Struct, frozen=True):
    way: str
    written: str
    reading: Reading


def published_of(
    raw: RawArticle,
    url: str | None,
    *,
    today: date | None = None,
    mtime: date | None = None,
    order: str | None = None,
) -> Dated:
    """The day of an article, from the most trusted of its dates that can be read.

    Args:
        raw: The article as a reader found it.
        url: Its cleaned address.
        today: What counts as today (UTC).
        mtime: The day of its file, where that may stand in for a date.
        order: The order that its source is known to write numbers in.
    """
    if not (raw.published or raw.other_dates or url):
        return _undated(None, None, mtime)
    candidates = sorted(_candidates(raw, url, today, order), key=_distrust)
    rejected = None
    for at, candidate in enumerate(candidates):
        if candidate.reading.published is None and _settled(candidate, candidates) is None:
            rejected = rejected or candidate
            continue
        return _taken(candidate, candidates[at + 1 :], candidates, rejected, order)
    note = f"rejected: {_why(rejected)}" if rejected else None
    return _undated(note, _first_shown(candidates), mtime)


def _undated(note: str | None, shown: str | None, mtime: date | None) -> Dated:
    """Without a date that can be taken: the file's own, where that may be."""
    if mtime is None:
        return Dated(None, note, shown)
    day = Published(mtime.year, mtime.month, mtime.day)
    return Dated(day, f"file-time; {note}" if note else "file-time", shown)


def _candidates(
    raw: RawArticle, url: str | None, today: date | None, order: str | None
) -> Iterator[_Candidate]:
    """What is written in each place."""
    stated = [*raw.other_dates[:_MOST]]
    if raw.published:
        stated.insert(0, (raw.provenance.get("published", "record"), raw.published))
    shown = []
    for way, written in stated:
        line = clean_line(written)
        if line:
            candidate = _Candidate(way, line, read_date(line, order=order, today=today))
            if _place(way) == _TEXT:
                shown.append(candidate)
            else:
                yield candidate
    yield from _agreed(shown)
    day = date_in_url(url) if url else None
    if day:
        # Through the reader, which knows what is absurd.
        written = day.isoformat()
        reading = read_date(written, today=today)
        if reading.published:
            yield _Candidate(_URL, written, reading)


def _agreed(shown: Iterable[_Candidate]) -> list[_Candidate]:
    """The first whole day in visible text, unless there are several days.

    One that only waits for an order of its numbers is a whole day, too.
    """
    days = [(one.reading.published, one) for one in shown if one.reading.published]
    whole = [(day, one) for day, one in days if day.day or one.reading.order == "open"]
    return [one for _, one in whole[:1] if all(day == whole[0][0] for day, _ in whole)]


def _distrust(candidate: _Candidate) -> int:
    place = _place(candidate.way)
    if place == "json-ld":
        return 0
    if place.startswith("meta:"):
        return 1
    return 4 if place == _TEXT else 3 if place == _URL else 2


def _place(way: str) -> str:
    """The place in a page, of which the record's field may stand before: `record:html (text)`."""
    return way.rpartition("(")[2].rstrip(")")


def _taken(
    candidate: _Candidate,
    others: Iterable[_Candidate],
    everyone: Iterable[_Candidate],
    rejected: _Candidate | None,
    order: str | None,
) -> Dated:
    reading, shown = candidate.reading, candidate.reading.order
    notes = [candidate.way]
    if reading.reason:
        settled = _settled(candidate, everyone)
        if settled is None:
            notes = [f"{reading.reason}: {candidate.written[:_SHOWN]}"]
        else:
            shown, reading = settled
            notes.append(f"read as {shown}")
    elif shown == "open":
        notes.append(f"read as {order}")
    day = reading.published
    assert day is not None
    for other in others:
        if other.reading.published and _apart(day, other.reading.published):
            notes.append(f"{other.way} says {other.reading.published.isoformat()}")
            break
    if rejected:
        notes.append(f"{rejected.way} rejected: {_why(rejected)}")
    return Dated(day, "; ".join(notes), shown or _first_shown(everyone, decisive=True))


def _settled(candidate: _Candidate, everyone: Iterable[_Candidate]) -> tuple[str, Reading] | None:
    """An ambiguous date in the one order that fits what a certain one says, and the order."""
    if candidate.reading.reason != "ambiguous" or not candidate.reading.order:
        return None
    readings = {order: read_date(candidate.written, order=order) for order in ORDERS}
    for other in everyone:
        known = other.reading.published
        if other.reading.reason or known is None or known.month is None:
            continue
        fitting = [
            (order, reading)
            for order, reading in readings.items()
            if not reading.reason and reading.published and _within(reading.published, known)
        ]
        if len(fitting) == 1:
            return fitting[0]
    return None


def _within(day: Published, known: Published) -> bool:
    return known.first <= day.first <= known.last


def _apart(one: Published, other: Published) -> bool:
    """Whether there is more than a day between two, whatever each leaves open."""
    gap = max((one.first - other.last).days, (other.first - one.last).days)
    return gap > 1


def _first_shown(candidates: Iterable[_Candidate], *, decisive: bool = False) -> str | None:
    """The first order that any date shows; `decisive` leaves out that it is open."""
    orders = (one.reading.order for one in candidates)
    return next((order for order in orders if order and not (decisive and order == "open")), None)


def _why(rejected: _Candidate) -> str:
    return f"{rejected.reading.reason}: {rejected.written[:_SHOWN]}"
