"""Every article in a list, and `match` over each: slow, and obviously right."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import (
    Capabilities,
    EngineHit,
    EnginePage,
    Facets,
    Fits,
    Prepared,
    SearchRequest,
    Segments,
    Statistics,
    Timeline,
)
from newsidx.engines.counting import facets_of, timeline_of
from newsidx.engines.ordering import day_number, sort_text
from newsidx.query.bound import Bound, BoundQuery
from newsidx.query.match import match, score
from newsidx.query.ranking import LENGTH_PADDING

__all__ = ["MemoryEngine"]


class MemoryEngine:
    """An archive in memory: the oracle of the tests.

    Args:
        articles: What is in it from the start.
        language: The index's language.
        round_length: Set to another engine's to be its oracle for scores.
    """

    name = "memory"
    commit = 0
    capabilities = Capabilities()

    def __init__(
        self,
        articles: Iterable[Article] = (),
        language: str = "en",
        round_length: Callable[[int], float] = float,
    ) -> None:
        self.language = language
        self.round_length = round_length
        self._views: dict[str, ArticleView] = {}
        self._put(articles)

    def _put(self, articles: Iterable[Article]) -> None:
        for article in articles:
            self._views[article.id] = ArticleView(article, self.language)

    def writer(self) -> _MemoryWriter:
        """Begin a transaction."""
        return _MemoryWriter(self)

    def search(self, request: SearchRequest) -> EnginePage:
        """Evaluate the query on every article, one after the other."""
        views = list(self._views.values())
        scores = [0.0] * len(views)
        if request.scored:
            scores = score(request.query, views, self.round_length)
        matching = [
            (view.article, value)
            for view, value in zip(views, scores, strict=True)
            if match(request.query.tree, view) is not None
        ]
        matching.sort(key=lambda pair: _sort_key(request.sort, *pair))
        end = None if request.limit is None else request.offset + request.limit
        page = matching[request.offset : end]
        return EnginePage(len(matching), [EngineHit(found.id, value) for found, value in page])

    def verifies(self, node: Bound) -> bool:  # noqa: ARG002 - part of the protocol
        """Nothing more than anything else: every article is looked at."""
        return False

    def facets(self, query: BoundQuery, field: str) -> Facets:
        """Count the values of a field over all matches."""
        return facets_of(Counter(view.article.values(field) for view in self._matching(query)))

    def timeline(self, query: BoundQuery, unit: str, *, words: bool = False) -> Timeline:
        """Count the matches of each day, month or year, or their words."""
        counts: Counter[tuple[int, int]] = Counter()
        for view in self._matching(query):
            day = view.article.published
            span = (day.first.toordinal(), day.last.toordinal()) if day else (0, 0)
            counts[span] += view.article.words if words else 1
        return timeline_of(counts, unit)

    def _matching(self, query: BoundQuery) -> Iterator[ArticleView]:
        return (view for view in self._views.values() if match(query.tree, view) is not None)

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        """Articles by id."""
        return {key: self._views[key].article for key in ids if key in self._views}

    def scan(self) -> Iterator[Article]:
        """Every article, in the order of adding."""
        return (view.article for view in list(self._views.values()))

    def ids(self, prefix: str) -> list[str]:
        """Ids that begin with `prefix`."""
        return sorted(key for key in self._views if key.startswith(prefix))

    def own_ids(self) -> list[str]:
        """All ids."""
        return self.ids("")

    def terms(
        self, field: str, prefix: str = "", fits: Fits | None = None
    ) -> Iterator[tuple[str, int]]:
        """The forms of a field with their number of articles."""
        counts: Counter[str] = Counter()
        for view in self._views.values():
            counts.update({token.form for value in view.values(field) for token in value})
        return iter(
            sorted(
                (form, count)
                for form, count in counts.items()
                if form.startswith(prefix) and (fits is None or fits(form))
            )
        )

    def lexicon(self, fields: Sequence[str], prefix: str = "") -> Iterator[tuple[str, int, int]]:
        """The forms of some fields with their numbers of articles and of occurrences."""
        articles: Counter[str] = Counter()
        for view in self._views.values():
            articles.update(_counted(view, fields).keys())
        occurrences = self.frequencies(fields)
        return (
            (form, count, occurrences[form])
            for form, count in sorted(articles.items())
            if form.startswith(prefix)
        )

    def frequencies(self, fields: Sequence[str]) -> dict[str, int]:
        """How often each form occurs in some fields."""
        counts: Counter[str] = Counter()
        for view in self._views.values():
            counts.update(_counted(view, fields))
        return counts

    def statistics(self) -> Statistics:
        """Numbers over all articles."""
        views = self._views.values()
        padded = [view.ranking_length() + LENGTH_PADDING for view in views]
        return Statistics(
            articles=len(padded),
            average_length=sum(padded) / len(padded) if padded else 0.0,
            languages=frozenset(v.article.language for v in views if v.article.language),
        )

    def segments(self) -> Segments:
        """One, in which nothing is ever deleted."""
        return Segments(1, 0)

    def close(self) -> None:
        """Nothing to let go of."""


def _counted(view: ArticleView, fields: Sequence[str]) -> Counter[str]:
    return Counter(
        token.form for field in fields for value in view.values(field) for token in value
    )


def _sort_key(sort: str, article: Article, value: float) -> tuple[object, ...]:
    day = day_number(article)
    ties = (-day, article.id)
    match sort:
        case "newest":
            return ties
        case "oldest":
            return (not day, day, article.id)
        case "title":
            return (sort_text(article.title) == "", sort_text(article.title), *ties)
        case "source":
            return (sort_text(article.source) == "", sort_text(article.source), *ties)
        case _:
            return (-value, *ties)


class _MemoryWriter:
    rejected: Mapping[str, str] = MappingProxyType({})

    def __init__(self, engine: MemoryEngine) -> None:
        self._engine = engine
        self._added: list[Article] = []
        self._deleted: set[str] = set()

    def add(self, article: Article) -> None:
        self._added.append(article)

    def delete(self, ids: Iterable[str]) -> None:
        self._deleted.update(ids)

    def optimize(self) -> None:
        pass

    def reclaim(self) -> None:
        """Nothing is left of an article that is deleted."""

    def adopt(self, prepared: Prepared, without: Collection[int]) -> None:
        gone = set(without)
        wanted = [number for number in range(prepared.documents) if number not in gone]
        self._added += prepared.articles(wanted).values()

    def commit(self) -> None:
        for key in self._deleted:
            self._engine._views.pop(key, None)  # noqa: SLF001 - the writer is part of the engine
        self._engine._put(self._added)  # noqa: SLF001 - likewise

    def rollback(self) -> None:
        self._added.clear()
        self._deleted.clear()
