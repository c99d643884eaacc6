"""Plain text: the whole file is the article, unless its first line is clearly a headline."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_RECORD, check_body
from newsidx.readers.records.fieldnames import field_for
from newsidx.readers.records.record import fill
from newsidx.readers.source import Source
from newsidx.readers.texts.encoding import decode, peek

__all__ = ["READER", "PlainReader"]

_LONGEST_HEADLINE = 160
# Without a blank line below it, a headline is told from the first line of wrapped
# text by what follows: a paragraph on one line, longer than text is ever wrapped at.
_LEAST_PARAGRAPH = 120

_FIRST_LINE = re.compile(r"\s*([^\r\n]+)(?:\r\n|\r|\n)")
_BLANK_LINE = re.compile(r"[^\S\r\n]*(?:\r\n|\r|\n)")

# A line that ends so goes on, or was a sentence; but `U.S.` may end a headline.
_SENTENCE_END = re.compile(r"[.,;:…]['\"”’)\]]*$")
_INITIALS_END = re.compile(r"\b(?:[A-Z]\.){2,}$")
_BYLINE_OR_ADDRESS = re.compile(r"(?i)by [a-z]|https?:|www\.")
_DATE_WORD = (
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|januar|februar|märz|mai|dez)[a-zäé]*"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|st|nd|rd|th|at|am|pm|[a-z]?[a-z]t|utc"
)
_DATE = re.compile(rf"(?:[\W\d]|\b\d*(?:{_DATE_WORD})\b)+", re.IGNORECASE)

# A date of its own line is looked for below a headline, a summary and a byline.
_TOP, _TOP_LINES, _LONGEST_DATE = 2000, 5, 60
_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)")

# `Title: …` and the like at the very top, up to a blank line.
_HEADERS = re.compile(
    r"\s*((?:[A-Za-z][A-Za-z_ -]{1,29}:[^\r\n]*(?:\r\n|\r|\n|$)){2,40})[^\S\r\n]*(?:\r\n|\r|\n|$)"
)
_MAIL = frozenset({"from", "to", "subject", "received", "message-id", "newsgroups"})


class PlainReader:
    """Reads `.txt`, and text in files without an ending."""

    name = "plain"
    version = 1
    suffixes = (".txt", ".text")
    title = "plain text"
    extra = None

    def recognises(self, head: bytes, suffix: str) -> int:
        """A little sure of any text whose name does not speak against it."""
        if peek(head) is None:
            return 0
        return 25 if suffix in self.suffixes else 20 if not suffix else 0

    def read(self, source: Source, options: ReadOptions) -> Iterator[RawArticle | BadRecord]:
        """Yield the one article of the file.

        Its title is that of a header block (`header-line`) or the first line where
        that is a headline (`first-line`), else None: no sentence is promoted here. A
        short line near the top with a year in it may be its date (`text`).
        """
        text, _ = decode(source.read(MAX_RECORD))
        if not text.strip():
            raise ReadError("empty", "there is nothing in it but white space")
        check_body(text)
        article = RawArticle()
        article.body = _take_headers(text, article, options)
        article.other_dates = [("text", line) for line in _date_lines(article.body)]
        if not article.title:
            title, article.body = _headline(article.body)
            if title:
                article.title = title
                article.provenance["title"] = "first-line"
        yield article


READER = PlainReader()


def _take_headers(text: str, article: RawArticle, options: ReadOptions) -> str:
    """Read a header block into the article; returns the text after it.

    Two of its names must be known, and none may be that of a mail header. A line
    that means nothing to us stays in the text, so that it can be found.
    """
    block = _HEADERS.match(text)
    if not block:
        return text
    lines = [line for line in re.split(r"[\r\n]+", block[1]) if line]
    headers = {
        name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)
    }
    if any(name.lower() in _MAIL for name in headers):
        return text
    mapped = set(options.fields.values())
    known = {name: value for name, value in headers.items() if name in mapped or field_for(name)}
    if len(known) < 2:
        return text
    fill(article, known, options, "header-line")
    rest = text[block.end() :]
    unknown = [line for line in lines if line.partition(":")[0].strip() not in known]
    return "\n".join((*unknown, "", rest)) if unknown else rest


def _date_lines(text: str) -> list[str]:
    """The lines at the top of a text that may be a date and nothing else: short, with a year."""
    lines = [line for line in map(str.strip, text[:_TOP].splitlines()) if line][:_TOP_LINES]
    return [line for line in lines if len(line) <= _LONGEST_DATE and _YEAR.search(line)]


def _headline(text: str) -> tuple[str | None, str]:
    """The headline of a text, if its first line is one, and the text without it."""
    match = _FIRST_LINE.match(text)
    if not match:
        return None, text
    line, rest = match[1].strip(), text[match.end() :]
    if not _is_headline(line) or len(rest.strip()) <= len(line):
        return None, text
    if not _BLANK_LINE.match(rest):
        second = _FIRST_LINE.match(rest + "\n")
        if not second or len(second[1]) < max(_LEAST_PARAGRAPH, len(line)):
            return None, text
    return line, rest.lstrip("\r\n")


def _is_headline(line: str) -> bool:
    if len(line) > _LONGEST_HEADLINE or not any(map(str.isalpha, line)):
        return False
    if _SENTENCE_END.search(line) and not _INITIALS_END.search(line):
        return False
    name, colon, _ = line.partition(":")
    if colon and field_for(name):
        return False
    return not _BYLINE_OR_ADDRESS.match(line) and not _DATE.fullmatch(line)
