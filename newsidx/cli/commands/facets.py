"""newsidx facets."""

from __future__ import annotations

import shlex
import sys
from typing import Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.commands.search import say_nothing_found, say_searched
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, SearchedOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.facets import FACETS, put_facets
from newsidx.output.forms import Form
from newsidx.output.streams import console, say
from newsidx.results import Page
from newsidx.results.counts import FacetCounts
from newsidx.text.counted import counted

__all__ = ["command", "facets"]

SHOWN = 20


def facets(
    field: Annotated[
        str,
        typer.Argument(
            metavar="FIELD",
            help="source, tags, authors, section, language or root; also tag, author, lang.",
            show_default=False,
        ),
    ],
    asked: Asked,
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            metavar="N",
            help="Values at most; 0 is all. Default: 20 on a terminal and with --json, "
            "all otherwise.",
            show_default=False,
        ),
    ] = None,
    searched: SearchedOption = False,
    *,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Count articles by the values of a field, over all matches; the commonest first.

    Without a query it is all articles. With each value comes its share of the matches,
    how many articles have it at all, and how much of these was found; and in --json,
    --csv and --tsv the query that lists its articles. Values that differ in case and
    accents only are one.

    Without a terminal each value is a line of its number and the value, separated by a
    tab. The exit status is 0 when something was found, 1 when nothing was, 2 for an
    error.
    """
    FACETS.check(form)
    if limit is not None and limit < 0:
        raise UsageError("A limit can't be negative.", "--limit 0 shows everything.")
    settings = load_settings(index)
    chosen = (None if form.streams else SHOWN) if limit is None else (limit or None)
    question = asked.ask(settings, everything=True, searched=searched)
    with open_index(settings.index, engine) as opened:
        found = opened.facets(field, question, limit=chosen)
        page = opened.counted(question, found.total)
    for note in page.warnings:
        say(f"newsidx: {note}")
    if form.kind != "terminal":
        put_facets(form, page, found)
    elif found.total:
        _draw(form, page, found)
    if not page.total:
        say_nothing_found(page.index, page.query, page.leaves, page.suggestions)
    elif form.kind != "json":
        _say_rest(form, found)
    say_searched(page.total, page.searched)
    return 0 if page.total else 1


def _draw(form: Form, page: Page, found: FacetCounts) -> None:
    from newsidx.output.facet_bars import print_facets

    asked = [] if page.query.text == "*" else [page.query.text]
    text = " and ".join([*asked, *page.query.filters])
    print_facets(console(sys.stdout, form.color), found, text)


def _say_rest(form: Form, found: FacetCounts) -> None:
    """What is not in the list, and on a terminal how to go on."""
    if form.kind == "terminal":
        say("")
    if found.missing:
        verb = "article has" if found.missing == 1 else "articles have"
        say(f"{found.missing:,} {verb} no {found.field}.")
    if (rest := found.distinct - len(found.values)) > 0:
        say(f"{counted(rest, 'more value')}: --limit 0")
    if form.kind == "terminal" and found.values and found.values[0].query:
        say(f"List the first: newsidx search {shlex.quote(found.values[0].query)}")


def command() -> Any:
    """The command, for the group."""
    return single_command(facets, is_query=True)
