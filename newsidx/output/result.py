"""The parts that one result is drawn of."""

from __future__ import annotations

from rich.style import Style
from rich.text import Text

from newsidx.output.links import target_of
from newsidx.output.marking import DIM, marked
from newsidx.results import Hit, Snippet

__all__ = ["elsewhere", "heading", "tag_texts", "windows"]

_SENTENCE_ENDS = frozenset(".!?…。！？؟।\"'”’»)]」』）:")


def heading(hit: Hit, links: bool, style: str = "bold") -> Text:
    """The title, which leads to the article where the terminal has links."""
    title = marked(hit.article.title or "(no title)", hit.highlights, "title", base=style)
    target = target_of(hit.article.url, hit.path) if links else None
    if target:
        # As an object: what is parsed as a style would end at a blank.
        title.stylize(Style(link=target))
    return title


def tag_texts(hit: Hit) -> list[Text]:
    """Each tag, its matches marked."""
    return [
        marked(tag, hit.highlights, "tags", value=number, base=DIM)
        for number, tag in enumerate(hit.article.tags)
    ]


def windows(hit: Hit) -> list[Text]:
    """The snippets, with an ellipsis where a sentence is cut."""
    return [_window(hit, snippet) for snippet in hit.snippets]


def _window(hit: Hit, snippet: Snippet) -> Text:
    body = hit.article.body
    before = "" if _begins(body, snippet) else "… "
    after = "" if _ends(body, snippet) else " …"
    window = marked(snippet.text, hit.highlights, snippet.field, origin=snippet.start)
    return Text.assemble((before, DIM), window, (after, DIM))


def _begins(body: str, snippet: Snippet) -> bool:
    """Whether a sentence, a paragraph or the text begins there."""
    start = snippet.start
    while start and body[start - 1].isspace():
        start -= 1
        if body[start] == "\n":
            return True
    return start == 0 or body[start - 1] in _SENTENCE_ENDS


def _ends(body: str, snippet: Snippet) -> bool:
    if snippet.end >= len(body) or body[snippet.end] == "\n":
        return True
    return snippet.text[-1:] in _SENTENCE_ENDS


def elsewhere(hit: Hit, shown: set[tuple[str, int]]) -> Text | None:
    """The values of other fields that matched: author: Ann Smith · tag: National Security.

    Args:
        shown: Fields and values of theirs that are on the screen already.
    """
    met = dict.fromkeys((span.field, span.value) for span in hit.highlights)
    found = Text()
    for name, number in met:
        if name in ("title", "body") or (name, number) in shown:
            continue
        text = hit.article.values(name)[number]
        value = marked(text, hit.highlights, name, value=number)
        found = Text.assemble(found, " · " if found else "", (f"{name}: ", DIM), value)
    return found or None
