"""newsidx terms."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form, put_records
from newsidx.output.streams import say
from newsidx.schema import FIELDS, TEXT_FIELDS, Kind, field_named
from newsidx.text.counted import counted

__all__ = ["command", "terms"]

_PAGE = 100
_SORTS = ("word", "articles")

_Term = tuple[str, int, int]


def terms(
    prefix: Annotated[
        str,
        typer.Argument(
            metavar="PREFIX",
            help="What the words begin with, in any case. Default: all words.",
            show_default=False,
        ),
    ] = "",
    field: Annotated[
        str | None,
        typer.Option(
            "--field",
            metavar="NAME",
            help="Words of one field: title, body, author, source, section, tag, url. Default: "
            "of title and body together.",
            show_default=False,
        ),
    ] = None,
    sort: Annotated[
        str, typer.Option("--sort", metavar="BY", help="word, or articles: the commonest first.")
    ] = "word",
    least: Annotated[
        int, typer.Option("--min", metavar="N", help="Only words that so many articles have.")
    ] = 1,
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            metavar="N",
            help="Words at most; 0 is all. Default: 100 on a terminal and with --json, all "
            "otherwise.",
            show_default=False,
        ),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", metavar="N", help="Words to skip.")] = 0,
    *,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """List the words of the archive, with the number of articles that have each.

    Words are as a search compares them: in lower case, without accents. The number is
    that of the articles which newsidx count '=word' finds.

    Without a terminal each word is a line of the word, the number of articles and the
    number of occurrences, separated by tabs. Of all fields but title and body together
    that takes a moment; --field body is quicker. The exit status is 0 when there are any,
    1 when there are none, 2 for an error.
    """
    from newsidx.output.lexicon import TERMS

    TERMS.check(form)
    fields = _fields(field)
    if sort not in _SORTS:
        raise UsageError(f"Words can't be sorted by {sort!r}.", "Sorts: word, articles.")
    if offset < 0 or least < 0 or (limit is not None and limit < 0):
        raise UsageError(
            "A limit, offset or least number can't be negative.", "--limit 0 shows everything."
        )
    chosen = (None if form.streams else _PAGE) if limit is None else (limit or None)
    with open_index(load_settings(index).index, engine) as opened:
        for note in opened.warnings:
            say(f"newsidx: {note}")
        found = [each for each in opened.lexicon(prefix, fields) if each[1] >= least]
        if sort == "articles":
            found.sort(key=lambda each: (-each[1], each[0]))
        end = None if chosen is None else offset + chosen
        _put(opened, found, form, (prefix, field), (offset, end))
    if not found:
        where = f"the field {fields[0]}" if field else "titles and bodies"
        begin = f" that begins with {prefix!r}" if prefix else ""
        often = f" in {counted(least, 'article')}" if least > 1 else ""
        say(f"newsidx: There is no word{begin}{often} in {where} of {opened.info.path}.")
    return 0 if found else 1


def _fields(name: str | None) -> tuple[str, ...]:
    """The fields to list words of.

    Raises:
        UsageError: The field has none.
    """
    if name is None:
        return TEXT_FIELDS
    known = [each for each in FIELDS if each.kind in (Kind.TEXT, Kind.LIST, Kind.KEYWORD)]
    field = field_named(name)
    if field not in known:
        names = ", ".join(each.name for each in known)
        raise UsageError(f"There are no words of a field {name!r}.", f"Fields: {names}.")
    return (field.name,) if field else ()


def _put(
    opened: Index,
    found: list[_Term],
    form: Form,
    asked: tuple[str, str | None],
    place: tuple[int, int | None],
) -> None:
    """Print the words from one place to another."""
    from newsidx.output.lexicon import TERMS, print_terms, term_record

    (prefix, field), (offset, end) = asked, place
    page = found[offset:end]
    more = offset + len(page) if offset + len(page) < len(found) else None
    if form.kind == "terminal":
        from newsidx.output.columns import terminal_width
        from newsidx.output.streams import console

        if page:
            print_terms(console(sys.stdout, form.color), page, terminal_width())
            sys.stdout.flush()
        if found:
            _say_place(len(found), offset, more, len(page))
        return
    from newsidx.output.records import count_record
    from newsidx.results import Page, QueryInfo

    record = count_record(Page(opened.info, QueryInfo("", ""), 0, 0, ()))
    head = {
        "index": record["index"],
        "prefix": prefix,
        "field": field_named(field).name if field and field_named(field) else None,  # type: ignore[union-attr]
        "total": len(found),
        "returned": len(page),
        "offset": offset,
        "next_offset": more,
    }
    put_records(form, TERMS, map(term_record, page), head, {"warnings": list(opened.warnings)})
    if form.streams and more is not None:
        _say_place(len(found), offset, more, len(page))


def _say_place(total: int, offset: int, more: int | None, shown: int) -> None:
    words = counted(total, "word")
    if not shown:
        say(f"{words}; there are none from {offset + 1:,} on.")
    elif more is not None:
        say(f"{words}; shown are {offset + 1:,} to {offset + shown:,}. More: --offset {more}")
    else:
        say(f"{words}, and in how many articles each is.")


def command() -> Any:
    """The command, for the group."""
    return single_command(terms)
