"""Answering a query: parse it, bind it, ask the engine, find out where it matched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import SORTS, Engine, EnginePage, SearchRequest
from newsidx.errors import ArticleNotFound, UsageError
from newsidx.query.bind import bind
from newsidx.query.bound import BoundQuery
from newsidx.query.match import match
from newsidx.query.parser import mixed_reading, parse, parse_literal
from newsidx.query.render import render
from newsidx.results import Hit, QueryInfo
from newsidx.searcher.snippets import snippets

__all__ = ["Ask", "ask", "find_article", "understand"]

_PORTION = 64


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as the user put it.

    Attributes:
        literal: Take the text as loose words, whatever it holds (`-F`).
        any_word: Loose words are alternatives (`--any`).
        exact: No stemming (`--exact`).
        limit: Hits at most; None is all.
    """

    text: str
    literal: bool = False
    any_word: bool = False
    exact: bool = False
    sort: str = "relevance"
    limit: int | None = 10
    offset: int = 0
    snippets: int = 1


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
    )
    info = QueryInfo(
        text=text,
        understood=render(node),
        sort=question.sort,
        any=question.any_word,
        dropped=bound.dropped,
        ignored=bound.ignored,
        reading=None if question.literal else mixed_reading(node),
    )
    return bound, info


def _choices() -> str:
    return "Sorts: " + ", ".join(SORTS) + "."


def ask(
    engine: Engine, query: BoundQuery, question: Ask, language: str, roots: dict[str, str]
) -> tuple[int, Iterator[Hit]]:
    """Run a query: the number of all matches, and the wanted hits, made as they are taken.

    Args:
        language: The index's language.
        roots: Label -> absolute path, to say where a source file is now.
    """
    request = SearchRequest(query, question.sort, question.limit, question.offset)
    page = engine.search(request)
    return page.total, _hits(engine, page, query, question, language, roots)


def _hits(
    engine: Engine,
    page: EnginePage,
    query: BoundQuery,
    question: Ask,
    language: str,
    roots: dict[str, str],
) -> Iterator[Hit]:
    for start in range(0, len(page.hits), _PORTION):
        portion = page.hits[start : start + _PORTION]
        articles = engine.get([hit.id for hit in portion])
        for rank, found in enumerate(portion, question.offset + start + 1):
            article = articles[found.id]
            spans = match(query.tree, ArticleView(article, language)) or []
            base = roots.get(article.root, "")
            yield Hit(
                rank=rank,
                score=found.score,
                article=article,
                path=f"{base}/{article.path}" if base else article.path,
                snippets=snippets(article, spans, question.snippets),
                highlights=tuple(sorted(set(spans))),
            )


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
    return engine.get(ids)[ids[0]]
