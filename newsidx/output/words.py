"""Words that a query could be widened with, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from newsidx.output.records import count_record
from newsidx.output.safe import one_line
from newsidx.results import Page
from newsidx.text.counted import counted

__all__ = ["CandidateLike", "candidate_lines", "candidates_record", "plain_candidate"]


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


def candidates_record(page: Page, words: Sequence[CandidateLike]) -> dict[str, Any]:
    """Words as `newsidx.suggest/1`.

    Args:
        page: The query, its number of matches, and no hits.
    """
    answer = count_record(page)
    return {
        "schema": "newsidx.suggest/1",
        **{name: answer[name] for name in ("index", "query", "total")},
        "words": [
            {
                "word": each.form,
                "weight": round(each.weight, 6),
                "articles": each.articles,
                "adds": each.adds,
            }
            for each in words
        ],
        "warnings": answer["warnings"],
    }


def plain_candidate(word: CandidateLike) -> str:
    """A word, how many articles it adds and how many have it, separated by tabs."""
    return f"{one_line(word.form)}\t{word.adds}\t{word.articles}\n"


def candidate_lines(words: Sequence[CandidateLike]) -> Iterator[str]:
    """Words in columns, as a terminal shows them."""
    width = max((len(each.form) for each in words), default=0)
    digits = max((len(f"{each.adds:,}") for each in words), default=0)
    for each in words:
        word, adds = one_line(each.form), f"+{each.adds:,}"
        yield f"{word:<{width}}  {adds:>{digits + 1}}  of {counted(each.articles, 'article')}\n"
