"""Dates as records write them, read without a guess.

A date is read only as far as it is certain. What can't be read, never was, means
several days or lies where no news can lie is told apart, so that the archive can
say why an article has no date.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from newsidx.article import Published
from newsidx.refine.date_words import MONTHS, PASSED_OVER, WEEKDAYS, ZONES

__all__ = ["EARLIEST_YEAR", "Reading", "read_date"]

# The first newspapers that have survived are of 1605 and 1609.
EARLIEST_YEAR = 1600
# A paper may be dated tomorrow, and tomorrow comes early east of Greenwich.
_DAYS_AHEAD = 2
_MAX_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What a date as written says.

    Attributes:
        published: What is certain, or None.
        reason: Why not all, or nothing, is: `unreadable` (no date that we know),
            `impossible` (no such day), `ambiguous` (several days; `published` then
            holds the year, if all have one), `absurd` (before 1600, or to come).
    """

    published: Published | None
    reason: str | None = None


_Day = tuple[int, int | None, int | None]  # year, month, day

_MONGO = re.compile(
    r"\{['\" ]*\$date['\" ]*:[{'\" ]*(?:\$numberlong['\" ]*:['\" ]*)?([^{}'\"]+)['\" }]*"
)
_COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:[t ]?(\d\d):?(\d\d)(?::?(\d\d)(?:\.\d+)?)?)?")

_TIME = re.compile(
    r"(?:(?<=\d)t|(?<![\w:./+-]))(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,:]\d+)?)?(?: ?(?P<half>[ap])\.?m\b\.?)?"
    r"| ?(?P<half_alone>[ap])\.?m\b\.?|h(?P<minute_h>\d\d)?\b)(?: ?(?:uhr|hrs)\b)?"
)
_ZONE = re.compile(
    r" ?(?:[a-z]{1,5})? ?(?P<sign>[+-])(?P<hours>\d\d?):?(?P<minutes>\d\d)?\b"
    r"| ?(?P<place>[a-z]+/[a-z_]+|[a-z]+(?: standard| daylight| summer)? time\b)"
    r"| ?\(?(?P<name>[a-z]{1,5})\b\)?"
)
# Behind a time, wire services put letters of their own.
_CODES = re.compile(r" ?[a-z]{1,2}(?: [a-z]{1,2})*")
_COMMENT = re.compile(r"(?<=\d) ?\([a-z ]+\)")
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


def read_date(raw: str, *, today: date | None = None) -> Reading:
    """Read a date as a record writes it; never raises.

    Read are ISO 8601, RFC 822 and its successors, `26-FEB-1987 15:01:01.79`, the
    usual written forms in English, German, Spanish, French, Italian, Portuguese and
    Dutch, numbers with slashes, dots (day first, as everywhere they are used) or
    hyphens, seconds and milliseconds since 1970, and MongoDB's `{'$date': ms}`; what
    else dateutil reads, where it is told the day, the month and the year.

    The day is the one written, whatever the zone; the instant is known only with a
    time and a zone. An epoch gives its day in UTC. Two-digit years are of 1950 to
    2049 (RFC 2822, section 4.3).

    Args:
        raw: The date as written.
        today: What counts as today (UTC); more than two days later is absurd.
    """
    text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", raw[:1000]).casefold())
    text = "".join(char for char in text if not unicodedata.combining(char))
    text = " ".join(unicodedata.normalize("NFC", text).split())
    if not text or len(text) > _MAX_LENGTH:
        return Reading(None, "unreadable")
    reading = _mongo(text) or _digits(text) or _written(text) or _by_dateutil(text)
    return _sensible(reading, today) if reading else Reading(None, "unreadable")


def _sensible(reading: Reading, today: date | None) -> Reading:
    """The reading, unless its day lies where no news can lie."""
    published = reading.published
    if published is None:
        return reading
    latest = (today or datetime.now(UTC).date()).toordinal() + _DAYS_AHEAD
    if published.year < EARLIEST_YEAR or published.first.toordinal() > latest:
        return Reading(None, "absurd")
    return reading


