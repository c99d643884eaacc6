"""Who printed a story and what each changed, drawn on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from newsidx.output.columns import cut
from newsidx.output.marking import DIM, ID, plain
from newsidx.output.numbers import percent
from newsidx.results.spread import Change, Changes, Passage, Spread, Version
from newsidx.text.counted import counted

__all__ = ["print_versions"]

_CUT, _ADDED, _HEAD = "red", "green", "bold"
# Passages shown of each kind; JSON has them all.
_SHOWN = 3
_INDENT = 12


def print_versions(console: Console, found: Spread) -> None:
    """Print the versions of a story, the earliest first, those without a date apart."""
    base = next(each.article for each in found.versions if each.article.id == found.base)
    _print(console, Text(plain(base.title), style=_HEAD), 0)
    _print(console, Text(_said(found), style=DIM), 0)
    dated = True
    for version in found.versions:
        console.print()
        if dated and version.article.published is None and version is not found.versions[0]:
            _print(console, Text("Without a date:", style=DIM), 0)
        dated = version.article.published is not None
        _print_version(console, version)


def _said(found: Spread) -> str:
    days = [each.article.published for each in found.versions if each.article.published]
    said = counted(len(found.versions), "version")
    if found.outlets:
        said += f" by {counted(len(found.outlets), 'outlet')}"
    if days:
        first, last = days[0].isoformat(), days[-1].isoformat()
        said += f", {first}" + (f" to {last}" if last != first else "")
    return f"{said}. Each is held against {found.base}."


def _print_version(console: Console, version: Version) -> None:
    article, changes = version.article, version.changes
    day = article.published.isoformat() if article.published else "no date"
    line = Text.assemble((f"{day:<{_INDENT}}", DIM), plain(article.source or "no source"), "  ")
    line.append(article.id, ID)
    line.append(f"  {counted(article.words, 'word')}", DIM)
    _print(console, line, 0)
    if changes is None:
        _print(console, Text("what the others are held against", style=DIM), _INDENT)
        return
    _print(console, Text(_shares(changes)), _INDENT)
    if changes.headline:
        _print(console, Text.assemble(("headline: ", DIM), plain(article.title)), _INDENT)
    if changes.words is not None:
        for change in changes.words:
            _print(console, _by_word(change), _INDENT)
        return
    for line in _passages(changes.cut, "- ", _CUT, console.width - _INDENT):
        _print(console, line, _INDENT)
    for line in _passages(changes.added, "+ ", _ADDED, console.width - _INDENT):
        _print(console, line, _INDENT)


def _shares(changes: Changes) -> str:
    if changes.shared == 1 and not changes.reordered:
        return "the same text"
    parts = [f"keeps {percent(changes.kept)}"]
    if changes.taken < 1:
        parts.append(f"{percent(changes.taken)} of it is from there")
    words = [
        (sum(each.words for each in changes.cut), "cut"),
        (sum(each.words for each in changes.added), "added"),
        (changes.altered, "altered"),
    ]
    parts += [f"{counted(number, 'word')} {what}" for number, what in words if number]
    if changes.reordered:
        parts.append("in another order")
    return " · ".join(parts)


def _passages(passages: tuple[Passage, ...], sign: str, style: str, width: int) -> Iterator[Text]:
    for passage in passages[:_SHOWN]:
        yield Text(cut(sign + plain(passage.text), width), style=style)
    if len(passages) > _SHOWN:
        more = counted(len(passages) - _SHOWN, "passage")
        yield Text(f"{sign}and {more} more, which --json has", style=DIM)


def _by_word(change: Change) -> Text:
    """A difference: `… before [-cut-] {+added+} after …`, as wdiff writes it."""
    line = Text(f"… {plain(change.before)} " if change.before else "")
    if change.cut:
        line.append(f"[-{plain(change.cut)}-]", _CUT)
    if change.cut and change.added:
        line.append(" ")
    if change.added:
        line.append(f"{{+{plain(change.added)}+}}", _ADDED)
    if change.after:
        line.append(f" {plain(change.after)} …")
    return line


def _print(console: Console, text: Text, indent: int) -> None:
    for line in text.wrap(console, max(20, console.width - indent)):
        line.rstrip()
        console.print(Text.assemble(" " * indent, line), soft_wrap=True)
