"""newsidx search, and newsidx count."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
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
from newsidx.results import Hit, Page
from newsidx.searcher.search import Ask, notes
from newsidx.text.counted import counted

__all__ = ["command", "search"]

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
    exact: ExactOption = None,
    literal: LiteralOption = False,
    count: Annotated[bool, typer.Option("-c", "--count", help="Print the number only.")] = False,
    as_json: JsonOption = False,
    as_lines: Annotated[
        bool, typer.Option("--jsonl", help="Print one JSON object for each result.")
    ] = False,
    paths: Annotated[
        bool, typer.Option("-l", "--files", help="Print the paths of source files, each once.")
    ] = False,
    null: Annotated[
        bool, typer.Option("-0", "--null", help="As -l, with a NUL after each: for xargs -0.")
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
    paths = paths or null
    if sum((count, as_lines, paths)) > 1 or (as_json and (as_lines or paths)):
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    settings = load_settings(index)
    pages = as_json or (not (as_lines or paths) and is_terminal(sys.stdout))
    chosen = (PAGE if pages else None) if limit is None else (limit or None)
    question = Ask(
        text=" ".join(query),
        literal=literal,
        any_word=any_word,
        exact=settings.exact if exact is None else exact,
        sort=sort,
        limit=0 if count else chosen,
        offset=offset,
        snippets=1 if pages or as_lines else 0,
        scores=as_json or as_lines,
    )
    with open_index(settings.index, engine) as opened:
        if not (as_lines or paths or pages or count):
            return _stream(opened, question, _lines(wants_color(sys.stdout, color)))
        if as_lines or paths:
            return _stream(opened, question, _paths(b"\0" if null else b"\n") if paths else _json)
        page = opened.page(question)
        _print(page, count=count, as_json=as_json, color=color)
        return 0 if page.total else 1


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
    query = page.query.understood or "an empty query"
    articles = counted(index.articles, "article")
    say(f"newsidx: No article matches {query} in {index.path} ({articles}).")


def _say_place(page: Page) -> None:
    first, last = page.offset + 1, page.offset + len(page.hits)
    articles = counted(page.total, "article matches", "articles match")
    if not page.hits:
        say(f"{articles}; there are none from {first:,} on.")
    elif page.next_offset is not None:
        say(f"{articles}; shown are {first:,} to {last:,}. More: --offset {page.next_offset}")
    else:
        say(f"{articles}. Read one: newsidx show {page.hits[0].article.id}")


def _stream(opened: Index, question: Ask, put: Callable[[Iterator[Hit]], None]) -> int:
    """Results one after the other, none of them held; `put` prints them."""
    info, total, hits = opened.stream(question)
    for note in (*opened.warnings, *notes(info)):
        say(f"newsidx: {note}")
    put(hits)
    if not total:
        _say_nothing_found(Page(opened.info, info, 0, question.offset, ()))
    return 0 if total else 1


def _json(hits: Iterator[Hit]) -> None:
    from newsidx.output.records import hit_record, json_bytes

    for hit in hits:
        write(json_bytes(hit_record(hit)))


def _lines(color: bool) -> Callable[[Iterator[Hit]], None]:
    from newsidx.output.records import plain_line

    def put(hits: Iterator[Hit]) -> None:
        for hit in hits:
            write_text(plain_line(hit, color=color))

    return put


def _paths(end: bytes) -> Callable[[Iterator[Hit]], None]:
    from newsidx.output.records import paths

    def put(hits: Iterator[Hit]) -> None:
        for path in paths(hits):
            write(path + end)

    return put


def command() -> Any:
    """The command, for the group."""
    return single_command(search, is_query=True)
