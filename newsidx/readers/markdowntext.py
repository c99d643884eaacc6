"""Markdown as text: its signs taken away, its words and paragraphs kept.

No Markdown is ever wrong, and no two dialects agree, so this does not parse: it
removes what is surely markup and leaves what may be text. Every pattern is bounded
or possessive, since a line may be a megabyte long.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

__all__ = ["first_heading", "plain_text"]

_FENCE = re.compile(r" {0,3}(```+|~~~+)")

_SCRIPT = re.compile(r"<(script|style|iframe)\b[^<>]*+>", re.IGNORECASE)
_LIQUID = re.compile(r"\{%[^%]*+%\}|\{\{[^{}]*+\}\}|\{:[^{}\n]*+\}")

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:[-*_][ \t]*+){3,}$")
_TABLE_RULE = re.compile(
    r"[ \t]*+(?:\|[ \t]*+)?:?-{2,}+:?[ \t]*+(?:\|[ \t]*+:?-++:?[ \t]*+)*+\|?[ \t]*+$"
)
_LEADING = re.compile(r"^[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+)?")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]^][^\[\]]*\]:[ \t]*\S+.*$")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\[\]]+\]:[ \t]*")

_TARGET = r"\((?:[^()\n]++|\([^()\n]*+\))*+\)"
_IMAGE = re.compile(rf"!\[([^\[\]]*+)\](?:{_TARGET}|\[[^\[\]]*+\])")
_LINK = re.compile(rf"\[((?:[^\[\]]++|\[[^\[\]]*+\])*+)\](?:{_TARGET}|\[[^\[\]]*+\])")
_HARD_BREAK = re.compile(r"\\\n")
_NOTE = re.compile(r"\[\^[^\[\]\s]++\]")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]++)>")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)(?:\s[^<>]*+)?/?>")
_LINE_TAGS = frozenset({"br", "dd", "dt", "li", "tr"})
_BLOCK_TAGS = frozenset({"blockquote", "center", "div", "figure", "h1", "h2", "h3", "h4", "h5",
                         "h6", "hr", "ol", "p", "pre", "section", "table", "ul"})  # fmt: skip
# A mark of emphasis hugs a word from outside: `2 * 3`, `2*3` and `snake_case` have none.
_EMPHASIS = re.compile(
    r"(?<![\w*\\])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?![\w*])|~~"
    r"|(?<![\w\\])_{1,3}(?=[^\s_])|(?<=[^\s_\\])_{1,3}(?!\w)"
)
_STRONG = re.compile(r"\*\*(?=\S)([^*\n]++)\*\*")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!<>|~-])")


def plain_text(markdown: str) -> str:
    """The text of Markdown, its paragraphs separated by blank lines.

    Links and images leave their words; HTML tags and Liquid's `{% … %}` go, code in
    fences stays as it is.
    """
    parts: list[str] = []
    prose: list[str] = []
    fence = ""
    for line in _without_code(markdown).splitlines():
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence):
                fence = ""
            else:
                parts.append(line)
        elif mark:
            parts += [_prose(prose), ""]
            prose, fence = [], mark[1]
        else:
            prose.append(line)
    parts.append(_prose(prose))
    text = "\n".join(line.rstrip() for line in "\n".join(parts).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def first_heading(markdown: str) -> str | None:
    """The text of the first heading of the first level, if there is one."""
    above = ""
    for line in _without_code(markdown).splitlines():
        heading, underline = _HEADING.match(line), _UNDERLINE.match(line)
        if heading and heading[1] == "#":
            return plain_text(line) or None
        if underline and underline[1][0] == "=" and above.strip():
            return plain_text(above) or None
        above = line
    return None


def _without_code(text: str) -> str:
    """The text without comments, scripts, styles and frames; what has no end stays."""
    text = _cut(text, re.compile("<!--"), lambda _: "-->")
    return _cut(text, _SCRIPT, lambda opening: f"</{opening[1]}>")


def _cut(text: str, opening: re.Pattern[str], closing: Callable[[re.Match[str]], str]) -> str:
    kept, at = [], 0
    while match := opening.search(text, at):
        end = text.find(closing(match), match.end())
        if end < 0:
            break
        kept.append(text[at : match.start()])
        at = end + len(closing(match))
    return "".join((*kept, text[at:]))


def _prose(lines: list[str]) -> str:
    """Markdown without fences, as text."""
    kept: list[str] = []
    for line in _LIQUID.sub("", "\n".join(lines)).split("\n"):
        if _HEADING.match(line):
            kept += ["", line.strip().strip("#").strip(), ""]
        elif _RULE.match(line) or _TABLE_RULE.match(line) or _UNDERLINE.match(line):
            kept.append("")
        elif not _DEFINITION.match(line):
            kept.append(_LEADING.sub("", _FOOTNOTE.sub("", line)))
    text = "\n".join(kept)
    text = _HARD_BREAK.sub("\n", text)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _TAG.sub(_without_tag, _ADDRESS.sub(r"\1", _NOTE.sub("", text)))
    text = _EMPHASIS.sub("", _STRONG.sub(r"\1", text.replace("`", "")))
    return html.unescape(_ESCAPE.sub(r"\1", text))


def _without_tag(match: re.Match[str]) -> str:
    name = match[1].lower()
    return "\n" if name in _LINE_TAGS else "\n\n" if name in _BLOCK_TAGS else ""
