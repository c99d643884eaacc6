"""One SGML record of a news collection: its elements, and the article they make."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache
from operator import attrgetter

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import ReadOptions
from newsidx.readers.limits import check_body
from newsidx.readers.records import values
from newsidx.readers.records.fieldnames import NAMES, normal
from newsidx.readers.sgmls.text import Element, attributes, elements, line, prose, without
from newsidx.schema import field_named

__all__ = ["article_of_record", "is_complete"]

# What the collections call the fields of an article, besides what all the world does:
# the Wall Street Journal HL, DD and SO, FBIS TI and DATE1, the Financial Times PUB.
_NAMES: dict[str, tuple[str, ...]] = {
    **NAMES,
    "title": (*NAMES["title"], "hl", "ti", "ttl", "doctitle"),
    "source": (*NAMES["source"], "so", "pub"),
    "published": (*NAMES["published"], "dd", "date1"),
    "tags": (*NAMES["tags"], "subject"),
    "record": ("newid", "docno", "docid", *NAMES["record"]),
}
# Reuters keeps its terms in lists, one for each kind.
_LISTS = ("topics", "places", "people", "orgs", "exchanges", "companies")
_LEADS = ("lp", "leadpara", "leadparagraph")
_OTHERS = ("dateline", "dochdr", *_LISTS, *_LEADS)
_ITEM = re.compile(r"<d>([^<]*+)", re.IGNORECASE)

# The last line of a Reuters story: its own name, or that there is more to come, before
# the control character that ended the transmission.
_TRAILER = re.compile(r"\s*+(?:reuters?|more)\s*+(?:\.{2,3})?\s*+(?:\^M)?\s*+", re.IGNORECASE)
_TRANSMISSION_END = "&#3;"

# The Journal has subtitle and byline in its headline, below a line of hyphens.
_RULE = re.compile(r"\n[^\S\n]*+-{3,}+[^\S\n]*+\n")
_BYLINE = re.compile(r"\s*+(by\s[^\n]+)", re.IGNORECASE)
_JOURNAL = re.compile(r"\s*\(J\).*", re.DOTALL)
_DASHED = re.compile(r"[-–—_]$")

# Dates in numbers of records: AP880212-0001, WSJ870324-0001, and of the Gigaword kind
# APW19980601.0001, NYT_ENG_19940701.0001. The first two are of 1986 to 1992.
_SHORT_DAY = re.compile(r"(?:AP|WSJ)(\d{6})-\d{4}")
_FULL_DAY = re.compile(r"[A-Z]{2,4}(?:_[A-Z]{3})?_?((?:19|20)\d{6})\.\d{4}")
# Six digits that can only be a year, a month and a day: no month or day is above 50.
_YYMMDD = re.compile(r"[5-9]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")

_TEXT = re.compile(r"<text\b", re.IGNORECASE)
_PAGE = re.compile(r"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_END = re.compile(r"</(?:text|body|html)\s*>", re.IGNORECASE)


def is_complete(text: str) -> bool:
    """Whether a record that has no end tag has all of its text."""
    return _END.search(text) is not None


def article_of_record(text: str, options: ReadOptions) -> RawArticle:
    """The article of a record.

    Its body is what was printed: a dateline stands at the head of it. What Reuters
    marks as a brief has a title and no body, since all there is in its place is a
    filler. The provenance names the elements (`sgml:hl`).

    Args:
        text: The record with its start tag and without its end tag.
        options: How the root is to be read; `--map` may name any element or attribute.

    Raises:
        ReadError: `no-article` when it has no title and no text, `too-large`.
    """
    text, page = _without_page(text)
    record = _Record(text, options)
    article = RawArticle()
    fields = record.fields()
    body, _ = fields.pop("body", ("", []))
    _fill(article, fields)
    if record.is_reuters:
        _take_reuters(article, record)
    elif page:
        _take_page(article, record, page)
    else:
        _take_doc(article, record, body)
    if not article.body and not article.title:
        raise ReadError("no-article", "it has no title and no text")
    check_body(article.body)
    return article


def _without_page(text: str) -> tuple[str, str]:
    """What a record says itself, and the web page in it, if it holds one."""
    found = _PAGE.search(text)
    if found and not _TEXT.search(text, 0, found.start()):
        return text[: found.start()], text[found.start() :]
    return text, ""


class _Record:
    """A record taken apart.

    Attributes:
        is_reuters: Whether it is of Reuters-21578, else of TREC's kind.
        attributes: Of its first tag, by their normal names.
        text: What is behind its first tag.
        elements: In the order in which they begin.
    """

    def __init__(self, text: str, options: ReadOptions) -> None:
        opening, _, self.text = text.partition(">")
        self.is_reuters = opening[:8].casefold() == "<reuters"
        self.attributes = attributes(opening)
        mapped = ((_target(name), normal(theirs)) for name, theirs in options.fields.items())
        self._places = _places(tuple(mapped))
        # Nothing in the text itself is a field.
        opaque = "body" if self.is_reuters else "text"
        self.elements = elements(self.text, self._places, opaque)
        self._named: dict[str, list[Element]] = {}
        for element in self.elements:
            self._named.setdefault(element.name, []).append(element)

    def all(self, *names: str) -> list[Element]:
        """The elements of these names, one name after the other."""
        return [element for name in names for element in self._named.get(name, ())]

    def inside(self, outer: Element) -> list[Element]:
        """The elements within one."""
        first = bisect_left(self.elements, outer.start, key=attrgetter("outer_start"))
        last = bisect_left(self.elements, outer.end, key=attrgetter("outer_start"))
        return self.elements[first:last]

    def content(self, element: Element) -> str:
        return self.text[element.start : element.end]

    def fields(self) -> dict[str, tuple[str, list[str]]]:
        """For each field that is there, its name here and what stands there, with its markup."""
        best: dict[str, tuple[int, str, list[str]]] = {}
        for name in (*self._named, *self.attributes):
            places = self._places.get(name)
            if not places:
                continue
            contents = [self.content(element) for element in self._named.get(name, ())]
            contents = contents or [self.attributes[name]]
            for field, rank in places:
                # An attribute is a field where it was mapped, or numbers the record.
                welcome = name in self._named or rank < 0 or field == "record"
                better = field not in best or rank < best[field][0]
                if welcome and better and any(map(str.strip, contents)):
                    best[field] = rank, name, contents
        return {field: (name, contents) for field, (_, name, contents) in best.items()}


@lru_cache(maxsize=16)
def _places(mapped: tuple[tuple[str, str], ...]) -> dict[str, list[tuple[str, int]]]:
    """For each name of an element, the fields it may hold, with its rank among their names."""
    places: dict[str, list[tuple[str, int]]] = {name: [] for name in _OTHERS}
    for field, name in mapped:
        places.setdefault(name, []).append((field, -1))
    for field, names in _NAMES.items():
        for rank, name in enumerate(names):
            places.setdefault(name, []).append((field, rank))
    return places


def _target(name: str) -> str:
    known = field_named(name)
    return known.name if known else name


def _fill(article: RawArticle, fields: dict[str, tuple[str, list[str]]]) -> None:
    """Set all but the body."""
    for field, (name, contents) in fields.items():
        lines = [found for found in map(line, contents) if found]
        if not lines:
            continue
        value: object = lines[0]
        if field == "authors":
            value = lines
        elif field == "title":
            # The Associated Press breaks a long headline into several elements.
            heads = [_RULE.split(content)[0] for content in contents]
            value = line(" ".join(heads)) or lines[0]
        elif field == "tags":
            value = values.terms("; ".join(lines))
        elif field == "published":
            value = f"19{lines[0]}" if _YYMMDD.fullmatch(lines[0]) else lines[0]
        elif field == "source" and name == "so":
            value = _JOURNAL.sub("", lines[0])
        elif field in ("url", "page_url"):
            value = values.address(lines[0])
        if value:
            setattr(article, field, value)
            article.provenance[field] = f"sgml:{name}"
    if "title" in fields and not article.authors:
        _take_byline(article, *fields["title"])
    _take_day(article)


def _take_byline(article: RawArticle, name: str, headlines: list[str]) -> None:
    """The byline below the rule in a headline."""
    for part in _RULE.split(headlines[0])[1:]:
        found = _BYLINE.match(part)
        if found:
            article.authors = [line(found[1])]
            article.provenance["authors"] = f"sgml:{name}"


def _take_day(article: RawArticle) -> None:
    """The date in the number of the record, where there is no other."""
    if article.published or not article.record:
        return
    short, full = _SHORT_DAY.fullmatch(article.record), _FULL_DAY.fullmatch(article.record)
    if short or full:
        article.published = f"19{short[1]}" if short else full and full[1]
        article.provenance["published"] = article.provenance["record"]


def _take_reuters(article: RawArticle, record: _Record) -> None:
    """The text, less what is a field; the terms of all lists; and whose story it is."""
    article.source, article.provenance["source"] = "Reuters", "sgml:reuters"
    terms = [item for found in record.all(*_LISTS) for item in _ITEM.findall(record.content(found))]
    article.tags = list(dict.fromkeys(line(term) for term in terms))
    if article.tags:
        article.provenance["tags"] = "sgml:d"
    texts = record.all("text", "body")
    if not texts:
        return
    brief = attributes(texts[0].opening).get("type", "").casefold() == "brief"
    if not (brief and article.title):
        fields = [part for part in record.inside(texts[0]) if part.name in ("title", "author")]
        article.body = _without_trailer(without(record.text, texts[0], fields))
        article.provenance["body"] = "sgml:text"


def _without_trailer(raw: str) -> str:
    text = prose(raw).strip()
    rest, _, last = text.rpartition("\n")
    ended = _TRANSMISSION_END in raw[-40:]
    return rest.rstrip() if ended and _TRAILER.fullmatch(last) else text


def _take_doc(article: RawArticle, record: _Record, name: str) -> None:
    """The leading paragraph and the text, or what else the body is called, or all the rest."""
    texts = record.all(*_LEADS, "text") if record.all("text") else record.all(name)
    whole = Element("doc", "", 0, 0, len(record.text), len(record.text))
    bodies = []
    for text in texts or [whole]:
        body = prose(without(record.text, text, record.inside(text))).strip("\n")
        if body.strip():
            bodies.append((text.name, body))
    article.body = "\n\n".join(body for _, body in bodies)
    if article.body:
        article.provenance["body"] = "sgml:" + "+".join(dict(bodies))
    _take_dateline(article, record)


def _take_page(article: RawArticle, record: _Record, page: str) -> None:
    """Read the web page in a record as one; what the record says itself stands."""
    from newsidx.readers.html import fill_from_page

    fill_from_page(article, page, _NAMES, lambda origin: origin)
    # The header of a page at NIST begins with the address that it was fetched from.
    header = "".join(map(record.content, record.all("dochdr"))).split()
    if header and not article.page_url and (address := values.address(header[0])):
        article.page_url, article.provenance["page_url"] = address, "sgml:dochdr"


def _take_dateline(article: RawArticle, record: _Record) -> None:
    """Put the dateline where it was printed, unless it stands there."""
    dateline = line(" ".join(map(record.content, record.all("dateline"))))
    head = " ".join(article.body[: 2 * len(dateline) + 200].split())
    if not dateline or not article.body or head.startswith(dateline):
        return
    gap = " " if _DASHED.search(dateline) else "\n\n"
    article.body = dateline + gap + article.body.lstrip()
    article.provenance["body"] = "sgml:dateline+" + article.provenance["body"].partition(":")[2]
