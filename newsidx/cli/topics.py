"""What `newsidx help TOPIC` prints. What the code has a table of is told from that table."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable
from typing import NamedTuple

__all__ = ["TOPICS", "Topic"]

_WIDTH = 78


class Topic(NamedTuple):
    """A page of help.

    Attributes:
        title: What it is about, for the list of topics.
        text: Makes it.
    """

    title: str
    text: Callable[[], str]


_QUERY = """\
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

_PIPES = """\
Data goes to standard output, and everything else to standard error: progress,
hints, how many there are. So any command can be piped on.

On a terminal, lists are set for reading. A pipe or a file gets plain lines:
values separated by tabs, no colours, nothing wrapped, nothing cut off.

--json             one object, also when nothing was found
--jsonl            one object a line, printed as they are found
--csv   --tsv      a table with a header; --defuse for spreadsheets
-l   -0            the paths of the files, each once; -0 is for xargs -0
--fields a,b       only these fields, in this order
--color WHEN       auto, always or never; NO_COLOR and FORCE_COLOR are heeded

The same index and the same query give the same bytes. When the reader of a
pipe goes away, newsidx ends quietly; when the disk is full, with an error.
Control characters in articles never reach a terminal.

  newsidx search 'source:courier' --jsonl | jq -r .url
  newsidx search 'date:2016..2017' -0 | xargs -0 grep -l California
  scraper --since yesterday | newsidx index -
"""


def _formats() -> str:
    from newsidx.readers.base import is_archive
    from newsidx.readers.registry import readers

    rows = [(each.name, _formats_row(each)) for each in readers() if not is_archive(each)]
    archives = [(each.name, _formats_row(each)) for each in readers() if is_archive(each)]
    return "\n".join(
        [
            *_filled(
                "A file is recognised by its first bytes as much as by its name. --format NAME "
                "reads every file of a folder as one format; newsidx read FILE prints what "
                "would be indexed."
            ),
            "",
            *_table(rows),
            "",
            "Archives, whose members are files in their own right:",
            "",
            *_table(archives),
            "",
            *_filled(
                "Files may be compressed with gzip, bzip2, xz, or with Zstandard where "
                "newsidx[zstd] is installed. Fields are found under the names that people give "
                "them; --map title=kicker says what yours are called."
            ),
        ]
    )


def _formats_row(reader: object) -> str:
    suffixes = " ".join(getattr(reader, "suffixes", ()))
    extra = getattr(reader, "extra", None)
    needs = f"; needs newsidx[{extra}]" if extra else ""
    return f"{getattr(reader, 'title', '')}: {suffixes}{needs}"


def _fields() -> str:
    from newsidx.schema import FIELDS, LEAD

    rows = []
    for field in (*FIELDS, LEAD):
        names = ", ".join((field.name, *field.aliases))
        rows.append((names, field.about))
    listed = {
        "Articles are counted by": [field.name for field in FIELDS if field.facet],
        "Results are sorted by": _sorts(),
        "--map can name": [field.name for field in FIELDS if field.read],
    }
    return "\n".join(
        [
            *_filled(
                "A query names a field before a colon, as in title:calexit, by any of the "
                "names in its line. Records have the first."
            ),
            "",
            *_table(rows),
            "",
            *(line for what, names in listed.items() for line in _hung(what, ", ".join(names))),
            "",
            *_filled(
                "What is not known of an article is absent, and author:* finds those that have "
                "one. newsidx show ID says where each value came from."
            ),
        ]
    )


def _sorts() -> list[str]:
    from newsidx.engines.base import SORTS

    return list(SORTS)


