"""From a record of any origin (JSON, front matter, a header block) to a raw article."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.limits import MAX_FIELD, MAX_MARKUP, check_body
from newsidx.readers.records import values
from newsidx.readers.records.fieldnames import NAMES, SUMMARY_NAMES, WRAPPERS, normal
from newsidx.readers.texts.markup import is_page
from newsidx.schema import field_named

__all__ = ["article_from_record", "fill"]

_LONGEST_NAME = 80

# A floor of a record: normal name -> the name as written, and the value.
_Floor = Mapping[str, tuple[str, object]]
# For each field, the name and value of each place it may be in, the likeliest first.
_Places = Mapping[str, list[tuple[str, object]]]

# The fields that a name may stand for, and its rank among the names of each.
_RANKS = {
    name: [(names.index(name), field) for field, names in NAMES.items() if name in names]
    for name in {name for names in NAMES.values() for name in names}
}

_CONVERT: dict[str, Callable[[object], object]] = {
    "title": values.headline,
    "authors": values.names,
    "source": values.outlet,
    "published": values.date_text,
    "section": values.scalar,
    "tags": values.terms,
    "url": values.address,
    "page_url": values.address,
    "record": values.scalar,
    "language": values.scalar,
}


def article_from_record(
    record: Mapping[str, object], options: ReadOptions, position: int
) -> RawArticle | BadRecord:
    """The article that a record describes.

    Field names are understood without case and punctuation; `options.fields` goes
    before them. A record with a title and a summary but no text has the summary for
    its text.

    Args:
        record: Names and values: strings, numbers, lists and objects, as JSON has them.
        options: How the root is to be read.
        position: Its number in the file, from 1.

    Returns:
        The article, its provenance naming the fields as the record does
        (`record:headline`), or a BadRecord of reason `no-article` or `too-large`.
    """
    article = RawArticle(position=position)
    floors = _floors(record)
    places = _places(floors, options)
    try:
        _fill(article, places, "record:{}")
        _take_body(article, places, floors)
    except ReadError as error:
        return BadRecord(position, error.reason, error.message)
    if article.body or article.title:
        return article
    shown = ", ".join(repr(str(name)[:40]) for name in list(record)[:12]) or "none"
    return BadRecord(position, "no-article", f"it has no title and no text; its fields: {shown}")


def fill(
    article: RawArticle, record: Mapping[str, object], options: ReadOptions, origin: str
) -> None:
    """Set all of an article but its body from a record, where the record has something.

    Args:
        article: Is changed; fields that it already has are kept.
        record: Names and values.
        options: How the root is to be read.
        origin: The provenance to note; `{}` in it stands for the name in the record.
    """
    _fill(article, _places(_floors(record), options), origin)


def _fill(article: RawArticle, places: _Places, origin: str) -> None:
    for field, convert in _CONVERT.items():
        if field not in places or getattr(article, field):
            continue
        for name, value in places[field]:
            found = convert(value)
            if found:
                _check(field, found)
                setattr(article, field, found)
                article.provenance[field] = origin.format(name)
                break
    if article.page_url == article.url:
        article.page_url = None
        article.provenance.pop("page_url", None)
    if article.tags and article.section and article.tags == [article.section]:
        article.tags = []
        article.provenance.pop("tags", None)


def _check(field: str, found: object) -> None:
    """Refuse a title, or names, or an address, as long as a book."""
    size = len(found) if isinstance(found, str) else 0
    size += sum(map(len, found)) if isinstance(found, list) else 0
    if size > MAX_FIELD:
        raise ReadError("too-large", f"its {field} is longer than any")


def _take_body(article: RawArticle, places: _Places, floors: tuple[_Floor, ...]) -> None:
    """Set the body, from a summary if need be; a whole page in it gives all it has."""
    for name, value in places.get("body", ()):
        if isinstance(value, str) and len(value) > MAX_MARKUP:
            raise ReadError("too-large", f"its {name} is longer than any article")
        if isinstance(value, str) and is_page(value):
            _take_page(article, value, name)
        else:
            article.body = values.prose(value) or ""
        if article.body:
            article.provenance.setdefault("body", f"record:{name}")
            check_body(article.body)
            return
    if article.title:
        for floor in floors:
            for key in SUMMARY_NAMES:
                name, value = floor.get(key, (key, None))
                article.body = values.prose(value) or ""
                if article.body:
                    article.provenance["body"] = f"record:{name}"
                    check_body(article.body)
                    return


def _take_page(article: RawArticle, page: str, name: str) -> None:
    """Read the page that a record holds as a page; what the record says itself stands."""
    from newsidx.readers.html import fill_from_page

    try:
        fill_from_page(article, page, _CONVERT, lambda origin: f"record:{name} ({origin})")
    except ReadError as error:
        if error.reason != "no-article":
            raise


def _places(floors: tuple[_Floor, ...], options: ReadOptions) -> _Places:
    """Where the fields of an article are in a record.

    A mapped field is sought under its mapped name alone, wherever a record has that name.
    """
    mapped: dict[str, list[tuple[str, object]]] = {}
    for target, name in options.fields.items():
        field = _target(target)
        present, value = _at(floors, name) if field not in mapped else (False, None)
        if present:
            mapped[field] = [(name, value)]
    places: dict[str, list[tuple[str, object]]] = {}
    for floor in floors:
        ranked = sorted((*place, key) for key in floor if key in _RANKS for place in _RANKS[key])
        for _, field, key in ranked:
            if not _is_wrapper(*floor[key]):
                places.setdefault(field, []).append(floor[key])
    return places | mapped


def _target(name: str) -> str:
    """The article field that the left side of a `--map` means."""
    if name in ("id", "record"):
        return "record"
    known = field_named(name)
    return known.name if known else name


def _at(floors: tuple[_Floor, ...], name: str) -> tuple[bool, object]:
    """Whether a record has a name, as written or as a path with dots, and its value."""
    for floor in floors:
        if normal(name) in floor:
            return True, floor[normal(name)][1]
    first, *path = name.split(".")
    value: object = next(
        (floor[normal(first)][1] for floor in floors if normal(first) in floor), None
    )
    for part in path:
        if isinstance(value, list) and part.isdecimal() and int(part) < len(value):
            value = value[int(part)]
        elif isinstance(value, Mapping) and normal(part) in (floor := _floor(value)):
            value = floor[normal(part)][1]
        else:
            return False, None
    return bool(path), value


def _floors(record: Mapping[str, object]) -> tuple[_Floor, ...]:
    """The record's own fields, then those of the objects it is wrapped in."""
    wrapped = (value for key, value in record.items() if _is_wrapper(key, value))
    return (_floor(record), *(_floor(value) for value in wrapped if isinstance(value, Mapping)))


def _is_wrapper(name: str, value: object) -> bool:
    return str(name).casefold() in WRAPPERS and isinstance(value, Mapping)


def _floor(record: Mapping[str, object]) -> _Floor:
    floor: dict[str, tuple[str, object]] = {}
    for key, value in record.items():
        name = str(key)
        floor.setdefault(normal(name), (name if name.isidentifier() else _plain(name), value))
    return floor


def _plain(name: str) -> str:
    """A name as it can be written down: not too long, and nothing in it that no encoding has."""
    return name[:_LONGEST_NAME].encode("utf-8", "replace").decode().replace("\0", "")
