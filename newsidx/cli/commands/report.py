"""newsidx report."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from newsidx.app import open as open_index
from newsidx.cli.asking import EachAsked
from newsidx.cli.day import Day
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.streams import say, whole_output
from newsidx.searcher.question import notes
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.output.originals import Copies
    from newsidx.searcher.dossier import Dossier

__all__ = ["command", "report"]

_LIMIT = 100


def report(
    asked: EachAsked,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Where to: dossier.html, which is there only when all of it is; - is standard "
            "output.",
            show_default=False,
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option("-n", "--limit", metavar="N", help="Articles of each query; 0 is all."),
    ] = _LIMIT,
    sort: Annotated[
        str,
        typer.Option(
            "--sort",
            metavar="BY",
            help="Which of them are kept where there are more: oldest, newest, relevance, title "
            "or source.",
        ),
    ] = "oldest",
    by: Annotated[
        str | None,
        typer.Option(
            "--by",
            metavar="SIZE",
            help="Count by day, week, month, quarter or year. Default: what suits the span.",
            show_default=False,
        ),
    ] = None,
    with_files: Annotated[
        str | None,
        typer.Option(
            "--with-files",
            metavar="DIR",
            help="Copy the files that the articles were read from into a new folder, with a list "
            "of their SHA-256 sums.",
            show_default=False,
        ),
    ] = None,
    *,
    day: Day,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Write a dossier: one page of HTML with all it takes to judge the answer to a query.

    The query as understood, what was searched and what is missing there, when and in which
    sources something was found, every match in its context, the articles with where each
    field came from, and what is to be cited. It is one file that loads nothing and runs
    nothing; it can be mailed, printed, and read in twenty years. Each argument is a query of
    its own: put several words of one into quotes.

    --with-files copies the originals: below DIR, each under the label of its root and its path
    there, with SHA256SUMS, for sha256sum -c. Of an archive it is the whole archive. Nothing
    is overwritten, and a file that has changed since it was indexed is not copied but named.

    The exit status is 0 when something was found, 1 when nothing was, 2 for an error.
    """
    if output is None:
        raise UsageError(
            "A dossier is written to a file.", "Name it: -o dossier.html, or - for a pipe."
        )
    if limit < 0:
        raise UsageError("A limit can't be negative.", "--limit 0 shows everything.")
    settings = load_settings(index)
    questions = [each.ask(settings) for each in asked]
    with ExitStack() as held:
        opened = held.enter_context(open_index(settings.index, engine))
        dossier = opened.report(questions, limit=limit or None, sort=sort, by=by, day=day)
        copies: Copies | None = None
        if with_files is not None:
            from newsidx.output.originals import copies as copied

            ids = [entry.article.id for entry in dossier.entries]
            copies = held.enter_context(copied(opened.originals(ids), Path(with_files)))
        _write(dossier, copies, output, with_files)
    _tell(dossier, copies, output, with_files)
    return 0 if dossier.entries else 1


def _write(dossier: Dossier, copies: Copies | None, output: str, folder: str | None) -> None:
    from newsidx.output.dossier.page import page

    below = None
    if folder is not None and output != "-":
        below = os.path.relpath(folder, Path(output).parent)
    data = page(dossier, copies, below).encode()
    with whole_output(None if output == "-" else output) as stream:
        stream.write(data)


def _tell(dossier: Dossier, copies: Copies | None, output: str, folder: str | None) -> None:
    """What there is to say of it, on standard error."""
    said = [note for each in dossier.chapters for note in each.citation.warnings]
    for each in dossier.chapters:
        said += notes(each.citation.query)
        if each.left_out:
            articles = counted(each.left_out, "article")
            said.append(f"{articles} of {each.citation.query.text} left out: see --limit.")
        if each.more_lines:
            matches = counted(each.more_lines, "match", "matches")
            said.append(f"{matches} of {each.citation.query.text} not shown in their context.")
    for copy in copies.files if copies else ():
        if copy.problem is not None:
            said.append(f"Not copied: {copy.path}: {copy.problem}.")
    for note in dict.fromkeys(said):
        say(f"newsidx: {note}")
    if copies is not None:
        there = sum(copy.name is not None for copy in copies.files)
        say(f"{counted(there, 'file')} copied to {folder}.")
    if output != "-":
        queries = counted(len(dossier.chapters), "query", "queries")
        found = counted(len(dossier.entries), "article")
        say(f"A dossier of {queries} and {found} written to {output}.")


def command() -> Any:
    """The command, for the group."""
    return single_command(report, is_query=True)
