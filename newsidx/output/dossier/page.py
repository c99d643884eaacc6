"""A dossier as one page of HTML: it loads nothing, runs nothing, and can be printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

from newsidx.output.citation import citation_lines, citation_pairs
from newsidx.output.dossier.articles import articles
from newsidx.output.dossier.chart import chart
from newsidx.output.dossier.markup import Markup, joined, tag
from newsidx.output.dossier.style import STYLE, policy
from newsidx.output.numbers import percent
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.output.originals import Copies
    from newsidx.searcher.concordance import Line
    from newsidx.searcher.dossier import Chapter, Dossier

__all__ = ["page"]

# Sources that the table names; the citation counts the others.
_SOURCES = 40


def page(dossier: Dossier, copies: Copies | None = None, folder: str | None = None) -> str:
    """A dossier as HTML: the same one gives the same text.

    Args:
        copies: Of the originals, where there are some.
        folder: Where these are, as seen from the page; None where that can't be told, so
            that nothing is linked to them.
    """
    links = _links(copies, folder)
    title = "Dossier: " + "; ".join(each.citation.query.text for each in dossier.chapters)
    kept = frozenset(entry.article.id for entry in dossier.entries)
    body = [
        tag("header", tag("h1", title), tag("p", _about(dossier), class_="byline")),
        tag("nav", tag("h2", "Contents"), _contents(dossier, copies), aria_label="Contents"),
    ]
    for number, each in enumerate(dossier.chapters, 1):
        body.append(_chapter(each, number, kept))
    body.append(articles(dossier, links))
    if copies is not None:
        body.append(_originals(copies, links))
    body.append(_citations(dossier))
    version = dossier.chapters[0].citation.versions.newsidx
    body.append(tag("footer", tag("p", f"Made with newsidx {version}.")))
    return f"<!DOCTYPE html>\n{tag('html', _head(title), _body(body), lang='en')}\n"


def _head(title: str) -> Markup:
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy()),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("style", Markup(STYLE)),
    )


def _body(parts: Iterable[Markup]) -> Markup:
    return tag("body", Markup("\n"), joined(parts, "\n"), Markup("\n"))


def _links(copies: Copies | None, folder: str | None) -> dict[str, str]:
    """Id -> the address of the copy of its file, relative to the page."""
    if copies is None or folder is None:
        return {}
    # A name with a colon in its first part would be taken for an address of another kind.
    below = folder if folder.startswith((".", "/")) else f"./{folder}"
    return {
        key: quote(f"{below}/{copy.name}".encode("utf-8", "surrogateescape"))
        for key, copy in copies.by_article.items()
        if copy.name is not None
    }


def _about(dossier: Dossier) -> str:
    first = dossier.chapters[0].citation
    queries = counted(len(dossier.chapters), "query", "queries")
    found = counted(len(dossier.entries), "article")
    archive = counted(first.index.articles, "article")
    state = f" State of the archive: {first.index.state}." if first.index.state else ""
    return f"{queries}, {found} here, of an archive of {archive}. {first.day.isoformat()}.{state}"


def _contents(dossier: Dossier, copies: Copies | None) -> Markup:
    items = [
        tag("li", tag("a", each.citation.query.text, href=f"#query-{number}"), f" ({_hits(each)})")
        for number, each in enumerate(dossier.chapters, 1)
    ]
    items.append(tag("li", tag("a", "Articles", href="#articles"), f" ({len(dossier.entries):,})"))
    if copies is not None:
        items.append(tag("li", tag("a", "Originals", href="#originals")))
    items.append(tag("li", tag("a", "To be cited", href="#citation")))
    return tag("ol", *items)


def _hits(each: Chapter) -> str:
    return counted(each.citation.total, "article")


# A query


def _chapter(each: Chapter, number: int, kept: frozenset[str]) -> Markup:
    return tag(
        "section",
        tag("h2", f"Query: {each.citation.query.text}", id=f"query-{number}"),
        tag("h3", "How it was understood, and what was searched"),
        _known(each),
        tag("h3", "In time"),
        *_timeline(each, number),
        tag("h3", "By source"),
        *_sources(each),
        tag("h3", "Every match in its context"),
        *_lines(each, kept),
    )


# What stands in the block at the end, where it can be copied.
_ONLY_CITED = frozenset(("Result", "State", "Software", "Date"))


def _known(each: Chapter) -> Markup:
    pairs = (pair for pair in citation_pairs(each.citation) if pair[0] not in _ONLY_CITED)
    return tag("dl", *(tag(*part) for name, said in pairs for part in (("dt", name), ("dd", said))))


def _timeline(each: Chapter, number: int) -> Iterator[Markup]:
    found = each.timeline
    if found is None:
        why = "No article was found." if not each.citation.total else "None has a date."
        yield tag("p", why, class_="note")
        return
    series = found.series[0]
    said = f"Articles by {found.by}."
    if any(bucket.gap for bucket in series.buckets):
        said += " Where it is shaded, the archive has nothing that was searched."
    if series.undated:
        said += f" {series.undated:,} without a date."
    if series.vague:
        said += f" {series.vague:,} dated less exactly than that."
    yield tag("figure", chart(found, number), tag("figcaption", said))


def _sources(each: Chapter) -> Iterator[Markup]:
    found = each.sources
    if not found.values:
        yield tag("p", "No source is known of any.", class_="note")
        return
    head = tag(
        "tr",
        tag("th", "source", scope="col"),
        *(tag("th", name, scope="col", class_="n") for name in ("found", "searched", "share")),
    )
    rows = [
        tag(
            "tr",
            tag("td", value.value),
            tag("td", f"{value.articles:,}", class_="n"),
            tag("td", f"{value.base:,}", class_="n"),
            tag("td", percent(value.ratio), class_="n"),
        )
        for value in found.values[:_SOURCES]
    ]
    yield tag("table", tag("thead", head), tag("tbody", *rows), class_="figures")
    beside = []
    if (more := len(found.values) - _SOURCES) > 0:
        beside.append(counted(more, "more source") + ".")
    if found.missing:
        beside.append(f"{counted(found.missing, 'article')} found without a source.")
    if beside:
        yield tag("p", " ".join(beside), class_="note")


def _lines(each: Chapter, kept: frozenset[str]) -> Iterator[Markup]:
    if each.left_out:
        said = f"Of {counted(len(each.ids), 'article')}; {each.left_out:,} more were left out."
        yield tag("p", said, class_="note")
    if not each.lines:
        yield tag("p", "No match in headlines or text.", class_="note")
        return
    names = ("date", "source", "before", "match", "behind")
    head = tag("tr", *(tag("th", name, scope="col") for name in names))
    rows = (_line(line, kept) for line in each.lines)
    yield tag("table", tag("thead", head), tag("tbody", joined(rows, "\n")), class_="lines")
    if each.more_lines:
        said = f"{counted(each.more_lines, 'more match', 'more matches')} were left out here."
        yield tag("p", f"{said} They are marked in the articles.", class_="note")


def _line(line: Line, kept: frozenset[str]) -> Markup:
    where = line.source or line.id
    if line.field == "title":
        where += ", headline"
    href = f"#a-{line.id}" if line.id in kept else None
    return tag(
        "tr",
        tag("td", tag("a", line.published or "no date", href=href), class_="when"),
        tag("td", where, class_="where"),
        tag("td", line.left, class_="left", dir="auto"),
        tag("td", tag("mark", line.match), class_="match", dir="auto"),
        tag("td", line.right, class_="right", dir="auto"),
    )


# What stands at the end


def _originals(copies: Copies, links: dict[str, str]) -> Markup:
    addresses = {copies.by_article[key].path: href for key, href in links.items()}
    head = tag("tr", *(tag("th", name, scope="col") for name in ("file", "SHA-256")))
    rows = []
    for copy in copies.files:
        name = tag("a", copy.path, href=addresses.get(copy.path))
        said = copy.sha256 or f"not copied: {copy.problem}"
        rows.append(tag("tr", tag("td", name), tag("td", said, class_="id")))
    note = (
        "The files that the articles were read from, as they were when they were indexed. "
        "Check them with sha256sum -c SHA256SUMS in their folder. Of an archive it is the whole."
    )
    return tag(
        "section",
        tag("h2", "Originals", id="originals"),
        tag("p", note, class_="note"),
        tag("table", tag("thead", head), tag("tbody", joined(rows, "\n"))),
    )


def _citations(dossier: Dossier) -> Markup:
    blocks = [
        tag("pre", "".join(f"{line}\n" for line in citation_lines(each.citation)))
        for each in dossier.chapters
    ]
    return tag("section", tag("h2", "To be cited", id="citation"), *blocks)
