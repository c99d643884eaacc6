"""Wildcards over forms."""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["compile_wildcard", "literal_prefix"]


@lru_cache(maxsize=256)
def compile_wildcard(pattern: str) -> re.Pattern[str]:
    """A regular expression for `fullmatch` over one form.

    Each run between two stars is matched at its first place and never tried again
    further on (an atomic group), which is enough for wildcards and keeps the time
    linear in the form however many stars there are.
    """
    first, *rest = re.sub(r"\*+", "*", pattern).split("*")
    if not rest:
        return re.compile(_literal(first))
    *middle, last = rest
    runs = "".join(f"(?>.*?{_literal(run)})" for run in middle)
    return re.compile(f"{_literal(first)}{runs}.*{_literal(last)}", re.DOTALL)


def _literal(run: str) -> str:
    return "".join("." if character == "?" else re.escape(character) for character in run)


def literal_prefix(pattern: str) -> str:
    """What every matching form begins with; may be empty."""
    return re.split(r"[*?]", pattern, maxsplit=1)[0]
