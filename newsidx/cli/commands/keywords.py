"""newsidx keywords."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from msgspec.structs import replace

from newsidx.app import Index
from newsidx.app import open as open_index
from newsidx.cli.asking import Asked, Asking
from newsidx.cli.forms import RecordForm
from newsidx.cli.options import EngineOption, IndexOption, single_command
from newsidx.config import Settings, load_settings
from newsidx.errors import UsageError
from newsidx.output.forms import Form, put_records
from newsidx.output.safe import one_line, valid
from newsidx.output.streams import say
from newsidx.results import Page, QueryInfo
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import Ask, notes
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.article import Article
    from newsidx.searcher.keywords import Keywords, Text

__all__ = ["command", "keywords"]

_PAGE = 25

# What an id looks like, and hardly a word that anybody would look for: of Crockford's
# letters and digits, with both among them, or of full length.
_ID = re.compile(r"(?=.*[0-9])(?=.*[a-z])[0-9a-hjkmnp-tv-z]{4,12}|[0-9a-hjkmnp-tv-z]{12}")


def keywords(
    asked: Asked,
    against: Annotated[
        str | None,
        typer.Option(
            "--against",
            metavar="QUERY",
            help="Compare with the articles that match this. Default: with all others. Filters "
            "such as --source narrow the first query only.",
            show_default=False,
        ),
    ] = None,
    least: Annotated[
        int, typer.Option("--min", metavar="N", help="Only words that occur so often.")
    ] = 2,
    limit: Annotated[
        int | None,
        typer.Option(
            "-n",
            "--limit",
            metavar="N",
            help="Words at most; 0 is all. Default: 25 on a terminal and with --json, all "
            "otherwise.",
            show_default=False,
        ),
    ] = None,
    offset: Annotated[int, typer.Option("--offset", metavar="N", help="Words to skip.")] = 0,
    stopwords: Annotated[bool, typer.Option("--stopwords", help="Keep stop words.")] = False,
    *,
    form: RecordForm,
    index: IndexOption = None,
    engine: EngineOption = None,
) -> int:
    """Say which words set some articles apart from others.

    The articles are those that match QUERY. Or it is the id of one article, or its first
    four or more characters with a digit and a letter among them; -F makes such a word a
    query.

    Of each word that is more frequent in them than in the others it says how often it
    occurs in either, in all and per million words, and in how many of the articles; log
    ratio, the size of the effect: 1 is twice as frequent, 3 eight times (Hardie 2014); and
    G2, the log-likelihood, by which the words are sorted (Dunning 1993; Rayson and Garside
    2000): above 10.8 it is chance in one of a thousand cases. A high G2 in few articles is
    a word of these few.

    The articles that match are read, in about half a second for a thousand, and so are those
    of --against; of all others the index knows the numbers. The exit status is 0 when there
    are any words, 1 when there are none, 2 for an error.
    """
    from newsidx.output.lexicon import KEYWORDS

    KEYWORDS.check(form)
    if offset < 0 or least < 0 or (limit is not None and limit < 0):
        raise UsageError(
            "A limit, offset or least number can't be negative.", "--limit 0 shows everything."
        )
    chosen = (None if form.streams else _PAGE) if limit is None else (limit or None)
    settings = load_settings(index)
    question = asked.ask(settings)
    with open_index(settings.index, engine) as opened:
        for note in opened.warnings:
            say(f"newsidx: {note}")
        comparison = _Comparison(opened, asked, question, _other(against, asked, settings))
        return comparison.answer(form, least, (offset, chosen), stopwords=stopwords)


def _other(against: str | None, asked: Asking, settings: Settings) -> Ask | None:
    if against is None:
        return None
    return replace(asked, text=against, filters=Filters()).ask(settings)


class _Comparison:
    """Some articles, and what they are compared with."""

    def __init__(self, opened: Index, asked: Asking, question: Ask, other: Ask | None) -> None:
        self.opened, self.question, self.other = opened, question, other
        self.article = _article(opened, asked)
        self.query, self.against = self._understood(), None
        if other is not None:
            self.against = opened.understand(other).info
        for info in (self.query, self.against):
            for note in notes(info) if info else ():
                say(f"newsidx: {note}")

    def _understood(self) -> QueryInfo:
        if self.article is not None:
            return QueryInfo(self.question.text, f"id:{self.article.id}")
        return self.opened.understand(self.question).info

    def answer(
        self, form: Form, least: int, place: tuple[int, int | None], *, stopwords: bool
    ) -> int:
        """Print the answer in a form; gives the exit status."""
        from newsidx.output.progress import working

        with working("Counting", patience=1):
            found = self.opened.keywords(
                self.article or self.question,
                against=self.other,
                least=least,
                stopwords=stopwords,
            )
        self._put(form, found, *place)
        if not found.target.articles:
            return self._say_nothing()
        if not found.words:
            say("newsidx: No word is more frequent in these articles than in the others.")
        return 0 if found.words else 1

    def _put(self, form: Form, found: Keywords, offset: int, limit: int | None) -> None:
        from newsidx.output.lexicon import KEYWORDS, keyword_record, print_keywords

        end = None if limit is None else offset + limit
        words = found.words[offset:end]
        more = offset + len(words) if offset + len(words) < len(found.words) else None
        if form.kind == "terminal":
            from newsidx.output.columns import terminal_width
            from newsidx.output.streams import console

            if words:
                self._say_compared(found)
                print_keywords(console(sys.stdout, form.color), words, terminal_width())
                sys.stdout.flush()
        else:
            head = {
                **self._head(),
                "target": _text(found.target),
                "reference": _text(found.reference),
                "total": len(found.words),
                "returned": len(words),
                "offset": offset,
                "next_offset": more,
            }
            records = (keyword_record(rank, word) for rank, word in enumerate(words, offset + 1))
            put_records(form, KEYWORDS, records, head, self._tail())
        if found.words and form.kind != "json":
            self._say_place(len(found.words), offset, more, len(words), form)

    def _head(self) -> dict[str, Any]:
        from newsidx.output.records import count_record

        record = count_record(Page(self.opened.info, self.query, 0, 0, ()))
        against = None
        if self.against is not None:
            against = count_record(Page(self.opened.info, self.against, 0, 0, ()))["query"]
        return {
            "index": record["index"],
            "query": record["query"],
            "article": self.article.id if self.article else None,
            "against": against,
        }

    def _tail(self) -> dict[str, Any]:
        said = (note for info in (self.query, self.against) if info for note in notes(info))
        return {"warnings": [*self.opened.warnings, *said]}

    def _say_compared(self, found: Keywords) -> None:
        """What the table compares, above it."""
        if self.article is not None:
            here = f"In {self.article.id}, {one_line(self.article.title)!r}"
        else:
            here = f"In {counted(found.target.articles, 'article')}"
        there = "of --against" if self.against is not None else "others"
        say(
            f"{here} ({counted(found.target.words, 'word')}), beside "
            f"{found.reference.articles:,} {there} ({counted(found.reference.words, 'word')}):"
        )

    def _say_place(self, total: int, offset: int, more: int | None, shown: int, form: Form) -> None:
        words = counted(total, "word is", "words are") + " more frequent in them"
        if not shown:
            say(f"{words}; there are none from {offset + 1:,} on.")
        elif more is not None:
            say(f"{words}; shown are {offset + 1:,} to {offset + shown:,}. More: --offset {more}")
        elif form.kind == "terminal":
            say(f"{words}.")

    def _say_nothing(self) -> int:
        from newsidx.output.explanation import nothing_lines

        leaves, suggestions = self.opened.missed(
            self.question, self.opened.understand(self.question)
        )
        for line in nothing_lines(self.opened.info, self.query, leaves, suggestions):
            say(line)
        return 1


def _article(opened: Index, asked: Asking) -> Article | None:
    """The article that the query is the id of, if it is."""
    text = valid(asked.text or "").strip().lower()
    if asked.literal or asked.filters != Filters() or not _ID.fullmatch(text):
        return None
    ids = opened.engine.ids(text)
    return opened.get(ids[0]) if len(ids) == 1 else None


def _text(text: Text) -> dict[str, int]:
    return {"articles": text.articles, "words": text.words}


def command() -> Any:
    """The command, for the group."""
    return single_command(keywords, is_query=True)
