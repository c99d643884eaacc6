"""The days that a person means by what they type after `date:`."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from newsidx.query.characters import shown

__all__ = ["date_range", "unquoted_date"]

_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
# Full names, their first three letters, and the one abbreviation of four in common use.
_MONTH_NUMBERS = {
    spelling: number
    for number, name in enumerate(_MONTHS, start=1)
    for spelling in (name, name[:3])
} | {"sept": 9}

_DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}
_EXAMPLES = "2016, 2016-11, 2016-11-08, 8 Nov 2016, yesterday, last month or last 30 days"

_MONTH = r"(?P<month>[a-z]+)\.?"
_YEAR = r"(?P<year>[0-9]{4})"
_DAY = r"(?P<day>[0-9]{1,2})"
_NUMBERS = re.compile(_YEAR + r"(?:([-/])(?P<month>[0-9]{1,2})(?:\2(?P<day>[0-9]{1,2}))?)?")
_NAMED = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_MONTH} {_YEAR}",  # Nov 2016
        rf"{_DAY} {_MONTH},? {_YEAR}",  # 8 Nov 2016
        rf"{_MONTH} {_DAY},? {_YEAR}",  # November 8, 2016
    )
)
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_LAST_DAYS = re.compile(r"last ([0-9]{1,7}) days?")
_PERIOD = re.compile(r"(last|this) (week|month|year)")


def date_range(text: str, today: date) -> tuple[date, date]:
    """The first and the last day of what a person typed.

    `2016`, `2016-11`, `2016-11-08` (also with slashes), `Nov 2016`, `8 Nov 2016`,
    `November 8, 2016`, `yesterday`, `today`, `tomorrow`, `last 30 days` (today is the
    last of them), and `this` or `last` with `week`, `month` or `year`: whole ones of
    the calendar, with weeks from Monday to Sunday.

    Args:
        text: What was typed, without quotes; case and extra white space don't matter.
        today: The day that relative dates count from.

    Raises:
        ValueError: It is none of these, is no day of the calendar, or could be two
            different days. The message is for people.
    """
    words = " ".join(text.casefold().split())
    try:
        found = _numbers(words) or _named(words) or _relative(words, today)
    except OverflowError:
        raise ValueError(f"{shown(text)} lies outside the years 1 to 9999.") from None
    if found:
        return found
    _refuse_year_last(words)
    raise ValueError(f"{shown(text)!r} is not a date. Write {_EXAMPLES}.")


_MORE_WORDS = re.compile(r"(?:[ \t]+[^\s()\"“”„«»^:]+){1,3}")


def unquoted_date(query: str, start: int, end: int, today: date) -> int | None:
    """Where a date of several words ends that was typed without quotes, or None.

    Args:
        query: The query.
        start: Where the date's first word starts; `end` is where that ends.
    """
    more = _MORE_WORDS.match(query, end)
    stop = more.end() if more else end
    while stop > end:
        try:
            date_range(query[start:stop], today)
        except ValueError:
            stop = start + len(query[start:stop].rsplit(maxsplit=1)[0])
        else:
            return stop
    return None


def _numbers(words: str) -> tuple[date, date] | None:
    found = _NUMBERS.fullmatch(words)
    if not found:
        return None
    month, day = found["month"], found["day"]
    return _span(int(found["year"]), int(month) if month else None, int(day) if day else None)


def _named(words: str) -> tuple[date, date] | None:
    for pattern in _NAMED:
        found = pattern.fullmatch(words)
        if found and found["month"] in _MONTH_NUMBERS:
            day = found.groupdict().get("day")
            month = _MONTH_NUMBERS[found["month"]]
            return _span(int(found["year"]), month, int(day) if day else None)
    return None


def _relative(words: str, today: date) -> tuple[date, date] | None:
    if words in _DAYS_FROM_TODAY:
        day = today + timedelta(days=_DAYS_FROM_TODAY[words])
        return day, day
    if found := _LAST_DAYS.fullmatch(words):
        count = int(found[1])
        if not count:
            raise ValueError("The last 0 days are no days at all.")
        return today - timedelta(days=count - 1), today
    if not (found := _PERIOD.fullmatch(words)):
        return None
    back = 1 if found[1] == "last" else 0
    if found[2] == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        return monday, monday + timedelta(days=6)
    if found[2] == "year":
        return _span(today.year - back, None, None)
    months = today.year * 12 + today.month - 1 - back
    return _span(months // 12, months % 12 + 1, None)


def _span(year: int, month: int | None, day: int | None) -> tuple[date, date]:
    """The first and last day of a year, month or day; ValueError if there is no such."""
    if not 1 <= year <= 9999:
        raise ValueError(f"There is no year {year}: years go from 1 to 9999.")
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        raise ValueError(f"There is no month {month}: months go from 1 to 12.")
    length = calendar.monthrange(year, month)[1]
    if day is None:
        return date(year, month, 1), date(year, month, length)
    if not 1 <= day <= length:
        name = _MONTHS[month - 1].capitalize()
        raise ValueError(f"There is no {day} {name} {year}: that month has {length} days.")
    return date(year, month, day), date(year, month, day)


def _refuse_year_last(words: str) -> None:
    """Raise for 03/04/2016, which is one day in Europe and another in America."""
    found = _YEAR_LAST.fullmatch(words)
    if not found:
        return
    first, second, year = int(found[1]), int(found[3]), int(found[4])
    readings = []
    for month, day in dict.fromkeys([(first, second), (second, first)]):
        try:
            readings.append(_span(year, month, day)[0].isoformat())
        except ValueError:
            continue
    if not readings:
        raise ValueError(f"{words} is no day of the calendar. Write it as 2016-11-08.")
    problem = "could be two days" if len(readings) > 1 else "does not begin with its year"
    raise ValueError(f"{words} {problem}: write {' or '.join(readings)}.")
