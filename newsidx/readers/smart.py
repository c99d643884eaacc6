"""The collections that retrieval is measured on: SMART's (Cranfield, CACM, CISI, …) and TIME.

A SMART file is records of sections, each under a line of its own: `.I 1` begins a
record, then `.T` its title, `.A` its authors, `.B` where it was published, `.W` its
text. In TIME, which is the world news of a magazine of 1963, a record begins with
`*TEXT 017 01/04/63 PAGE 020`. Topics are kept in files of nearly the same form
(`.qry`, `*FIND 1`): they are no articles, and are not taken for any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_RECORD, check_body
from newsidx.readers.records.record import fill
from newsidx.readers.records.recordtext import peek
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import text_blocks

__all__ = ["READER", "SmartReader"]

# Files of topics and of judgements, by the endings that the collections give them.
_NO_ARTICLES = frozenset({".qry", ".que", ".rel", ".stp"})

_TIME = re.compile(r"\s*\*TEXT[ \t]+\d+[ \t]+\d\d[/ ]\d\d[/ ]\d\d\b")
_SMART = re.compile(r"\s*\.I[ \t]+\S+[ \t]*\r?\n\.[A-Z][ \t]*\r?\n")
_TITLE = re.compile(r"^\.T[ \t]*\r?$", re.MULTILINE)

# The first line of a record. TIME's has odd gaps, and once a blank for a slash.
_START = re.compile(r"\.I[ \t]+(?P<id>\S+)\s*|\*TEXT\s+(?P<text>.*)|\*STOP\s*")
_TIME_LINE = re.compile(
    r"(?P<id>\d+)\s+(?P<month>\d\d)[/ ](?P<day>\d\d)[/ ](?P<year>\d\d)"
    r"(?:\s+PAGE\s+(?P<page>\d+))?\s*"
)
_CENTURY = "19"

# The letters of sections. K are keywords; C, N and X, the categories, notes and
# cross-references of CACM and CISI, are left out.
_SECTION = re.compile(r"\.([TABWKCNX])\s*")

# A year where a citation has it: behind a comma, a bracket or a month.
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = re.compile(
    rf"(?:\b(?P<month>{_MONTH}),?\s+|,\s*|\()(?P<year>(?:19|20)\d\d)\b(?!-)", re.IGNORECASE
)
# Cranfield writes `roe,j. and doe,a.b.`
_SURNAME_FIRST = re.compile(r"[^\s,][^,]*,\s*(?:[^\W\d_]\.\s*)+")


class SmartReader:
    """Reads `cran.all.1400`, `cacm.all`, `TIME.ALL` and the like."""

    name = "smart"
    version = 1
    suffixes = (".all",)
    title = "test collections (SMART, TIME)"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """Sure of a file that begins with a record.

        Records without a title are in files of topics too, so then the name has to say
        that they are articles.
        """
        text = peek(head)
        if text is None or suffix in _NO_ARTICLES:
            return 0
        named = suffix in self.suffixes
        if _TIME.match(text):
            return 95 if named else 88
        if _SMART.match(text) and (named or _TITLE.search(text)):
            return 95 if named else 88
        return 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the articles in order; positions are numbers of records.

        Raises:
            ReadError: `no-article` when no record begins in it.
        """
        number = 0
        with source.open() as stream:
            for number, record in enumerate(_records(_lines(text_blocks(stream))), 1):
                yield _article(record, number, options)
        if not number:
            raise ReadError("no-article", "it has no line .I and no line *TEXT in it")


READER = SmartReader()

_Record = list[str]
"""The lines of a record, the first that with which it begins; none of one that is too long."""


def _lines(blocks: Iterator[str]) -> Iterator[str | None]:
    """The lines of a text without their ends; None for one as long as no record is."""
    rest = ""
    for block in blocks:
        *lines, rest = (rest + block).split("\n")
        yield from lines
        if len(rest) > MAX_RECORD:
            yield None
            rest = ""
    yield rest


