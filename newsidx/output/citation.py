"""The citation of a query: as a block for a methods section, and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from newsidx.output.coverage import days, searched_record
from newsidx.output.records import index_record, query_record
from newsidx.output.safe import one_line, valid
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.index.accounts import Account
    from newsidx.searcher.citation import Citation

__all__ = ["CITE", "citation_lines", "citation_pairs", "citation_record"]

CITE = "newsidx.cite/1"

_SHARED = "not known, since others fill this index as well"

# Sources and gaps that the block names; JSON has all of them.
_SOURCES, _GAPS = 20, 10


def citation_record(found: Citation) -> dict[str, Any]:
    """A citation as `newsidx.cite/1`; the only clock in it is `date`."""
    spread, versions = found.spread, found.versions
    return {
        "schema": CITE,
        "index": index_record(found.index),
        "query": query_record(found.query),
        "literal": found.literal,
        "total": found.total,
        "content": found.content,
        "sources": [
            {"source": valid(name), "articles": articles} for name, articles in spread.sources
        ],
        "without_source": spread.without_source,
        "first": spread.first,
        "last": spread.last,
        "undated": spread.undated,
        "searched": searched_record(found.searched),
        "dropped": found.account and _account_record(found.account),
        "versions": {
            "newsidx": versions.newsidx,
            "tokens": versions.tokens,
            "stems": versions.stems,
            "language": versions.language,
        },
        "date": found.day.isoformat(),
        "block": "".join(f"{line}\n" for line in citation_lines(found)),
        "warnings": list(found.warnings),
    }


def _account_record(account: Account) -> dict[str, Any]:
    return {
        "files": [
            {"status": status, "reason": reason, "files": files}
            for status, reason, files in account.files
        ],
        "records": account.records,
        "copies": account.copies,
        "older": account.versions,
        "removed": account.removed,
    }


def citation_lines(found: Citation) -> Iterator[str]:
    """The block: a line for each thing that there is to say."""
    pairs = list(citation_pairs(found))
    width = max(len(name) for name, _ in pairs) + 2
    for name, text in pairs:
        yield f"{name + ':':<{width}}{one_line(text)}"


def citation_pairs(found: Citation) -> Iterator[tuple[str, str]]:
    """The same as pairs of a name and what there is to say."""
    yield from _asked(found)
    yield from _answered(found)
    yield from _searched(found)
    versions = found.versions
    state = found.index.state
    yield (
        "State",
        f"{state} (of all articles, their ids and all that they say)" if state else _SHARED,
    )
    yield (
        "Software",
        (
            f"newsidx {versions.newsidx}, engine {found.index.engine}, "
            f"tokens {versions.tokens}, stems {versions.stems}"
        ),
    )
    yield "Date", found.day.isoformat()
    for note in found.warnings:
        yield "Note", note


def _asked(found: Citation) -> Iterator[tuple[str, str]]:
    query = found.query
    yield "Query", query.text
    yield "Understood as", query.understood or "nothing to look for"
    if query.reading:
        yield "Read as", query.reading
    ways = ["as written, without stemming" if query.exact else "by their stems"]
    if found.literal:
        ways.append("taken as plain words")
    if query.any:
        ways.append("any of the loose words will do")
    if not query.exact:
        ways.append(f"stemmer {found.versions.language} where the language is not known")
    yield "Words", "; ".join(ways)
    if query.dropped:
        yield "Left out", f"{', '.join(query.dropped)} (too common)"
    if query.ignored:
        yield "Ignored", f"{' '.join(query.ignored)} (no letter or digit)"
    if query.starred:
        yield "In quotes", f"{'; '.join(query.starred)} (there * and ? are punctuation)"
    yield "Filters", "; ".join(query.filters) or "none"


def _answered(found: Citation) -> Iterator[tuple[str, str]]:
    spread = found.spread
    among = counted(found.searched.articles, "article")
    yield "Found", f"{found.total:,} of {among} searched"
    if found.total:
        yield "Found from", _span(spread.first, spread.last, spread.undated)
        yield "Found in", _sources(spread.sources, spread.without_source)
    yield "Result", f"{found.content} (of the articles found, their ids and all that they say)"


def _searched(found: Citation) -> Iterator[tuple[str, str]]:
    among, covered = found.searched.articles, found.searched.covered
    if among != found.index.articles:
        yield "Searched", f"{among:,} of {counted(found.index.articles, 'article')}, by the filters"
    else:
        yield "Searched", f"{counted(among, 'article')}, all there are"
    if covered is not None and among:
        yield "Searched from", _span(covered.first, covered.last, covered.undated)
        yield "Searched in", _sources(covered.sources, covered.without_source)
        gaps = [
            f"{one_line(gap.source) if gap.source else 'all sources'} {days(gap.first, gap.last)}"
            for gap in covered.gaps
        ]
        yield "Gaps", _listed(gaps, _GAPS, "more gap") or "none found"
    account = found.account
    if account is None:
        yield "Not searched", "not known, a writer is at work"
        return
    others = "" if found.index.state else "of what others index, not known; of what was here, "
    yield "Not searched", others + _files(account)
    beside = {"copy": account.copies, "older version": account.versions}
    plural = {"copy": "copies"}
    dropped = [counted(n, name, plural.get(name)) for name, n in beside.items() if n]
    dropped += [f"{counted(account.removed, 'article')} removed by hand"] * bool(account.removed)
    yield "Dropped", others + ("; ".join(dropped) or "nothing")


def _files(account: Account) -> str:
    by_status: dict[str, Counter[str]] = {}
    for status, reason, files in account.files:
        by_status.setdefault(status, Counter())[reason or "no reason noted"] += files
    said = []
    for status in ("failed", "unseen", "skipped", "excluded"):
        reasons = by_status.get(status)
        if reasons:
            named = ", ".join(f"{reason} {files:,}" for reason, files in sorted(reasons.items()))
            said.append(f"{counted(reasons.total(), 'file')} {status} ({named})")
    if account.records:
        said.append(f"{counted(account.records, 'record')} that could not be read")
    return "; ".join(said) or "no file was left out"


def _span(first: str | None, last: str | None, undated: int) -> str:
    if first is None or last is None:
        return "no date is known"
    span = first if first == last else f"{first} to {last}"
    return f"{span}; {undated:,} without a date" if undated else span


def _sources(sources: Sequence[tuple[str, int]], without: int) -> str:
    names = [f"{one_line(valid(name))} {articles:,}" for name, articles in sources]
    said = _listed(names, _SOURCES, "more source")
    if without:
        said += f"{'; ' if said else ''}{without:,} without a source"
    return said


def _listed(names: Sequence[str], most: int, rest: str) -> str:
    shown = "; ".join(names[:most])
    more = len(names) - most
    return f"{shown}; and {counted(more, rest)}" if more > 0 else shown
