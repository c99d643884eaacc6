"""The articles of a dossier: text with its matches marked, and where each field came from."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from newsidx.output.dossier.markup import Markup, joined, marked, tag
from newsidx.output.links import web_link
from newsidx.output.reading import absences, facts
from newsidx.results import Span
from newsidx.text.counted import counted

if TYPE_CHECKING:
    from newsidx.article import Article
    from newsidx.searcher.dossier import Dossier, Entry

__all__ = ["LONGEST", "articles"]

LONGEST = 200_000
"""Characters of an article's text that are shown, at most: a novel of a hundred pages."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")


def articles(dossier: Dossier, links: Mapping[str, str]) -> Markup:
    """All articles of a dossier, with a list of them before.

    Args:
        links: Id -> the address of a copy of its file.
    """
    queries = [each.citation.query.text for each in dossier.chapters]
    return tag(
        "section",
        tag("h2", "Articles", id="articles"),
        *_left_out(dossier),
        tag("nav", tag("ol", *map(_item, dossier.entries)), aria_label="Articles"),
        joined((_article(each, queries, links) for each in dossier.entries), "\n"),
    )


def _left_out(dossier: Dossier) -> Iterator[Markup]:
    for each in dossier.chapters:
        if each.left_out:
            said = f"{counted(each.left_out, 'article')} that {each.citation.query.text} finds "
            were = "was" if each.left_out == 1 else "were"
            yield tag("p", f"{said}{were} left out: --limit says how many there may be.")
    if not dossier.entries:
        yield tag("p", "None.", class_="note")


def _item(entry: Entry) -> Markup:
    article = entry.article
    return tag(
        "li",
        tag("a", article.title or "(no title)", href=f"#a-{article.id}"),
        f" {', '.join(_byline(article)[1:])}",
    )


def _byline(article: Article) -> list[str]:
    """By whom, where and when, as far as it is known."""
    day = article.published.isoformat() if article.published else "no date"
    by = f"By {', '.join(article.authors)}" if article.authors else ""
    return [by, *([article.source] if article.source else []), day]


def _article(entry: Entry, queries: Sequence[str], links: Mapping[str, str]) -> Markup:
    article = entry.article
    title = marked(article.title or "(no title)", _in_field(entry, "title"))
    address = web_link(article.url)
    if address is not None:
        title = tag("a", title, href=address, rel="noreferrer")
    finders = [queries[at] for at in entry.chapters] if len(queries) > 1 else []
    return tag(
        "article",
        tag("h3", title, dir="auto"),
        tag("p", " · ".join(filter(None, _byline(article))), class_="byline"),
        tag("p", f"Found by: {'; '.join(finders)}", class_="note") if finders else None,
        tag("div", *_paragraphs(entry), class_="text", lang=_language(article), dir="auto"),
        tag("table", tag("tbody", *_rows(entry, links.get(article.id))), class_="facts"),
        id=f"a-{article.id}",
    )


def _language(article: Article) -> str | None:
    code = article.language
    return code if code is not None and _LANGUAGE.fullmatch(code) else None


def _in_field(entry: Entry, field: str) -> list[Span]:
    return [span for span in entry.spans if span.field == field]


def _paragraphs(entry: Entry) -> Iterator[Markup]:
    spans, body = _in_field(entry, "body"), entry.article.body
    at = first = 0
    for paragraph in body[:LONGEST].split("\n"):
        end = at + len(paragraph)
        # Both are in order: none that ended before is looked at again.
        while first < len(spans) and spans[first].end <= at:
            first += 1
        if paragraph.strip():
            here = spans[first : bisect_left(spans, end, lo=first, key=_start)]
            yield tag("p", marked(paragraph, here, at), dir="auto")
        at = end + 1
    if len(body) > LONGEST:
        said = f"{len(body) - LONGEST:,} more characters were left out."
        yield tag("p", said, class_="note")


def _start(span: Span) -> int:
    return span.start


def _rows(entry: Entry, copy: str | None) -> Iterator[Markup]:
    """Each field with its value and where that came from."""
    for name, value, origin in facts(entry.article, entry.path):
        if name == "title" and not origin:
            continue
        said: Markup | str = value
        if name == "path" and copy is not None:
            said = tag("a", value, href=copy)
        yield _row(name, said, origin)
    for name, why in absences(entry.article):
        yield _row(name, "none", why)
    if read := entry.article.provenance.get("body"):
        yield _row("text", counted(len(entry.article.body), "character"), read)
    yield _row("content", entry.facts, "hash of all that it says")
    for place in entry.places:
        yield _row(str(place["status"]), str(place["path"]), "")


def _row(name: str, value: str, origin: str) -> Markup:
    note = tag("span", f" ({origin})", class_="from") if origin else None
    return tag("tr", tag("th", name, scope="row"), tag("td", value, note))
