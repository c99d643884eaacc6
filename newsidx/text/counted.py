"""Counted nouns, for messages: 1 article, 1,204 articles; how long something took."""

from __future__ import annotations

__all__ = ["counted", "duration"]


def counted(number: int, singular: str, plural: str | None = None) -> str:
    """A number and its noun: `1 article`, `0 articles`, `1,204 copies`.

    Args:
        singular: The noun, with whatever stands before it: `bad record`.
        plural: Default: the singular and an s.
    """
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def duration(seconds: float) -> str:
    """A time that something took: `8 ms`, `1.2 s`, `2 min 5 s`."""
    if seconds < 0.9995:
        return f"{seconds * 1000:.0f} ms"
    if seconds < 59.95:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes:,} min {rest} s"
