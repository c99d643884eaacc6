"""A query taken apart, and what can be said where nothing was found: for people, as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from newsidx.output.safe import one_line, valid
from newsidx.results import Correction, IndexInfo, Leaf, QueryInfo
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.results.explained import Explanation, Part, Reckoning

__all__ = [
    "correction_record",
    "explanation_lines",
    "explanation_record",
    "leaf_record",
    "nothing_lines",
    "reckoning_lines",
    "reckoning_record",
]

# The operators that join others need no more: what they join stands below.
_TITLES = {"all": "all of", "any": "any of", "not": "not", "everything": "every article"}
_COLUMN = 48


def explanation_lines(query: QueryInfo, explanation: Explanation) -> Iterator[str]:
    """The lines of `--explain` about a query."""
    yield f"Understood as: {one_line(query.understood)}"
    if query.dropped:
        yield f"Left out as too common: {', '.join(query.dropped)}"
    yield ""
    yield from _part_lines(explanation.tree, 0)
    for part in explanation.filters:
        yield ""
        yield "filter"
        yield from _part_lines(part, 1)
    yield ""
    if not explanation.ranked:
        yield "No word of this query ranks: results stand by date, newest first."
        return
    articles = counted(explanation.articles, "article")
    length = f"{explanation.average_length:,.0f}"
    yield f"Scores add up these words, over {articles} of average length {length}:"
    for word in explanation.ranked:
        boost = f", boost {word.boost:g}" if word.boost != 1 else ""
        found = counted(word.articles, "article")
        yield f"  {one_line(word.word)}: in {found}, idf {word.idf:.3f}{boost}"


def _part_lines(part: Part, depth: int) -> Iterator[str]:
    margin = "  " * depth
    title = _TITLES.get(part.kind) or f"{part.kind} {one_line(part.text)}"
    if len(part.fields) > 1:
        title += f"  in {', '.join(part.fields)}"
    yield f"{margin + title:<{_COLUMN}}  {counted(part.articles, 'article')}"
    if part.stems:
        yield f"{margin}    stem: {one_line(_stems(part))}"
    if part.forms_met:
        yield f"{margin}    {_forms(part)}"
    if part.verified:
        yield f"{margin}    verified on candidates, one by one: the engine can't be asked for it"
    for child in part.children:
        yield from _part_lines(child, depth + 1)


def _stems(part: Part) -> str:
    """The stems, each with the languages that have it: elect (en, nl), electi (it)."""
    languages: dict[str, list[str]] = {}
    for stemmer, root in part.stems:
        name = "other languages" if stemmer == "none" else stemmer
        languages.setdefault(root, []).append(name)
    return ", ".join(f"{root} ({', '.join(names)})" for root, names in languages.items())


def _forms(part: Part) -> str:
    shown = ", ".join(f"{one_line(form)} {articles:,}" for form, articles in part.forms)
    rest = part.forms_met - len(part.forms)
    more = f", … and {rest:,} rarer of {part.forms_met:,} in all" if rest else ""
    return f"forms: {shown}{more}"


def reckoning_lines(score: float, reckoning: Reckoning) -> Iterator[str]:
    """How the score of a result comes about."""
    yield f"score {score:.4f}, length {reckoning.length:,.0f}"
    for share in reckoning.shares:
        boost = f" × boost {share.boost:g}" if share.boost != 1 else ""
        yield (
            f"{share.score:8.4f}  {one_line(share.word)}: frequency {share.frequency} gives "
            f"{share.saturated:.3f} × idf {share.idf:.3f}{boost}"
        )


def nothing_lines(
    index: IndexInfo,
    query: QueryInfo,
    leaves: tuple[Leaf, ...],
    suggestions: tuple[Correction, ...],
) -> Iterator[str]:
    """What to say where no article matches."""
    text = one_line(query.understood) or "an empty query"
    if query.filters:
        text += f" with {one_line(' and '.join(query.filters))}"
    fields = ", ".join(dict.fromkeys(name for leaf in leaves for name in leaf.fields))
    looked = f"; looked in {fields}" if fields else ""
    articles = counted(index.articles, "article")
    yield f"newsidx: No article matches {text} in {index.path} ({articles}{looked})."
    if len(leaves) > 1 or any(leaf.known for leaf in leaves):
        yield "  By itself:"
        for leaf in leaves:
            name = f"{'without ' if leaf.negated else ''}{one_line(leaf.text)}"
            count = index.articles - leaf.articles if leaf.negated else leaf.articles
            known = f"; there are {', '.join(leaf.known)}" if leaf.known else ""
            yield f"    {name:<32}  {counted(count, 'article')}{one_line(known)}"
    for number, suggestion in enumerate(suggestions):
        start = "  Did you mean:" if number == 0 else "            or:"
        meant = " and ".join((suggestion.query, *suggestion.filters))
        yield f"{start} {one_line(meant)}  ({counted(suggestion.articles, 'article')})"


# JSON


def explanation_record(explanation: Explanation) -> dict[str, Any]:
    """`query.explanation` of the JSON output."""
    return {
        "tree": _part_record(explanation.tree),
        "filters": [_part_record(part) for part in explanation.filters],
        "ranked": [
            {
                "word": valid(word.word),
                "boost": word.boost,
                "articles": word.articles,
                "idf": round(word.idf, 6),
            }
            for word in explanation.ranked
        ],
        "articles": explanation.articles,
        "average_length": round(explanation.average_length, 6),
    }


def _part_record(part: Part) -> dict[str, Any]:
    return {
        "kind": part.kind,
        "text": valid(part.text),
        "fields": list(part.fields),
        "articles": part.articles,
        "stems": dict(part.stems),
        "forms": [{"form": form, "articles": articles} for form, articles in part.forms],
        "forms_met": part.forms_met,
        "verified": part.verified,
        "children": [_part_record(child) for child in part.children],
    }


def reckoning_record(reckoning: Reckoning) -> dict[str, Any]:
    """`explanation` of a result in the JSON output."""
    return {
        "length": reckoning.length,
        "words": [
            {
                "word": valid(share.word),
                "frequency": share.frequency,
                "saturated": round(share.saturated, 6),
                "idf": round(share.idf, 6),
                "boost": share.boost,
                "score": round(share.score, 6),
            }
            for share in reckoning.shares
        ],
    }


def leaf_record(leaf: Leaf) -> dict[str, Any]:
    """One of `leaves` in the JSON output."""
    return {
        "text": valid(leaf.text),
        "fields": list(leaf.fields),
        "articles": leaf.articles,
        "negated": leaf.negated,
        "known": list(leaf.known),
    }


def correction_record(correction: Correction) -> dict[str, Any]:
    """One of `suggestions` in the JSON output."""
    return {
        "query": valid(correction.query),
        "filters": [valid(text) for text in correction.filters],
        "articles": correction.articles,
    }
