"""What was searched, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from newsidx.output.safe import one_line, valid
from newsidx.results import Covered, Gap, Searched
from newsidx.text.counted import counted

__all__ = ["days", "searched_lines", "searched_record"]

# Gaps that are told in sentences; --json has all of them.
_TOLD = 3


def searched_record(searched: Searched | None) -> dict[str, Any] | None:
    """`searched` of the JSON output; all but `articles` only where it was asked for."""
    if searched is None:
        return None
    what = searched.covered
    if what is None:
        return {"articles": searched.articles}
    return {
        "articles": searched.articles,
        "first": what.first,
        "last": what.last,
        "undated": what.undated,
        "sources": [
            {"source": valid(name), "articles": articles} for name, articles in what.sources
        ],
        "without_source": what.without_source,
        "gaps": [
            {
                "source": gap.source,
                "first": gap.first.isoformat(),
                "last": gap.last.isoformat(),
                "days": gap.days,
                "expected": round(gap.expected, 1),
            }
            for gap in what.gaps
        ],
        "files": what.files
        and {
            "failed": what.files.failed,
            "skipped": what.files.skipped,
            "unseen": what.files.unseen,
        },
    }


def searched_lines(total: int, searched: Searched | None) -> Iterator[str]:
    """What was searched, in a sentence, and below it what is missing there.

    Args:
        total: How many articles matched.
    """
    if searched is None or searched.covered is None:
        return
    what = searched.covered
    if not searched.articles:
        why = "for the filters let no article through"
        yield f"  Searched: nothing, {why if searched.filtered else 'for the archive is empty'}."
        return
    articles = counted(searched.articles, "article")
    undated = f"; {what.undated:,} {'has' if what.undated == 1 else 'have'} no date"
    span = f"{_sources(what)}{_span(what)}{undated if what.undated else ''}"
    yield f"  Searched: {total:,} of {articles}{span}."
    for gap in what.gaps[:_TOLD]:
        yield f"    {_gap(gap)}"
    if (more := len(what.gaps) - _TOLD) > 0:
        yield f"    and {counted(more, 'more gap')}: --json lists them"
    if what.files and (bad := what.files.failed + what.files.unseen):
        yield f"    {counted(bad, 'file')} could not be read: newsidx files --status failed"


def _sources(what: Covered) -> str:
    if not what.sources:
        return ""
    if len(what.sources) == 1:
        return f" of {one_line(what.sources[0][0])}"
    return f" of {len(what.sources):,} sources"


def _span(what: Covered) -> str:
    if what.first is None or what.last is None:
        return ""
    first, last = what.first[:7], what.last[:7]
    if first == last:
        first, last = what.first, what.last
    return f", {first}" if first == last else f", {first} to {last}"


def _gap(gap: Gap) -> str:
    who = "the archive" if gap.source is None else one_line(gap.source)
    return f"{who} has none from {days(gap.first, gap.last)}"


def days(first: date, last: date) -> str:
    """A span as people write it: 3 to 19 November 2016, 28 October to 3 November 2016."""
    begin = f"{first.day}"
    if (first.year, first.month) != (last.year, last.month):
        begin += f" {first:%B}"
    if first.year != last.year:
        begin += f" {first.year}"
    return f"{begin} to {last.day} {last:%B} {last.year}"
