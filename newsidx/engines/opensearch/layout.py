"""How an article lies in the cluster: fields, and what they hold.

| name | type | holds |
|---|---|---|
| `title`, `body`, `hlead` | text | forms, with blanks between them |
| `title_stems`, ... | text | their stems, at the same positions; a bar between two of a word |
| `authors`, `source`, ... | text | forms, with a gap between values |
| `ranking` | text, BM25 | stems, weighted by field, and the padding |
| `ranking_forms` | text, BM25 | forms, likewise, and as long: what a pattern's score is made of |
| `whole` | keyword | `field=` and the forms of a whole value |
| `has` | keyword | the names of the article's fields that have a value |
| `lexicon` | keyword | a form and how often it is in title, body and lead |
| `words_of` | keyword | a keyword field, a form and how often it is in that |
| `authors_values`, ... | keyword | the values of each field that is a facet |
| `day_first`, `day_last`, `words`, `length` | integer | the span of the date as ordinals; tokens |
| `title_key`, `source_key` | keyword | what sorting reads |
| `key`, `owner`, `stemmer` | keyword | the id and whose it is; the owner; the stemmer |
| `article` | not searched | the article, as JSON: all that is stored |
"""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from newsidx import analysis
from newsidx.analysis import KEYWORD_FIELDS, VALUE_GAP, ranking_stem, whole_value
from newsidx.article import Article
from newsidx.engines.ordering import day_number, sort_text
from newsidx.engines.stored import json_bytes
from newsidx.query.ranking import K1, LENGTH_PADDING, B
from newsidx.schema import FIELDS, LEAD, TEXT_FIELDS, Kind
from newsidx.text.folding import fold
from newsidx.text.stems import STEM_VERSION, stemmer_for, stems
from newsidx.text.tokens import TOKEN_VERSION, forms, lowered

__all__ = ["FACETS", "PLAIN", "STACKED", "VERSION", "document", "encoded", "meta", "template"]
__all__ += ["stems_of", "whole_term"]

VERSION = 1
"""Changes with what is written; stands in the mapping of a physical index."""

PLAIN, STACKED = "newsidx_plain", "newsidx_stacked"
"""Analysers: words between blanks; the same, and those with bars between at one position."""

FACETS: tuple[str, ...] = tuple(
    field.name for field in FIELDS if field.facet and field.kind is not Kind.DATE
)

_WEIGHTS = {field.name: field.weight for field in FIELDS if field.kind is Kind.TEXT}
_PAD = "*"
_BAR = "|"

# Lucene refuses a term of more than 32,766 bytes; a character takes four at most.
_LONGEST = 8000


def stems_of(field: str) -> str:
    """The field that holds the stems of a text field."""
    return f"{field}_stems"


def whole_term(field: str, words: tuple[str, ...]) -> str:
    """The term of a keyword field's whole value."""
    return field + whole_value(words)


def meta(language: str, owner: str) -> dict[str, Any]:
    """What a physical index says of itself."""
    return {
        "layout": VERSION,
        "tokens": TOKEN_VERSION,
        "stems": STEM_VERSION,
        "padding": LENGTH_PADDING,
        "weights": _WEIGHTS,
        "language": language,
        "owner": owner,
    }


def template(major: int) -> dict[str, Any]:
    """Settings and mapping of every physical index.

    Args:
        major: Of the version of OpenSearch, which names things otherwise.
    """
    # Since 3.0 "BM25" leaves out the constant factor k1 + 1.
    kind = "BM25" if major < 3 else "LegacyBM25"
    return {
        "settings": {
            "index": {
                "refresh_interval": "-1",  # a commit refreshes: articles come batch by batch
                "codec": "best_compression",
                "max_regex_length": 100_000,
                "merge.policy.expunge_deletes_allowed": 0,
                "similarity": {
                    "newsidx": {"type": kind, "k1": K1, "b": B, "discount_overlaps": False}
                },
                "analysis": _ANALYSIS,
            }
        },
        "mappings": {
            "dynamic": False,
            "_source": {"includes": ["article"]},
            "properties": _properties(),
        },
    }


_ANALYSIS: dict[str, Any] = {
    "tokenizer": {"newsidx_blanks": {"type": "whitespace", "max_token_length": 30_000}},
    "filter": {
        "newsidx_bars": {
            "type": "pattern_capture",
            "preserve_original": False,
            "patterns": ["([^|]+)"],
        }
    },
    "analyzer": {
        PLAIN: {"type": "custom", "tokenizer": "newsidx_blanks"},
        STACKED: {"type": "custom", "tokenizer": "newsidx_blanks", "filter": ["newsidx_bars"]},
    },
}


