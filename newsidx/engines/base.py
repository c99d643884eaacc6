"""What an engine is: it stores articles and answers bound queries.

An engine knows nothing of files, of configuration or of any other engine. It is
given analysed articles and bound queries, and must return for a query exactly the
articles that `query.match.match` says match, and their exact number.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from msgspec import Struct

from newsidx.article import Article

if TYPE_CHECKING:
    from newsidx.query.bound import Bound, BoundQuery

__all__ = [
    "BUILDING",
    "SORTS",
    "Capabilities",
    "Engine",
    "EngineCheck",
    "EngineFactory",
    "EngineHit",
    "EnginePage",
    "Facets",
    "Fits",
    "PartCheck",
    "Prepared",
    "Preparer",
    "SearchRequest",
    "Statistics",
    "Timeline",
    "Writer",
]

SORTS: tuple[str, ...] = ("relevance", "newest", "oldest", "title", "source")

Fits = Callable[[str], object]
"""Says of a form, true or not, whether it is wanted."""

BUILDING = "building"
"""The folder in an engine's directory for what isn't adopted yet; a new writer clears it."""


class Capabilities(Struct, frozen=True):
    """What an engine is that not every engine is.

    Attributes:
        atomic: A commit is seen all at once, and a reader goes on seeing the one before.
        shared: Others may write there too: it can hold articles that the ledger doesn't
            know, and have more of them than the manifest says.
    """

    atomic: bool = True
    shared: bool = False


class SearchRequest(Struct, frozen=True):
    """A bound query and which part of its answer is wanted.

    Attributes:
        sort: One of `SORTS`. Ties are broken by date, newest first, then by id;
            articles without the value sorted by come last.
        limit: How many hits at most; None is all.
        offset: How many to pass over first.
        scores: Whether the hits are to have scores also where they are not sorted by
            them. Without, those are 0.
    """

    query: BoundQuery
    sort: str = "relevance"
    limit: int | None = 10
    offset: int = 0
    scores: bool = True

    @property
    def scored(self) -> bool:
        """Whether anybody will see the scores, or the order that they make."""
        return self.scores or self.sort == "relevance"


class EngineHit(NamedTuple):
    """An id and its BM25F score."""

    id: str
    score: float


class EnginePage(NamedTuple):
    """The exact number of matches, and the wanted part of them in order.

    Attributes:
        hits: Made as they are taken, where there may be many.
    """

    total: int
    hits: Sequence[EngineHit]


class Facets(NamedTuple):
    """How many of a query's matches have each value of a field.

    Attributes:
        total: Matches in all.
        missing: Those without a value.
        values: Each value with the number of matches that have it, the commonest first.
            Values that differ in case and marks only are one.
    """

    total: int
    missing: int
    values: list[tuple[str, int]]


class Timeline(NamedTuple):
    """How many of a query's matches are of each day, month or year.

    Attributes:
        total: Matches in all.
        undated: Those without a date.
        vague: Those whose date is known less exactly than that.
        buckets: Each day, month or year that has any, in ISO 8601, with their number; in
            order.
    """

    total: int
    undated: int
    vague: int
    buckets: list[tuple[str, int]]


class Statistics(Struct, frozen=True):
    """What ranking and reports need to know of a whole index.

    Attributes:
        articles: Number of live articles.
        average_length: Mean padded weighted length, as the engine's scores use it.
        languages: Languages that articles declare or were found to be in.
    """

    articles: int
    average_length: float
    languages: frozenset[str]


class Segments(NamedTuple):
    """What an index consists of.

    Attributes:
        deleted: Articles that are gone but still take room until a merge, and still count
            among those that the rarity of a word is reckoned from.
    """

    number: int
    deleted: int


class Prepared(Protocol):
    """Articles on disk in the engine's own form, which a writer can adopt. It is picklable."""

    @property
    def documents(self) -> int:
        """How many there are; each has a number from 0."""
        ...

    def articles(self, numbers: Collection[int]) -> dict[int, Article]:
        """Some of the articles by their numbers."""
        ...


class Preparer(Protocol):
    """Puts articles on disk in the engine's own form, in any process, for a writer to adopt.

    What it makes lies in `BUILDING` below the engine's directory until then.
    """

    @property
    def memory(self) -> int:
        """About how many bytes it takes now."""
        ...

    def add(self, article: Article) -> int:
        """Add an article; gives its number."""
        ...

    def finish(self) -> Prepared:
        """Write what is in memory, durably. Ends the preparer."""
        ...

    def cancel(self) -> None:
        """Forget everything. Ends the preparer."""
        ...


class Writer(Protocol):
    """One transaction: nothing of it is seen by readers before `commit`.

    An engine that is no `atomic` one shows articles as they come, each whole.

    Attributes:
        rejected: Id -> why the engine would not have the article; known after `commit`.
    """

    @property
    def rejected(self) -> Mapping[str, str]:
        """Id -> reason; nothing where an engine takes whatever it is given."""
        ...

    def add(self, article: Article) -> None:
        """Add an article. Its id must not be in the index, or be deleted here first."""
        ...

    def delete(self, ids: Iterable[str]) -> None:
        """Delete articles; ids that are not there are ignored."""
        ...

    def optimize(self) -> None:
        """Let the commit bring the index into its best order, without what is deleted.

        Costs time and room in proportion to the whole index.
        """
        ...

    def reclaim(self) -> None:
        """Leave nothing of deleted articles behind, these and earlier ones, after `commit`."""
        ...

    def adopt(self, prepared: Prepared, without: Collection[int]) -> None:
        """Add articles that were prepared, but for some, by their numbers."""
        ...

    def commit(self) -> None:
        """Make everything durable and visible, all at once. Ends the transaction."""
        ...

    def rollback(self) -> None:
        """Forget everything. Ends the transaction."""
        ...


