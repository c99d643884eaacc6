"""Searching a Tantivy index."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from tantivy import Index, Query

from newsidx.article import Article
from newsidx.engines.base import (
    Capabilities,
    EngineHit,
    EnginePage,
    Facets,
    Fits,
    SearchRequest,
    Segments,
    Statistics,
    Timeline,
)
from newsidx.engines.tantivy.compile import Bounds, Compiler
from newsidx.engines.tantivy.files import Commit, read_commit, reading
from newsidx.engines.tantivy.layout import (
    FACETS,
    FILLER,
    id_of,
    is_id,
    key_of,
    keys_from,
    span_from,
    values_of,
)
from newsidx.engines.tantivy.lengths import round_length
from newsidx.engines.tantivy.order import Pages
from newsidx.engines.tantivy.queries import (
    all_of,
    any_of,
    between,
    but_not,
    count_of,
    everything,
    with_keys,
)
from newsidx.engines.tantivy.records import article_of, unpacked
from newsidx.engines.tantivy.scoring import Scorer
from newsidx.engines.verifying import most_verified, refuse_too_many
from newsidx.query import bound
from newsidx.query.bound import BoundQuery
from newsidx.text.stems import stemmer_for

if TYPE_CHECKING:
    from tantivy import DocAddress, Searcher

    from newsidx.engines.tantivy.writer import TantivyWriter

__all__ = ["TantivyEngine"]

# As for Whoosh: files may vanish between the commit that names them and their opening.
_TRIES = 10
_PAUSE = 0.05

# Trees whose matches are remembered: what an answer asks of one query, and of its parts.
_REMEMBERED = 64

# Tantivy's own bound for the buckets of one aggregation is 65,000.
_BUCKETS = 60_000


class TantivyEngine:
    """An open Tantivy index, as of its commit at opening.

    All its files are open from the start: a writer may delete them at any time.

    Args:
        directory: Where its files are.
        language: The index's language.
    """

    name = "tantivy"
    capabilities = Capabilities()
    round_length: Callable[[int], float] = staticmethod(round_length)

    def __init__(self, directory: Path, language: str) -> None:
        self.language = language
        self._directory = directory
        with reading(directory):
            self._commit, self._index, self._searcher = self._open()
            self.commit = self._commit.number
            self._schema = self._index.schema
            compiler = Compiler(
                self._schema,
                language,
                self._all_stemmers(),
                self.terms,
                self._is_known,
                self._frequent,
            )
            self._compiler = compiler
            self._scorer = Scorer(self._searcher, compiler, self._commit.documents)
        self._matching = lru_cache(_REMEMBERED)(self._matching_now)

    def _open(self) -> tuple[Commit, Index, Searcher]:
        tries = 1
        while True:
            commit = read_commit(self._directory)
            try:
                with _opened(self._directory) as index:
                    searcher = index.searcher()
            except (ValueError, OSError):
                if tries == _TRIES or read_commit(self._directory).number == commit.number:
                    raise
            else:
                if read_commit(self._directory).number == commit.number:
                    return commit, index, searcher
            tries += 1
            time.sleep(_PAUSE)

    def _all_stemmers(self) -> frozenset[str]:
        """The stemmers of all articles; languages are few."""
        names = self._searcher.terms_with_prefix("language", "")
        return frozenset({self.language, *(stemmer_for(n, self.language) for n, _ in names)})

    def _is_known(self, field: str, term: str) -> bool:
        return self._searcher.doc_freq(field, term) > 0

    def _frequent(self, terms: list[tuple[str, str]], least: int) -> Query:
        return with_keys(self._schema, self._scorer.frequent(terms, least))

    def writer(self) -> TantivyWriter:
        """Begin a transaction."""
        from newsidx.engines.tantivy.writer import TantivyWriter

        return TantivyWriter(self._directory, self.language)

    # Queries

    def search(self, request: SearchRequest) -> EnginePage:
        """Match, and sort and score what the page needs."""
        with self._reading():
            matching = self._matching(request.query.tree)
            pages = Pages(self._searcher, self._schema, self._scorer)
            total, hits = pages.page(request, matching)
            return EnginePage(total, [EngineHit(id_of(key), score) for key, score in hits])

    def verifies(self, node: bound.Bound) -> bool:
        """Whether the articles that match are found by looking at candidates."""
        with self._reading():
            return not self._compiler.bounds(node).exact

    def _reading(self) -> Any:
        return reading(self._directory)

    def _matching_now(self, tree: bound.Bound) -> Query:
        """The query for just the articles that match a tree."""
        bounds = self._compiler.bounds(tree)
        return bounds.upper if bounds.exact else self._verified(tree, bounds)

    def _verified(self, tree: bound.Bound, bounds: Bounds) -> Query:
        from newsidx.engines.tantivy.verify import verified

        candidates = but_not(bounds.upper, bounds.lower)
        places = self._places(candidates, most_verified())
        keys = self._searcher.fast_field_values("key", places) if places else []
        stored = (
            (int(key or 0), self._stored(place)) for key, place in zip(keys, places, strict=True)
        )
        found = list(verified(tree, stored, self.language))
        return any_of([bounds.lower, with_keys(self._schema, found)])

    def _places(self, query: Query, most: int | None = None) -> list[DocAddress]:
        """All documents that a query finds."""
        if most is not None:
            refuse_too_many(count_of(self._searcher, query), most)
        everywhere = max(1, self._searcher.num_docs)
        return [place for _, place in self._searcher.search(query, everywhere, count=False).hits]

    def _stored(self, place: DocAddress) -> bytes:
        found: bytes = self._searcher.doc(place)["article"][0]
        return found

    # Counts

    def facets(self, query: BoundQuery, field: str) -> Facets:
        """Count the values of a field over all matches, by its column."""
        from newsidx.engines.counting import facets_of

        with self._reading():
            matching = self._matching(query.tree)
            counts = self._values(matching, field)
            missing = self._count(matching) - sum(counts.values())
            if missing:
                counts[()] = missing
        return facets_of(counts)

    def _values(self, matching: Query, field: str) -> Counter[tuple[str, ...]]:
        """The values of articles that have any -> how many have just these."""
        counts: Counter[tuple[str, ...]] = Counter()
        for text, count, _ in self._buckets(matching, values_of(field)):
            values = unpacked(str(text))
            if isinstance(values, str):
                values = self.get([values])[values].values(field)
            counts[values] += count
        return counts

    def timeline(self, query: BoundQuery, unit: str, *, words: bool = False) -> Timeline:
        """Count the matches of each day, month or year, or their words, by columns."""
        from newsidx.engines.counting import timeline_of

        with self._reading():
            matching = self._matching(query.tree)
            total = self._words(matching) if words else self._count(matching)
            counts = Counter(
                {
                    span_from(int(span)): count if total_words is None else total_words
                    for span, count, total_words in self._buckets(matching, "span", words)
                }
            )
            undated = total - sum(counts.values())
            if undated:
                counts[0, 0] = undated
        return timeline_of(counts, unit)

    def _count(self, query: Query) -> int:
        return count_of(self._searcher, query)

    def _words(self, query: Query) -> int:
        found = self._searcher.aggregate(query, {"words": {"sum": {"field": "words"}}})
        return int(found["words"]["value"] or 0)

    def _buckets(
        self, query: Query, column: str, words: bool = False
    ) -> Iterator[tuple[str | int, int, int | None]]:
        """The values of a column, each with the number of articles, and of their words."""
        asked: dict[str, Any] = {
            "terms": {"field": column, "size": _BUCKETS, "segment_size": _BUCKETS}
        }
        if words:
            asked["aggs"] = {"words": {"sum": {"field": "words"}}}
        waiting = [keys_from("")]
        while waiting:
            keys = waiting.pop()
            assert keys is not None
            low, high = keys
            among = (
                query
                if not waiting and keys == keys_from("")
                else all_of([query, between(self._schema, "key", low, high)])
            )
            found = self._searcher.aggregate(among, {"all": asked})["all"]
            if found["sum_other_doc_count"] or found.get("doc_count_error_upper_bound"):
                middle = (low + high) // 2
                waiting += [(low, middle), (middle + 1, high)]
                continue
            for bucket in found["buckets"]:
                counted = int(bucket["words"]["value"]) if words else None
                yield bucket["key"], bucket["doc_count"], counted

    # Articles

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        """Stored articles by id."""
        with self._reading():
            keys = [key_of(key) for key in ids if is_id(key)]
            if not keys:
                return {}
            query = with_keys(self._schema, keys)
            hits = self._searcher.search(query, len(keys), count=False).hits
            articles = [article_of(self._stored(place)) for _, place in hits]
            found = {article.id: article for article in articles}
            return {key: found[key] for key in ids if key in found}

    def scan(self) -> Iterator[Article]:
        """Every live article."""
        with self._reading():
            for place in self._places(everything()):
                yield article_of(self._stored(place))

    def ids(self, prefix: str) -> list[str]:
        """Live ids that begin with a prefix."""
        keys = keys_from(prefix)
        if keys is None:
            return []
        with self._reading():
            places = self._places(between(self._schema, "key", *keys))
            found = self._searcher.fast_field_values("key", places) if places else []
            return [id_of(key) for key in sorted(int(each or 0) for each in found)]

    def own_ids(self) -> list[str]:
        """All ids: nobody else writes here."""
        return self.ids("")

    # Words

    def terms(
        self, field: str, prefix: str = "", fits: Fits | None = None
    ) -> Iterator[tuple[str, int]]:
        """The forms of a field with their number of documents, deleted ones included."""
        with self._reading():
            found = self._searcher.terms_with_prefix(field, prefix)
            return iter(
                sorted(
                    (form, count)
                    for form, count in found
                    if form != FILLER and (fits is None or fits(form))
                )
            )

    def lexicon(self, fields: Sequence[str], prefix: str = "") -> Iterator[tuple[str, int, int]]:
        """The forms of some fields with their numbers of articles and of occurrences."""
        from newsidx.engines.tantivy.lexicon import lexicon

        with self._reading():
            return lexicon(self, self._directory, self._commit, fields, prefix)

    def frequencies(self, fields: Sequence[str]) -> dict[str, int]:
        """How often each form occurs in some fields."""
        from newsidx.engines.tantivy.lexicon import frequencies

        with self._reading():
            return frequencies(self, self._directory, self._commit, fields)

    def values(self, field: str) -> Iterable[tuple[tuple[str, ...], int]]:
        """What the articles have in a field that is no text, each with their number."""
        if field in FACETS:
            return self._values(everything(), field).items()
        return Counter(article.values(field) for article in self.scan()).items()

    def statistics(self) -> Statistics:
        """Numbers over all segments."""
        with self._reading():
            names = self._searcher.terms_with_prefix("language", "")
            return Statistics(
                articles=self._searcher.num_docs,
                average_length=self._scorer.average("ranking"),
                languages=frozenset(name for name, _ in names),
            )

    def segments(self) -> Segments:
        """How many there are, and what is deleted in them."""
        return Segments(len(self._commit.segments), self._commit.deleted)

    def close(self) -> None:
        """Let go of the files."""
        self._matching.cache_clear()
        if hasattr(self, "_searcher"):
            del self._searcher, self._index, self._scorer


@contextmanager
def _opened(directory: Path) -> Iterator[Index]:
    """Tantivy's index in a directory, which it wants to put a lock into when it opens files.

    Where that can't be written to, it is given links to the files elsewhere.
    """
    if os.access(directory, os.W_OK):
        yield Index.open(str(directory))
        return
    with TemporaryDirectory() as folder:
        for path in directory.iterdir():
            if path.is_file() and not path.name.startswith("."):
                (Path(folder) / path.name).symlink_to(path.resolve())
        yield Index.open(folder)
