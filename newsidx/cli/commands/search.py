"""newsidx search, and newsidx count."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.batch import STDIN, answer_lines, as_lines
from newsidx.cli.forms import HitForm
from newsidx.cli.options import (
    CollapseOption,
    EngineOption,
    ExpandOption,
    ExplainOption,
    IndexOption,
    SearchedOption,
    single_command,
)
from newsidx.cli.querylist import Listed, answer_list
from newsidx.cli.screen import Look, Screen
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form
from newsidx.output.hits import FOLDED, HITS, put_hits, put_page, shows_marks
from newsidx.output.streams import is_terminal, say, write, write_text
from newsidx.results import Correction, IndexInfo, Leaf, Page, QueryInfo, Searched
from newsidx.searcher.question import Ask, notes
from newsidx.text.counted import counted, duration

if TYPE_CHECKING:
    from newsidx.results.explained import Explanation

__all__ = ["command", "say_nothing_found", "say_searched", "search"]

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
    snippets: Annotated[
        int, typer.Option("--snippets", metavar="N", help="Windows of text for each result.")
    ] = 1,
    timing: Annotated[
        bool,
        typer.Option(
            "--timing",
            help="Say how long it took: with --json as timing, else on standard error.",
        ),
    ] = False,
    searched: SearchedOption = False,
    collapse: CollapseOption = None,
    count: Annotated[bool, typer.Option("-c", "--count", help="Print the number only.")] = False,
    *,
    listed: Listed,
    form: HitForm,
    screen: Screen,
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
    hits = FOLDED if collapse else HITS
    if collapse and (count or listed is not None):
        raise UsageError(
            "--collapse folds results: it goes neither with --count nor with --queries.",
            "With --json, a search says how many articles and how many stories match.",
        )
    if listed is None:
        form = as_lines(form) if several else form
        hits.check(form)
    else:
        form = listed.form(form)
    if count and listed is None and form.kind not in ("terminal", "plain", "json"):
        raise UsageError("A number and results were asked for.", "Choose one of them.")
    if snippets < 0:
        raise UsageError("There can't be fewer than no snippets.", "Write --snippets 0 or more.")
    started = time.perf_counter()
    settings = load_settings(index)
    if explain and form.kind == "plain" and not form.fields:
        form = replace(form, kind="terminal")  # what it takes apart is for people
    pages = not form.streams and listed is None
    chosen = (PAGE if pages else None) if limit is None else (limit or None)
    marks = shows_marks(form)
    question = asked.ask(
        settings,
        everything=listed is not None,
        sort=sort,
        limit=0 if count else chosen,
        offset=offset,
        snippets=snippets if marks else 0,
        marks=marks,
        breakdowns=form.kind == "terminal" and not (count or screen.compact),
        scores=form.kind in ("json", "jsonl", "csv", "tsv") or bool(form.fields) or explain,
        expand=expand,
        explain=explain,
        searched=searched,
        collapse=collapse is not None,
    )
    if listed is None and several:
        return answer_lines(settings.index, engine, question, form, count=count)
    with open_index(settings.index, engine) as opened:
        if listed is not None:
            return answer_list(opened, question, listed.beside(asked), form, count=count)
        if form.streams and not count:
            status = _stream(opened, question, form)
        else:
            page = opened.page(question)
            clock = _Clock(started, wanted=timing)
            _print(page, form, screen, clock, count=count, index=index)
            status = 0 if page.total else 1
    if timing and form.kind not in ("json", "terminal"):
        say(f"newsidx: took {duration(time.perf_counter() - started)}")
    return status


def _print(
    page: Page, form: Form, screen: Look, clock: _Clock, *, count: bool, index: str | None
) -> None:
    """A page that is held whole: as JSON, as a number, or for a person."""
    as_json = form.kind == "json"
    drawn = form.kind == "terminal" and not count and bool(page.hits)
    if as_json and count:
        from newsidx.output.records import count_record, json_bytes

        write(json_bytes({**count_record(page), **clock.record()}))
    elif as_json:
        put_page(form, page, clock.record())
    if not drawn:
        for note in page.warnings:
            say(f"newsidx: {note}")
    if page.explanation and not as_json and not drawn:
        _tell(page.query, page.explanation, aside=count)
    if not page.total:
        say_nothing_found(page.index, page.query, page.leaves, page.suggestions)
    say_searched(page.total, page.searched)
    if count and not as_json:
        write_text(f"{page.total}\n")
    elif drawn:
        _draw(page, form, screen, clock, index)
    elif page.total and not count and not as_json:
        articles = counted(page.total, "article matches", "articles match")
        if page.stories is not None:
            articles += f", in {counted(page.stories, 'story', 'stories')}"
        say(f"{articles}; there are none from {page.offset + 1:,} on.")


class _Clock:
    """How long an answer took, for those who want to know."""

    def __init__(self, started: float, *, wanted: bool) -> None:
        self.seconds = time.perf_counter() - started
        self.wanted = wanted

    def record(self) -> dict[str, Any]:
        """`timing` of the JSON output: nothing unless it was asked for."""
        return {"timing": {"seconds": round(self.seconds, 6)}} if self.wanted else {}


def _draw(page: Page, form: Form, screen: Look, clock: _Clock, index: str | None) -> None:
    """Results on a terminal, with all that is to be said of them."""
    from newsidx.output.explanation import explanation_lines
    from newsidx.output.links import has_links
    from newsidx.output.listing import Surroundings, print_page
    from newsidx.output.pager import paged
    from newsidx.output.streams import console

    among = counted(page.index.articles, "article")
    head = f"{page.total:,} of {among} {'matches' if page.total == 1 else 'match'}"
    if page.stories is not None:
        head += f", in {counted(page.stories, 'story', 'stories')}"
    if is_terminal(sys.stdout):  # elsewhere the same question has the same answer, always
        head += f" · {duration(clock.seconds)}"
    around = Surroundings(
        (head, *page.warnings), _show_options(page, index), screen.compact, has_links()
    )
    with paged(screen.pager) as stream:
        drawn = console(stream, form.color)
        if page.explanation:
            for line in explanation_lines(page.query, page.explanation):
                stream.write(f"{line}\n")
            stream.write("\n")
        print_page(drawn, page, around)


def _show_options(page: Page, index: str | None) -> str:
    """What `newsidx show` is to be told besides an id, for the same query and index."""
    import shlex

    options = [] if page.query.understood in ("", "*") else ["--query", page.query.text]
    return shlex.join([*options, *(["--index", index] if index else [])])


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


def say_nothing_found(
    index: IndexInfo,
    query: QueryInfo,
    leaves: tuple[Leaf, ...],
    suggestions: tuple[Correction, ...],
) -> None:
    """Say that no article matches, and what may be the reason."""
    from newsidx.output.explanation import nothing_lines

    for line in nothing_lines(index, query, leaves, suggestions):
        say(line)


def say_searched(total: int, searched: Searched | None) -> None:
    """Say what was searched, where that is known in full."""
    from newsidx.output.coverage import searched_lines

    for line in searched_lines(total, searched):
        say(line)


def _stream(opened: Index, question: Ask, form: Form) -> int:
    """Results one after the other, none of them held."""
    understood = opened.understand(question)
    explanation = opened.explain(understood) if question.explain else None
    if question.collapse:
        total, _, found = opened.folded(question, understood, explanation)
    else:
        total, found = opened.stream(question, understood, explanation)
    for note in (*opened.warnings, *notes(understood.info)):
        say(f"newsidx: {note}")
    if explanation is not None:
        _tell(understood.info, explanation, aside=True)
    put_hits(form, found, folded=question.collapse)
    if not total:
        say_nothing_found(opened.info, understood.info, *opened.missed(question, understood))
    if question.searched or not total:
        say_searched(total, opened.coverage(understood))
    return 0 if total else 1


def command() -> Any:
    """The command, for the group."""
    return single_command(search, is_query=True)
