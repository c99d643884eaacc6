"""newsidx similar."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.forms import HitForm
from newsidx.cli.options import IndexOption, single_command
from newsidx.cli.screen import Look, Screen
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form
from newsidx.output.hits import HITS, put_hits, put_page
from newsidx.output.safe import valid
from newsidx.output.streams import say
from newsidx.results import Page, QueryInfo
from newsidx.searcher.question import Ask
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.article import Article
    from newsidx.query.bound import BoundQuery

__all__ = ["command", "similar"]

PAGE = 10
_TOLD = 12


def similar(
    target: Annotated[
        str,
        typer.Argument(
            metavar="ID|FILE|-",
            help="An article's id, or the first four or more characters of it; a file that "
            "holds an article; - for plain text from standard input.",
            show_default=False,
        ),
    ],
    limit: Annotated[
        int, typer.Option("-n", "--limit", metavar="N", help="Results at most; 0 is all.")
    ] = PAGE,
    offset: Annotated[int, typer.Option("--offset", metavar="N", help="Results to skip.")] = 0,
    *,
    form: HitForm,
    screen: Screen,
    index: IndexOption = None,
) -> int:
    """Find articles like one, by its most telling words; the likest first.

    The article itself and copies of it, with the same text, are left out. What is both
    a file and an id is taken for the file. The words that were looked for are said, and
    with --json they are the query as understood.

    The output is as that of newsidx search. The exit status is 0 when something was
    found, 1 when nothing was, 2 for an error.
    """
    from newsidx.searcher.similar import similar as query_for

    HITS.check(form)
    if limit < 0 or offset < 0:
        raise UsageError("A limit or offset can't be negative.", "--limit 0 shows everything.")
    snippets = 0 if form.kind in ("plain", "paths", "null") and not form.fields else 1
    question = Ask(valid(target), any_word=True, limit=limit or None, offset=offset)
    with open_index(load_settings(index).index) as opened:
        article = _article(opened, target)
        query, words = query_for(opened.engine, article, opened.manifest.language)
        page = _page(opened, query, words, question, snippets)
    if form.kind != "terminal" or not page.hits:
        for note in page.warnings:
            say(f"newsidx: {note}")
    _print(page, form, screen, index)
    if not page.total:
        say(f"newsidx: No other article in {page.index.path} is like it.")
    return 0 if page.total else 1


def _page(opened: Index, query: BoundQuery, words: str, question: Ask, snippets: int) -> Page:
    from msgspec.structs import replace

    from newsidx.searcher.search import ask

    manifest = opened.manifest
    question = replace(question, snippets=snippets)
    total, found = ask(opened.engine, query, question, manifest.language, manifest.roots)
    info = QueryInfo(question.text, words, any=True)
    return Page(opened.info, info, total, question.offset, tuple(found), opened.warnings)


def _print(page: Page, form: Form, screen: Look, index: str | None) -> None:
    if form.kind == "json":
        put_page(form, page)
    elif form.streams:
        put_hits(form, page.hits)
    elif page.hits:
        _draw(page, form, screen, index)


def _draw(page: Page, form: Form, screen: Look, index: str | None) -> None:
    """Results on a terminal, and the words that they were found by."""
    import shlex

    from newsidx.output.links import has_links
    from newsidx.output.listing import Surroundings, print_page
    from newsidx.output.pager import paged
    from newsidx.output.streams import console

    have = "has" if page.total == 1 else "have"
    among = counted(page.index.articles, "article")
    # The strongest come first; --json has them all, with what they weigh.
    words = [word.partition("^")[0] for word in page.query.understood.split(" OR ")]
    told = ", ".join(words[:_TOLD]) + (" …" if len(words) > _TOLD else "")
    head = f"{page.total:,} of {among} {have} some of: {told}"
    options = shlex.join(["--index", index] if index else [])
    around = Surroundings((head, *page.warnings), options, screen.compact, has_links())
    with paged(screen.pager) as stream:
        print_page(console(stream, form.color), page, around)


# The article


def _article(opened: Index, target: str) -> Article:
    """The article that is meant.

    Raises:
        ArticleNotFound: It is neither a file nor the beginning of one id.
        UsageError: There is no article in the file.
    """
    if target == "-":
        return _read_standard_input()
    if os.path.exists(target):  # noqa: PTH110 - may be no UTF-8
        return _only(_extracted(os.path.abspath(target), None), valid(target))  # noqa: PTH100
    return opened.get(target)


def _read_standard_input() -> Article:
    """The text that comes on standard input, by way of a file, as readers read files."""
    import shutil
    import tempfile
    from pathlib import Path

    from newsidx.cli.reading import standard_input

    with standard_input() as stream, tempfile.TemporaryDirectory(prefix="newsidx-") as folder:
        path = Path(folder) / "stdin.txt"
        with path.open("wb") as file:
            shutil.copyfileobj(stream, file)
        return _only(_extracted(str(path), "plain"), "standard input")


def _extracted(path: str, form: str | None) -> Iterator[Article | str]:
    """The articles of a file, and what was wrong with it or a record of it."""
    from newsidx.indexer.extract import extract
    from newsidx.indexer.options import RootOptions
    from newsidx.indexer.pieces import Job

    base, name = os.path.split(path)
    for piece in extract(Job(base, name, "", RootOptions(format=form))):
        yield from (item.article for item in piece.items)
        if piece.reason:
            yield f"{piece.reason}: {piece.detail}"
        yield from (f"record {bad.position}: {bad.reason}: {bad.message}" for bad in piece.bad)


def _only(found: Iterator[Article | str], name: str) -> Article:
    """The first article of a file; that there are more is said."""
    article: Article | None = None
    problem = ""
    for each in found:
        if isinstance(each, str):
            problem = problem or each
        elif article is not None:
            say(f"newsidx: {name} holds several articles; this is about the first.")
            break
        else:
            article = each
    if article is None:
        raise UsageError(
            f"There is no article in {name}.", problem or "newsidx read FILE says what is."
        )
    return article


def command() -> Any:
    """The command, for the group."""
    return single_command(similar)
