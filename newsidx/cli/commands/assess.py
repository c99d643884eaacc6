"""newsidx assess."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from newsidx.cli.forms import JsonForm
from newsidx.cli.options import single_command
from newsidx.output.safe import valid

__all__ = ["assess", "command"]


def assess(
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE|-",
            help="A sample with its column relevant filled in; - for standard input.",
            show_default=False,
        ),
    ],
    *,
    form: JsonForm,
) -> int:
    """Say how good a query is, from a sample that was judged.

    FILE is what newsidx sample printed, with yes or no in its column relevant: precision
    is the part of the matches that is relevant, and recall the part of what is relevant
    that was matched, as far as the query of --outside reaches (Stryker, Wray, Hornik and
    Yanovitzky 2006). It needs no index. A file that is not judged to its end, or was
    changed elsewhere, is an error.

    Intervals are at 95 %. That of precision is Wilson's score interval (1927), in strata
    that of Yan and Su (2010), with the variance of a sample without replacement: of a
    small population less is left open. That of recall is made of both (MOVER; Donner and
    Zou 2012, Newcombe 2016). Standard errors are Cochran's (1977).

    The exit status is 0, or 2 for an error.
    """
    from newsidx.cli.judged import judged
    from newsidx.cli.querytable import read_table
    from newsidx.output.assessment import ASSESSMENT, assessment_lines, assessment_record
    from newsidx.output.records import json_bytes
    from newsidx.output.streams import write, write_text
    from newsidx.searcher.assessment import assessed

    form.check(ASSESSMENT)
    name = "standard input" if file == "-" else valid(file)
    origin, strata = judged(read_table(file, None, header=True, what="sample"), name)
    found = assessed(strata, origin.remainder)
    if form.kind == "json":
        write(json_bytes(assessment_record(found, origin)))
    else:
        write_text("".join(f"{line}\n" for line in assessment_lines(found, origin)))
    return 0


def command() -> Any:
    """The command, for the group."""
    return single_command(assess)