def _mongo(text: str) -> Reading | None:
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
    return Reading(Published(moment.year, moment.month, moment.day, _stamp(moment)))


def _written(text: str) -> Reading | None:
    """A date in one of the known forms, with or without a time."""
    found = _COMPACT.match(text)
    if found and not text[found.end() : found.end() + 1].isdigit():
        year, month, day, *clock = found.groups()
        time = ":".join(part for part in clock if part)
        text = f"{year}-{month}-{day} {time}{text[found.end() :]}"
    text, clock_offset = _without_time(_COMMENT.sub("", text))
    days = _days(text)
    if not days:
        return None
    real = {day for day in days if _exists(day)}
    if len(real) > 1:
        years = {year for year, _, _ in real}
        return Reading(Published(years.pop()) if len(years) == 1 else None, "ambiguous")
    if not real:
        return Reading(None, "impossible")
    year, month, day = real.pop()
    instant = None
    if month and day and clock_offset:
        instant = _instant(date(year, month, day), *clock_offset)
    return Reading(Published(year, month, day, instant))


_Clock = tuple[int, int, int]  # hour, minute, second


def _without_time(text: str) -> tuple[str, tuple[_Clock, int] | None]:
    """The text without its time; the time and the minutes of its zone, where both are known."""
    found = _TIME.search(text)
    if found is None:
        return text, None
    end = found.end()
    hour = int(found["hour"])
    minute = int(found["minute"] or found["minute_h"] or 0)
    half = found["half"] or found["half_alone"]
    if half and not 1 <= hour <= 12:
        hour = 99  # no such time
    elif half:
        hour = hour % 12 + (12 if half == "p" else 0)
    offset = None
    zone = _ZONE.match(text, end)
    if zone and not _is_date_word(zone["name"]):
        end = zone.end()
        offset = ZONES.get(zone["name"])
        if zone["sign"]:
            offset = int(zone["hours"]) * 60 + int(zone["minutes"] or 0)
            offset = -offset if zone["sign"] == "-" else offset
    if _CODES.fullmatch(text, end):
        end = len(text)
    rest = f"{text[: found.start()]} {text[end:]}"
    return rest, None if offset is None else ((hour, minute, int(found["second"] or 0)), offset)


def _is_date_word(word: str | None) -> bool:
    return word in MONTHS or word in WEEKDAYS or word in PASSED_OVER


def _instant(day: date, clock: _Clock, offset: int) -> str | None:
    """The moment in UTC, or None for a time or a zone that there is not."""
    try:
        zone = timezone(timedelta(minutes=offset))
        moment = datetime(day.year, day.month, day.day, *clock, tzinfo=zone)
        return _stamp(moment.astimezone(UTC))
    except (OverflowError, ValueError):
        return None


def _stamp(moment: datetime) -> str:
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"


def _days(text: str) -> list[_Day]:
    """Every day that a date without time can mean, whether it exists or not."""
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
        return list(_numeric_days(numeric[1], numeric[3], numeric[4], numeric[2] == "."))
    for pattern in _NAMED:
        found = pattern.fullmatch(line)
        if found:
            part = found.groupdict()
            month, day = part.get("m"), part.get("d")
            year = _full_year(part["y"] or "")
            return [(year, int(month) if month else None, int(day) if day else None)]
    return []


def _numeric_days(first: str, second: str, third: str, dots: bool) -> Iterable[_Day]:
    """`8/11/2016` either way round, with dots day first; a short year at either end."""
    year, one, two = _full_year(third), int(first), int(second)
    yield year, two, one
    if not dots or two > 12:
        yield year, one, two
    if len(third) == 2 and len(first) == 2:
        yield _full_year(first), two, int(third)


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
