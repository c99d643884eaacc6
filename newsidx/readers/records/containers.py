"""Where the articles are in a JSON value of any shape."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from newsidx.article import RawArticle
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.records.exported import exported_article, is_exported
from newsidx.readers.records.fieldnames import SUMMARY_NAMES, normal
from newsidx.readers.records.record import article_from_record

__all__ = ["articles_in"]

# Arrays under these names hold articles even if those have no more than a title.
_CONTAINERS = frozenset(
    [
        "articles",
        "items",
        "results",
        "docs",
        "documents",
        "data",
        "hits",
        "entries",
        "posts",
        "stories",
        "news",
        "records",
        "rows",
        "response",
        "value",
        "list",
        "feed",
        "channel",
    ]
)
_DEEPEST = 5
_TRIED = 5


def articles_in(
    value: object, options: ReadOptions, position: int
) -> Iterator[RawArticle | BadRecord]:
    """The articles in a JSON value: the one it is, or those in the arrays it holds.

    Yields:
        At least one: a BadRecord when there is nothing that could be an article.
    """
    if not isinstance(value, Mapping):
        yield _no_record(value, position)
        return
    if is_exported(value):
        yield exported_article(value, position)
        return
    own = article_from_record(value, options, position)
    if _has_text(own):
        yield own
        return
    count = 0
    for key, record in _contained(value, options, _DEEPEST):
        count += 1
        if not isinstance(record, Mapping):
            yield _no_record(record, count)
            continue
        found = article_from_record(record, options, count)
        if isinstance(found, RawArticle) and found.record is None and key is not None:
            found.record = key
            found.provenance["record"] = "key"
        yield found
    if not count:
        yield own


def _contained(
    record: Mapping[str, object], options: ReadOptions, depth: int
) -> Iterator[tuple[str | None, object]]:
    """The records in the arrays below an object, and those that it names by a key."""
    if depth < 0:
        return
    objects = {key: value for key, value in record.items() if isinstance(value, Mapping)}
    if len(objects) > 1 and len(objects) == len(record):
        first = list(objects.values())[:_TRIED]
        if any(_has_text(article_from_record(value, options, 1)) for value in first):
            yield from objects.items()
            return
    for key, value in record.items():
        if isinstance(value, Mapping):
            yield from _contained(value, options, depth - 1)
        elif isinstance(value, list):
            records = [part for part in value if isinstance(part, Mapping)]
            if _are_articles(key, records[:_TRIED], options):
                yield from ((None, part) for part in value)


def _are_articles(key: str, records: list[Mapping[str, object]], options: ReadOptions) -> bool:
    tried = [article_from_record(record, options, 1) for record in records]
    if normal(key) in _CONTAINERS:
        return any(isinstance(article, RawArticle) for article in tried)
    return any(map(_has_text, tried))


def _has_text(article: RawArticle | BadRecord) -> bool:
    """Whether there is a text of its own, and not a summary in place of one."""
    if isinstance(article, BadRecord) or not article.body:
        return False
    name = article.provenance["body"].partition(":")[2]
    return normal(name) not in SUMMARY_NAMES


def _no_record(value: object, position: int) -> BadRecord:
    kind = "an array" if isinstance(value, list) else "a single value"
    return BadRecord(position, "no-article", f"it is {kind}, not an object with fields")
