"""newsidx cat."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.boundary import report_error
from newsidx.cli.options import IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import ArticleNotFound
from newsidx.output.safe import printable
from newsidx.output.streams import is_terminal, write, write_text

__all__ = ["cat", "command"]

_EXAMPLE = "newsidx search QUERY --fields id | newsidx cat -"


def cat(
    article_ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...|-",
            help="An article's id, or the first four or more characters of it; - for ids "
            "from standard input, one at the beginning of each line.",
            show_default=False,
        ),
    ],
    null: Annotated[
        bool, typer.Option("-0", "--null", help="A NUL after each text, instead of a new line.")
    ] = False,
    index: IndexOption = None,
) -> int:
    """Print the text of articles, and nothing else: exactly as it is indexed, in UTF-8.

    \b
    newsidx search calexit --fields id | newsidx cat -
    newsidx search calexit | newsidx cat - | wc -w

    An id that no article has is said on standard error, and the others go on. The exit
    status is then 1.
    """  # noqa: D301 - the backspace keeps the examples from being wrapped
    status = 0
    end = "\0" if null else "\n"
    on_terminal = is_terminal(sys.stdout)
    with open_index(load_settings(index).index) as opened:
        for article_id in _ids(article_ids):
            try:
                body = opened.get(article_id).body
            except ArticleNotFound as missing:
                status = report_error(missing, as_json=False, debug=False)
                continue
            if on_terminal:
                write_text(printable(body) + end)
            else:
                write((body + end).encode("utf-8", "replace"))
    return status


def _ids(given: Iterable[str]) -> Iterator[str]:
    """The ids of the command line, those from standard input in the place of `-`."""
    for each in given:
        if each != "-":
            yield each
            continue
        from newsidx.cli.reading import standard_input

        with standard_input("ids", _EXAMPLE) as stream:
            for line in stream:
                # What newsidx search prints in a pipe begins with the id.
                if found := line.decode("utf-8", "replace").partition("\t")[0].strip():
                    yield found


def command() -> Any:
    """The command, for the group."""
    return single_command(cat)
