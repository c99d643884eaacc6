"""What a query was understood to mean, what each part of it meets, and how scores come about.

Everything is asked of the engine through its protocol, so that it holds for every
engine: a part's number of articles is the engine's own answer to that part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

from newsidx.analysis import ArticleView
from newsidx.engines.base import Engine, Fits, SearchRequest
from newsidx.query import bound
from newsidx.query.match import frequency
from newsidx.query.patterns import fitting, prefix_of
from newsidx.query.ranking import LENGTH_PADDING, bm25, idf
from newsidx.results import Leaf
from newsidx.results.explained import Explanation, Part, Ranked, Reckoning, Share
from newsidx.searcher.wording import fields_of, kind_of, wording
from newsidx.text.stems import stem, stemmer_for, stems

__all__ = ["FORMS_SHOWN", "articles_of", "explain", "leaves", "reckon"]

FORMS_SHOWN = 20
"""Forms listed of one word or pattern, the commonest; how many there are is always said."""


# Forms of one stem that are counted at most, over all languages: no word has so many.
_COUNTED = 200

Count = Callable[[bound.Bound], int]


def articles_of(engine: Engine, node: bound.Bound) -> int:
    """Number of articles that a tree matches."""
    return engine.search(SearchRequest(bound.BoundQuery(node, ()), limit=0, scores=False)).total


def leaves(engine: Engine, tree: bound.Bound) -> tuple[Leaf, ...]:
    """What each word, phrase and other condition of a tree matches by itself.

    After one of several words that nothing matches come these words.
    """
    found: dict[tuple[bound.Bound, bool], Leaf] = {}
    for node, negated in _leaves(tree, negated=False):
        leaf = _leaf(engine, node, negated)
        found.setdefault((node, negated), leaf)
        if not leaf.articles and not negated:
            for word in _words_of(node):
                found.setdefault((word, negated), _leaf(engine, word, negated))
    return tuple(found.values())


def _leaf(engine: Engine, node: bound.Bound, negated: bool) -> Leaf:
    fields, articles = fields_of(node), articles_of(engine, node)
    known: tuple[str, ...] = ()
    if not articles and fields == ("language",):
        known = tuple(form for form, _ in engine.terms("language"))
    return Leaf(wording(node), fields, articles, negated, known)


def _leaves(node: bound.Bound, *, negated: bool) -> Iterator[tuple[bound.Bound, bool]]:
    if isinstance(node, bound.Not):
        yield from _leaves(node.child, negated=not negated)
    elif isinstance(node, bound.And | bound.Or):
        for child in node.children:
            yield from _leaves(child, negated=negated)
    else:
        yield node, negated


def explain(
    engine: Engine,
    tree: bound.Bound,
    filters: tuple[bound.Bound, ...],
    scored: tuple[bound.Scored, ...],
    language: str,
) -> Explanation:
    """Take a query apart.

    Args:
        tree: The query without its filters.
        scored: Its words that rank.
        language: The index's language.
    """
    count = cache(partial(articles_of, engine))
    statistics = engine.statistics()
    every = statistics.articles + engine.segments().deleted
    part = partial(_part, engine, count, _Languages(language, statistics.languages))
    return Explanation(
        tree=part(tree),
        filters=tuple(map(part, filters)),
        ranked=tuple(
            Ranked(wording(item.word), item.boost, count(item.word), idf(every, count(item.word)))
            for item in scored
        ),
        articles=every,
        average_length=statistics.average_length,
    )


class _Languages:
    """The languages of an archive, by the stemmer that each is read with.

    Args:
        language: The index's own, which articles of no known language are taken for.
        found: Those that articles are in.
    """

    def __init__(self, language: str, found: frozenset[str]) -> None:
        self._own = stemmer_for(None, language)
        self._codes: dict[str, list[str]] = {self._own: []}
        for name in sorted(found):
            self._codes.setdefault(stemmer_for(name, language), []).append(name)

    def stems(self, word: str) -> tuple[tuple[str, str], ...]:
        """Stemmer -> stem of a word, the index's own stemmer first."""
        return tuple((stemmer, stem(word, stemmer)) for stemmer in self._codes)

    def where(self, node: bound.Term, form: str) -> bound.Bound:
        """The articles in whose language a form has the stem of a word."""
        has = {name: stem(node.lower, name) in stems(form, name) for name in self._codes}
        own = has[self._own]
        others = tuple(
            bound.Phrase(("language",), (code,))
            for name, codes in self._codes.items()
            if has[name] != own
            for code in codes
        )
        if not others:
            return bound.All()
        return bound.Not(bound.Or(others)) if own else bound.Or(others)


