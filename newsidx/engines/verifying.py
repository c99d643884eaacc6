"""How many articles an engine may look at one by one to answer a query."""

from __future__ import annotations

from contextvars import ContextVar

from newsidx.errors import EngineError

__all__ = ["MOST_VERIFIED", "most_verified", "refuse_too_many", "verify_at_most"]

MOST_VERIFIED = 200_000
"""Unless told: it takes some two minutes."""

_most: ContextVar[int] = ContextVar("most_verified", default=MOST_VERIFIED)


def most_verified() -> int:
    """The number in force."""
    return _most.get()


def verify_at_most(articles: int) -> None:
    """Let queries be answered by looking at so many articles, and no more."""
    _most.set(articles)


def refuse_too_many(candidates: int, most: int) -> None:
    """See that candidates are not too many.

    Raises:
        EngineError: They are.
    """
    if candidates > most:
        raise EngineError(
            f"To answer this query {candidates:,} articles would have to be looked at one by "
            f"one, and no more than {most:,} may.",
            "Narrow it down with another word or a filter such as --since or --source, or "
            f"allow more: --max-verify {candidates}",
        )
