"""How many articles have each value of a field, as bars on a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from newsidx.output.bars import ASCII, BLOCKS, Glyphs, bar
from newsidx.output.numbers import percent
from newsidx.output.safe import one_line
from newsidx.results.counts import FacetCounts
from newsidx.text.counted import counted

__all__ = ["glyphs_for", "print_facets"]

_DIM, _BAR, _HEAD = "dim", "cyan", "bold"

# A bar is at most so wide: on wide terminals the eye has to find its number.
_WIDEST = 72
# From this width on it is said besides how much of all with a value was found.
_ROOMY = 72


def glyphs_for(console: Console) -> Glyphs:
    """Blocks where the terminal can show them."""
    return BLOCKS if console.encoding.lower().startswith("utf") else ASCII


def print_facets(console: Console, found: FacetCounts, query: str) -> None:
    """Print values with bars, the commonest first.

    Args:
        query: As it is to be named above them; empty where it is everything.
    """
    title = Text.assemble((found.field, _HEAD), (f" of {one_line(query)}" if query else "", _HEAD))
    title.append(f"  {_said(found)}", _DIM)
    console.print(title, soft_wrap=False, overflow="ellipsis", no_wrap=True)
    console.print()
    for line in _rows(found, console.width, glyphs_for(console)):
        console.print(line, soft_wrap=True)


def _said(found: FacetCounts) -> str:
    articles, values = counted(found.total, "article"), counted(found.distinct, "value")
    cut = f", shown {len(found.values):,}" if len(found.values) < found.distinct else ""
    return f"{articles}, {values}{cut}"


def _rows(found: FacetCounts, width: int, glyphs: Glyphs) -> Iterator[Text]:
    if not found.values:
        return
    compared = found.base > found.total and width >= _ROOMY
    names = [one_line(each.value) for each in found.values]
    label = min(max(map(cell_len, names)), max(12, width * 2 // 5))
    numbers = [f"{each.articles:,}" for each in found.values]
    count = max(len("articles"), *map(len, numbers))
    fixed = label + 2 + 2 + count + 2 + 6 + (2 + 15 if compared else 0)
    wide = min(_WIDEST, max(4, width - fixed))
    head = f"{'':{label + 2 + wide + 2}}{'articles':>{count}}   share"
    yield Text(head + ("   of all with it" if compared else ""), style=_DIM)
    most = max(each.articles for each in found.values)
    for each, name, number in zip(found.values, names, numbers, strict=True):
        shown = _cut(name, label)
        drawn = bar(each.articles / most, wide, glyphs).ljust(wide)
        line = Text.assemble(shown, "  ", (drawn, _BAR), "  ", (f"{number:>{count}}", _HEAD))
        line.append(f"  {percent(each.share):>6}", _DIM)
        if compared:
            line.append(f"  {percent(each.ratio):>6} of {_of(each.base):>5}", _DIM)
        line.rstrip()
        yield line


def _of(base: int) -> str:
    return f"{base:,}" if base < 10_000 else f"{base // 1000:,}k"


def _cut(name: str, width: int) -> str:
    """A name in exactly so many cells."""
    if cell_len(name) <= width:
        return set_cell_size(name, width)
    return set_cell_size(name, width - 1) + "…"
