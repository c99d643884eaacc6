"""Words that a query could be widened with, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.records import count_record
from newsidx.output.safe import one_line
from newsidx.results import Page
from newsidx.text.counted import counted

__all__ = ["WORDS", "CandidateLike", "candidate_lines", "put_candidates"]

WORDS = Shape(
    schema="newsidx.suggest/1",
    rows="words",
    columns=("word", "weight", "articles", "adds"),
    plain=("word", "adds", "articles"),
)


class CandidateLike(Protocol):
    """A word, its weight, in how many articles it is, and how many of these are new."""

    @property
    def form(self) -> str:
        """As it is written."""
        ...

    @property
    def weight(self) -> float:
        """Where a word as typed weighs 1."""
        ...

    @property
    def articles(self) -> int:
        """How many have it."""
        ...

    @property
    def adds(self) -> int:
        """How many of them the query does not match."""
        ...


def put_candidates(form: Form, page: Page, words: Sequence[CandidateLike]) -> None:
    """Print words in any form but that of a terminal.

    Args:
        page: The query, its number of matches, and no hits.
    """
    answer = count_record(page)
    head = {name: answer[name] for name in ("index", "query", "total")}
    tail = {"warnings": answer["warnings"]}
    put_records(form, WORDS, map(_candidate_record, words), head, tail)


def _candidate_record(word: CandidateLike) -> dict[str, Any]:
    return {
        "word": word.form,
        "weight": round(word.weight, 6),
        "articles": word.articles,
        "adds": word.adds,
    }


def candidate_lines(words: Sequence[CandidateLike]) -> Iterator[str]:
    """Words in columns, as a terminal shows them."""
    width = max((len(each.form) for each in words), default=0)
    digits = max((len(f"{each.adds:,}") for each in words), default=0)
    for each in words:
        word, adds = one_line(each.form), f"+{each.adds:,}"
        yield f"{word:<{width}}  {adds:>{digits + 1}}  of {counted(each.articles, 'article')}\n"
