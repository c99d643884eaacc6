"""Counted nouns, for messages: 1 article, 1,204 articles."""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number and its noun: `1 article`, `0 articles`, `1,204 copies`.

    Args:
        singular: The noun, with whatever stands before it: `bad record`.
        plural: Default: the singular and an s.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"
