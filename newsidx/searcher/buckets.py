"""Days, weeks, months, quarters and years: their names in ISO 8601, and where they end.

Weeks are those of ISO 8601, from Monday to Sunday; quarters are written as the months
are, `2016-Q4`.
"""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from newsidx.errors import UsageError
from newsidx.query import nodes

__all__ = ["COUNTED_BY", "MOST", "SIZES", "bucket_of", "buckets_between", "ends_of"]
__all__ += ["node_for", "size_for"]

COUNTED_BY: dict[str, str] = {
    "day": "day",
    "week": "day",
    "month": "month",
    "quarter": "month",
    "year": "year",
}
"""The size of a bucket -> what an engine counts by that adds up to it."""

SIZES: tuple[str, ...] = tuple(COUNTED_BY)
"""The sizes that a bucket can have, the smallest first."""

MOST = 20_000
"""Buckets of one timeline at most: fifty years of days."""

# A span of at most so many days is counted by days, weeks, and so on; so there are enough
# buckets to see a course, and few enough to read.
_LONGEST = {"day": 45, "week": 280, "month": 5 * 366, "quarter": 15 * 366}


def size_for(first: date, last: date) -> str:
    """The size of bucket that suits a span."""
    days = (last - first).days + 1
    return next((size for size, most in _LONGEST.items() if days <= most), "year")


def bucket_of(day: date, size: str) -> str:
    """The bucket that a day is in: `2016-11-08`, `2016-W45`, `2016-11`, `2016-Q4`, `2016`."""
    match size:
        case "day":
            return day.isoformat()
        case "week":
            year, week, _ = day.isocalendar()
            return f"{year:04}-W{week:02}"
        case "quarter":
            return f"{day.year:04}-Q{(day.month - 1) // 3 + 1}"
        case _:
            return day.isoformat()[: 7 if size == "month" else 4]


def ends_of(bucket: str, size: str) -> tuple[date, date]:
    """The first and the last day of a bucket."""
    year, _, rest = bucket.partition("-")
    match size:
        case "day":
            first = last = date.fromisoformat(bucket)
        case "week":
            first = date.fromisocalendar(int(year), int(rest[1:]), 1)
            # The last week of the year 9999 has no Sunday.
            last = first + timedelta(days=min(6, (date.max - first).days))
        case "quarter":
            first, last = _months(int(year), 3 * int(rest[1:]) - 2, 3)
        case "month":
            first, last = _months(int(year), int(rest), 1)
        case _:
            first, last = _months(int(year), 1, 12)
    return first, last


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    end = month + count - 1
    return date(year, month, 1), date(year, end, calendar.monthrange(year, end)[1])


def buckets_between(first: date, last: date, size: str) -> list[str]:
    """All buckets from that of one day to that of another, in order.

    Raises:
        UsageError: They are more than `MOST`.
    """
    found: list[str] = []
    day = first
    while True:
        found.append(bucket_of(day, size))
        if len(found) > MOST:
            raise UsageError(
                f"From {first} to {last} there are more than {MOST:,} buckets by {size}.",
                "Take larger ones with --by, or a shorter span with --since and --until.",
            )
        end = ends_of(found[-1], size)[1]
        if end >= last or end == date.max:
            return found
        day = end + timedelta(days=1)


def node_for(bucket: str, size: str) -> nodes.Node:
    """What finds the articles of a bucket: `date:2016-11`, `date:2016-11-07..2016-11-13`."""
    if size in ("day", "month", "year"):
        return nodes.InField("date", nodes.Word(bucket))
    first, last = ends_of(bucket, size)
    cut = 10 if size == "week" else 7
    return nodes.InField("date", nodes.Range(first.isoformat()[:cut], last.isoformat()[:cut]))
