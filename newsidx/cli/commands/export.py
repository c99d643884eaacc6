"""newsidx export."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Annotated, Any, BinaryIO

import typer
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.export import ARTICLES, with_day
from newsidx.output.forms import Form, Record, record_lines
from newsidx.output.streams import is_terminal, say, whole_output
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import Ask
from newsidx.text.counted import counted

__all__ = ["command", "export"]


def export(
    asked: Asked,
    parquet: Annotated[
        bool,
        typer.Option("--parquet", help="Write Parquet, for R and pandas: needs newsidx[parquet]."),
    ] = False,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write to a file, which is there only when all of it is.",
            show_default=False,
        ),
    ] = None,
    *,
    form: RecordForm,
    index: IndexOption = None,
) -> int:
    """Print articles with all that is known of them, full text and provenance.

    As JSON Lines, which is the default, each is what newsidx show --json prints, and
    newsidx index reads it again: an export of everything makes, in a new index, the same
    articles with the same ids. They come in the order of root, path and place in the file.
    Without a query and without filters it is all of them. The exit status is 1 when none
    matches.
    """
    form = _checked(form, parquet=parquet, output=output)
    settings = load_settings(index)
    with open_index(settings.index) as opened:
        ids = None
        if asked.text is not None or asked.filters != Filters():
            ids = _matching(opened, asked.ask(settings, sort="newest", scores=False))
        else:
            for note in opened.warnings:
                say(f"newsidx: {note}")
        count = 0

        def counting() -> Iterator[dict[str, Any]]:
            nonlocal count
            for record in opened.export(ids):
                yield record
                count += 1

        with whole_output(output) as stream:
            _write(stream, counting(), form, opened, parquet=parquet, shown=output is None)
        expected = _expected(opened) if ids is None else len(ids)
    if count != expected:
        say(f"newsidx: {counted(expected - count, 'article')} changed meanwhile and were left out.")
    if output is not None:
        say(f"{counted(count, 'article')} written to {output}.")
    if ids is not None and not count:
        say(f"newsidx: No article of {settings.index} matches.")
    return 0 if count or ids is None else 1


def _expected(opened: Index) -> int:
    """How many articles there are; one that several have put into an index is one."""
    engine = opened.engine
    return len(engine.ids("")) if engine.capabilities.shared else engine.statistics().articles


def _checked(form: Form, *, parquet: bool, output: str | None) -> Form:
    """The form that is meant: JSON Lines where none was asked for.

    Raises:
        UsageError: It is one that articles can't have.
    """
    ARTICLES.check(form)
    if parquet and form.kind not in ("terminal", "plain"):
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    if parquet and output is None:
        raise UsageError("Parquet is written to a file.", "Name it: -o articles.parquet")
    if form.kind == "json":
        raise UsageError("An archive is no single JSON object.", "Write --jsonl: one a line.")
    return replace(form, kind="jsonl") if form.kind in ("terminal", "plain") else form


def _write(
    stream: BinaryIO,
    articles: Iterator[dict[str, Any]],
    form: Form,
    opened: Index,
    *,
    parquet: bool,
    shown: bool,
) -> None:
    """Write articles to a stream; `shown` where that is standard output."""
    records: Iterator[Record] = articles
    if parquet or "published_day" in (form.fields or ()):
        records = map(with_day, articles)
    if parquet:
        from newsidx.output.parquet import write_parquet

        columns = form.fields or tuple(_with_day_column(ARTICLES.columns))
        state = {"newsidx.schema": ARTICLES.schema, "newsidx.state": opened.manifest.state}
        write_parquet(stream, columns, records, state)
        return
    terminal = shown and is_terminal(sys.stdout)
    stream.writelines(record_lines(form, ARTICLES, records, shown=terminal))


def _with_day_column(columns: tuple[str, ...]) -> Iterator[str]:
    for name in columns:
        yield name
        if name == "published":
            yield "published_day"


def _matching(opened: Index, question: Ask) -> set[str]:
    from newsidx.engines.base import SearchRequest
    from newsidx.searcher.question import notes

    understood = opened.understand(question)
    for note in (*opened.warnings, *notes(understood.info)):
        say(f"newsidx: {note}")
    request = SearchRequest(understood.query, "newest", None, scores=False)
    return {hit.id for hit in opened.engine.search(request).hits}


def command() -> Any:
    """The command, for the group."""
    return single_command(export, is_query=True)
