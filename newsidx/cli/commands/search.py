"""newsidx search, and newsidx count."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.batch import STDIN, answer_lines, as_lines
from newsidx.cli.forms import HitForm
from newsidx.cli.options import (
    EngineOption,
    ExpandOption,
    ExplainOption,
    IndexOption,
    single_command,
)
from newsidx.cli.querylist import Listed, answer_list
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form
from newsidx.output.hits import HITS, put_hits, put_page
from newsidx.output.streams import say, write, write_text
from newsidx.results import Correction, Explanation, IndexInfo, Leaf, Page, QueryInfo
from newsidx.searcher.question import Ask, notes
from newsidx.text.counted import counted

__all__ = ["command", "search"]

PAGE = 10


def search(
    asked: Asked,
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
    expand: ExpandOption = False,
    explain: ExplainOption = False,
    count: Annotated[bool, typer.Option("-c", "--count", help="Print the number only.")] = False,
    *,
    listed: Listed,
    form: HitForm,
    index: IndexOption = None,
    engine: EngineOption = None,
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

    A query that is - stands for those on standard input, one a line; each is answered with
    a JSON object on a line. --queries answers a table of queries, or of names with -F.

    Without a terminal each result is a line of id, date, source, title and path,
    separated by tabs. The exit status is 0 when something was found, 1 when nothing
    was, 2 for an error.
    """  # noqa: D301 - the backspace keeps the table from being wrapped
    several = asked.text == STDIN
    if listed is None:
        form = as_lines(form) if several else form
        HITS.check(form)
    else:
        form = listed.form(form)
    if count and listed is None and form.kind not in ("terminal", "plain", "json"):
        raise UsageError("A number and results were asked for.", "Choose one of them.")
    settings = load_settings(index)
    if explain and form.kind == "plain" and not form.fields:
        form = replace(form, kind="terminal")  # what it takes apart is for people
    pages = not form.streams and listed is None
    chosen = (PAGE if pages else None) if limit is None else (limit or None)
    question = asked.ask(
        settings,
        everything=listed is not None,
        sort=sort,
        limit=0 if count else chosen,
        offset=offset,
        snippets=0 if form.kind in ("plain", "paths", "null") and not form.fields else 1,
        scores=form.kind in ("json", "jsonl", "csv", "tsv") or bool(form.fields) or explain,
        expand=expand,
        explain=explain,
    )
    if listed is None and several:
        return answer_lines(settings.index, engine, question, form, count=count)
    with open_index(settings.index, engine) as opened:
        if listed is not None:
            return answer_list(opened, question, listed.beside(asked), form, count=count)
        if form.streams and not count:
            return _stream(opened, question, form)
        page = opened.page(question)
        _print(page, form, count=count)
        return 0 if page.total else 1


def _print(page: Page, form: Form, *, count: bool) -> None:
    """A page that is held whole: as JSON, as a number, or for a person."""
    as_json = form.kind == "json"
    if as_json and count:
        from newsidx.output.records import count_record, json_bytes

        write(json_bytes(count_record(page)))
    elif as_json:
        put_page(form, page)
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

        print_page(console(sys.stdout, form.color), page)
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


def _stream(opened: Index, question: Ask, form: Form) -> int:
    """Results one after the other, none of them held."""
    understood = opened.understand(question)
    explanation = opened.explain(understood) if question.explain else None
    total, found = opened.stream(question, understood, explanation)
    for note in (*opened.warnings, *notes(understood.info)):
        say(f"newsidx: {note}")
    if explanation is not None:
        _tell(understood.info, explanation, aside=True)
    put_hits(form, found)
    if not total:
        _say_nothing_found(opened.info, understood.info, *opened.missed(question, understood))
    return 0 if total else 1


def command() -> Any:
    """The command, for the group."""
    return single_command(search, is_query=True)
