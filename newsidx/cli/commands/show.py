"""newsidx show."""

from __future__ import annotations

import shutil
import sys
from typing import Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.article import ARTICLE_SCHEMA
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import IndexOption, single_command
from newsidx.config import load_settings
from newsidx.output.streams import is_terminal, write, write_text

__all__ = ["command", "show"]


def show(
    article_id: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="An article's id, or the first four or more characters of it.",
            show_default=False,
        ),
    ],
    *,
    form: JsonForm,
    index: IndexOption = None,
) -> int:
    """Print one article, all that is known of it and where that came from.

    The exit status is 1 when no article has the id.
    """
    form.check(ARTICLE_SCHEMA)
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        article = opened.get(article_id)
        location = opened.path_of(article)
        places = opened.other_places([article.id])[article.id]
        identity = opened.identities([article.id]).get(article.id)
    if form.kind == "json":
        from newsidx.output.records import article_record, json_bytes

        write(json_bytes(article_record(article.to_dict(), identity, location, places)))
        return 0
    from newsidx.output.reading import article_text

    width = 0
    if is_terminal(sys.stdout):
        width = min(shutil.get_terminal_size().columns, 80)
    write_text(article_text(article, location, places, width))
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(show)
