"""Counting articles by a field's values and by their dates, the same on every engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from newsidx.engines.base import Facets, Timeline
from newsidx.text.folding import fold
from newsidx.text.tokens import forms

__all__ = ["facets_of", "timeline_of"]

# What a day begins with, as written in ISO 8601, that names its day, month or year.
_LENGTHS = {"day": 10, "month": 7, "year": 4}


def facets_of(counts: Mapping[tuple[str, ...], int]) -> Facets:
    """Count values that a query for the whole value does not tell apart as one.

    Args:
        counts: Values of a field -> the number of articles that have just these.

    Returns:
        Each value as most of its articles write it, of equals the first in the order of
        code points; most articles first, then by the value.
    """
    articles: Counter[str] = Counter()
    spellings: dict[str, Counter[str]] = {}
    keys: dict[str, str] = {}
    missing = 0
    for values, count in counts.items():
        if not values:
            missing += count
        found: dict[str, str] = {}
        for value in values:
            key = keys.get(value)
            if key is None:
                key = keys[value] = " ".join(forms(value)) or fold(value)
            found.setdefault(key, value)
        for key, value in found.items():
            articles[key] += count
            spellings.setdefault(key, Counter())[value] += count
    named = [(_commonest(spellings[key]), count) for key, count in articles.items()]
    named.sort(key=lambda item: (-item[1], item[0]))
    return Facets(sum(counts.values()), missing, named)


def _commonest(spellings: Counter[str]) -> str:
    return min(spellings, key=lambda value: (-spellings[value], value))


def timeline_of(counts: Mapping[tuple[int, int], int], unit: str) -> Timeline:
    """Put articles into days, months or years.

    Args:
        counts: The first and the last day that an article's date can mean, as ordinals,
            0 without a date -> the number of such articles.
        unit: `day`, `month` or `year`.
    """
    length = _LENGTHS[unit]
    buckets: Counter[str] = Counter()
    undated = vague = 0
    for (first, last), count in counts.items():
        if not first:
            undated += count
            continue
        bucket = date.fromordinal(first).isoformat()[:length]
        if date.fromordinal(last).isoformat()[:length] == bucket:
            buckets[bucket] += count
        else:
            vague += count
    return Timeline(sum(counts.values()), undated, vague, sorted(buckets.items()))
