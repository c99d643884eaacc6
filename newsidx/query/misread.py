"""What the lexer and the parser raise when a query can't be read."""

from __future__ import annotations

from collections.abc import Iterable

from newsidx.errors import QueryError

__all__ = ["Misread", "cut"]


class Misread(QueryError):
    """A `QueryError` with candidates for the repaired query.

    Attributes:
        repairs: Queries that may be what was meant, likeliest first. They need not
            parse: `newsidx.query.parser.parse` tries them.
    """

    def __init__(
        self,
        message: str,
        query: str,
        start: int,
        end: int,
        *,
        expected: str,
        repairs: Iterable[str] = (),
    ) -> None:
        super().__init__(message, query, start, end, expected=expected)
        self.repairs = tuple(repairs)


def cut(query: str, start: int, end: int) -> str:
    """The query without `query[start:end]`, and without the space that would be left over."""
    left, right = query[:start], query[end:]
    if not left or left[-1].isspace() or left[-1] == "(":
        right = right.lstrip()
    if right.startswith(")"):
        left = left.rstrip()
    return (left + right).strip()
