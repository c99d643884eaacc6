"""newsidx quote."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from newsidx.app import open as open_index
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import ReadError, UsageError
from newsidx.output.quotes import QUOTES, Checked, quotation_record
from newsidx.output.safe import one_line, valid
from newsidx.output.streams import say
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.app import Index
    from newsidx.output.forms import Form

__all__ = ["command", "quote"]

_LEAST = 3
# To lay a quotation beside a text takes time in proportion to the product of their lengths.
_MOST = 500
_TOLD = 5


class _Asked(NamedTuple):
    """A quotation, and where it was found: as of `Checked`."""

    text: str
    line: int | None = None
    at: int | None = None


def quote(
    text: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="TEXT|-",
            help="The quotation; - reads quotations from standard input, one a line.",
            show_default=False,
        ),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "-f",
            "--file",
            metavar="FILE",
            help="Read quotations from a file, one a line.",
            show_default=False,
        ),
    ] = None,
    draft: Annotated[
        bool,
        typer.Option(
            "--draft",
            help="What is given is a text with quotations in it: check each passage in quote "
            "marks, of whatever kind.",
        ),
    ] = False,
    *,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Say whether a quotation is in the archive, and what was changed.

    A quotation is verbatim when the archive has its words in this order in one passage.
    Quote marks and other punctuation, the case of the first letter and a hyphen at a line's
    end don't matter; an ellipsis (... or [...]) may leave out up to 60 words, square
    brackets may stand for up to 12, and where a run of blanks shows that a word was
    dropped, on either side, one joined by hyphens may be missing. It is altered when words
    were replaced, left out or added, and absent when nothing in the archive is much like
    it. A negation or a number that is on one side only is pointed out.

    What is given is always the quotation itself, never the name of a file: a file is given
    with -f. Passages of one or two words are not checked, and named; one of more than 500
    is an error.

    The exit status is 0 when all are verbatim, 1 when one is not, 2 for an error.
    """
    QUOTES.check(form)
    asked, short = _parted(_asked(text, file, draft=draft))
    if not asked:
        _refuse(short, draft=draft)
    settings = load_settings(index)
    with open_index(settings.index, engine) as opened:
        for note in opened.warnings:
            say(f"newsidx: {note}")
        verdicts = _put(form, opened, asked, short)
    if form.kind != "json":
        _say_short(short)
    return 0 if verdicts["verbatim"] == verdicts.total() else 1


def _asked(text: list[str] | None, file: str | None, *, draft: bool) -> list[_Asked]:
    """The quotations that are asked about.

    Raises:
        UsageError: There is none, or too much is given.
    """
    if text and file is not None:
        raise UsageError(
            "There is a quotation and a file.", "Give one of them: a text, or -f FILE."
        )
    if not text and file is None:
        raise UsageError(
            "There is no quotation.",
            "Write it as an argument, in quotes; or -f FILE for many, one a line; or - for "
            "standard input.",
        )
    argument = " ".join(text or ())
    if file is None and argument != "-":
        if draft:
            return list(_of_draft(argument))
        return [_Asked(argument)]
    content = _content("-" if file is None else file)
    return list(_of_draft(content)) if draft else _of_lines(content)


def _of_draft(text: str) -> Iterator[_Asked]:
    from newsidx.text.quoting import quoted_passages

    for passage in quoted_passages(text):
        yield _Asked(passage.text, passage.line, passage.start)


def _of_lines(text: str) -> list[_Asked]:
    lines = enumerate(text.splitlines(), 1)
    return [_Asked(line.strip(), number) for number, line in lines if line.strip()]


