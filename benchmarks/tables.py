"""Tables in Markdown, which read well on a terminal too."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["markdown"]


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """A table with its columns aligned: so many to the left, the others to the right."""
    widths = [max(3, *map(len, column)) for column in zip(head, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        pairs = enumerate(zip(cells, widths, strict=True))
        padded = (
            cell.ljust(width) if at < left else cell.rjust(width) for at, (cell, width) in pairs
        )
        return f"| {' | '.join(padded)} |"

    rules = (
        "-" * width if at < left else "-" * (width - 1) + ":" for at, width in enumerate(widths)
    )
    return "\n".join([line(head), line(list(rules)), *map(line, rows)])
