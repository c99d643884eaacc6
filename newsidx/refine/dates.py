"""Dates as records write them, read without a guess.

A date is read only as far as it is certain. What can't be read, never was, means
several days or lies where no news can lie is told apart, so that the archive can
say why an article has no date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from msgspec import Struct

from newsidx.article import Published
from newsidx.refine.clock import instant_of, stamp, without_time
from newsidx.refine.date_words import MONTHS, PASSED_OVER, WEEKDAYS

__all__ = ["EARLIEST_YEAR", "ORDERS", "Reading", "date_order", "read_date"]

ORDERS = ("dmy", "mdy", "ymd")
"""The orders that day, month and year are written in, where all three are numbers."""

# The first newspapers that have survived are of 1605 and 1609.
EARLIEST_YEAR = 1600
# A paper may be dated tomorrow, and tomorrow comes early east of Greenwich.
_DAYS_AHEAD = 2
_MAX_LENGTH = 100
_MONTHS_OF_YEAR = 12


class Reading(Struct, frozen=True):
    """What a date as written says.

    Attributes:
        published: What is certain, or None.
        reason: Why not all, or nothing, is: `unreadable` (no date that we know),
            `impossible` (no such day), `ambiguous` (several days; `published` then
            holds the year, if all have one), `absurd` (before 1600, or to come).
        order: What it shows of the order its writer puts numbers in: one of `ORDERS`
            where a number that can be no month leaves no other, `open` where several
            give different days, None where it shows nothing.
    """

    published: Published | None
    reason: str | None = None
    order: str | None = None


_Day = tuple[int, int | None, int | None]  # year, month, day

_MONGO = re.compile(
    r"\{['\" ]*\$date['\" ]*:[{'\" ]*(?:\$numberlong['\" ]*:['\" ]*)?([^{}'\"]+)['\" }]*"
)
_DOT_NET = re.compile(r"/?date\((-?\d{1,15})(?:[+-]\d{4})?\)/?")
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?")

_COMMENT = re.compile(
    r"(?<=\d) ?\([a-z ]+\)| #.*|\[[a-z_/]+\]$|(?<=[+-]\d{4}) [a-z]{3,4}(?: m=.*)?$"
)
_PUNCTUATION = re.compile(r"[,|·•@()]|(?<=[a-z])[-/.]|[-/.](?=[a-z])|\s[-–—]+(?=\s|$)")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|ere|o|a|\.)")
_CJK = re.compile(r"(\d+)[年년] ?(\d+)[月월] ?(?:(\d+)[日일])?")
_GAP = re.compile(r"(\d)\. (?=\d)")

_NAMED = (
    re.compile(r"(?P<d>\d{1,2}) m(?P<m>\d+) (?P<y>\d{4}|\d\d)"),
    re.compile(r"m(?P<m>\d+) (?P<d>\d{1,2}) (?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4}) m(?P<m>\d+)(?: (?P<d>\d{1,2}))?"),
    re.compile(r"m(?P<m>\d+) (?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})(?:(?P<sep>[-/.])(?P<m>\d{1,2})(?:(?P=sep)(?P<d>\d{1,2}))?)?"),
    re.compile(r"(?P<m>\d{1,2})[-/.](?P<y>\d{4})"),
)
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d\d)")


def read_date(raw: str, *, order: str | None = None, today: date | None = None) -> Reading:
    """Read a date as a record writes it; never raises.

    Read are ISO 8601, RFC 822 and its successors, `26-FEB-1987 15:01:01.79`, the
    usual written forms in English, German, Spanish, French, Italian, Portuguese and
    Dutch, numbers with slashes, dots (day first, as everywhere they are used) or
    hyphens, seconds and milliseconds since 1970, MongoDB's `{'$date': ms}` and .NET's
    `/Date(ms)/`; what else dateutil reads, where it is told the day, the month and the year.

    The day is the one written, whatever the zone; the instant is known only with a
    time and a zone. An epoch gives its day in UTC. Two-digit years are of 1950 to
    2049 (RFC 2822, section 4.3).

    Args:
        raw: The date as written.
        order: One of `ORDERS`, which decides where several give different days, and
            nowhere else.
        today: What counts as today (UTC); more than two days later is absurd.
    """
    reading = _read(raw[:1000], order)
    return _sensible(reading, today) if reading else Reading(None, "unreadable")


@lru_cache(maxsize=4096)  # a day has many articles
def _read(raw: str, order: str | None) -> Reading | None:
    text = " ".join((raw.lower() if raw.isascii() else _folded(raw)).split())
    if not text or len(text) > _MAX_LENGTH:
        return None
    return _wrapped(text) or _digits(text) or _written(text, order) or _by_dateutil(text)


def _folded(raw: str) -> str:
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", raw).casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", text)


def date_order(raw: str) -> str | None:
    """What a date as written shows of the order of its numbers; as `Reading.order`."""
    return read_date(raw).order


def _sensible(reading: Reading, today: date | None) -> Reading:
    """The reading, unless its day lies where no news can lie."""
    published = reading.published
    if published is None:
        return reading
    latest = (today or datetime.now(UTC).date()).toordinal() + _DAYS_AHEAD
    if published.year < EARLIEST_YEAR or published.first.toordinal() > latest:
        return Reading(None, "absurd")
    return reading


def _wrapped(text: str) -> Reading | None:
    """A date in the dress of a database or a serializer: MongoDB's, or .NET's `/Date(ms)/`."""
    if found := _DOT_NET.fullmatch(text):
        return _epoch(found[1], 1000)
    found = _MONGO.fullmatch(text)
    if found is None:
        return None
    value = found[1].strip()
    return _epoch(value, 1000) if value.lstrip("-").isdecimal() else _written(value)


def _digits(text: str) -> Reading | None:
    """A run of digits: a year, an epoch, or a date written without separators."""
    whole, _, fraction = text.partition(".")
    if not whole.isdecimal() or (fraction and not fraction.isdecimal()):
        return None
    if len(whole) in (9, 10):
        return _epoch(whole, 1)
    if len(whole) == 13:
        return _epoch(whole, 1000)
    if len(whole) == 6 or (len(whole) == 12 and not fraction):
        # 201112 is a month of 2011 or a day of 2020; 12 digits a minute or an epoch.
        return Reading(None, "ambiguous")
    return None


def _epoch(digits: str, per_second: int) -> Reading:
    try:
        seconds = int(digits) // per_second
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    except (OverflowError, ValueError):
        return Reading(None, "absurd")
    return Reading(Published(moment.year, moment.month, moment.day, stamp(moment)))


def _written(text: str, order: str | None = None) -> Reading | None:
    """A date in one of the known forms, with or without a time."""
    found = _COMPACT.match(text)
    if found and not text[found.end() : found.end() + 1].isdigit():
        year, month, day, *clock = found.groups()
        time = ":".join(part for part in clock if part)
        text = f"{year}-{month}-{day} {time}{text[found.end() :]}"
    text, clock_offset = without_time(_COMMENT.sub("", text))
    reading = _day_alone(text, order)
    day = reading.published if reading and not reading.reason else None
    if reading is None or day is None or not (day.month and day.day and clock_offset):
        return reading
    instant = instant_of(day.first, *clock_offset)
    return Reading(Published(day.year, day.month, day.day, instant), None, reading.order)


@lru_cache(maxsize=512)  # a day has many times
def _day_alone(text: str, order: str | None) -> Reading | None:
    """A date without time, in one of the known forms."""
    days = _days(text)
    if not days:
        return None
    real = {way: day for way, day in days.items() if _exists(day)}
    shown = "open" if len(set(real.values())) > 1 else _shown(real)
    if shown == "open" and order not in real:
        years = {year for year, _, _ in real.values()}
        return Reading(Published(years.pop()) if len(years) == 1 else None, "ambiguous", shown)
    if not real:
        return Reading(None, "impossible")
    year, month, day = real.get(order or "") or next(iter(real.values()))
    return Reading(Published(year, month, day), None, shown)


def _shown(real: Mapping[str, _Day]) -> str | None:
    """The only order that gives a day, where that is because a number can be no month."""
    way, (_, _, day) = next(iter(real.items()), ("", (0, 0, 0)))
    return way if len(real) == 1 and way and (day or 0) > _MONTHS_OF_YEAR else None


def _days(text: str) -> dict[str, _Day]:
    """By order, every day that a date without time can mean, whether it exists or not.

    The order is empty where it is not in question.
    """
    text = _GAP.sub(r"\1.", _CJK.sub(r"\1-\2-\3", text))
    words = []
    for word in _PUNCTUATION.sub(" ", text).split():
        ordinal = _ORDINAL.fullmatch(word)
        if ordinal:
            words.append(ordinal[1])
        elif word in MONTHS:
            words.append(f"m{MONTHS[word]}")
        elif word not in WEEKDAYS and word not in PASSED_OVER:
            words.append(word)
    if sum(word.startswith("m") for word in words) == 2 and words[0] == "m3":
        del words[0]  # "mar." was Tuesday: mardi, martes, martedì
    line = " ".join(words).strip(" -/.")
    numeric = _NUMERIC.fullmatch(line)
    if numeric:
        return _numeric_days(numeric[1], numeric[3], numeric[4], numeric[2] == ".")
    for pattern in _NAMED:
        found = pattern.fullmatch(line)
        if found:
            part = found.groupdict()
            month, day = part.get("m"), part.get("d")
            year = _full_year(part["y"] or "")
            return {"": (year, int(month) if month else None, int(day) if day else None)}
    return {}


def _numeric_days(first: str, second: str, third: str, dots: bool) -> dict[str, _Day]:
    """`8/11/2016` either way round, with dots day first; a short year at either end."""
    year, one, two = _full_year(third), int(first), int(second)
    days: dict[str, _Day] = {"dmy": (year, two, one)}
    if not dots or two > _MONTHS_OF_YEAR:
        days["mdy"] = (year, one, two)
    if len(third) == 2 and len(first) == 2:
        days["ymd"] = (_full_year(first), two, int(third))
    return days


def _full_year(year: str) -> int:
    number = int(year)
    if len(year) > 2:
        return number
    return number + (2000 if number < 50 else 1900)


def _exists(day: _Day) -> bool:
    year, month, number = day
    try:
        date(year, 1 if month is None else month, 1 if number is None else number)
    except ValueError:
        return False
    return True


def _by_dateutil(text: str) -> Reading | None:
    """What dateutil reads, where it reads a whole day whatever it is given to fill in."""
    years = re.findall(r"(?<!\d)\d{4}(?!\d)", text)
    if len(years) != 1 or MONTHS.keys().isdisjoint(re.findall("[a-z]+", text)):
        return None  # without a named month, the order of numbers would be its guess
    from dateutil import parser

    days = set()
    for default, day_first in ((datetime(1996, 1, 1), False), (datetime(2005, 12, 28), True)):  # noqa: DTZ001 - what is missing must come out different, in no zone
        try:
            read = parser.parse(text, default=default, dayfirst=day_first, ignoretz=True)
        except Exception:  # it raises many things on text that is no date
            return None
        days.add((read.year, read.month, read.day))
    if len(days) > 1:
        return None
    day = days.pop()
    return Reading(Published(*day)) if day[0] == int(years[0]) else None
