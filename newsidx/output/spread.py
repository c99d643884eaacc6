"""Who printed a story and what each changed, as records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from newsidx.output.forms import Form, Shape, put_records
from newsidx.output.numbers import rounded
from newsidx.output.records import index_record
from newsidx.output.safe import valid
from newsidx.results import IndexInfo
from newsidx.results.spread import Passage, Spread, Version

__all__ = ["VERSIONS", "put_spread", "version_record", "warnings_of"]

VERSIONS = Shape(
    schema="newsidx.spread/1",
    rows="versions",
    columns=(
        "place",
        "id",
        "published",
        "source",
        "title",
        "words",
        "shared",
        "kept",
        "taken",
        "headline_changed",
        "words_cut",
        "words_added",
        "words_altered",
        "reordered",
        "url",
        "path",
    ),
    more=("language", "cut", "added", "changes"),
    plain=("published", "source", "id", "kept", "words_cut", "words_added", "title"),
)
"""Versions of a story, the earliest first."""


def put_spread(form: Form, index: IndexInfo, found: Spread, warnings: Iterable[str]) -> None:
    """Print the versions of a story in any form but that of a terminal."""
    dated = [each.article.published for each in found.versions if each.article.published]
    head = {
        "index": index_record(index),
        "article": found.asked,
        "against": found.base,
        "total": len(found.versions),
        "outlets": [valid(outlet) for outlet in found.outlets],
        "first": dated[0].isoformat() if dated else None,
        "last": dated[-1].isoformat() if dated else None,
        "undated": len(found.versions) - len(dated),
    }
    put_records(form, VERSIONS, _records(found), head, {"warnings": list(warnings)})


def _records(found: Spread) -> Iterator[dict[str, Any]]:
    for place, version in enumerate(found.versions, 1):
        yield version_record(place, version)


def version_record(place: int, version: Version) -> dict[str, Any]:
    """A version as `newsidx.version/1` has it."""
    article, changes = version.article, version.changes
    record: dict[str, Any] = {
        "place": place,
        "id": article.id,
        "published": article.published.isoformat() if article.published else None,
        "source": article.source,
        "title": article.title,
        "words": article.words,
        "language": article.language,
        "url": article.url,
        "path": valid(version.path),
    }
    if changes is None:
        names = ("shared", "kept", "taken", "headline_changed", "words_cut", "words_added")
        empty = dict.fromkeys((*names, "words_altered", "reordered", "cut", "added"))
        return {**record, **empty}
    record |= {
        "shared": rounded(changes.shared),
        "kept": rounded(changes.kept),
        "taken": rounded(changes.taken),
        "headline_changed": changes.headline,
        "words_cut": sum(each.words for each in changes.cut),
        "words_added": sum(each.words for each in changes.added),
        "words_altered": changes.altered,
        "reordered": changes.reordered,
        "cut": [_passage(each) for each in changes.cut],
        "added": [_passage(each) for each in changes.added],
    }
    if changes.words is not None:
        record["changes"] = [
            {
                "at": each.at,
                "before": each.before,
                "cut": each.cut,
                "added": each.added,
                "after": each.after,
            }
            for each in changes.words
        ]
    return record


def _passage(passage: Passage) -> dict[str, Any]:
    return {
        "start": passage.start,
        "end": passage.end,
        "words": passage.words,
        "text": passage.text,
    }


def warnings_of(found: Spread) -> tuple[str, ...]:
    """What a reader should know of how the versions were found."""
    if not found.unsketched:
        return ()
    said = (
        f"{found.unsketched:,} articles have no sketch yet: of these, only the likest by their "
        "words were looked at. newsidx index --reread makes all sketches."
    )
    return (said,)
