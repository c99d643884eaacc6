"""Pseudo-relevance feedback: what the best articles speak of besides is added to a query.

The relevance model RM3. A first search finds the articles that feedback is taken from;
the model of its words is P(w|R) = sum over them of P(w|d) P(d|Q), with P(w|d) the share
of w in an article's weighted length and P(d|Q) the article's share of the scores
(Lavrenko and Croft, "Relevance-based language models", SIGIR 2001). The strongest
words are mixed with the query's own: MIX of all weight stays with what was typed
(Abdul-Jaleel et al., "UMass at TREC 2004: novelty and HARD").
"""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from newsidx.article import Article
from newsidx.engines.base import Engine, EngineHit, SearchRequest
from newsidx.query import nodes
from newsidx.query.bound import And, Bound, BoundQuery, Not, Or, Scored, Term
from newsidx.searcher.question import Ask, Understood, bound_question
from newsidx.searcher.vocabulary import Archive, Key, most_telling, term, vocabulary
from newsidx.text.stems import stem
from newsidx.text.tokens import tokenize

__all__ = ["FEEDBACK", "MIX", "TERMS", "Added", "Candidate", "candidates", "expand"]

# Ten articles and twenty words are the usual choice. Words are chosen by P(w|R) × idf,
# so that what is everywhere does not fill the list, and weigh by P(w|R). Of .5, .6 and .7
# for MIX, .6 was best on Cranfield and not worse than without expansion anywhere. MAP by
# `benchmarks/ranking.py`: .312 to .348 on Cranfield, .699 to .704 on TIME 1963.
FEEDBACK = 10
TERMS = 20
MIX = 0.6


class Added(Struct, frozen=True):
    """A word that feedback gave to a query.

    Attributes:
        form: The commonest form of it in the articles it was taken from.
        weight: What it adds to the query, where a word as typed weighs 1.
        typed: Whether the query had it already, and it only weighs more now.
    """

    form: str
    weight: float
    typed: bool = False


class Candidate(Struct, frozen=True):
    """A word that a query could be widened or narrowed with.

    Attributes:
        articles: How many articles have it, of those that pass the filters.
        adds: How many of these the query does not match.
    """

    form: str
    weight: float
    articles: int
    adds: int


def expand(
    engine: Engine,
    question: Ask,
    understood: Understood,
    language: str,
    today: date,
) -> tuple[Understood, tuple[Added, ...]]:
    """Widen a question with the words of its best articles.

    Loose words become alternatives, as with `--any`, and the added words are more of
    them: they can bring in articles, but none past a filter, a field, a range, a
    negation or an explicit operator. Where the query has no loose word, nothing is
    brought in and only scores change.

    Args:
        question: As it was put.
        understood: What was made of it, with `--any` or without.
        language: The index's language.
        today: What `yesterday` counts from.

    Returns:
        The question as it is to be run, and what was added, the strongest first. Of a
        question that no word ranks, or that finds nothing, it is the question itself.
    """
    question = replace(question, any_word=True)
    text = understood.info.text
    sieves = understood.filter_nodes
    if not understood.info.any:
        understood = bound_question(question, understood.node, sieves, text, language, today)
    found = _feedback(engine, understood.query, language)
    if not found:
        return understood, ()
    scored, added = _mixed(understood.query.scored, found)
    words = tuple(nodes.Word(each.form) for each in added if not each.typed)
    wider = bound_question(
        question, nodes.Loose((*_loose(understood.node), *words)), sieves, text, language, today
    )
    same_words = wider.query.dropped == understood.query.dropped
    if not (words and same_words and _is_widened(wider.tree, len(words))):
        wider = understood
    query = replace(understood.query, tree=wider.query.tree, scored=scored)
    return replace(understood, query=query, tree=wider.tree), added


