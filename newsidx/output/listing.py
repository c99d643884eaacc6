"""A list of results on a terminal, drawn by Rich."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from newsidx.output.safe import one_line
from newsidx.results import Hit, Page, Snippet, Span

__all__ = ["print_page"]

_MARK = "bold yellow"
_DIM = "dim"


def print_page(console: Console, page: Page) -> None:
    """Print the hits of a page: rank and title, what is known of each, why it matched."""
    width = len(str(page.offset + len(page.hits)))
    for hit in page.hits:
        console.print(_heading(hit, width), soft_wrap=False)
        body = [_facts(hit), *(_window(hit, snippet) for snippet in hit.snippets)]
        for part in body:
            console.print(Padding(part, (0, 1, 0, width + 2)))
        console.print()


def _heading(hit: Hit, width: int) -> Text:
    heading = Text(f"{hit.rank:>{width}}  ", style=_DIM, overflow="fold")
    title = Text(one_line(hit.article.title), style="bold")
    _mark(title, hit.highlights, "title", 0)
    url = hit.article.url or ""
    if url.startswith(("http://", "https://")):
        title.stylize(f"link {one_line(url)}")
    return heading.append_text(title)


def _facts(hit: Hit) -> Text:
    article = hit.article
    known = [
        article.source or "",
        article.published.isoformat() if article.published else "no date",
        f"{article.words:,} words",
        ", ".join(article.tags[:4]),
    ]
    facts = Text(style=_DIM, overflow="ellipsis", no_wrap=True)
    facts.append(article.id, style="cyan not dim")
    facts.append("  " + " · ".join(one_line(part) for part in known if part))
    return facts


def _window(hit: Hit, snippet: Snippet) -> Text:
    before = "… " if snippet.start > 0 else ""
    after = " …" if snippet.end < len(hit.article.body) else ""
    window = Text(one_line(snippet.text))
    _mark(window, hit.highlights, snippet.field, snippet.start)
    return Text(before, style=_DIM).append_text(window).append(after, style=_DIM)


def _mark(text: Text, spans: tuple[Span, ...], field: str, origin: int) -> None:
    for span in spans:
        if span.field == field and span.end > origin and span.start < origin + len(text):
            text.stylize(_MARK, max(0, span.start - origin), span.end - origin)
