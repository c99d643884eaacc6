"""The time of day in a date as it is written, and the moment that it makes of a day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from newsidx.refine.date_words import MONTHS, PASSED_OVER, WEEKDAYS, ZONES

__all__ = ["Clock", "instant_of", "stamp", "without_time"]

Clock = tuple[int, int, int]  # hour, minute, second

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
# `8 November 2016 15.04`: behind the year, and to the end but for what goes with a time.
_DOTTED = re.compile(
    r"(?<=\d{4})(,?(?: at| um|,)* )(\d\d?)\.(\d\d)(?= ?(?:uhr|[ap]\.?m\.?|[a-z]{3,4})?$)"
)
# What can only have been meant for a time, and is none: `605:12:19.12`.
_NO_ZONE = re.compile(r"[\d+-]*:[\d:+.-]*")  # behind a time: `-:00+16:30`
_NO_TIME = re.compile(r"(?<![\w:./+-])\d+(?::\d+)+(?:[.,]\d+)?(?![\w:/-])")


def without_time(text: str) -> tuple[str, tuple[Clock, int] | None]:
    """Part a date from its time of day, which need not be one that there is.

    Args:
        text: A folded date, in lower case.

    Returns:
        The text without its time; the time and the minutes of its zone east of
        Greenwich, where both are known.
    """
    text = _DOTTED.sub(r"\1\2:\3", text)
    found = _TIME.search(text)
    if found is None:
        return _NO_TIME.sub(" ", text), None
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
    if _CODES.fullmatch(text, end) or _NO_ZONE.fullmatch(text, end):
        end = len(text)
    rest = f"{text[: found.start()]} {text[end:]}"
    return rest, None if offset is None else ((hour, minute, int(found["second"] or 0)), offset)


def _is_date_word(word: str | None) -> bool:
    return word in MONTHS or word in WEEKDAYS or word in PASSED_OVER


def instant_of(day: date, clock: Clock, offset: int) -> str | None:
    """The moment in UTC, or None for a time or a zone that there is not."""
    try:
        zone = timezone(timedelta(minutes=offset))
        moment = datetime(day.year, day.month, day.day, *clock, tzinfo=zone)
        return stamp(moment.astimezone(UTC))
    except (OverflowError, ValueError):
        return None


def stamp(moment: datetime) -> str:
    """A moment in UTC as articles have it: `2016-11-09T04:00:00Z`."""
    return f"{moment.replace(tzinfo=None, microsecond=0).isoformat()}Z"
