"""Markdown as text: its signs taken away, its words and paragraphs kept.

No Markdown is ever wrong, and no two dialects agree, so this does not parse: it
removes what is surely markup and leaves what may be text. Every pattern is bounded
or possessive, since a line may be a megabyte long.
"""

from __future__ import annotations

import html
import re

__all__ = ["first_heading", "plain_text"]

_FENCE = re.compile(r" {0,3}(```+|~~~+)")

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SCRIPT = re.compile(r"<(script|style|iframe)\b[^>]*+>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_LIQUID = re.compile(r"\{%[^%]*+%\}|\{\{[^{}]*+\}\}|\{:[^{}\n]*+\}")

_HEADING = re.compile(r" {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$")
_TITLE = re.compile(r"^ {0,3}#[ \t]+(.+?)[ \t]*#*[ \t]*$|^(\S.*)\n=+[ \t]*$", re.MULTILINE)
_UNDERLINE = re.compile(r" {0,3}(?:=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}(?:[-*_][ \t]*){3,}$")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-{2,}:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_LEADING = re.compile(r"[ \t]*(?:>[ \t]?)*(?:[-*+][ \t]+)?")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]^][^\[\]]*\]:[ \t]*\S+.*$")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\[\]]+\]:[ \t]*")

_TARGET = r"\((?:[^()\n]++|\([^()\n]*+\))*+\)"
_IMAGE = re.compile(rf"!\[([^\[\]]*+)\](?:{_TARGET}|\[[^\[\]]*+\])")
_LINK = re.compile(rf"\[((?:[^\[\]]++|\[[^\[\]]*+\])*+)\](?:{_TARGET}|\[[^\[\]]*+\])")
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
    for line in _SCRIPT.sub("", _COMMENT.sub("", markdown)).splitlines():
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
    text = re.sub(r"[ \t]+\n", "\n", "\n".join(parts))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def first_heading(markdown: str) -> str | None:
    """The text of the first heading of the first level, if there is one."""
    match = _TITLE.search(_COMMENT.sub("", markdown))
    return plain_text(match[1] or match[2]) or None if match else None


def _prose(lines: list[str]) -> str:
    """Markdown without fences, as text."""
    kept: list[str] = []
    for line in _LIQUID.sub("", "\n".join(lines)).split("\n"):
        heading = _HEADING.match(line)
        if heading:
            kept += ["", heading[1], ""]
        elif (
            _RULE.match(line)
            or _TABLE_RULE.match(line)
            or (_UNDERLINE.match(line) and kept and kept[-1].strip())
        ):
            kept.append("")
        elif not _DEFINITION.match(line):
            kept.append(_FOOTNOTE.sub("", line)[_LEADING.match(line).end() :])
    text = "\n".join(kept)
    text = _LINK.sub(r"\1", _IMAGE.sub(r"\1", text))
    text = _TAG.sub(_without_tag, _ADDRESS.sub(r"\1", _NOTE.sub("", text)))
    text = _EMPHASIS.sub("", _STRONG.sub(r"\1", text.replace("`", "")))
    return html.unescape(_ESCAPE.sub(r"\1", text))


def _without_tag(match: re.Match[str]) -> str:
    name = match[1].lower()
    return "\n" if name in _LINE_TAGS else "\n\n" if name in _BLOCK_TAGS else ""
