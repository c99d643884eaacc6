"""The forms that an index holds, counted: in how many live articles, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from newsidx.analysis import ArticleView
from newsidx.engines.tantivy.files import Commit
from newsidx.engines.tantivy.words import total
from newsidx.schema import LEAD, TEXT_FIELDS
from newsidx.text.tokens import forms

if TYPE_CHECKING:
    from newsidx.engines.tantivy.engine import TantivyEngine

__all__ = ["frequencies", "lexicon"]


def frequencies(
    engine: TantivyEngine, folder: Path, commit: Commit, fields: Sequence[str]
) -> dict[str, int]:
    """As of `Engine.frequencies`."""
    return _counted(engine, folder, commit, fields)[1]


def lexicon(
    engine: TantivyEngine, folder: Path, commit: Commit, fields: Sequence[str], prefix: str
) -> Iterator[tuple[str, int, int]]:
    """As of `Engine.lexicon`."""
    articles, occurrences = _counted(engine, folder, commit, fields)
    return (
        (form, count, occurrences[form])
        for form, count in sorted(articles.items())
        if form.startswith(prefix)
    )


def _counted(
    engine: TantivyEngine, folder: Path, commit: Commit, fields: Sequence[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """The number of articles that have each form in any of the fields, and of occurrences."""
    if set(fields) <= set(TEXT_FIELDS):
        counts = total(folder / name for name in commit.sums.get("", {}))
        return counts.articles(fields), counts.occurrences(fields)
    articles: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    for values, count in _values(engine, fields):
        found = Counter(form for value in values for form in forms(value))
        for form, times in found.items():
            articles[form] += count
            occurrences[form] += times * count
    return articles, occurrences


def _values(engine: TantivyEngine, fields: Sequence[str]) -> Iterator[tuple[tuple[str, ...], int]]:
    if len(fields) == 1 and fields[0] not in (*TEXT_FIELDS, LEAD.name):
        yield from engine.values(fields[0])
        return
    for article in engine.scan():
        view = ArticleView(article, engine.language)
        values = (tokens for field in fields for tokens in view.values(field))
        yield tuple(" ".join(token.form for token in tokens) for tokens in values), 1
