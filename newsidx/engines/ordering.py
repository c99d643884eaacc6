"""The order of results, the same on every engine."""

from __future__ import annotations

from datetime import date

from newsidx.article import Article
from newsidx.text.folding import fold
from newsidx.text.tokens import forms

__all__ = ["NO_DAY", "day_number", "sort_text"]

# Sorts before every day there is, for articles without a date.
NO_DAY = 0


def day_number(article: Article) -> int:
    """The first day of an article's date as an ordinal, `NO_DAY` without one."""
    first: date | None = article.published.first if article.published else None
    return first.toordinal() if first else NO_DAY


def sort_text(value: str | None) -> str:
    """A title or source as it is sorted: by its forms, then spelling plays no part."""
    return " ".join(forms(value)) or fold(value) if value else ""
