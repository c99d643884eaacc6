"""A list of results on a terminal, drawn by Rich."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from newsidx.output.explanation import reckoning_lines
from newsidx.output.safe import one_line
from newsidx.results import Hit, Page, Snippet, Span
from newsidx.text.counted import counted

__all__ = ["print_page"]

_MARK = "bold yellow"
_DIM = "dim"


def print_page(console: Console, page: Page) -> None:
    """Print the hits of a page: rank and title, what is known of each, why it matched."""
    indent = len(str(page.offset + len(page.hits))) + 2
    for hit in page.hits:
        rank = Text(f"{hit.rank:>{indent - 2}}  ", style=_DIM)
        _print(console, _title(hit), indent, first=rank)
        facts = _facts(hit)
        facts.truncate(max(20, console.width - indent), overflow="ellipsis")
        _print(console, facts, indent)
        for snippet in hit.snippets:
            _print(console, _window(hit, snippet), indent)
        if elsewhere := _elsewhere(hit):
            _print(console, elsewhere, indent)
        if hit.reckoning is not None:
            for line in reckoning_lines(hit.score, hit.reckoning):
                _print(console, Text(line, style=_DIM), indent)
        console.print()


def _print(console: Console, text: Text, indent: int, first: Text | None = None) -> None:
    """Print text wrapped to the console, indented but for what stands before its first line."""
    margin = Text(" " * indent)
    for number, line in enumerate(text.wrap(console, max(20, console.width - indent))):
        line.rstrip()
        before = first if first is not None and number == 0 else margin
        console.print(Text.assemble(before, line), soft_wrap=True)


def _title(hit: Hit) -> Text:
    title = Text(one_line(hit.article.title), style="bold")
    _mark(title, hit.highlights, "title", 0)
    url = hit.article.url or ""
    if url.startswith(("http://", "https://")):
        title.stylize(f"link {one_line(url)}")
    return title


def _facts(hit: Hit) -> Text:
    article = hit.article
    known = [
        article.source or "",
        article.published.isoformat() if article.published else "no date",
        counted(article.words, "word"),
        ", ".join(article.tags[:4]),
    ]
    facts = " · ".join(one_line(part) for part in known if part)
    return Text.assemble((article.id, "cyan"), (f"  {facts}", _DIM))


def _window(hit: Hit, snippet: Snippet) -> Text:
    before = "… " if snippet.start > 0 else ""
    after = " …" if snippet.end < len(hit.article.body) else ""
    window = Text(one_line(snippet.text))
    _mark(window, hit.highlights, snippet.field, snippet.start)
    return Text.assemble((before, _DIM), window, (after, _DIM))


def _elsewhere(hit: Hit) -> Text | None:
    """The values of other fields that matched: author: Ann Smith · tag: National Security."""
    met = {(span.field, span.value): None for span in hit.highlights}
    found = Text()
    for name, number in met:
        if name in ("title", "body"):
            continue
        value = Text(one_line(hit.article.values(name)[number]))
        _mark(value, hit.highlights, name, 0, number)
        found = Text.assemble(found, " · " if found else "", (f"{name}: ", _DIM), value)
    return found or None


def _mark(text: Text, spans: tuple[Span, ...], field: str, origin: int, value: int = 0) -> None:
    for span in spans:
        if (span.field, span.value) != (field, value):
            continue
        if span.end > origin and span.start < origin + len(text):
            text.stylize(_MARK, max(0, span.start - origin), span.end - origin)
