"""newsidx show."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec import Struct

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.article import ARTICLE_SCHEMA
from newsidx.cli.boundary import report_error
from newsidx.cli.forms import JsonForm
from newsidx.cli.options import (
    ColorOption,
    ExactOption,
    IndexOption,
    LiteralOption,
    single_command,
)
from newsidx.cli.screen import PagerOption
from newsidx.config import load_settings
from newsidx.errors import ArticleNotFound, UsageError
from newsidx.output.streams import wants_color, write, write_text

if TYPE_CHECKING:
    from newsidx.article import Article
    from newsidx.results import Span

__all__ = ["command", "show"]


class _Found(Struct, frozen=True):
    """An article with what the archive knows of it."""

    article: Article
    location: str
    places: list[dict[str, Any]]
    identity: str | None
    spans: tuple[Span, ...] | None


def show(
    article_ids: Annotated[
        list[str],
        typer.Argument(
            metavar="ID...",
            help="An article's id, or the first four or more characters of it.",
            show_default=False,
        ),
    ],
    query: Annotated[
        str | None,
        typer.Option(
            "--query", metavar="QUERY", help="Mark what matches this.", show_default=False
        ),
    ] = None,
    literal: LiteralOption = False,
    exact: ExactOption = None,
    browse: Annotated[
        bool, typer.Option("--open", help="Open the article's address in the browser instead.")
    ] = False,
    edit: Annotated[
        bool, typer.Option("--edit", help="Open its file in $VISUAL or $EDITOR instead.")
    ] = False,
    color: ColorOption = "auto",
    pager: PagerOption = True,
    *,
    form: JsonForm,
    index: IndexOption = None,
) -> int:
    """Print articles, all that is known of them and where that came from.

    On a terminal an article is set for reading: what is known of it stands beside the
    text where there is room, else below. With --json each is an object on a line of its
    own. The exit status is 1 when no article has one of the ids; the others are printed.
    """
    if browse and edit:
        raise UsageError("--open and --edit were both asked for.", "Choose one of them.")
    form.check(ARTICLE_SCHEMA)
    settings = load_settings(index)
    status = 0
    found = []
    with open_index(settings.index) as opened:
        for article_id in article_ids:
            try:
                article = opened.get(article_id)
            except ArticleNotFound as missing:
                if len(article_ids) == 1:
                    raise
                status = report_error(missing, as_json=form.kind == "json", debug=False)
                continue
            spans = None
            if query is not None:
                wanted = settings.exact if exact is None else exact
                spans = opened.matches(article, query, exact=wanted, literal=literal)
            found.append(_known(opened, article, spans))
    if browse or edit:
        from newsidx.cli.opening import open_address, open_file

        for each in found:
            open_address(each.article) if browse else open_file(each.location)
    elif form.kind == "json":
        _print_json(found, query)
    elif form.kind == "terminal" or wants_color(sys.stdout, color):
        _draw(found, query, wants_color(sys.stdout, color), pager=pager)
    else:
        from newsidx.output.reading import article_text

        for number, each in enumerate(found):
            write_text("\n" * bool(number) + article_text(each.article, each.location, each.places))
    return status


def _known(opened: Index, article: Article, spans: tuple[Span, ...] | None) -> _Found:
    key = article.id
    return _Found(
        article,
        opened.path_of(article),
        opened.other_places([key])[key],
        opened.identities([key]).get(key),
        spans,
    )


def _print_json(found: list[_Found], query: str | None) -> None:
    from newsidx.output.records import article_record, json_bytes, span_record

    for each in found:
        record = article_record(each.article.to_dict(), each.identity, each.location, each.places)
        if query is not None:
            record["matches"] = each.spans is not None
            record["highlights"] = [span_record(span) for span in each.spans or ()]
        write(json_bytes(record))


def _draw(found: list[_Found], query: str | None, color: bool, *, pager: bool) -> None:
    from newsidx.output.article import Matches, print_article
    from newsidx.output.links import has_links
    from newsidx.output.pager import paged
    from newsidx.output.streams import console

    with paged(pager) as stream:
        drawn = console(stream, color)
        for number, each in enumerate(found):
            if number:
                stream.write("\n\n")
            matches = None if query is None else Matches(query, each.spans)
            print_article(
                drawn, each.article, each.location, each.places, matches, links=has_links()
            )


def command() -> Any:
    """The command, for the group."""
    return single_command(show)