def _content(name: str) -> str:
    """The text of a file or of standard input, in whatever encoding.

    Raises:
        UsageError: It can't be read.
    """
    from newsidx.cli.reading import standard_input
    from newsidx.readers.source import Source
    from newsidx.readers.texts.encoding import decode

    if name == "-":
        with standard_input("quotations", "newsidx quote - < quotations.txt") as stream:
            data = stream.read()
    else:
        try:
            data = Source(name, Path(name)).read()
        except ReadError as problem:
            why = problem.message.removeprefix("it can't be read: ")
            raise UsageError(f"{valid(name)} can't be read: {why}.") from None
    try:
        text, _ = decode(data)
    except ReadError as problem:
        raise UsageError(f"{valid(name)}: {problem.message}.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parted(asked: list[_Asked]) -> tuple[list[_Asked], list[_Asked]]:
    """What can be checked, and what is too short for that."""
    from newsidx.searcher.quotes import quoted_words

    long: list[_Asked] = []
    short: list[_Asked] = []
    for each in asked:
        words = quoted_words(each.text)
        if words > _MOST:
            where = f"on line {each.line} " if each.line else ""
            raise UsageError(
                f"The quotation {where}has {words:,} words; {_MOST} may be looked for at once.",
                "Perhaps a quote mark is not closed there. Give a long one in parts.",
            )
        (long if words >= _LEAST else short).append(each)
    return long, short


def _refuse(short: list[_Asked], *, draft: bool) -> None:
    if short:
        example = one_line(short[0].text)
        raise UsageError(
            f"There is no quotation of three words or more, only: {example}",
            "So few words may stand anywhere. Look for them with newsidx search '\"...\"'.",
        )
    if draft:
        raise UsageError(
            "There is no passage in quote marks in this text.",
            "Without --draft the whole text is taken for the quotation, or each line.",
        )
    raise UsageError("There is nothing to check: the input is empty.")


def _put(form: Form, opened: Index, asked: list[_Asked], short: list[_Asked]) -> Counter[str]:
    """Print the answers; gives how many there are of each verdict."""
    verdicts: Counter[str] = Counter()
    warnings: list[str] = []

    def found() -> Iterator[Checked]:
        answers = opened.quotations(each.text for each in asked)
        for rank, (each, answer) in enumerate(zip(asked, answers, strict=True), 1):
            verdicts[answer.verdict] += 1
            if not answer.complete:
                note = f"More articles have it than were read: {one_line(answer.text)}"
                warnings.append(note)
                say(f"newsidx: {note}")
            yield Checked(rank, each.line, each.at, answer)

    if form.kind == "terminal":
        from newsidx.output.quoted import print_quotations, print_summary
        from newsidx.output.streams import console

        screen = console(sys.stdout, form.color)
        print_quotations(screen, found())
        if len(asked) > 1:
            print_summary(screen, verdicts)
        sys.stdout.flush()
    elif form.kind == "json":
        _put_json(form, opened, list(found()), verdicts, short, warnings)
    else:
        from newsidx.output.forms import put_records

        put_records(form, QUOTES, map(quotation_record, found()))
    return verdicts


def _put_json(
    form: Form,
    opened: Index,
    found: list[Checked],
    verdicts: Counter[str],
    short: list[_Asked],
    warnings: list[str],
) -> None:
    from newsidx.output.forms import put_records
    from newsidx.output.records import index_record

    head = {
        "index": index_record(opened.info),
        "total": len(found),
        **{name: verdicts[name] for name in ("verbatim", "altered", "absent")},
    }
    tail = {
        "short": [
            {"line": each.line, "at": each.at, "quotation": valid(each.text)} for each in short
        ],
        "warnings": [*opened.warnings, *warnings],
    }
    put_records(form, QUOTES, map(quotation_record, found), head, tail)


def _say_short(short: list[_Asked]) -> None:
    if not short:
        return
    shown = ", ".join(f"“{one_line(each.text)}”" for each in short[:_TOLD])
    more = ", …" if len(short) > _TOLD else ""
    say(f"newsidx: Not checked, for want of a third word: {counted(len(short), 'passage')}.")
    say(f"  {shown}{more}")


def command() -> Any:
    """The command, for the group."""
    return single_command(quote)
