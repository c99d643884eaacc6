"""Which part of an article to show for a query."""

from __future__ import annotations

from collections.abc import Sequence

from newsidx.article import Article
from newsidx.results import Snippet, Span

__all__ = ["WINDOW", "snippets"]

# Code points shown around matches: about three lines of a terminal.
WINDOW = 240
_LEAD = 60


def snippets(article: Article, spans: Sequence[Span], wanted: int = 1) -> tuple[Snippet, ...]:
    """The windows of the body that hold most of the query, in order of the text.

    Without a match in the body it is the beginning.

    Args:
        spans: All matches in the article, as `match` gives them.
        wanted: How many windows at most.
    """
    body = article.body
    places = sorted({(span.start, span.end) for span in spans if span.field == "body"})
    if not body or wanted < 1:
        return ()
    if not places:
        return (_snippet(body, 0, WINDOW),)
    chosen: list[tuple[int, int]] = []
    while places and len(chosen) < wanted:
        start, end = _densest(body, places)
        chosen.append((start, end))
        places = [place for place in places if place[1] <= start or place[0] >= end]
    return tuple(_snippet(body, start, end) for start, end in sorted(chosen))


def _densest(body: str, places: list[tuple[int, int]]) -> tuple[int, int]:
    """The window with the most different matched words, then the most matches, then the first."""
    best: tuple[int, int, int] | None = None
    window = (0, WINDOW)
    for at, (first, _) in enumerate(places):
        start = max(0, first - _LEAD)
        inside = []
        for place in places[at:]:
            if place[1] > start + WINDOW:
                break
            inside.append(body[place[0] : place[1]].casefold())
        rank = (len(set(inside)), len(inside), -first)
        if best is None or rank > best:
            best, window = rank, (start, max(start + WINDOW, places[at][1]))
    return window


def _snippet(body: str, start: int, end: int) -> Snippet:
    """A window moved to the borders of words."""
    end = min(end, len(body))
    if start > 0 and not body[start - 1].isspace():
        space = _next_space(body, start, start + 25)
        start = space + 1 if space is not None else start
    if end < len(body) and not body[end].isspace():
        back = next((at for at in range(end, max(start, end - 25), -1) if body[at].isspace()), end)
        end = back
    while start < end and body[start].isspace():
        start += 1
    while end > start and body[end - 1].isspace():
        end -= 1
    return Snippet("body", start, end, body[start:end])


def _next_space(body: str, start: int, stop: int) -> int | None:
    return next((at for at in range(start, min(stop, len(body))) if body[at].isspace()), None)
