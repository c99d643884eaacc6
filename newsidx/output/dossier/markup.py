"""HTML in which nothing but our own markup can be: text is escaped by whatever takes it in."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from newsidx.output.safe import printable, valid
from newsidx.results import Span

__all__ = ["Markup", "joined", "marked", "tag", "text"]

# What HTML may not hold though Unicode has it: noncharacters (The Unicode Standard, 23.7).
_NONE = re.compile(
    "[\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr((plane << 16) + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)

_VOID = frozenset(("br", "col", "hr", "meta"))


class Markup(str):
    """Text that is HTML already. Only this module makes any of it out of other text."""

    __slots__ = ()


def text(value: str) -> Markup:
    """Text as HTML: escaped, without what acts on a page or reorders what is read."""
    return Markup(html.escape(_NONE.sub("\N{REPLACEMENT CHARACTER}", printable(valid(value)))))


def tag(name: str, /, *content: str | None, **attributes: str | int | None) -> Markup:
    """An element.

    Args:
        name: Ours, never an article's.
        content: HTML where it is `Markup`, else text; None is nothing.
        attributes: Their values are text; `_` at the end of a name is left out, and one
            within it is a hyphen. None is no attribute.
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Markup(f"<{name}{said}>")
    return Markup(f"<{name}{said}>{joined(content)}</{name}>")


def joined(parts: Iterable[str | None], between: str = "") -> Markup:
    """Several parts as one; those that are no `Markup` are text."""
    return Markup(between.join(_html(each) for each in parts if each is not None))


def _html(part: str) -> str:
    return part if isinstance(part, Markup) else text(part)


def marked(value: str, spans: Sequence[Span], origin: int = 0) -> Markup:
    """Text with its matches marked.

    Args:
        spans: In order; they may overlap, and lie outside.
        origin: Where in the field the text begins.
    """
    parts: list[str] = []
    at = 0
    for span in spans:
        start, end = max(at, span.start - origin), min(len(value), span.end - origin)
        if start < end:
            parts += [value[at:start], tag("mark", value[start:end])]
            at = end
    return joined([*parts, value[at:]])
