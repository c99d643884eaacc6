"""Counting by aggregations: values, dates, and the words of a field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from newsidx.analysis import KEYWORD_FIELDS, ArticleView
from newsidx.engines.base import Facets, Timeline
from newsidx.engines.counting import facets_of, timeline_of
from newsidx.engines.opensearch.compile import EVERYTHING, Query
from newsidx.engines.opensearch.reading import Reader, buckets
from newsidx.schema import LEAD, TEXT_FIELDS

__all__ = ["facets", "lexicon", "timeline"]

_OF_TEXT = (*TEXT_FIELDS, LEAD.name)


def facets(reader: Reader, matching: Query, field: str) -> Facets:
    """Count the values of a field over all matches."""
    name = f"{field}_values"
    answer = reader.ask(
        {
            "query": matching,
            "size": 0,
            "track_total_hits": True,
            "aggs": {"without": {"missing": {"field": name}}},
        }
    )
    # An article has one spelling of each value, so that numbers of articles add up.
    found: dict[tuple[str, ...], int] = {
        (bucket["key"]["value"],): bucket["doc_count"]
        for bucket in buckets(reader, matching, [{"value": {"terms": {"field": name}}}])
    }
    total, missing = answer["hits"]["total"], answer["aggregations"]["without"]
    return Facets(total["value"], missing["doc_count"], facets_of(found).values)


def timeline(reader: Reader, matching: Query, unit: str, *, words: bool) -> Timeline:
    """Count the matches, or their words, of each day, month or year."""
    sources: list[dict[str, Any]] = [
        {name: {"terms": {"field": name, "missing_bucket": True}}}
        for name in ("day_first", "day_last")
    ]
    inner = {"words": {"sum": {"field": "words"}}} if words else None
    found: Counter[tuple[int, int]] = Counter()
    for bucket in buckets(reader, matching, sources, inner):
        span = bucket["key"]["day_first"] or 0, bucket["key"]["day_last"] or 0
        found[span] += int(bucket["words"]["value"]) if words else bucket["doc_count"]
    return timeline_of(found, unit)


# Words


def lexicon(
    reader: Reader, fields: tuple[str, ...], prefix: str, language: str
) -> Iterator[tuple[str, int, int]]:
    """The forms of some fields in order, with their numbers of articles and of occurrences."""
    if set(fields) <= set(_OF_TEXT):
        return _counted(reader, "lexicon", prefix, fields)
    if len(fields) == 1 and fields[0] in KEYWORD_FIELDS:
        return _counted(reader, "words_of", f"{fields[0]} {prefix}", None)
    return _by_articles(reader, fields, prefix, language)


def _counted(
    reader: Reader, name: str, prefix: str, fields: tuple[str, ...] | None
) -> Iterator[tuple[str, int, int]]:
    """The entries of a list of words that begin so, those of one form put together.

    Args:
        fields: Text fields, where the entries are of those.
    """
    after = {"entry": prefix} if prefix else None
    form, articles, occurs = "", 0, 0
    for bucket in buckets(reader, None, [{"entry": {"terms": {"field": name}}}], after=after):
        entry: str = bucket["key"]["entry"]
        if not entry.startswith(prefix):
            break
        head, numbers = _read(entry, fields)
        if head != form:
            if articles:
                yield form, articles, occurs
            form, articles, occurs = head, 0, 0
        if numbers:
            articles += bucket["doc_count"]
            occurs += bucket["doc_count"] * numbers
    if articles:
        yield form, articles, occurs


def _read(entry: str, fields: tuple[str, ...] | None) -> tuple[str, int]:
    """The form of an entry, and how often it occurs in an article that has the entry."""
    if fields is None:
        _, form, count = entry.split(" ")
        return form, int(count)
    form, *numbers = entry.split(" ")
    title, body, lead = map(int, numbers)
    times = {"title": title, "body": body, LEAD.name: title + lead}
    return form, sum(times[field] for field in fields)


def _by_articles(
    reader: Reader, fields: tuple[str, ...], prefix: str, language: str
) -> Iterator[tuple[str, int, int]]:
    """The same of fields that no list of words holds together: by reading every article."""
    articles: Counter[str] = Counter()
    occurrences: Counter[str] = Counter()
    for _, article in reader.matching(EVERYTHING):
        view = ArticleView(article, language)
        found = Counter(
            token.form for field in fields for value in view.values(field) for token in value
        )
        articles.update(found.keys())
        occurrences.update(found)
    return (
        (form, count, occurrences[form])
        for form, count in sorted(articles.items())
        if form.startswith(prefix)
    )