def _properties() -> dict[str, Any]:
    text = {
        "type": "text",
        "analyzer": PLAIN,
        "norms": False,
        "index_options": "positions",
        "position_increment_gap": VALUE_GAP,
    }
    stacked = {**text, "analyzer": STACKED, "search_analyzer": PLAIN}
    ranked = {
        "type": "text",
        "analyzer": STACKED,
        "search_analyzer": PLAIN,
        "index_options": "freqs",
        "similarity": "newsidx",
    }
    number, keyword = {"type": "integer"}, {"type": "keyword"}
    properties: dict[str, Any] = dict.fromkeys(KEYWORD_FIELDS, text)
    for name in TEXT_FIELDS:
        properties[name] = {**text, "copy_to": ["ranking_forms"]}
        properties[stems_of(name)] = {**stacked, "copy_to": ["ranking"]}
    properties |= {
        LEAD.name: text,
        stems_of(LEAD.name): stacked,
        "ranking": ranked,
        "ranking_forms": ranked,
        **dict.fromkeys(("day_first", "day_last", "words", "length"), number),
        **dict.fromkeys(("key", "owner", "stemmer", "whole", "has"), keyword),
        **dict.fromkeys(("lexicon", "words_of", "title_key", "source_key"), keyword),
        **{f"{name}_values": keyword for name in FACETS},
        "article": {"type": "object", "enabled": False},
    }
    return properties


def encoded(article: Article, language: str, owner: str) -> bytes:
    """The document of an article as one line of JSON."""
    found = document(article, language, owner)
    return json_bytes(found)


def document(article: Article, language: str, owner: str) -> dict[str, Any]:
    """What the cluster is given of an article.

    Args:
        language: The index's.
    """
    stemmer = stemmer_for(article.language, language)
    found: dict[str, Any] = {}
    words: dict[str, list[str]] = {}
    roots: dict[str, list[str]] = {}
    length = more = 0
    ranking: list[str] = []
    ranking_forms: list[str] = []
    for field, weight in _WEIGHTS.items():
        pairs = [_word(token, stemmer, language) for token in lowered(getattr(article, field))]
        words[field] = [form for form, _ in pairs]
        roots[field] = [root for _, root in pairs]
        doubled = sum(_BAR in root for root in roots[field])
        length += weight * (len(pairs) + doubled)
        more += weight * doubled
        # Once they come there by themselves.
        ranking += roots[field] * (weight - 1)
        ranking_forms += words[field] * (weight - 1)
        found[field] = " ".join(words[field])
        found[stems_of(field)] = " ".join(roots[field])
    lead: int = analysis.LEAD_WORDS  # type: ignore[attr-defined]
    found[LEAD.name] = [found["title"], " ".join(words["body"][:lead])]
    found[stems_of(LEAD.name)] = [found[stems_of("title")], " ".join(roots["body"][:lead])]
    found["ranking"] = " ".join([*ranking, *[_PAD] * LENGTH_PADDING])
    found["ranking_forms"] = " ".join([*ranking_forms, *[_PAD] * (LENGTH_PADDING + more)])
    found["length"] = length + LENGTH_PADDING
    found["lexicon"] = _lexicon(words["title"], words["body"], lead)
    _put_keywords(found, article)
    _put_columns(found, article)
    found |= {"key": f"{article.id}@{owner}", "owner": owner, "stemmer": stemmer}
    found["article"] = article.to_dict()
    return found


@lru_cache(maxsize=200_000)
def _word(token: str, stemmer: str, language: str) -> tuple[str, str]:
    """The form of a token, and its stems with bars between them."""
    roots = (ranking_stem(root, stemmer, language) for root in stems(token, stemmer))
    return fold(token), _BAR.join(roots)


def _lexicon(title: list[str], body: list[str], lead: int) -> list[str]:
    """Each form, with how often it is in the title, in the body and in the lead of that."""
    in_title, in_body, in_lead = Counter(title), Counter(body), Counter(body[:lead])
    every = in_title.keys() | in_body.keys()
    return [f"{form} {in_title[form]} {in_body[form]} {in_lead[form]}" for form in every]


def _put_keywords(found: dict[str, Any], article: Article) -> None:
    """What keyword fields are searched by, and which fields have a value."""
    whole, words_of = [], []
    for field in KEYWORD_FIELDS:
        values = [forms(value) for value in article.values(field)]
        if any(values):
            found[field] = [" ".join(value) for value in values if value]
        whole += [whole_term(field, tuple(value)) for value in values if value]
        counts = Counter(form for value in values for form in value)
        words_of += [f"{field} {form} {count}" for form, count in counts.items()]
    has = [f.name for f in FIELDS if f.kind is not Kind.NUMBER and article.values(f.name)]
    found |= {"whole": whole, "words_of": words_of, "has": has}


def _put_columns(found: dict[str, Any], article: Article) -> None:
    """What is sorted and counted by; what is not known is not there."""
    if article.published:
        found["day_first"] = day_number(article)
        found["day_last"] = article.published.last.toordinal()
    found["words"] = article.words
    for name in ("title", "source"):
        if key := sort_text(getattr(article, name)):
            found[f"{name}_key"] = key[:_LONGEST]
    for name in FACETS:
        kept: dict[str, str] = {}
        for value in article.values(name):
            # An article counts once for values that a query does not tell apart.
            kept.setdefault(" ".join(forms(value)) or fold(value), value)
        if kept:
            found[f"{name}_values"] = [_bounded(value) for value in kept.values()]


def _bounded(value: str) -> str:
    """A value that is short enough to be a term; of a longer one the rest is a hash."""
    if len(value) <= _LONGEST:
        return value
    digest = blake2b(value.encode(), digest_size=16).hexdigest()
    return f"{value[: _LONGEST - 33]} {digest}"