class Engine(Protocol):
    """An open engine. It answers as of the commit at which it was opened.

    Attributes:
        name: As in `--engine`.
        commit: A number that is another after each commit.
        capabilities: What it is that not every engine is.
        round_length: How it rounds a padded length when it stores it.
    """

    name: str
    commit: int
    capabilities: Capabilities
    round_length: Callable[[int], float]

    def writer(self) -> Writer:
        """Begin a transaction; the caller holds the index's lock."""
        ...

    def search(self, request: SearchRequest) -> EnginePage:
        """Answer a query."""
        ...

    def verifies(self, node: Bound) -> bool:
        """Whether it has no way to ask its index for a part of a query.

        It then looks at candidates, one by one, with `query.match`, and refuses more of
        them than `verifying.most_verified` says.
        """
        ...

    def facets(self, query: BoundQuery, field: str) -> Facets:
        """Count the values of a field that `schema` marks as a facet, over all matches."""
        ...

    def timeline(self, query: BoundQuery, unit: str, *, words: bool = False) -> Timeline:
        """Count the matches of each `day`, `month` or `year`.

        Args:
            words: Count the words of their bodies instead.
        """
        ...

    def get(self, ids: Sequence[str]) -> dict[str, Article]:
        """Stored articles by id, without those that are not there."""
        ...

    def scan(self) -> Iterator[Article]:
        """Every live article, in the engine's own order."""
        ...

    def ids(self, prefix: str) -> list[str]:
        """Ids that begin with `prefix`, in order."""
        ...

    def own_ids(self) -> list[str]:
        """Ids of the articles that this index's ledger wrote, in order.

        Those of `ids("")`, but for an engine that is `shared`.
        """
        ...

    def terms(
        self, field: str, prefix: str = "", fits: Fits | None = None
    ) -> Iterator[tuple[str, int]]:
        """The forms of a field in code point order, each with its number of articles.

        Deleted articles may still be counted.

        Args:
            fits: Only such forms are counted; None for all that begin so.
        """
        ...

    def lexicon(self, fields: Sequence[str], prefix: str = "") -> Iterator[tuple[str, int, int]]:
        """The forms of some fields in code point order, of live articles only.

        With each comes the number of articles that have it in any of the fields, and how
        often it occurs in them all. Of several fields it takes longer than of one.
        """
        ...

    def frequencies(self, fields: Sequence[str]) -> dict[str, int]:
        """How often each form occurs in some fields of all live articles together.

        Above 16 million (2^24) occurrences in one field the last digits may be rounded.
        """
        ...

    def statistics(self) -> Statistics:
        """Numbers over the whole index."""
        ...

    def segments(self) -> Segments:
        """How many there are, and what is deleted in them."""
        ...

    def close(self) -> None:
        """Let go of files. Closing twice is harmless."""
        ...


class PartCheck(Struct, frozen=True):
    """A segment, held against the checksums that were kept when it was committed.

    Attributes:
        articles: Live ones, as far as that can be told.
        files, size: How many files it has, and their bytes.
        problems: What is wrong with it, a sentence each.
    """

    name: str
    articles: int
    files: int
    size: int
    problems: tuple[str, ...] = ()


class EngineCheck(Struct, frozen=True):
    """An engine's files, held against their checksums.

    Attributes:
        commit: Which commit was looked at.
        problems: What is wrong with what all segments hang on; `parts` is empty then.
    """

    commit: int
    parts: tuple[PartCheck, ...] = ()
    problems: tuple[str, ...] = ()


class EngineFactory(Protocol):
    """How an engine comes to be: what the registry names for each."""

    def settled(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """The options of a new index, checked and completed; the manifest keeps them.

        Raises:
            UsageError: The engine has no such option, or needs one.
        """
        ...

    def create(self, directory: Path, language: str, options: Mapping[str, Any]) -> None:
        """Make an empty index in a directory that exists and is empty.

        Args:
            options: As `settled` gave them.
        """
        ...

    def publish(self, directory: Path) -> None:
        """Let what was built in a directory be what answers; the manifest is about to name it.

        Called after every commit, so it must cost nothing where nothing is to be done.
        """
        ...

    def discard(self, directory: Path) -> None:
        """Remove a directory that is not to answer any more, and what it stands for elsewhere."""
        ...

    def preparer(self, directory: Path, language: str) -> Preparer | None:
        """Prepare articles for the index in a directory; None where the engine can't."""
        ...

    def open(self, directory: Path, language: str) -> Engine:
        """Open the index in a directory; `language` is the index's language."""
        ...

    def latest(self, directory: Path) -> int:
        """The number of the last commit; another after each, -1 where there is none."""
        ...

    def check(
        self, directory: Path, known: Mapping[str, PartCheck], tell: Callable[[int], None]
    ) -> EngineCheck:
        """Hold all files that the last commit names against their checksums.

        It reads only, and takes no lock: where a commit happens meanwhile, files may be
        missing that are not needed any more.

        Args:
            known: Segments that were found to be whole, by name; they are not read again.
            tell: Called with a number of bytes whenever so many were read.
        """
        ...

    def drop(self, directory: Path, parts: Collection[str]) -> None:
        """Commit without some segments, whatever state they are in; the caller holds the lock."""
        ...

    def clear(self, directory: Path) -> None:
        """Remove what writers left that did not come to their commit.

        The caller holds the index's lock, and no process of its own is at work.

        Raises:
            IndexDamaged: What the last commit names can't be read.
        """
        ...
