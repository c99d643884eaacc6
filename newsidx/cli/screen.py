"""How results are drawn on a terminal, as options of commands that do so."""

from __future__ import annotations

from typing import Annotated

import typer
from msgspec import Struct

from newsidx.cli.groups import Together

__all__ = ["Look", "PagerOption", "Screen"]

PagerOption = Annotated[
    bool,
    typer.Option(
        "--pager/--no-pager",
        help="Show what is longer than the screen with $NEWSIDX_PAGER, $PAGER or less. "
        "Default: yes.",
        show_default=False,
    ),
]


class Look(Struct, frozen=True):
    """How a list is to look on a terminal.

    Attributes:
        compact: A line for each result.
        pager: Whether a pager may show it.
    """

    compact: bool = False
    pager: bool = True


def _look(
    compact: Annotated[
        bool, typer.Option("--compact", help="On a terminal: a line for each result.")
    ] = False,
    pager: PagerOption = True,
) -> Look:
    return Look(compact, pager)


Screen = Annotated[Look, Together(_look)]
"""Compact or not, with a pager or without."""