def candidates(
    engine: Engine,
    question: Ask,
    understood: Understood,
    language: str,
    today: date,
) -> tuple[Candidate, ...]:
    """Words to put into a query by hand, the strongest first; arguments as for `expand`.

    Those that would bring in no article are left out.
    """
    _, added = expand(engine, question, understood, language, today)
    archive, sieves = Archive(engine), understood.filters
    found = []
    for each in added:
        word = term(each.form)
        adds = 0 if each.typed else archive.count(word, Not(understood.tree), *sieves)
        if adds:
            articles = archive.count(word, *sieves)
            found.append(Candidate(each.form, each.weight, articles, adds))
    return tuple(found)


# The model


class _Word(NamedTuple):
    """A word of the model: its commonest form, and its share of the words chosen."""

    key: Key
    form: str
    share: float


def _feedback(engine: Engine, query: BoundQuery, language: str) -> list[_Word]:
    """The strongest words of the best articles."""
    if not query.scored:
        return []
    page = engine.search(SearchRequest(query, limit=FEEDBACK))
    hits = [hit for hit in page.hits if hit.score > 0]
    articles = engine.get([hit.id for hit in hits])
    model, forms = _relevance_model(hits, articles, language)

    def commonest(key: Key) -> str:
        return min(forms[key].items(), key=lambda item: (-item[1], item[0]))[0]

    usable = {key: share for key, share in model.items() if len(tokenize(commonest(key))) == 1}
    # A word of one article alone can bring in no other.
    telling = most_telling(usable, commonest, Archive(engine), TERMS, least=2)
    chosen = [key for key, _ in telling]
    chosen.sort(key=lambda key: (-model[key], key))
    whole = sum(model[key] for key in chosen)
    words: dict[str, _Word] = {}
    for key in chosen:  # two languages may share a form, and so a word
        form = commonest(key)
        words.setdefault(form, _Word(key, form, model[key] / whole))
    return list(words.values())


def _relevance_model(
    hits: list[EngineHit], articles: dict[str, Article], language: str
) -> tuple[dict[Key, float], dict[Key, Counter[str]]]:
    """P(w|R) of every word in the articles, and its forms there."""
    total = sum(hit.score for hit in hits)
    model: dict[Key, float] = {}
    forms: dict[Key, Counter[str]] = {}
    for hit in hits:
        words = vocabulary(articles[hit.id], language)
        for key, count in words.frequencies.items():
            share = hit.score / total * count / words.length
            model[key] = model.get(key, 0.0) + share
        for key, found in words.forms.items():
            forms.setdefault(key, Counter()).update(found)
    return model, forms


def _mixed(
    scored: tuple[Scored, ...], words: list[_Word]
) -> tuple[tuple[Scored, ...], tuple[Added, ...]]:
    """The query's words with their weight, and the model's with theirs."""
    typed = sum(each.boost for each in scored)
    mixed = list(scored)
    added = []
    for key, form, share in words:
        weight = typed * (1 - MIX) / MIX * share
        own = (at for at, each in enumerate(scored) if _key(each.word, key[0]) == key)
        place = next(own, None)
        if place is None:
            mixed.append(Scored(term(form), weight))
        else:
            mixed[place] = replace(mixed[place], boost=mixed[place].boost + weight)
        added.append(Added(form, weight, typed=place is not None))
    return tuple(mixed), tuple(added)


def _key(word: object, stemmer: str) -> Key | None:
    return (stemmer, stem(word.lower, stemmer)) if isinstance(word, Term) else None


# The tree


def _loose(node: nodes.Node) -> tuple[nodes.Node, ...]:
    return node.children if isinstance(node, nodes.Loose) else (node,)


def _is_widened(tree: Bound, added: int) -> bool:
    """Whether words of the query's own stand among the alternatives, beside those added.

    If not, the added ones would be a condition where there was none.
    """
    either = tree.children[0] if isinstance(tree, And) else tree
    return isinstance(either, Or) and len(either.children) > added
