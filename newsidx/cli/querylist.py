"""A list of queries in a table: one row for each query and article, with its row of the list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer
from msgspec import Struct, field
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.cli.asking import Asking
from newsidx.cli.groups import Together
from newsidx.errors import NewsidxError, QueryError, UsageError
from newsidx.output.forms import Form, Record, Shape, put_records
from newsidx.output.streams import say, write
from newsidx.results import Hit
from newsidx.searcher.question import Ask, Understood
from newsidx.text.counted import counted

__all__ = ["Listed", "Listing", "answer_list"]

# Queries without a match that are named on standard error.
_NAMED = 20


class Listing(Struct, frozen=True):
    """A list of queries as it was asked for.

    Attributes:
        column: Name or number of the column with the queries.
        names: Whether the queries are names for certain, as one of the next two was given.
        slop: Words that may stand between the first of a name and its last.
        fuzzy: Slips that each of its words may have.
        unmatched: Whether a query without a match has a row of its own.
        delimiter: What parts cells, where the file does not say it.
        header: Whether the first row has the names of the columns.
    """

    file: str
    column: str | None
    names: bool
    slop: int
    fuzzy: int
    unmatched: bool
    delimiter: str | None
    header: bool

    def form(self, form: Form) -> Form:
        """The form of the answers: CSV unless another was asked for.

        Raises:
            UsageError: One that they can't have.
        """
        if form.kind in ("paths", "null"):
            raise UsageError(
                "Answers to a list of queries are rows, and not paths.",
                "Choose --csv, --tsv, --jsonl or --json, with --fields path.",
            )
        return replace(form, kind="csv") if form.kind in ("terminal", "plain") else form

    def beside(self, asked: Asking) -> Listing:
        """The same with what was asked for besides: with `-F` the queries are names.

        Raises:
            UsageError: A query was given, too.
        """
        if asked.text is not None:
            raise UsageError("A query and a list of queries were given.", "Leave one out.")
        return replace(self, names=self.names or asked.literal)


def _listed(
    queries: Annotated[
        str | None,
        typer.Option(
            "--queries",
            metavar="FILE",
            help="Answer each row of a table (CSV, TSV or -): a row for each article found.",
            show_default=False,
        ),
    ] = None,
    column: Annotated[
        str | None,
        typer.Option(
            "--column",
            metavar="NAME",
            help="The column of it with the queries, or its number. With -F they are names.",
            show_default=False,
        ),
    ] = None,
    slop: Annotated[
        int | None,
        typer.Option(
            "--slop",
            metavar="N",
            help="They are names, and N other words may stand between first and last.",
            show_default=False,
        ),
    ] = None,
    fuzzy: Annotated[
        int | None,
        typer.Option(
            "--fuzzy",
            metavar="N",
            help="They are names, and each word may have N slips, 1 or 2.",
            show_default=False,
        ),
    ] = None,
    unmatched: Annotated[
        bool, typer.Option("--unmatched", help="A row, too, for each that finds nothing.")
    ] = False,
    delimiter: Annotated[
        str | None,
        typer.Option(
            "--delimiter",
            metavar="C",
            help="What parts its cells, where its first line does not show it.",
            show_default=False,
        ),
    ] = None,
    no_header: Annotated[
        bool, typer.Option("--no-header", help="Its first row is a query, too.")
    ] = False,
) -> Listing | None:
    given = column is not None or delimiter is not None or slop is not None or fuzzy is not None
    if queries is None:
        if given or unmatched or no_header:
            raise UsageError("There is no list of queries.", "Name it: --queries FILE.")
        return None
    names = slop is not None or fuzzy is not None
    return Listing(
        queries, column, names, slop or 0, fuzzy or 0, unmatched, delimiter, not no_header
    )


Listed = Annotated[Listing | None, Together(_listed)]
"""A list of queries, and how it is to be taken; None where there is none."""


def answer_list(opened: Index, question: Ask, listing: Listing, form: Form, *, count: bool) -> int:
    """Answer every row of a list.

    Args:
        question: What holds for every query.
        form: As of `Listing.form`.
        count: Whether the answers are numbers, and not articles.

    Returns:
        The exit status: 2 where a row could not be answered, 1 where nothing was found.

    Raises:
        UsageError: The list can't be read, or has no such column.
    """
    from newsidx.cli.querytable import read_table
    from newsidx.output.answers import input_names, matches_shape
    from newsidx.output.records import index_record
    from newsidx.searcher.names import Names

    if question.expand or question.explain:
        raise UsageError("--expand and --explain are for one query.", "Leave them out.")
    table = read_table(listing.file, listing.delimiter, header=listing.header)
    column = table.column(listing.column)
    names = input_names(table.columns)
    shape = matches_shape(tuple(names.values()), count=count)
    shape.check(form)
    # What is wrong with the options is said once.
    filters = opened.understand(replace(question, text="*")).info.filters
    maker = Names(opened.engine, listing.slop, listing.fuzzy) if listing.names else None
    for note in opened.warnings:
        say(f"newsidx: {note}")
    answers = _Answers(opened, question, listing, form, shape, maker, count)
    said = {
        "column": names[column],
        "names": listing.names,
        "slop": listing.slop,
        "fuzzy": listing.fuzzy,
        "filters": list(filters),
    }
    head = {"index": index_record(opened.info), "asked": said}
    tail = {"counts": answers.counts, "unmatched": answers.unmatched, "errors": answers.errors}
    records = (record for row in table for record in answers.to(row, names, column))
    put_records(form, shape, records, head, tail)
    return answers.told()


class _Answers(Struct):
    """The answers to a list, and what became of its rows."""

    opened: Index
    question: Ask
    listing: Listing
    form: Form
    shape: Shape
    names: Any
    count: bool
    unmatched: list[dict[str, Any]] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(
        default_factory=lambda: {"queries": 0, "matched": 0, "unmatched": 0, "errors": 0}
    )
    _missed: list[str] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)

    def to(self, row: Any, names: dict[str, str], column: str) -> Iterator[Record]:
        """The records of a row of the list."""
        from newsidx.cli.querytable import BadRow
        from newsidx.output.answers import answer_record, unmatched_record

        self.counts["queries"] += 1
        if isinstance(row, BadRow):
            problem = UsageError(f"It is no row of this table: {row.problem}.")
            yield from self._failed(problem, row.line, None, {})
            return
        cells = {names[name]: cell for name, cell in row.cells.items()}
        text = row.cells[column].strip()
        try:
            understood = self._understood(text, column)
            total, hits = self._ask(text, understood)
            asked = unmatched_record(cells, row.line, understood.info, total)
        except NewsidxError as error:
            yield from self._failed(error, row.line, text, cells)
            return
        self.counts["matched" if total else "unmatched"] += 1
        if not total:
            self._missed.append(text)
            if self.form.kind == "json":
                self.unmatched.append(asked)
        if self.count or (not total and self.listing.unmatched and self.form.kind != "json"):
            yield asked
        if not self.count:
            wanted = self.shape.columns_for(self.form)
            wanted = (self.form.fields or ()) if self.form.kind in ("json", "jsonl") else wanted
            for hit in hits:
                yield answer_record(asked, hit, wanted)

    def _understood(self, text: str, column: str) -> Understood:
        if not text:
            raise UsageError(f"There is nothing in column {column}.")
        question = replace(self.question, text=text)
        if self.names is None:
            return self.opened.understand(question)
        return self.opened.understand_node(question, self.names.node(text))

    def _ask(self, text: str, understood: Understood) -> tuple[int, Iterator[Hit]]:
        return self.opened.stream(replace(self.question, text=text), understood)

    def _failed(
        self, error: NewsidxError, line: int, text: str | None, cells: dict[str, str]
    ) -> Iterator[Record]:
        from newsidx.output.answers import row_error, unmatched_record
        from newsidx.output.records import json_bytes

        self.counts["errors"] += 1
        if len(self._said) < _NAMED:
            what = f" ({text})" if isinstance(error, QueryError) else ""
            self._said.append(f"newsidx: line {line}: {error.message}{what}")
        record = row_error(error, line, text)
        if self.form.kind == "json":
            self.errors.append(record)
        elif self.form.kind == "jsonl":
            write(json_bytes(record))
        else:
            yield {**unmatched_record(cells, line, None, None), "error": error.message}

    def told(self) -> int:
        """Say what was not found, and give the exit status."""
        counts = self.counts
        for line in self._said:
            say(line)
        if self._missed:
            named = ", ".join(self._missed[:_NAMED])
            if len(self._missed) > _NAMED:
                named += f" and {len(self._missed) - _NAMED:,} more; --unmatched gives them a row"
            queries = counted(counts["queries"], "query", "queries")
            say(f"newsidx: {len(self._missed):,} of {queries} without a match: {named}")
        if counts["errors"]:
            bad = counted(counts["errors"], "row")
            say(f"newsidx: {bad} could not be answered.")
        return 2 if counts["errors"] else 0 if counts["matched"] else 1
