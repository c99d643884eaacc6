"""newsidx search, and newsidx count."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.options import (
    AnyOption,
    ColorOption,
    EngineOption,
    ExactOption,
    IndexOption,
    JsonOption,
    LiteralOption,
    QueryArgument,
    single_command,
)
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.streams import is_terminal, say, wants_color, write, write_text
from newsidx.results import Page, QueryInfo
from newsidx.searcher.search import Ask

__all__ = ["command", "notes", "search"]

PAGE = 10


def search(
    query: QueryArgument,
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            metavar="N",
            help="Results at most; 0 is all. Default: 10 on a terminal and with --json, "
            "all otherwise.",
            show_default=False,
        ),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", metavar="N", help="Results to skip.")] = 0,
    sort: Annotated[
        str,
        typer.Option("--sort", metavar="BY", help="relevance, newest, oldest, title or source."),
    ] = "relevance",
    any_word: AnyOption = False,
    exact: ExactOption = False,
    literal: LiteralOption = False,
    count: Annotated[bool, typer.Option("-c", "--count", help="Print the number only.")] = False,
    as_json: JsonOption = False,
    as_lines: Annotated[
        bool, typer.Option("--jsonl", help="Print one JSON object for each result.")
    ] = False,
    paths: Annotated[
        bool, typer.Option("-l", "--files", help="Print the paths of source files, each once.")
    ] = False,
    index: IndexOption = None,
    engine: EngineOption = None,
    color: ColorOption = "auto",
) -> int:
    """Find articles; the best first.

    \b
    russia secession          both words, in any form
    "Yes California"          these words in this order, as written
    a OR b, a AND b, -a, ( )  either, both, not, grouping
    title:word, tag:word      in one field; also body, author, source, section,
                              url, path, root, lang, id
    date:2016-11, words>500   date:2016..2017-02, date>=2016-11-08
    elect*, te?t              a wildcard, over whole words
    author:*, -date:*         has an author; has no date

    Without a terminal each result is a line of id, date, source, title and path,
    separated by tabs. The exit status is 0 when something was found, 1 when nothing
    was, 2 for an error.
    """  # noqa: D301 - the backspace keeps the table from being wrapped
    if sum((count, as_lines, paths)) > 1 or (as_json and (as_lines or paths)):
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    settings = load_settings(index)
    pages = as_json or (not (as_lines or paths) and is_terminal(sys.stdout))
    chosen = (PAGE if pages else None) if limit is None else (limit or None)
    question = Ask(
        text=" ".join(query),
        literal=literal,
        any_word=any_word,
        exact=exact or settings.exact,
        sort=sort,
        limit=0 if count else chosen,
        offset=offset,
        snippets=0 if paths else 1,
    )
    with open_index(settings.index, engine) as opened:
        if as_lines or paths or not (pages or count):
            return _stream(opened, question, as_lines=as_lines, paths=paths)
        info, total, hits = opened.stream(question)
        said = (*opened.warnings, *notes(info))
        page = Page(opened.info, info, total, offset, tuple(hits), said)
        _print(page, count=count, as_json=as_json, color=color)
        return 0 if total else 1


def notes(info: QueryInfo) -> tuple[str, ...]:
    """What the reader should know of how a query was understood."""
    said = []
    if info.dropped:
        words = ", ".join(info.dropped)
        said.append(f"Left out as too common: {words}. Put them in quotes to look for them.")
    if info.ignored:
        said.append(f"Ignored, for want of a letter or digit: {' '.join(info.ignored)}")
    if info.reading:
        said.append(f"Read as: {info.reading}")
    return tuple(said)


def _print(page: Page, *, count: bool, as_json: bool, color: str) -> None:
    """A page that is held whole: as JSON, as a number, or for a person."""
    if as_json:
        from newsidx.output.records import count_record, json_bytes, page_record

        write(json_bytes(count_record(page) if count else page_record(page)))
    for note in page.warnings:
        say(f"newsidx: {note}")
    if not page.total:
        _say_nothing_found(page)
    if as_json:
        return
    if count:
        write_text(f"{page.total}\n")
    elif page.hits:
        from newsidx.output.listing import print_page
        from newsidx.output.streams import console

        print_page(console(sys.stdout, wants_color(sys.stdout, color)), page)
    if page.total and not count:
        _say_place(page)


def _say_nothing_found(page: Page) -> None:
    index = page.index
    say(
        f"newsidx: No article matches {page.query.understood}"
        f" in {index.path} ({index.articles:,} articles)."
    )


def _say_place(page: Page) -> None:
    first, last = page.offset + 1, page.offset + len(page.hits)
    articles = "1 article matches" if page.total == 1 else f"{page.total:,} articles match"
    if not page.hits:
        say(f"{articles}; there are none from {first:,} on.")
    elif page.next_offset is not None:
        say(f"{articles}; shown are {first:,} to {last:,}. More: --offset {page.next_offset}")
    else:
        say(f"{articles}. Read one: newsidx show {page.hits[0].article.id}")


def _stream(opened: Index, question: Ask, *, as_lines: bool, paths: bool) -> int:
    """Results one after the other, none of them held."""
    from newsidx.output import records

    info, total, hits = opened.stream(question)
    for note in (*opened.warnings, *notes(info)):
        say(f"newsidx: {note}")
    if paths:
        for path in records.paths(hits):
            write(path + b"\n")
    else:
        for hit in hits:
            if as_lines:
                write(records.json_bytes(records.hit_record(hit)))
            else:
                write_text(records.plain_line(hit))
    if not total:
        _say_nothing_found(Page(opened.info, info, 0, question.offset, ()))
    return 0 if total else 1


def command() -> Any:
    """The command, for the group."""
    return single_command(search, is_query=True)
