"""newsidx help."""

from __future__ import annotations

import textwrap
from typing import Annotated, Any

import typer

from newsidx.cli.options import IndexOption, single_command
from newsidx.errors import IndexNotFound, UsageError
from newsidx.output.streams import write_text

__all__ = ["command", "explain_topic"]

TOPICS = {
    "query": "the query language on one page",
    "stopwords": "the words that a loose query leaves out",
}

QUERY = """\
russia secession           both words, in any form (secession, secessions)
"Yes California"           these words in this order, as written
"yes secession"~3          in this order, with at most 3 other words between
a OR b   a AND b           either, both
NOT a   -a   ( )           without, grouping
=secession                 in this form only
==WHO   =="May"            in this spelling only, capitals and accents as typed
elect*   te?t              any run of letters, any one letter
/secess(ion|ed)/           a regular expression, over a whole word
marinelly~   marinelly~2   with up to one slip of the pen, or two
a NEAR/5 b   a w/5 b       at most 5 words from each other
a PRE/5 b                  the same, in that order
atleast3(russia)           three times or more
hlead:calexit              in the title or the first 100 words
title:a   author:(a OR b)  in one field: title, body, hlead, author, source,
                           section, tag, url, path, root, lang, id
tag:"Vladimir Putin"       these words within one value
source:=cnn                the whole value
date:2016-11               also date:2016..2017-02, date>=2016-11-08,
                           date:yesterday, date:"last 30 days"
words>500   words:100..300 the length
author:*   -date:*         has an author, has no date
term^2                     weighs twice as much
https://...                an article's address
*                          everything

NEAR binds first, then NOT, then AND, then OR. Operators are written in capitals.
--any makes loose words alternatives; -F takes everything as plain words; --exact
looks for words as they are written. --explain says how a query was understood.
"""


def explain_topic(
    topic: Annotated[
        str | None,
        typer.Argument(metavar="TOPIC", help="query, stopwords, or a command.", show_default=False),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            metavar="CODE",
            help="Whose stop words: en, de, fr. Default: those of the index's language.",
            show_default=False,
        ),
    ] = None,
    index: IndexOption = None,
) -> int:
    """Explain the query language, print the stop words, or show a command's help."""
    from newsidx.cli.main import COMMANDS, main

    if topic is None:
        lines = [f"  newsidx help {name:<10}  {what}" for name, what in TOPICS.items()]
        write_text("\n".join([*lines, "  newsidx COMMAND --help"]) + "\n")
    elif topic == "query":
        write_text(QUERY)
    elif topic == "stopwords":
        write_text(_stop_words(language or _language_of(index)))
    elif topic in COMMANDS:
        return main([topic, "--help"])
    else:
        known = ", ".join([*TOPICS, *COMMANDS])
        raise UsageError(f"There is no help on {topic!r}.", f"There is some on: {known}.")
    return 0


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
