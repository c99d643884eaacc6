"""What a query's words add to scores: clauses of Lucene's own BM25, put right by boosts.

A word that has several terms (the stems of a multilingual archive, the forms of a pattern)
is scored as one: its terms are given at one position, of which Lucene makes one synonym,
and sums their frequencies. It takes the greatest of their numbers of articles for that of
the word; the boost makes it the number of articles that have any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from newsidx.engines.opensearch.compile import Compiler, Query, any_of
from newsidx.engines.opensearch.layout import STACKED
from newsidx.engines.opensearch.patterns import expression, pattern_query
from newsidx.engines.opensearch.reading import Reader
from newsidx.errors import EngineError
from newsidx.query import bound
from newsidx.query.ranking import K1, B, idf
from newsidx.schema import FIELDS, TEXT_FIELDS

__all__ = ["MOST_FORMS", "clauses"]

MOST_FORMS = 1000
"""Lucene takes no more terms for one word than clauses in a query."""


class _Word(Struct, frozen=True):
    """A word as terms of one field.

    Attributes:
        articles: How many have any of the terms.
        most: How many have the commonest of them.
    """

    field: str
    terms: tuple[str, ...]
    articles: int = 0
    most: int = 0


def clauses(
    reader: Reader,
    compiler: Compiler,
    scored: Sequence[bound.Scored],
    total: int,
    average: float,
) -> list[Query]:
    """A clause for each word, whose score is that of the word.

    Args:
        total: How many articles there are.
        average: The mean of their padded lengths.
    """
    words = {each.word: _plain(compiler, each.word) for each in scored}
    unknown = [word for word, known in words.items() if known is None]
    if unknown:
        words |= zip(unknown, _counted(reader, compiler, unknown), strict=True)
    found = []
    for each in scored:
        word = words[each.word]
        if word is not None and word.terms:
            found.append(_clause(word, each.boost, total, average))
    return found


def _plain(compiler: Compiler, word: bound.Term | bound.Expansion) -> _Word | None:
    """A word of one term, of which nothing has to be known; None of any other."""
    if isinstance(word, bound.Term):
        stems = compiler.stems(word)
        if len(stems) == 1:
            return _Word("ranking", tuple(stems))
    return None


def _clause(word: _Word, boost: float, total: int, average: float) -> Query:
    if word.field == "lexicon":
        return _scripted(word, boost * idf(total, word.articles), average)
    if len(word.terms) == 1:
        return {"term": {word.field: {"value": word.terms[0], "boost": boost}}}
    if word.articles != word.most:
        boost *= idf(total, word.articles) / idf(total, word.most)
    text = "|".join(word.terms)
    return {"match": {word.field: {"query": text, "analyzer": STACKED, "boost": boost}}}


# The saturated frequency of all forms that a wildcard fits (`ranking.bm25`), for one with more
# of them than Lucene takes: it goes through the lexicon of each article that matches.
_SCRIPT = """
int count = 0;
String p = params.pattern;
for (String entry : doc['lexicon']) {
  int end = entry.indexOf(' ');
  int at = 0; int to = 0; int star = -1; int mark = 0; boolean fits = true;
  while (at < end) {
    if (to < p.length() && p.charAt(to) == (char)'*') { star = to++; mark = at; }
    else if (to < p.length() && (p.charAt(to) == (char)'?' || p.charAt(to) == entry.charAt(at))) {
      if (p.charAt(to) == (char)'?' && Character.isHighSurrogate(entry.charAt(at))) { at++; }
      to++; at++;
    }
    else if (star >= 0) { to = star + 1; at = ++mark; }
    else { fits = false; break; }
  }
  while (fits && to < p.length() && p.charAt(to) == (char)'*') { to++; }
  if (fits && to == p.length()) {
    int second = entry.indexOf(' ', end + 1);
    int third = entry.indexOf(' ', second + 1);
    count += params.title * Integer.parseInt(entry.substring(end + 1, second));
    count += params.body * Integer.parseInt(entry.substring(second + 1, third));
  }
}
int length = (int) doc['length'].value;
int rest = length - 24;
if (rest >= 16) {
  int shift = 28 - Integer.numberOfLeadingZeros(rest);
  length = 24 + ((rest >> shift) << shift);
}
double norm = params.k1 * (1 - params.b + params.b * length / params.average);
return params.weight * (params.k1 + 1) * count / (count + norm);
"""


def _scripted(word: _Word, weight: float, average: float) -> Query:
    (pattern,) = word.terms
    fitting = any_of(pattern_query(name, bound.Wildcard((), pattern)) for name in TEXT_FIELDS)
    weights = {field.name: field.weight for field in FIELDS if field.name in TEXT_FIELDS}
    params = {"pattern": pattern, "weight": weight, "average": average, "k1": K1, "b": B, **weights}
    script = {"source": _SCRIPT, "params": params}
    return {"script_score": {"query": {"bool": {"filter": [fitting]}}, "script": script}}


def _counted(
    reader: Reader, compiler: Compiler, words: Sequence[bound.Term | bound.Expansion]
) -> list[_Word]:
    """What has to be known of words with several terms, asked for in one request."""
    answers = reader.ask_each([_question(compiler, word) for word in words])
    found = []
    for word, answer in zip(words, answers, strict=True):
        articles = answer["hits"]["total"]["value"]
        if isinstance(word, bound.Term):
            counts = answer["aggregations"]["terms"]["buckets"]
            terms = {term: each["doc_count"] for term, each in counts.items() if each["doc_count"]}
            found.append(_Word("ranking", tuple(terms), articles, max(terms.values(), default=0)))
        else:
            found.append(_pattern(word, answer["aggregations"]["forms"], articles))
    return found


def _question(compiler: Compiler, word: bound.Term | bound.Expansion) -> dict[str, Any]:
    body: dict[str, Any] = {"size": 0, "track_total_hits": True}
    if isinstance(word, bound.Term):
        stems = compiler.stems(word)
        filters = {term: {"term": {"ranking": term}} for term in stems}
        body["query"] = {"terms": {"ranking": stems}}
        body["aggs"] = {"terms": {"filters": {"filters": filters}}}
        return body
    body["query"] = any_of(pattern_query(name, word) for name in TEXT_FIELDS)
    include = f"({expression(word)}) [0-9]+ [0-9]+ [0-9]+"
    size = 10 * MOST_FORMS
    body["aggs"] = {"forms": {"terms": {"field": "lexicon", "include": include, "size": size}}}
    return body


def _pattern(word: bound.Expansion, answer: dict[str, Any], articles: int) -> _Word:
    counts: dict[str, int] = {}
    for bucket in answer["buckets"]:
        form = bucket["key"].partition(" ")[0]
        counts[form] = counts.get(form, 0) + bucket["doc_count"]
    if len(counts) <= MOST_FORMS and not answer["sum_other_doc_count"]:
        return _Word("ranking_forms", tuple(counts), articles, max(counts.values(), default=0))
    if isinstance(word, bound.Wildcard):
        return _Word("lexicon", (word.pattern,), articles)
    raise EngineError(
        "This pattern stands for too many words to rank by.",
        "Narrow it, or sort by date: --sort newest",
    )
