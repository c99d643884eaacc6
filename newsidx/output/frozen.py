"""Frozen sets, and what is between two of them, for programs and for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.records import index_record, query_record
from newsidx.output.safe import one_line, valid
from newsidx.results import IndexInfo
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.index.frozen import Frozen
    from newsidx.searcher.freezing import Change, Difference, Event, Side

__all__ = ["DIFF", "FROZEN", "change_record", "difference_lines", "frozen_lines", "frozen_record"]
__all__ += ["put_difference", "put_frozen"]

FROZEN = Shape(
    schema="newsidx.freeze/1",
    rows="frozen",
    columns=("name", "kind", "understood", "filters", "articles", "content", "state", "date"),
    more=("query", "any", "exact", "literal", "newsidx", "tokens", "stems"),
)
"""Frozen sets, by name."""

DIFF = Shape(
    schema="newsidx.diff/1",
    rows="changes",
    columns=(
        "event",
        "id",
        "published",
        "source",
        "title",
        "today",
        "before",
        "after",
        "url",
        "path",
        "language",
        "words",
    ),
    plain=("event", "id", "published", "source", "title", "path"),
)
"""Articles that two states or results don't have in common."""


def put_frozen(form: Form, index: IndexInfo, found: Iterable[Frozen]) -> None:
    """Print frozen sets in any form but that of a terminal."""
    head = {"index": index_record(index)}
    put_records(form, FROZEN, map(frozen_record, found), head, {"warnings": []})


def frozen_record(frozen: Frozen) -> dict[str, Any]:
    """A frozen set as JSON has it; what is said of a query is null for a state."""
    asked = (frozen.question or {}).get
    text: str | None = asked("text")
    return {
        "name": frozen.name,
        "kind": frozen.kind,
        "query": None if text is None else valid(text),
        "understood": None if frozen.understood is None else valid(frozen.understood),
        "filters": [valid(each) for each in frozen.filters],
        "any": asked("any"),
        "exact": asked("exact"),
        "literal": asked("literal"),
        "articles": frozen.articles,
        "content": frozen.content,
        "state": frozen.state,
        "date": frozen.day,
        "newsidx": frozen.newsidx,
        "tokens": frozen.tokens,
        "stems": frozen.stems,
    }


def frozen_lines(found: Iterable[Frozen], *, color: bool) -> Iterator[str]:
    """Frozen sets for people, a line each."""
    found = list(found)
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        what = one_line(" ".join([each.understood or "", *each.filters]).strip())
        name = _painted(f"{each.name:<{width}}", "36", color)
        held = counted(each.articles, "article")
        yield f"{name}  {what or 'the whole archive'}  ({held}, {each.day})"


def put_difference(form: Form, index: IndexInfo, found: Difference) -> None:
    """Print what is between two sides in any form but that of a terminal."""
    head = {
        "index": index_record(index),
        "first": _side_record(found.first),
        "second": _side_record(found.second),
        "came": found.count("came"),
        "went": found.count("went"),
        "changed": found.count("changed"),
        "same": found.same,
    }
    tail = {"warnings": list(found.warnings)}
    put_records(form, DIFF, map(change_record, found.changes), head, tail)


def _side_record(side: Side) -> dict[str, Any]:
    return {
        "text": valid(side.text),
        "kind": side.kind,
        "query": side.query and query_record(side.query),
        "frozen": side.frozen and frozen_record(side.frozen),
        "articles": len(side.held),
        "content": side.content,
    }


def change_record(change: Change) -> dict[str, Any]:
    """An article that came, went or changed; what is known of it is from the archive as it is."""
    article = change.article
    published = article.published if article else None
    return {
        "event": change.event,
        "id": change.id,
        "published": published.isoformat() if published else None,
        "source": article.source if article else None,
        "title": article.title if article else None,
        "today": change.today,
        "before": change.before,
        "after": change.after,
        "url": article.url if article else None,
        "path": change.path,
        "language": article.language if article else None,
        "words": article.words if article else None,
    }


# On a terminal

_SIGNS: Mapping[Event, tuple[str, str]] = {
    "came": ("+", "32"),
    "went": ("-", "31"),
    "changed": ("~", "33"),
}
_TODAY = {
    "same": "",
    "changed": "another version now",
    "removed": "removed",
    "gone": "no longer in the archive",
}


def difference_lines(found: Difference, *, color: bool) -> Iterator[str]:
    """What is between two sides for people: how much of each, then a line for each article."""
    numbers = [f"{found.count(event):,} {event}" for event in _SIGNS]
    yield f"{_side(found.first)} → {_side(found.second)}"
    yield f"{', '.join(numbers)}, {found.same:,} the same"
    if found.changes:
        yield ""
    for change in found.changes:
        sign, code = _SIGNS[change.event]
        record = change_record(change)
        known = [record["published"] or "no date", record["source"] or "", record["title"] or ""]
        about = known if change.article else [change.path]
        if note := _TODAY[change.today]:
            about.append(f"({note})")
        text = "  ".join(one_line(each) for each in about if each)
        yield f"{_painted(sign, code, color)} {_painted(change.id, '36', color)}  {text}"


def _side(side: Side) -> str:
    day = f" of {side.frozen.day}" if side.frozen else ""
    return f"{one_line(side.text)}{day} ({counted(len(side.held), 'article')})"


def _painted(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
