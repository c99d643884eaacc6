"""newsidx help."""

from __future__ import annotations

import textwrap
from typing import Annotated, Any

import typer

from newsidx.cli.options import IndexOption, single_command
from newsidx.errors import IndexNotFound, UsageError
from newsidx.output.streams import write_text

__all__ = ["command", "explain_topic"]

STOP_WORDS = "stopwords"
_COMMANDS = "newsidx help COMMAND is newsidx COMMAND --help; newsidx --help lists the commands."


def explain_topic(
    topic: Annotated[
        str | None,
        typer.Argument(
            metavar="TOPIC",
            help="A topic, or a command. None: the list of topics.",
            show_default=False,
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="CODE",
            help="For stopwords, whose: en, de, fr. Default: those of the index's language.",
            show_default=False,
        ),
    ] = None,
    index: IndexOption = None,
) -> int:
    """Explain the query language, formats, fields and the rest, or show a command's help."""
    from newsidx.cli.main import COMMANDS, main
    from newsidx.cli.topics import TOPICS

    if topic is None:
        titles = {name: each.title for name, each in TOPICS.items()}
        titles[STOP_WORDS] = "the words that a loose query leaves out"
        lines = [f"  newsidx help {name:<12} {title}" for name, title in titles.items()]
        write_text("\n".join(["Topics:", "", *lines, "", _COMMANDS]) + "\n")
    elif topic in TOPICS:
        write_text(TOPICS[topic].text().rstrip("\n") + "\n")
    elif topic == STOP_WORDS:
        write_text(_stop_words(language or _language_of(index)))
    elif topic in COMMANDS:
        return main([topic, "--help"])
    else:
        _refuse(topic, [*TOPICS, STOP_WORDS], list(COMMANDS))
    return 0


def _refuse(topic: str, topics: list[str], commands: list[str]) -> None:
    import difflib

    near = difflib.get_close_matches(topic, [*topics, *commands], n=1)
    raise UsageError(
        f"There is no help on {topic!r}.",
        f"Did you mean {near[0]}?"
        if near
        else f"There is some on {', '.join(topics)}, and on every command.",
    )


def _language_of(index: str | None) -> str:
    """The language of the index that a search would ask, else English."""
    from newsidx.config import load_settings
    from newsidx.index.manifest import read_manifest

    settings = load_settings(index)
    try:
        return read_manifest(settings.index).language
    except IndexNotFound:
        return settings.language


def _stop_words(language: str) -> str:
    from newsidx.text.stems import STEMMERS
    from newsidx.text.stopwords import stop_words

    words = sorted(stop_words(language))
    if not words:
        known = ", ".join(STEMMERS)
        raise UsageError(f"There is no list for {language!r}.", f"There are lists for: {known}.")
    letters = [word for word in words if word.isascii() and len(word) == 1]
    listed = textwrap.fill(" ".join(word for word in words if word not in letters), 78)
    return (
        f"{listed}\n\nand the letters {letters[0]} to {letters[-1]}.\n\n"
        "Such a word is left out where it stands loose among others. It counts in quotes,\n"
        "in a field, with =, beside NEAR, and where nothing else is left.\n"
    )


def command() -> Any:
    """The command, for the group."""
    return single_command(explain_topic)
