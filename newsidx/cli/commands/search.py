"""newsidx search, and newsidx count."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli import hits
from newsidx.cli.options import (
    AnyOption,
    AuthorOption,
    ColorOption,
    EngineOption,
    ExactOption,
    ExpandOption,
    ExplainOption,
    IndexOption,
    JsonOption,
    LangOption,
    LiteralOption,
    QueryArgument,
    SectionOption,
    SinceOption,
    SourceOption,
    TagOption,
    UntilOption,
    query_text,
    single_command,
)
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.streams import is_terminal, say, wants_color, write, write_text
from newsidx.results import Correction, Explanation, IndexInfo, Leaf, Page, QueryInfo
from newsidx.searcher.filters import Filters, filters_of
from newsidx.searcher.question import Ask, notes
from newsidx.text.counted import counted

__all__ = ["command", "search"]

PAGE = 10


def search(
    query: QueryArgument = None,
    since: SinceOption = None,
    until: UntilOption = None,
    source: SourceOption = None,
    author: AuthorOption = None,
    tag: TagOption = None,
    lang: LangOption = None,
    section: SectionOption = None,
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
    expand: ExpandOption = False,
    explain: ExplainOption = False,
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
    elect*, te?t, word~       a wildcard over whole words; a word with one slip
    =word, ==Word             in this form, in this spelling only
    a NEAR/5 b                at most 5 words from each other
    title:word, tag:word      in one field; also body, author, source, section,
                              url, path, root, lang, id
    date:2016-11, words>500   date:2016..2017-02, date>=2016-11-08
    author:*, -date:*         has an author; has no date

    newsidx help query has the rest. A filter such as --since or --source narrows the
    answer and never changes a score; without a query it lists all that it lets through.

    Without a terminal each result is a line of id, date, source, title and path,
    separated by tabs. The exit status is 0 when something was found, 1 when nothing
    was, 2 for an error.
    """  # noqa: D301 - the backspace keeps the table from being wrapped
    paths = paths or null
    if sum((count, as_lines, paths)) > 1 or (as_json and (as_lines or paths)):
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    settings = load_settings(index)
    filters = filters_of(since, until, source, author, tag, lang, section)
    text, literal = query_text(query, literal=literal, filtered=filters != Filters())
    listed = not (as_lines or paths or count) and (explain or is_terminal(sys.stdout))
    pages = as_json or listed
    chosen = (PAGE if pages else None) if limit is None else (limit or None)
    question = Ask(
        text=text,
        literal=literal,
        any_word=any_word,
        exact=settings.exact if exact is None else exact,
        sort=sort,
        limit=0 if count else chosen,
        offset=offset,
        snippets=1 if pages or as_lines else 0,
        scores=as_json or as_lines or explain,
        filters=filters,
        expand=expand,
        explain=explain,
    )
    with open_index(settings.index, engine) as opened:
        if not (as_lines or paths or pages or count):
            return _stream(opened, question, hits.plain_lines(color=wants_color(sys.stdout, color)))
        if as_lines or paths:
            return _stream(opened, question, hits.paths(null=null) if paths else hits.json_lines)
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
    if page.explanation and not as_json:
        _tell(page.query, page.explanation, aside=count)
    if not page.total:
        _say_nothing_found(page.index, page.query, page.leaves, page.suggestions)
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


def _tell(query: QueryInfo, explanation: Explanation, *, aside: bool) -> None:
    """The query taken apart: on standard error where standard output is for programs."""
    from newsidx.output.explanation import explanation_lines

    for line in explanation_lines(query, explanation):
        if aside:
            say(line)
        else:
            write_text(f"{line}\n")
    if not aside:
        write_text("\n")


def _say_nothing_found(
    index: IndexInfo,
    query: QueryInfo,
    leaves: tuple[Leaf, ...],
    suggestions: tuple[Correction, ...],
) -> None:
    from newsidx.output.explanation import nothing_lines

    for line in nothing_lines(index, query, leaves, suggestions):
        say(line)


def _say_place(page: Page) -> None:
    first, last = page.offset + 1, page.offset + len(page.hits)
    articles = counted(page.total, "article matches", "articles match")
    if not page.hits:
        say(f"{articles}; there are none from {first:,} on.")
    elif page.next_offset is not None:
        say(f"{articles}; shown are {first:,} to {last:,}. More: --offset {page.next_offset}")
    else:
        say(f"{articles}. Read one: newsidx show {page.hits[0].article.id}")


def _stream(opened: Index, question: Ask, put: hits.Put) -> int:
    """Results one after the other, none of them held; `put` prints them."""
    understood = opened.understand(question)
    explanation = opened.explain(understood) if question.explain else None
    total, found = opened.stream(question, understood, explanation)
    for note in (*opened.warnings, *notes(understood.info)):
        say(f"newsidx: {note}")
    if explanation is not None:
        _tell(understood.info, explanation, aside=True)
    put(found)
    if not total:
        _say_nothing_found(opened.info, understood.info, *opened.missed(question, understood))
    return 0 if total else 1


def command() -> Any:
    """The command, for the group."""
    return single_command(search, is_query=True)
