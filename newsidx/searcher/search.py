"""Answering a query that was understood: ask the engine, find out where it matched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from newsidx.analysis import ArticleView
from newsidx.article import Article
from newsidx.engines.base import Engine, EnginePage, SearchRequest
from newsidx.engines.fetching import named
from newsidx.errors import ArticleNotFound
from newsidx.query.bound import Bound, BoundQuery
from newsidx.query.match import match
from newsidx.results import Hit
from newsidx.searcher.question import Ask
from newsidx.searcher.snippets import snippets

if TYPE_CHECKING:
    from newsidx.results.explained import Explanation

__all__ = ["ask", "find_article", "hits_of", "located"]

# So many articles are taken from the engine at once: few, since the first is waited for.
_PORTION = 16


def located(roots: Mapping[str, str], label: str, path: str) -> str:
    """Where a source file is now.

    Args:
        roots: Label -> absolute path of each root.
        label: The file's root; one that is not known gives a path below it.
        path: The file below its root.
    """
    base = roots.get(label)
    return f"{base.rstrip('/')}/{path}" if base else path


def ask(
    engine: Engine,
    query: BoundQuery,
    question: Ask,
    language: str,
    roots: Mapping[str, str],
    explanation: Explanation | None = None,
    shown: Bound | None = None,
) -> tuple[int, Iterator[Hit]]:
    """Run a query: the number of all matches, and the wanted hits, made as they are taken.

    Args:
        language: The index's language.
        roots: Label -> absolute path, to say where a source file is now.
        explanation: The query taken apart, where each hit's score is to be as well.
        shown: What of the query is highlighted; default: all of it.
    """
    request = SearchRequest(query, question.sort, question.limit, question.offset, question.scores)
    page = engine.search(request)
    tree = shown or query.tree
    return page.total, hits_of(engine, page, query, tree, question, language, roots, explanation)


def hits_of(
    engine: Engine,
    page: EnginePage,
    query: BoundQuery,
    tree: Bound,
    question: Ask,
    language: str,
    roots: Mapping[str, str],
    explanation: Explanation | None,
) -> Iterator[Hit]:
    """The hits of a page, made as they are taken; arguments as for `ask`."""
    for start in range(0, len(page.hits), _PORTION):
        portion = page.hits[start : start + _PORTION]
        articles = {each.id: each for each in named(engine, [hit.id for hit in portion])}
        for rank, found in enumerate(portion, question.offset + start + 1):
            if (article := articles.get(found.id)) is None:
                continue  # somebody has removed it since
            view = ArticleView(article, language)
            spans = (match(tree, view) or []) if question.marks else []
            reckoning = None
            if explanation is not None:
                from newsidx.searcher.explain import reckon

                reckoning = reckon(engine, query, explanation.ranked, view)
            yield Hit(
                rank=rank,
                score=found.score,
                article=article,
                path=located(roots, article.root, article.path),
                snippets=snippets(article, spans, question.snippets),
                highlights=tuple(sorted(set(spans))),
                reckoning=reckoning,
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
    for article in named(engine, ids):
        return article
    raise ArticleNotFound(
        f"No article has an id that begins with {prefix!r}.",
        "Ids are the twelve characters that search prints; --json shows them in full.",
    )
