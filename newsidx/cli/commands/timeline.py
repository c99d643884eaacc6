"""newsidx timeline."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from newsidx.app import open as open_index
from newsidx.cli.asking import Asked
from newsidx.cli.commands.search import say_nothing_found, say_searched
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, SearchedOption, single_command
from newsidx.config import load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form
from newsidx.output.streams import console, say
from newsidx.output.timeline import TIMELINE, peak_of, put_timeline
from newsidx.results import Page
from newsidx.results.counts import Bucket, Timelines
from newsidx.text.counted import counted

__all__ = ["command", "timeline"]

# Gaps that are named; --json has them all.
_GAPS = 5
# A query that is longer is not for typing; --json has it.
_SHORT = 160


def _option(name: str, metavar: str, help_text: str) -> Any:
    return typer.Option(name, metavar=metavar, help=help_text, show_default=False)


def timeline(
    asked: Asked,
    by: Annotated[
        str | None,
        _option("--by", "SIZE", "day, week, month, quarter or year. Default: what suits the span."),
    ] = None,
    share: Annotated[
        bool, typer.Option("--share", help="Draw the share of all articles, not their number.")
    ] = False,
    base: Annotated[
        str | None,
        _option(
            "--base", "QUERY", "Count among the articles of this query, and be a share of them."
        ),
    ] = None,
    split: Annotated[
        str | None,
        _option("--split", "FIELD", "A series for each of its commonest values: source, tags."),
    ] = None,
    limit: Annotated[
        int, typer.Option("-n", "--limit", metavar="N", help="Values of --split; 0 is all.")
    ] = 5,
    against: Annotated[
        list[str] | None,
        _option(
            "--against", "QUERY", "A series for this query too. Given again: and for that one."
        ),
    ] = None,
    unit: Annotated[
        str,
        typer.Option(
            "--unit",
            metavar="UNIT",
            help="articles; mentions, which are matches in the body; or per-million, "
            "mentions per million words.",
        ),
    ] = "articles",
    balanced: Annotated[
        bool,
        typer.Option("--balanced", help="Count only sources with articles in every bucket."),
    ] = False,
    svg: Annotated[
        str | None,
        _option("--svg", "FILE", "Draw an SVG; - is standard output. Needs newsidx[charts]."),
    ] = None,
    searched: SearchedOption = False,
    *,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Draw how many articles match a query in each week, month or year.

    \b
    newsidx timeline calexit --by month --share
    newsidx timeline calexit --split source
    newsidx timeline 'russia' --against 'china' --unit per-million

    Each bucket has its number, what that is a part of (the articles under the same
    filters without the query, or --base), the share with its 95 % interval, and the
    query that lists its articles: see --json and --csv. Where the base has no article
    the bucket is a gap, and nothing is known of it. Articles without a date, or with one
    vaguer than a bucket, are counted beside.

    Without a terminal each bucket is a line of series, bucket, number, base and share,
    separated by tabs. The exit status is 0 when something was found, 1 when nothing
    was, 2 for an error.
    """  # noqa: D301 - the backspace keeps the examples from being wrapped
    TIMELINE.check(form)
    _check(split=split, against=against, share=share, unit=unit)
    if svg == "-" and form.kind not in ("terminal", "plain"):
        raise UsageError("Two forms of output were asked for.", "Choose one of them.")
    settings = load_settings(index)
    question = asked.ask(settings, everything=True, searched=searched)
    with open_index(settings.index, engine) as opened:
        found = opened.timeline(
            question,
            by=by,
            unit=unit,
            split=split,
            limit=limit or None,
            against=against or (),
            base=base,
            balanced=balanced,
        )
        page = opened.counted(question, found.total)
    page = replace(page, warnings=(*page.warnings, *_remarks(found)))
    for note in page.warnings:
        say(f"newsidx: {note}")
    if svg is not None:
        from newsidx.output.svg import write_svg

        write_svg(svg, found, share=share)
        if svg != "-":
            say(f"The chart is in {svg}.")
    if svg == "-":
        pass  # standard output is taken
    elif form.kind != "terminal":
        put_timeline(form, page, found)
    elif found.series and found.series[0].buckets:
        _draw(form, page, found, share=share)
    if not found.total:
        say_nothing_found(page.index, page.query, page.leaves, page.suggestions)
    elif form.kind != "json":
        _say_rest(form, found, share=share)
    say_searched(page.total, page.searched)
    return 0 if found.total else 1


def _check(*, split: str | None, against: list[str] | None, share: bool, unit: str) -> None:
    if split and against:
        raise UsageError("--split and --against both make series.", "Choose one of them.")
    if share and unit != "articles":
        raise UsageError(
            f"--share is a share of articles, and --unit counts {unit}.",
            "Choose one of them; --unit per-million is what mentions are a share of.",
        )


def _remarks(found: Timelines) -> Iterator[str]:
    """What a reader of the numbers has to know of how they were counted."""
    if found.kept:
        kept = f"{found.kept.sources:,} of {counted(found.kept.of, 'source')}"
        verb = "has" if found.kept.sources == 1 else "have"
        yield f"Balanced: {kept} {verb} articles in every {found.by}; only these count."
    if found.unit != "articles":
        nowhere = [each.name for each in found.series if _unmentioned(each.buckets)]
        if nowhere:
            yield f"Mentions are matches in the body, and there are none of: {', '.join(nowhere)}"


def _unmentioned(buckets: tuple[Bucket, ...]) -> bool:
    return any(each.articles for each in buckets) and not any(each.n for each in buckets)


def _draw(form: Form, page: Page, found: Timelines, *, share: bool) -> None:
    from newsidx.output.chart import print_timeline

    filters = page.query.filters
    print_timeline(console(sys.stdout, form.color), found, filters, share=share)


def _say_rest(form: Form, found: Timelines, *, share: bool) -> None:
    """What the buckets do not hold, and on a terminal how to go on."""
    if form.kind == "terminal":
        say("")
    several = len(found.series) > 1
    for each in found.series:
        start = f"{each.name}, in" if several else "In"
        if each.undated or each.vague:
            beside = [f"{each.undated:,} without a date"] if each.undated else []
            beside += [f"{each.vague:,} dated vaguer than a {found.by}"] if each.vague else []
            say(f"{start} no bucket: {' and '.join(beside)}.")
    gaps = [each.name for each in found.series[0].buckets if each.gap]
    if gaps and not found.split:
        more = f" and {len(gaps) - _GAPS:,} more" if len(gaps) > _GAPS else ""
        say(f"Gaps, of which nothing is known: {', '.join(gaps[:_GAPS])}{more}.")
    if found.values is not None and (rest := found.values - len(found.series)) > 0:
        say(f"{counted(rest, 'more value')} of {found.split}: --limit 0")
    peak = peak_of(found, share=share)
    if form.kind == "terminal" and peak and peak.query and len(peak.query) <= _SHORT:
        say(f"List {peak.name}: newsidx search {shlex.quote(peak.query)}")


def command() -> Any:
    """The command, for the group."""
    return single_command(timeline, is_query=True)
