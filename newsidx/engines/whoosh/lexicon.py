"""The forms that an index holds, counted: in how many articles, and how often.

The dictionary of a segment says how many documents have a term and how often it occurs in
them, those included that were deleted since. These are taken off again: from the posting
lists, and by counting the words of the deleted articles, which are stored until a merge.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from newsidx.engines.whoosh.segment import Segment
from newsidx.text.tokens import forms

__all__ = ["frequencies", "lexicon"]


def frequencies(
    segments: Sequence[Segment], fields: Sequence[str], prefix: str = ""
) -> dict[str, int]:
    """How often each form occurs in some fields of live articles; only forms that do."""
    counts: Counter[str] = Counter()
    for segment in segments:
        for name in fields:
            for form, at in segment.forms(name, prefix):
                counts[form] += segment.occurrences_at(at)
        for document in segment.deleted:
            article = segment.article(document)
            gone = Counter(
                form for name in fields for value in article.values(name) for form in forms(value)
            )
            for form, count in gone.items():
                if form in counts:
                    counts[form] -= count
    return {form: count for form, count in counts.items() if count > 0}


def lexicon(
    segments: Sequence[Segment], fields: Sequence[str], prefix: str
) -> Iterator[tuple[str, int, int]]:
    """As of `Engine.lexicon`."""
    articles: Counter[str] = Counter()
    for segment in segments:
        articles.update(_articles(segment, fields, prefix))
    occurrences = frequencies(segments, fields, prefix)
    return (
        (form, count, occurrences.get(form, count))
        for form, count in sorted(articles.items())
        if count
    )


def _articles(segment: Segment, fields: Sequence[str], prefix: str) -> dict[str, int]:
    """Form -> the number of live documents that have it in any of the fields."""
    where: dict[str, list[tuple[str, int]]] = {}
    for name in fields:
        for form, at in segment.forms(name, prefix):
            where.setdefault(form, []).append((name, at))
    counts = {}
    for form, places in where.items():
        if len(places) == 1:
            counts[form] = segment.articles_at(*places[0])
        else:
            lists = (segment.postings_at(*place) for place in places)
            counts[form] = len(frozenset().union(*map(segment.among, lists)))
    return counts
