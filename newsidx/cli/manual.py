"""The manual page, made of the texts of --help and of the help topics.

It is in the language of man(7), which groff and mandoc both read. The same version gives
the same bytes.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from newsidx._version import RELEASED, __version__
from newsidx.cli.main import COMMANDS, build
from newsidx.cli.reference import ENVIRONMENT, EXAMPLES, FILES, SEE_ALSO, STATUSES
from newsidx.cli.topics import TOPICS

__all__ = ["manual_page"]

_SUMMARY = "search news archives on the command line"


def manual_page() -> str:
    """newsidx(1) as roff."""
    group = build()
    context = group.make_context("newsidx", [], resilient_parsing=True)
    lines = [
        f'.TH NEWSIDX 1 "{RELEASED}" "newsidx {__version__}" "User Commands"',
        ".nh",
        *_section("NAME", [f"newsidx \\- {_SUMMARY}"]),
        *_section("SYNOPSIS", _synopsis()),
        *_section("DESCRIPTION", _help_text(group.help)),
        *_section("OPTIONS", [*_options(group, context), ".PP", *_help_text(group.epilog)]),
        *_section("COMMANDS", _commands(group, context)),
        *_section("QUERIES", _verbatim(TOPICS["query"].text())),
        *_section("OUTPUT", _verbatim(TOPICS["pipes"].text())),
        *_section("EXIT STATUS", _terms(STATUSES.items())),
        *_section("ENVIRONMENT", _terms(ENVIRONMENT.items())),
        *_section("FILES", _terms(FILES.items())),
        *_section("EXAMPLES", _examples()),
        *_section("SEE ALSO", _see_also()),
    ]
    return "\n".join(lines) + "\n"


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f".SH {name}"
    yield from lines


def _synopsis() -> Iterator[str]:
    yield ".B newsidx"
    yield "COMMAND"
    yield "[OPTION]..."
    yield "[ARGUMENT]..."


def _commands(group: Any, context: Any) -> Iterator[str]:
    for name in COMMANDS:
        yield from _command(group.get_command(context, name), name, context)


def _command(command: Any, name: str, context: Any) -> Iterator[str]:
    own = type(context)(command, info_name=name, parent=context)
    usage = " ".join(command.collect_usage_pieces(own))
    yield f".SS {_escaped(f'{own.command_path} {usage}')}"
    yield from _help_text(command.help or "")
    for param in command.params:
        if param.param_type_name == "argument" and (record := param.get_help_record(own)):
            yield from _term(*record)
    yield from _options(command, own)
    for each, below in getattr(command, "commands", {}).items():
        yield from _command(below, each, own)


def _options(command: Any, context: Any) -> Iterator[str]:
    """The options as the help has them; --help itself once, for all."""
    own_help = command.get_help_option(context) if context.parent is None else None
    for param in [*command.params, *([own_help] if own_help else [])]:
        if param.param_type_name == "option" and (record := param.get_help_record(context)):
            yield from _term(*record)


def _help_text(text: str) -> Iterator[str]:
    """Paragraphs, filled, and those after a backspace as they stand."""
    for at, paragraph in enumerate(re.split(r"\n\s*\n", text.strip("\n"))):
        if at:
            yield ".PP"
        if paragraph.lstrip().startswith("\b"):
            yield from _verbatim("\n".join(paragraph.lstrip().split("\n")[1:]))
        else:
            yield from _filled(paragraph)


def _filled(text: str) -> list[str]:
    """Text that is set anew, in lines that are not long."""
    lines = textwrap.wrap(text, 72, break_on_hyphens=False, break_long_words=False)
    return [_escaped(line) for line in lines] or ["\\&"]


def _terms(rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, text in rows:
        yield from _term(name, text)


def _term(name: str, text: str) -> Iterator[str]:
    yield ".TP"
    yield f"\\fB{_escaped(name)}\\fR"
    yield from _filled(text)


def _verbatim(text: str) -> Iterator[str]:
    """Lines as they stand; empty ones part paragraphs."""
    yield ".nf"
    for at, block in enumerate(re.split(r"\n\n+", text.strip("\n"))):
        if at:
            yield ".PP"
        yield from map(_escaped, block.split("\n"))
    yield ".fi"


def _examples() -> Iterator[str]:
    for at, (what, command) in enumerate(EXAMPLES):
        if at:
            yield ".PP"
        yield _escaped(what)
        yield ".PP"
        yield ".nf"
        yield f"    {_escaped(command)}"
        yield ".fi"


def _see_also() -> Iterator[str]:
    for at, page in enumerate(SEE_ALSO):
        name, _, section = page.rstrip(")").partition("(")
        yield f".BR {name} ({section}){',' if at < len(SEE_ALSO) - 1 else ''}"


def _escaped(text: str) -> str:
    """Text that roff prints as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    text = text.replace("`", "\\(ga").replace("^", "\\(ha").replace("~", "\\(ti")
    return f"\\&{text}" if text.startswith(".") else text