def _json() -> str:
    from newsidx.output.schemas import names, schema

    rows = [(name, schema(name)["title"]) for name in names()]
    return "\n".join(
        [
            *_filled(
                "With --json a command prints one object, and with --jsonl an object a line, in "
                "UTF-8 whatever the locale is. The key schema names its shape and version, as "
                "in newsidx.search/1. Within a version fields are added, never renamed or "
                "removed, and never change their meaning: read those that you know. "
                "--format-version N fails where the version is another."
            ),
            "",
            *_filled(
                "What is not known is null, or an empty list. Days are 2016-11-08, or 2016-11 or "
                "2016 where no more is known. Places in text count Unicode code points from 0; "
                "the end is exclusive."
            ),
            "",
            *_filled(
                "An error is an object too, newsidx.error/1: code, message, hint and, for a "
                "query, position and repaired."
            ),
            *("", "Shapes, which newsidx schema NAME prints:", "", *_table(rows)),
            "",
            *_examples(
                "newsidx search calexit --json | jq -r '.results[].title'",
                "newsidx search calexit --jsonl --fields id,published,title",
                "newsidx count calexit --json | jq .total",
            ),
        ]
    )


def _index() -> str:
    from newsidx.cli.reference import ENVIRONMENT, SETTINGS
    from newsidx.config import LOCAL_INDEX

    ours = [
        (name, what)
        for name, what in ENVIRONMENT.items()
        if name in ("NEWSIDX_INDEX", "NEWSIDX_CONFIG")
    ]
    return "\n".join(
        [
            *_filled(
                "An index is a directory: what was found in your files, and an account of every "
                "file. It may be copied or moved as a whole while nothing writes to it. Your "
                "files are only read."
            ),
            "",
            "A command uses the first of these that there is:",
            "",
            *_table(
                [
                    ("--index PATH", "on its command line"),
                    ("$NEWSIDX_INDEX", "in the environment"),
                    (f"{LOCAL_INDEX}/", "in this folder or the nearest above it: newsidx init"),
                    ("index", "in the configuration file"),
                    ("your data directory", "on Linux ~/.local/share/newsidx/index"),
                ]
            ),
            "",
            "newsidx index DIR makes it where it is not there yet. newsidx stats says where",
            "it is and what is in it.",
            "",
            "The configuration is config.toml in your configuration directory, on Linux",
            "~/.config/newsidx. It may set:",
            "",
            *_table(SETTINGS.items()),
            "",
            "Flags come before the environment, and the environment before the file.",
            "",
            *_table(ours),
            "",
            *_filled(
                "There is one writer at a time, and readers never wait. Whatever stops a run, "
                "the index answers as of its last commit, and the next run goes on. The options "
                "of the command are in newsidx index --help."
            ),
        ]
    )


def _statuses() -> str:
    from newsidx.cli.reference import STATUSES

    return "\n".join(
        [
            *_table(STATUSES.items()),
            "",
            *_filled(
                "When the reader of a pipe goes away, the status is 0. With --json an error is "
                "an object on standard output as well."
            ),
            "",
            *_examples(
                "newsidx count calexit > /dev/null && echo found",
                "newsidx verify || newsidx repair --dry-run",
            ),
        ]
    )


def _filled(text: str) -> list[str]:
    return textwrap.wrap(text, _WIDTH, break_on_hyphens=False, break_long_words=False)


def _examples(*commands: str) -> list[str]:
    return [f"  {command}" for command in commands]


def _table(rows: Iterable[tuple[str, str]]) -> list[str]:
    rows = list(rows)
    width = max((len(name) for name, _ in rows), default=0) + 2
    return [line for name, text in rows for line in _hung(name, text, width)]


def _hung(name: str, text: str, width: int = 0) -> list[str]:
    """Text beside a name, its further lines under the first."""
    first = f"{name:<{width}}" if width else f"{name}: "
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=" " * (width or 2),
        break_on_hyphens=False,
        break_long_words=False,
    )


TOPICS: dict[str, Topic] = {
    "query": Topic("the query language on one page", lambda: _QUERY),
    "fields": Topic("what an article has, and by which names", _fields),
    "formats": Topic("which files can be read", _formats),
    "index": Topic("the index directory, where it is, and the configuration", _index),
    "json": Topic("output for programs, and what its versions promise", _json),
    "pipes": Topic("forms of output, and manners in a pipe", lambda: _PIPES),
    "exit-status": Topic("what the exit statuses mean", _statuses),
}
"""The topics that need nothing but the code, in the order of their list."""