def _records(lines: Iterator[str | None]) -> Iterator[_Record]:
    """The records of a file: from the line with which one begins to that of the next."""
    record: _Record | None = None
    size = 0
    for line in lines:
        if line is not None and line[:1] in (".", "*") and (start := _START.fullmatch(line)):
            if record is not None:
                yield record
            record, size = ([line] if start.lastgroup else None), 0
        elif record:
            size += MAX_RECORD + 1 if line is None else len(line)
            if size > MAX_RECORD:
                record.clear()
            else:
                record.append(line or "")
    if record is not None:
        yield record


def _article(record: _Record, number: int, options: ReadOptions) -> RawArticle | BadRecord:
    if not record:
        return BadRecord(number, "too-large", "it is longer than any article")
    try:
        first, *lines = record
        article = RawArticle(position=number)
        start = _START.fullmatch(first)
        if start and start["id"]:
            _take_sections(article, start["id"], lines, options)
        else:
            _take_time(article, start["text"] if start else "", lines)
        check_body(article.body)
    except ReadError as error:
        return BadRecord(number, error.reason, error.message)
    if not (article.body or article.title):
        return BadRecord(number, "no-article", "it has no title and no text")
    return article


def _take_sections(
    article: RawArticle, record: str, lines: list[str], options: ReadOptions
) -> None:
    """Set an article from the sections of a SMART record; one may come in several parts."""
    sections: dict[str, list[str]] = {}
    letter = ""
    for line in lines:
        if line[:1] == "." and (found := _SECTION.fullmatch(line)):
            letter = found[1]
            continue
        sections.setdefault(letter, []).append(line)
    texts = {key: "\n".join(part).strip() for key, part in sections.items()}
    mapped = {"smart:" + key: text for key, text in texts.items()}
    fill(article, mapped, _prefixed(options), "{}")
    body = options.fields.get("body", "W")
    article.body = texts.get(body, "")
    article.provenance["body"] = f"smart:{body}"
    citation = " ".join(texts.get("B", "").split())
    facts: tuple[tuple[str, str, object], ...] = (
        ("id", "I", record),
        ("title", "T", texts.get("T")),
        ("authors", "A", _names(texts.get("A", ""))),
        ("source", "B", citation),
        ("published", "B", _cited_date(citation)),
        ("tags", "K", " ".join(texts.get("K", "").split())),
    )
    for field, section, value in facts:
        fill(article, {field: value}, ReadOptions(), f"smart:{section}")


def _prefixed(options: ReadOptions) -> ReadOptions:
    """What `--map` says of sections, by names that are no field's own: `--map tags=C`."""
    return ReadOptions({field: "smart:" + section for field, section in options.fields.items()})


def _names(text: str) -> list[str]:
    """Authors: one a line, or surnames and initials joined by `and`."""
    names: list[str] = []
    for line in text.split("\n"):
        sides = re.split(r"\s+and\s+", line.strip())
        whole = all(map(_SURNAME_FIRST.fullmatch, sides))
        names += sides if whole else [line.strip()]
    return [name for name in names if name]


def _cited_date(citation: str) -> str | None:
    """The date in a citation, with its month where that is written; None if there are several."""
    found = {
        " ".join(filter(None, (date["month"], date["year"]))) for date in _YEAR.finditer(citation)
    }
    return found.pop() if len(found) == 1 else None


def _take_time(article: RawArticle, heading: str, lines: list[str]) -> None:
    """Set an article of TIME: a number, a day, a page, and a text without a headline."""
    known = _TIME_LINE.fullmatch(heading)
    article.record = known["id"] if known else heading.split()[0] if heading.split() else None
    article.provenance["record"] = article.provenance["body"] = "time:TEXT"
    if known:
        # The order of month and day is the format's.
        article.published = f"{_CENTURY}{known['year']}-{known['month']}-{known['day']}"
        article.provenance["published"] = "time:TEXT"
        if known["page"]:
            article.provenance["page"] = known["page"]
    article.body = _single_spaced(lines)


def _single_spaced(lines: list[str]) -> str:
    """The text; where every other line is blank, as the copies go that are about, without those."""
    text = "\n".join(line.rstrip() for line in lines).strip("\n")
    kept = text.split("\n")
    return "\n".join(kept[::2]) if len(kept) > 1 and not any(kept[1::2]) else text
