"""One article on a terminal, set for reading: text in a measure, what is known beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from typing import Any

from msgspec import Struct
from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from newsidx.article import Article
from newsidx.output.filelines import homely
from newsidx.output.links import target_of
from newsidx.output.marking import DIM, ID, marked, plain
from newsidx.output.reading import absences, facts
from newsidx.results import Span
from newsidx.text.counted import counted

__all__ = ["Matches", "print_article"]

# Lines of more characters are hard to read.
_MEASURE = 80
# From this width on, what is known stands at the right of the text.
_WIDE = 120
_BESIDE = 50
_GAP = 4
_NAMED = 8


class Matches(Struct, frozen=True):
    """What of an article a query meets.

    Attributes:
        spans: Its matches; None where the article as a whole doesn't match.
    """

    query: str
    spans: tuple[Span, ...] | None


def print_article(
    console: Console,
    article: Article,
    location: str,
    places: Sequence[dict[str, Any]],
    matches: Matches | None = None,
    *,
    links: bool = False,
) -> None:
    """Print an article: headline, byline, text, and where each field came from.

    Args:
        location: Where its source file is now.
        places: The other places where the ledger knows it.
        links: Whether the terminal has links.
    """
    spans = (matches.spans if matches else None) or ()
    measure = min(_MEASURE, console.width)
    text = _text(console, article, location, spans, measure, links=links)
    if matches is not None:
        text[:0] = [*_wrapped(console, Text(_told(article, matches), style=DIM), measure), Text()]
    if console.width < _WIDE:
        beside = _known(console, article, location, places, spans, measure)
        for line in (*text, Text(), Text("─" * measure, style=DIM), *beside):
            _put(console, line)
        return
    room = min(_BESIDE, console.width - measure - _GAP)
    beside = _known(console, article, location, places, spans, room)
    for left, right in zip_longest(text, beside):
        line = left or Text()
        if right:
            line = Text.assemble(line, " " * (measure + _GAP - cell_len(line.plain)), right)
        _put(console, line)


def _put(console: Console, line: Text) -> None:
    line.rstrip()
    console.print(line, soft_wrap=True)


def _told(article: Article, matches: Matches) -> str:
    """How many matches of the query there are, and of what words."""
    query = plain(matches.query)
    if matches.spans is None:
        return f"The article does not match {query}"
    met = Counter(
        plain(article.values(span.field)[span.value][span.start : span.end]).casefold()
        for span in matches.spans
    )
    if not met:
        return f"Matches {query} without a word of its text"
    number = counted(met.total(), "match", "matches")
    if list(met) == [query.casefold()]:
        return f"{number} of {query}"
    named = ", ".join(f"{word} {count:,}" for word, count in met.most_common(_NAMED))
    rest = f", {len(met) - _NAMED:,} other words" if len(met) > _NAMED else ""
    return f"{number} of {query}: {named}{rest}"


# The text


def _text(
    console: Console,
    article: Article,
    location: str,
    spans: Sequence[Span],
    measure: int,
    *,
    links: bool,
) -> list[Text]:
    title = marked(article.title or "(no title)", spans, "title", base="bold")
    target = target_of(article.url, location) if links else None
    if target:
        title.stylize(Style(link=target))
    lines = [
        *_wrapped(console, title, measure),
        *_wrapped(console, _byline(article, spans), measure),
    ]
    at = 0
    for paragraph in article.body.split("\n"):
        if paragraph.strip():
            drawn = marked(paragraph, spans, "body", origin=at)
            lines += [Text(), *_wrapped(console, drawn, measure)]
        at += len(paragraph) + 1
    return lines


def _byline(article: Article, spans: Iterable[Span]) -> Text:
    spans = tuple(spans)
    authors = [
        marked(name, spans, "authors", value=number, base=DIM)
        for number, name in enumerate(article.authors)
    ]
    parts = [Text.assemble(("By ", DIM), Text(", ", style=DIM).join(authors))] if authors else []
    if article.source:
        parts.append(marked(article.source, spans, "source", base=DIM))
    day = article.published.isoformat() if article.published else "no date"
    return Text(" · ", style=DIM).join([*parts, Text(day, style=DIM)])


# What is known


def _known(
    console: Console,
    article: Article,
    location: str,
    places: Iterable[dict[str, Any]],
    spans: Sequence[Span],
    width: int,
) -> list[Text]:
    """Each field with its value and where that came from, as lines so many cells wide."""
    rows = [
        (name, _value(article, name, value, spans), origin)
        for name, value, origin in facts(article, location)
        if origin or name != "title"
    ]
    rows += [(name, Text("none"), why) for name, why in absences(article)]
    rows += [(place["status"], Text(homely(plain(place["path"]))), "") for place in places]
    size = max(len(name) for name, _, _ in rows)
    lines = []
    for name, value, origin in rows:
        note = f" ({plain(origin)})" if origin else ""
        drawn = _wrapped(console, Text.assemble(value, (note, DIM)), max(12, width - size - 2))
        for number, line in enumerate(drawn):
            label = plain(name) if number == 0 else ""
            lines.append(Text.assemble((f"{label:<{size}}  ", DIM), line))
    return lines


def _value(article: Article, name: str, value: str, spans: Sequence[Span]) -> Text:
    if name == "id":
        return Text(value, style=ID)
    if name == "tags":
        tags = [marked(tag, spans, name, value=at) for at, tag in enumerate(article.tags)]
        return Text(", ").join(tags)
    if name in ("section", "url"):
        return marked(value, spans, name)
    return Text(homely(plain(value)) if name == "path" else plain(value))


def _wrapped(console: Console, text: Text, width: int) -> list[Text]:
    return list(text.wrap(console, width))
