"""Many queries in one process: one a line from standard input, or a list of names in a table."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.errors import NewsidxError, UsageError
from newsidx.output.answers import row_error
from newsidx.output.forms import Form
from newsidx.output.hits import put_page
from newsidx.output.records import count_record, json_bytes
from newsidx.output.streams import say, write
from newsidx.results import Page
from newsidx.searcher.question import Ask
from newsidx.text.counted import counted

__all__ = ["STDIN", "answer_lines", "as_lines", "read_lines"]

STDIN = "-"
"""The query that stands for those on standard input."""


def as_lines(form: Form) -> Form:
    """The form in which queries from standard input are answered: a whole object a line.

    Raises:
        UsageError: Another was asked for.
    """
    if form.kind not in ("terminal", "plain", "json", "jsonl"):
        raise UsageError(
            "Queries from standard input are answered with a JSON object each.",
            "Leave the other form out, or see --queries for tables.",
        )
    return replace(form, kind="json")


def answer_lines(path: Path, engine: str | None, question: Ask, form: Form, *, count: bool) -> int:
    """Answer each line of standard input, before the next is read.

    A commit made meanwhile is seen by the lines that follow it.

    Args:
        path: The index directory.
        question: What holds for every line.
        form: As of `as_lines`.
        count: Whether the answers are numbers.

    Returns:
        The exit status: 2 where a line could not be answered, 1 where nothing was found.

    Raises:
        NewsidxError: There is no index, or an option makes no sense with any query.
    """
    found = lines = bad = 0
    opened = open_index(path, engine)
    try:
        opened.understand(replace(question, text="*", literal=False, expand=False))
        for note in opened.warnings:
            say(f"newsidx: {note}")
        for number, line in read_lines():
            lines += 1
            opened = _latest(opened, path, engine)
            try:
                page = opened.page(replace(question, text=_query(line, number)))
                found += bool(page.total)
                _put(page, form, count=count)
            except NewsidxError as error:
                bad += 1
                write(json_bytes(row_error(error, number, line)))
            sys.stdout.buffer.flush()
    finally:
        opened.close()
    if bad:
        say(f"newsidx: {bad:,} of {counted(lines, 'query', 'queries')} could not be answered.")
    return 2 if bad else 0 if found else 1


def read_lines() -> Iterator[tuple[int, str]]:
    """The lines of standard input with their numbers from 1, each as soon as it is there.

    What is not UTF-8 stands as U+FFFD.

    Raises:
        UsageError: It is closed.
    """
    if sys.stdin is None:
        raise UsageError(
            "Standard input is closed.", "Write: printf 'calexit\\n' | newsidx search -"
        )
    for number, line in enumerate(iter(sys.stdin.buffer.readline, b""), 1):
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        yield number, text.removeprefix("\ufeff") if number == 1 else text


def _query(line: str, number: int) -> str:
    if not line.strip():
        raise UsageError(f"There is no query on line {number}.")
    return line


def _put(page: Page, form: Form, *, count: bool) -> None:
    if count:
        write(json_bytes(count_record(page)))
    else:
        put_page(form, page)


def _latest(opened: Index, path: Path, engine: str | None) -> Index:
    """The index as of its last commit; as it was where the new one can't be opened."""
    if not opened.outdated:
        return opened
    try:
        newer = open_index(path, engine)
        _ = newer.engine
    except (NewsidxError, OSError):
        return opened
    opened.close()
    return newer
