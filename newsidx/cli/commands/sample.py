"""newsidx sample."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.streams import is_terminal, say, write_each
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.app import Index
    from newsidx.article import Article
    from newsidx.output.sample import Origin
    from newsidx.searcher.question import Understood
    from newsidx.searcher.sampling import Drawn, Sample

__all__ = ["command", "sample"]


def _stratified(value: str | None) -> str | None:
    from newsidx.searcher.sampling import STRATA

    if value not in (None, *STRATA):
        raise UsageError(f"--per can't be {value!r}.", "Write --per source or --per month.")
    return value


def sample(
    asked: Asked,
    number: Annotated[
        int, typer.Option("-n", "--number", metavar="N", help="Articles to draw.")
    ] = 200,
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Another number draws other articles.")
    ] = 1,
    per: Annotated[
        str | None,
        typer.Option(
            "--per",
            metavar="FIELD",
            help="source or month: draw from each in proportion to its size, two at least.",
            callback=_stratified,
            show_default=False,
        ),
    ] = None,
    outside: Annotated[
        str | None,
        typer.Option(
            "--outside",
            metavar="QUERY",
            help="Draw also from what this broader query matches and the first does not, for "
            "an estimate of recall. '*' is everything. Filters hold for both.",
            show_default=False,
        ),
    ] = None,
    outside_number: Annotated[
        int | None,
        typer.Option(
            "--outside-number",
            metavar="N",
            help="Articles to draw there. Default: as many as of the matches.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Write to this file, which must not be there yet.",
            show_default=False,
        ),
    ] = None,
    *,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Draw articles at random from what a query matches, to be read and judged.

    It is printed as CSV, a row for each article in random order, with an empty column
    relevant. Fill that with yes or no, and newsidx assess FILE says how precise the query
    is, and with --outside how much it misses. All that needs to be known for that is in
    the file; no other column may be changed.

    The same seed draws the same articles from the same archive, on every machine and with
    every engine. The exit status is 0 when articles were drawn, 1 when none match, 2 for
    an error.
    """
    if number < 1 or (outside_number is not None and outside_number < 1):
        raise UsageError("Less than one article can't be drawn.", "Write -n 200.")
    if outside_number is not None and outside is None:
        raise UsageError("--outside-number is for --outside.", "Name the broader query as well.")
    path = None if output is None else Path(output)
    if path is not None and path.exists():
        raise UsageError(
            f"{output} is there already.", "It may hold judgements: choose another name."
        )
    settings = load_settings(index)
    question = asked.ask(settings)
    with open_index(settings.index, engine) as opened:
        understood = opened.understand(question)
        broader = None
        if outside is not None:
            broader = opened.understand(replace(question, text=outside, literal=False))
        _say_notes(opened, understood, broader)
        found = opened.sample(
            question,
            number=number,
            seed=seed,
            per=per,
            outside=outside,
            outside_number=outside_number,
        )
        if found.matches or path is None:
            _put(opened, found, _origin(opened, found, seed, per, understood, broader), path)
        _say_counts(found, number, outside_number or number, output)
        if not found.matches:
            say(f"newsidx: No article of {settings.index} matches.")
    return 0 if found.matches else 1


def _say_notes(opened: Index, *questions: Understood | None) -> None:
    from newsidx.searcher.question import notes

    for note in opened.warnings:
        say(f"newsidx: {note}")
    for understood in questions:
        for note in notes(understood.info) if understood else ():
            say(f"newsidx: {note}")


def _origin(
    opened: Index,
    found: Sample,
    seed: int,
    per: str | None,
    understood: Understood,
    broader: Understood | None,
) -> Origin:
    from newsidx.output.sample import Origin
    from newsidx.searcher.wording import wording

    return Origin(
        matches=found.matches,
        remainder=found.remainder,
        seed=seed,
        per=per,
        query=wording(understood.query.tree),
        outside=wording(broader.query.tree) if broader else None,
        state=opened.info.state,
    )


def _put(opened: Index, found: Sample, origin: Origin, path: Path | None) -> None:
    from newsidx.output.sample import sample_lines

    shown = path is None and is_terminal(sys.stdout)
    lines = sample_lines(_articles(opened, found.articles), origin, shown=shown)
    if path is None:
        write_each(lines)
        return
    try:
        with path.open("xb") as file:
            file.writelines(lines)
    except OSError as problem:
        raise UsageError(f"{path} can't be written: {problem.strerror}.") from None


def _articles(opened: Index, drawn: Iterable[Drawn]) -> Iterator[tuple[Drawn, Article]]:
    from newsidx.engines.fetching import named

    wanted = {each.id: each for each in drawn}
    return ((wanted[article.id], article) for article in named(opened.engine, wanted))


def _say_counts(found: Sample, number: int, outside: int, output: str | None) -> None:
    """How much was drawn of how much, where that is not on the screen."""
    drawn = sum(1 for each in found.articles if each.part == "matches")
    rest = len(found.articles) - drawn
    if found.matches:
        said = f"{drawn:,} of {counted(found.matches, 'match', 'matches')} drawn"
        if found.remainder is not None:
            said += f", and {rest:,} of {found.remainder:,} outside"
        say(f"newsidx: {said}{f': {output}' if output else ''}.")
    if found.matches and (drawn < number or (found.remainder is not None and rest < outside)):
        say("  Where there are fewer than were asked for, all are drawn.")


def command() -> Any:
    """The command, for the group."""
    return single_command(sample, is_query=True)
