"""Answering a query: parse it, bind it, ask the engine, find out where it matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import SORTS, Engine, EnginePage, SearchRequest
from newsidx.errors import REBUILD, ArticleNotFound, IndexDamaged, UsageError
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.match import match
from newsidx.query.parser import mixed_reading, parse, parse_literal
from newsidx.query.render import render
from newsidx.results import Hit, QueryInfo
from newsidx.searcher.snippets import snippets

__all__ = ["Ask", "ask", "find_article", "located", "notes", "understand"]

_PORTION = 64


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as the user put it.

    Attributes:
        literal: Take the text as loose words, whatever it holds (`-F`).
        any_word: Loose words are alternatives (`--any`).
        exact: No stemming (`--exact`).
        limit: Hits at most; None is all.
        snippets: Windows of text for each hit.
        scores: Whether hits need their score also where they are sorted by something else.
    """

    text: str
    literal: bool = False
    any_word: bool = False
    exact: bool = False
    sort: str = "relevance"
    limit: int | None = 10
    offset: int = 0
    snippets: int = 1
    scores: bool = True


def understand(question: Ask, language: str, today: date) -> tuple[BoundQuery, QueryInfo]:
    """Parse and bind a question, and say how it was understood.

    Raises:
        QueryError: It can't be understood.
        UsageError: The sort, limit or offset makes no sense.
    """
    if question.sort not in SORTS:
        raise UsageError(f"Results can't be sorted by {question.sort!r}.", _choices())
    if question.offset < 0 or (question.limit is not None and question.limit < 0):
        raise UsageError("A limit or offset can't be negative.", "--limit 0 shows everything.")
    text = question.text
    node = parse_literal(text) if question.literal else parse(text)
    bound = bind(
        node,
        text,
        language=language,
        today=today,
        any_word=question.any_word,
        exact=question.exact,
        literal=question.literal,
    )
    info = QueryInfo(
        text=text,
        understood=render(node),
        sort=question.sort,
        any=question.any_word,
        exact=question.exact,
        dropped=bound.dropped,
        ignored=bound.ignored,
        starred=bound.starred,
        reading=None if question.literal else mixed_reading(node),
    )
    return bound, info


def notes(info: QueryInfo) -> tuple[str, ...]:
    """What a reader should know of how a query was understood, in sentences."""
    said = []
    if not info.understood:
        said.append("There is nothing in this query to look for.")
    if info.dropped:
        words = ", ".join(info.dropped)
        said.append(f"Left out as too common: {words}. Put them in quotes to look for them.")
    if info.ignored:
        said.append(f"Ignored, for want of a letter or digit: {' '.join(info.ignored)}")
    said += [
        f"A * or ? in quotes is punctuation, not a wildcard: {phrase}" for phrase in info.starred
    ]
    if info.reading:
        said.append(f"Read as: {info.reading}")
    return tuple(said)


def located(roots: Mapping[str, str], label: str, path: str) -> str:
    """Where a source file is now.

    Args:
        roots: Label -> absolute path of each root.
        label: The file's root; one that is not known gives a path below it.
        path: The file below its root.
    """
    base = roots.get(label)
    return f"{base.rstrip('/')}/{path}" if base else path


def _choices() -> str:
    return "Sorts: " + ", ".join(SORTS) + "."


def ask(
    engine: Engine, query: BoundQuery, question: Ask, language: str, roots: Mapping[str, str]
) -> tuple[int, Iterator[Hit]]:
    """Run a query: the number of all matches, and the wanted hits, made as they are taken.

    Args:
        language: The index's language.
        roots: Label -> absolute path, to say where a source file is now.
    """
    request = SearchRequest(query, question.sort, question.limit, question.offset, question.scores)
    page = engine.search(request)
    return page.total, _hits(engine, page, query, question, language, roots)


def _hits(
    engine: Engine,
    page: EnginePage,
    query: BoundQuery,
    question: Ask,
    language: str,
    roots: Mapping[str, str],
) -> Iterator[Hit]:
    for start in range(0, len(page.hits), _PORTION):
        portion = page.hits[start : start + _PORTION]
        articles = engine.get([hit.id for hit in portion])
        for rank, found in enumerate(portion, question.offset + start + 1):
            article = _held(articles, found.id)
            spans = match(query.tree, ArticleView(article, language)) or []
            yield Hit(
                rank=rank,
                score=found.score,
                article=article,
                path=located(roots, article.root, article.path),
                snippets=snippets(article, spans, question.snippets),
                highlights=tuple(sorted(set(spans))),
            )


def _held(articles: Mapping[str, Article], key: str) -> Article:
    """An article that the engine has just named."""
    if key not in articles:
        raise IndexDamaged(f"The index names an article {key!r} that it doesn't hold.", REBUILD)
    return articles[key]


def find_article(engine: Engine, prefix: str) -> Article:
    """The article whose id begins with `prefix`.

    Raises:
        ArticleNotFound: None or several begin so, or the prefix is under 4 characters.
    """
    wanted = prefix.strip().lower()
    if len(wanted) < 4:
        raise ArticleNotFound(
            f"{prefix!r} is too short for an id.", "Give at least its first four characters."
        )
    ids = engine.ids(wanted)
    if len(ids) > 1:
        shown = ", ".join(ids[:5]) + (", …" if len(ids) > 5 else "")
        raise ArticleNotFound(f"{len(ids)} ids begin with {prefix!r}: {shown}", "Give more of it.")
    if not ids:
        raise ArticleNotFound(
            f"No article has an id that begins with {prefix!r}.",
            "Ids are the twelve characters that search prints; --json shows them in full.",
        )
    return _held(engine.get(ids), ids[0])