def _inside(node: bound.Bound) -> tuple[bound.Bound, ...]:
    """The parts that a part is made of."""
    match node:
        case bound.Not():
            return (node.child,)
        case bound.And() | bound.Or():
            return node.children
        case bound.Near():
            return (*node.left, *node.right)
        case bound.AtLeast():
            return node.words
        case _:
            return ()


def _words_of(node: bound.Bound) -> tuple[bound.Bound, ...]:
    """The words of a leaf that has several."""
    if isinstance(node, bound.Phrase | bound.Slop):
        several = len(node.forms) > 1
        return tuple(bound.Phrase(node.fields, (form,)) for form in node.forms if several)
    return _inside(node)


def _part(engine: Engine, count: Count, languages: _Languages, node: bound.Bound) -> Part:
    roots = languages.stems(node.lower) if isinstance(node, bound.Term) else ()
    forms = _counted(count, node, _forms_met(engine, node, roots), languages)
    return Part(
        kind=kind_of(node),
        text=wording(node),
        fields=fields_of(node),
        articles=count(node),
        stems=roots,
        forms=tuple(forms[:FORMS_SHOWN]),
        forms_met=len(forms),
        children=tuple(_part(engine, count, languages, child) for child in _inside(node)),
        verified=not isinstance(node, bound.And | bound.Or | bound.Not) and engine.verifies(node),
    )


# Forms


def _forms_met(
    engine: Engine, node: bound.Bound, roots: tuple[tuple[str, str], ...]
) -> dict[str, int]:
    """The forms of the lexicon that a leaf of one word meets, with about how many articles."""
    fits: Fits
    if isinstance(node, bound.Term):
        prefixes, fits = {_head(root) for _, root in roots}, _stems_to(roots)
        # The one algorithm that takes prefixes away: gelopen is loop.
        prefixes |= {f"ge{_head(root)}" for stemmer, root in roots if stemmer == "nl"}
    elif isinstance(node, bound.Expansion):
        prefixes, fits = {prefix_of(node)}, fitting(node)
    else:
        return {}
    found: dict[str, int] = {}
    for name in fields_of(node):
        for prefix in prefixes:
            for form, articles in engine.terms(name, prefix, fits):
                found[form] = max(articles, found.get(form, 0))
    return found


def _head(root: str) -> str:
    """What the forms of a stem begin with, whose last letters may differ (die, dying)."""
    return root[: max(1, min(3, len(root) - 2))]


def _stems_to(roots: tuple[tuple[str, str], ...]) -> Callable[[str], bool]:
    def fits(form: str) -> bool:
        return any(root in stems(form, stemmer) for stemmer, root in roots)

    return fits


def _counted(
    count: Count, node: bound.Bound, forms: dict[str, int], languages: _Languages
) -> list[tuple[str, int]]:
    """The forms that a leaf meets, the commonest first, with the number of articles.

    Those of a word are counted in the articles in whose language they have its stem; of
    other leaves, only those that may be shown are counted anew, without deleted articles.
    """
    word = isinstance(node, bound.Term)
    ordered = sorted(forms.items(), key=lambda pair: (-pair[1], pair[0]))
    most = _COUNTED if word else FORMS_SHOWN
    counts = []
    for form, _ in ordered[:most]:
        held: bound.Bound = bound.Phrase(fields_of(node), (form,))
        if isinstance(node, bound.Term):
            held = bound.And((held, languages.where(node, form)))
        counts.append((form, count(held)))
    met = [pair for pair in counts if pair[1] or not word]
    return sorted(met, key=lambda pair: (-pair[1], pair[0])) + ordered[most:]


# Scores


def reckon(
    engine: Engine, query: bound.BoundQuery, ranked: tuple[Ranked, ...], view: ArticleView
) -> Reckoning:
    """How the score of an article comes about.

    Args:
        ranked: As in the query's `Explanation`.
        view: The article.
    """
    length = engine.round_length(view.ranking_length() + LENGTH_PADDING)
    average = engine.statistics().average_length
    shares = []
    for scored, word in zip(query.scored, ranked, strict=True):
        count = frequency(scored.word, view)
        saturated = bm25(count, length, average) if count else 0.0
        gain = word.boost * word.idf * saturated
        shares.append(Share(word.word, count, saturated, word.idf, word.boost, gain))
    return Reckoning(length, tuple(shares))
