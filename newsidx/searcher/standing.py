"""What is new to a standing query: what it matches, held against what it has met before.

It is told by ids and by hashes of what articles say, not by when they were indexed: so
what moves, is read again, comes as a copy, goes and comes back, or stands in an index
that was built anew or mended, is not new; and what comes to match only because it has
changed, or because time went on, is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from msgspec import Struct, field
from msgspec.structs import asdict, replace

from newsidx.engines.base import Engine, EngineHit, EnginePage, SearchRequest
from newsidx.engines.fetching import known
from newsidx.index.alerts import Alert, Met
from newsidx.index.ledger import Ledger
from newsidx.results.news import Found
from newsidx.searcher.filters import Filters
from newsidx.searcher.question import Ask, Understood
from newsidx.searcher.search import hits_of

__all__ = ["Look", "Mark", "look", "marks_of", "question_kept", "question_of", "told"]


def question_kept(question: Ask) -> dict[str, Any]:
    """A question as an alert keeps it: as typed, so that `yesterday` goes on meaning that."""
    return {
        "text": question.text,
        "literal": question.literal,
        "any": question.any_word,
        "exact": question.exact,
        "filters": {k: v for k, v in asdict(question.filters).items() if v not in (None, ())},
    }


def question_of(kept: Mapping[str, Any], **more: Any) -> Ask:
    """The inverse of `question_kept`; in the order in which news is told.

    Args:
        more: Further attributes of `Ask`.
    """
    filters: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in kept["filters"].items()
    }
    return Ask(
        kept["text"],
        literal=kept["literal"],
        any_word=kept["any"],
        exact=kept["exact"],
        sort="oldest",
        filters=Filters(**filters),
        **more,
    )


class Mark(Struct, frozen=True):
    """What an article says, and where that was read: two hashes, the file's where it is known."""

    content: bytes
    digest: bytes | None = None


class Look(Struct):
    """What was seen when an alert was looked at.

    Attributes:
        scores: Id -> score, of all matches, the oldest article first.
        met: All that the alert has met, by id.
        noted: Of that, what is to be taken down.
        gone: Ids that were not told of, and that it matches no more.
        last: The greatest number.
    """

    scores: dict[str, float]
    met: dict[str, Met]
    last: int
    noted: list[Met] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def untold(self, cursor: int) -> list[Met]:
        """What comes behind a cursor, in the order of the numbers."""
        found = [met for key, met in self.met.items() if met.number > cursor and key in self.scores]
        return sorted(found, key=lambda met: met.number)


def matches(engine: Engine, understood: Understood, *, scores: bool) -> dict[str, float]:
    """All that a query matches: id -> score, the oldest article first, undated ones last."""
    page = engine.search(SearchRequest(understood.query, "oldest", None, 0, scores))
    return {hit.id: hit.score for hit in page.hits}


def marks_of(ledger: Ledger, ids: Collection[str]) -> dict[str, Mark]:
    """What the ledger has of articles; without those that it doesn't know."""
    found = ledger.contents(ids)
    return {key: Mark(content, digest) for key, (content, digest) in found.items()}


def look(
    engine: Engine,
    scores: dict[str, float],
    marks: Mapping[str, Mark],
    alert: Alert,
    met: dict[str, Met],
    *,
    steady: bool,
    baseline: bool = False,
) -> Look:
    """Hold what a query matches against what it has met.

    Args:
        scores: From `matches`.
        marks: What the ledger has of them, read after the engine was opened.
        met: What the alert has met; it is changed.
        steady: Whether ledger and engine surely tell of the same. Where a writer is at
            work the ledger may be ahead of the engine, and the articles themselves are
            asked.
        baseline: What is met for the first time counts as told.
    """
    seen = Look(scores, met, alert.last)
    unclear = [key for key in scores if not _as_met(seen, key, marks.get(key))]
    doubted = [key for key in unclear if not (steady and key in marks)]
    current = {**marks, **dict(_asked(engine, doubted, marks))}
    contents: dict[bytes, Met] = {}
    for each in met.values():
        known = contents.setdefault(each.content, each)
        if each.number < known.number:
            contents[each.content] = each
    for key in unclear:
        mark = current.get(key)
        if mark is not None:
            _take(seen, key, mark, contents.get(mark.content), baseline=baseline)
    for key, each in list(met.items()):
        if each.number > alert.cursor and key not in scores:
            seen.gone.append(key)
            del met[key]
    return seen


def _take(seen: Look, key: str, mark: Mark, twin: Met | None, *, baseline: bool) -> None:
    """Take in a match that is not known, or not as it is now.

    Args:
        twin: What says the same, under whatever id.
    """
    before = seen.met.get(key)
    if before is not None and before.content == mark.content:
        return
    if before is None and twin is not None:
        now = replace(twin, article=key, digest=mark.digest)  # a copy that is searched instead
    elif before is not None and mark.digest is not None and before.digest == mark.digest:
        now = replace(before, content=mark.content)  # the same bytes, read otherwise
    elif baseline:
        now = Met(key, mark.content, mark.digest)
    else:
        seen.last += 1
        first = seen.last if before is None else before.first
        now = Met(key, mark.content, mark.digest, first, seen.last)
    seen.met[key] = now
    seen.noted.append(now)


def _as_met(seen: Look, key: str, mark: Mark | None) -> bool:
    """Whether an article says what it said when it was met, by the ledger."""
    before = seen.met.get(key)
    if before is None or mark is None or before.content != mark.content:
        return False
    if before.digest != mark.digest:  # other articles of its file changed, say
        seen.met[key] = replace(before, digest=mark.digest)
        seen.noted.append(seen.met[key])
    return True


def _asked(engine: Engine, ids: list[str], marks: Mapping[str, Mark]) -> Iterator[tuple[str, Mark]]:
    """What articles say by the engine itself."""
    from newsidx.refine.identity import hashes

    for article in known(engine, ids):
        content = hashes(article).content
        mark = marks.get(article.id)
        same = mark is not None and mark.content == content
        yield article.id, mark if same and mark is not None else Mark(content)


def told(
    engine: Engine,
    understood: Understood,
    question: Ask,
    alert: Alert,
    wanted: list[Met],
    scores: Mapping[str, float],
    language: str,
    roots: Mapping[str, str],
) -> Iterator[Found]:
    """What is new, each made only as it is taken.

    Args:
        wanted: Of `Look.untold`.
    """
    page = EnginePage(len(wanted), [EngineHit(met.article, scores[met.article]) for met in wanted])
    hits = hits_of(engine, page, understood.query, understood.tree, question, language, roots, None)
    for met, hit in zip(wanted, hits, strict=True):
        event = "new" if met.first > alert.cursor else "changed"
        yield Found(alert.name, event, met.number, hit)
