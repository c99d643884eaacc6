"""Who printed a story: all near-copies of an article, and what each of them changed.

A story is what is a near-copy of the article, or of the fullest version among these: so the two
halves of a long report are found from either. It goes no further, so that a chain of likenesses
never leads from one story to another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from newsidx.article import Article
from newsidx.engines.base import Engine, SearchRequest
from newsidx.errors import UsageError
from newsidx.index.sketches import Sketched
from newsidx.results.spread import Spread, Version
from newsidx.searcher.changes import Text, changes
from newsidx.searcher.copies import (
    CANDIDATE,
    TEXTS_AT_ONCE,
    Texts,
    agreement,
    days_apart,
    fullest_first,
    likeness,
    matrix,
    near_copies,
    sketched,
)
from newsidx.searcher.search import located

__all__ = ["spread"]

# Where articles have no sketch, so many are looked at that are like one by their words.
_LIKE = 100


class _Archive:
    """All articles, as far as they may be near-copies."""

    def __init__(self, engine: Engine, known: Iterable[Sketched], language: str) -> None:
        self.engine, self.language, self.texts = engine, language, Texts(engine)
        every = list(known)
        self.known = [each for each in every if each.sketch]
        self.rows = matrix(self.known)
        self.unsketched = engine.statistics().articles - len(every)

    def copies(self, one: Sketched) -> list[Sketched]:
        """The near-copies of an article."""
        if not one.sketch:
            return []
        near = (agreement(self.rows, one.sketch) >= CANDIDATE).nonzero()[0].tolist()
        found = {self.known[at].id: self.known[at] for at in near}
        if self.unsketched > 0:
            found = {each.id: each for each in self._alike(one)} | found
        found.pop(one.id, None)
        others = list(found.values())
        copies: list[Sketched] = []
        for start in range(0, len(others), TEXTS_AT_ONCE):
            portion = others[start : start + TEXTS_AT_ONCE]
            self.texts.fetch([one.id, *(each.id for each in portion)])
            # While a writer is at work there are sketches of what the engine hasn't yet.
            copies += [each for each in portion if each.id in self.texts and self._near(one, each)]
        return copies

    def _near(self, one: Sketched, other: Sketched) -> bool:
        texts = self.texts
        return near_copies(likeness(texts[one.id], texts[other.id]), days_apart(one, other))

    def _alike(self, one: Sketched) -> Iterator[Sketched]:
        """What is like an article by its most telling words: what ranking can tell of copies."""
        from newsidx.searcher.similar import alike

        article = self.engine.get([one.id])[one.id]
        query = alike(self.engine, article, self.language)
        page = self.engine.search(SearchRequest(query, limit=_LIKE))
        return map(sketched, self.engine.get([hit.id for hit in page.hits]).values())


def spread(
    engine: Engine,
    article: Article,
    known: Iterable[Sketched],
    language: str,
    roots: Mapping[str, str],
    *,
    against: str | None = None,
    by_word: bool = False,
) -> Spread:
    """A story in all its versions.

    Args:
        article: One of them.
        known: The sketches that are kept; articles without one are found by their words.
        language: The index's language.
        roots: Label -> absolute path, to say where a source file is now.
        against: The id of the version that others are compared with, of which its first four
            characters do. Default: the earliest; where none has a date, the fullest.
        by_word: Tell the differences word by word as well.

    Raises:
        UsageError: `against` is not one of the versions.
    """
    archive = _Archive(engine, known, language)
    asked = sketched(article)
    found = {each.id: each for each in (asked, *archive.copies(asked))}
    fullest = fullest_first(found.values())[0]
    if fullest.id != asked.id:
        found |= {each.id: each for each in archive.copies(fullest)}
    articles = sorted(engine.get(list(found)).values(), key=_when)
    base = _base(articles, found, against)
    text, path = Text(base), partial(located, roots)
    versions = tuple(
        Version(
            each,
            path(each.root, each.path),
            None if each is base else changes(text, Text(each), by_word=by_word),
        )
        for each in articles
    )
    return Spread(article.id, base.id, versions, max(0, archive.unsketched))


def _when(article: Article) -> tuple[bool, tuple[date, str], int, str]:
    published = article.published
    latest = published.latest if published else (date.max, "")
    return published is None, latest, -article.words, article.id


def _base(
    articles: Sequence[Article], found: Mapping[str, Sketched], against: str | None
) -> Article:
    """The version that others are compared with."""
    if against is not None:
        wanted = [each for each in articles if each.id.startswith(against.strip().lower())]
        if len(wanted) != 1 or len(against.strip()) < 4:
            raise UsageError(
                f"{against!r} is not one version of this story.",
                f"Versions: {', '.join(each.id for each in articles)}.",
            )
        return wanted[0]
    if articles[0].published is not None:
        return articles[0]
    fullest = fullest_first(found.values())[0].id
    return next(each for each in articles if each.id == fullest)
