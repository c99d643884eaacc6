"""From the values that records hold to the strings that articles hold."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from urllib.parse import urlsplit

from newsidx.errors import ReadError
from newsidx.readers.limits import check_markup
from newsidx.readers.texts.markup import has_tags, html_text

__all__ = ["address", "date_text", "headline", "names", "outlet", "prose", "scalar", "terms"]

# Values come from strangers, and YAML can nest a thousand million of them in a few lines.
_DEEPEST = 6
_MOST = 200_000

# Where an object in place of a string keeps the string: WordPress's `rendered`,
# MongoDB's `$date` and `$oid`, XML converters' `#text`, JSON-LD's `@value` and `@id`.
_NAMED = ("name", "main", "rendered", "value", "text", "title", "label", "headline")
_CODED = ("$date", "$oid", "$numberlong", "#text", "@value", "@id", "id")
_PROSE = ("rendered", "text", "value", "content", "body", "html", "main", "#text", "data")
_TERMS = ("label", "term", "value", "name", "text", "title", "tag", "#text")
_PERSON = ("name", "displayname", "display_name", "fullname", "full_name", "byline", "original",
           "rendered", "value", "text", "#text", "@value")  # fmt: skip
_ADDRESS = ("url", "href", "@id", "link", "rendered", "#text")

# What exports write where they have nothing.
_NOTHING = frozenset({"", "none", "null", "nan", "nat", "n/a", "undefined", "[]", "{}"})

_SPACE = re.compile(r"\s")
_WEB = re.compile(r"(?:https?:)?//.|www\.", re.IGNORECASE)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_ROLE = r"(?i:jr|sr|ii|iii|iv|esq|ph\.?d|m\.?d)\.?"
_COMMA = re.compile(rf",(?!\s*(?:{_ROLE})\s*(?:,|$))")
# Two words or more with capitals, and the particles of names between them.
_CAPITAL = r"[^\W\d_a-zß-ÿ][^\s,\d]*"
_PARTICLE = r"(?:al|bin|d[aeiu]|das|del|della|den|der|dos|e|el|la|le|ten|ter|van|von|y)"
_FULL_NAME = re.compile(
    rf"\s*(?:[Bb]y\s+)?{_CAPITAL}(?:\s+(?:{_CAPITAL}|{_PARTICLE})){{0,4}}\s+{_CAPITAL}(?:,?\s*{_ROLE})?\s*"
)


def scalar(value: object) -> str | None:
    """A single string: the value itself, or the one inside an object or list."""
    return _first(value, _NAMED + _CODED)


def headline(value: object) -> str | None:
    """A single string without tags, on one line."""
    text = scalar(value)
    if text and has_tags(text):
        check_markup(text)
        text = html_text(text)
    return " ".join(text.split()) if text else None


def date_text(value: object) -> str | None:
    """A date as it is written, which at the least has a digit in it."""
    text = scalar(value)
    return text if text and any(map(str.isdecimal, text)) else None


def outlet(value: object) -> str | None:
    """The name of an outlet; of an address, its host."""
    text = scalar(value)
    if text and text.startswith(("http://", "https://")):
        return (_host(text) or text).removeprefix("www.")
    return text


def address(value: object) -> str | None:
    """A web address; a path or a word is none."""
    text = _first(value, _ADDRESS)
    if not text or _SPACE.search(text):
        return None
    return text if _WEB.match(text) else None


def names(value: object) -> list[str]:
    """The names of people: from a list, from objects, or from one string with commas."""
    if isinstance(value, str):
        return _split_names(value)
    if isinstance(value, Mapping):
        whole = _first(value, _PERSON)
        return [whole] if whole else _first_and_last(value)
    if isinstance(value, (list, tuple)):
        return _unique(name for part in value for name in _person(part))
    text = scalar(value)
    return [text] if text else []


def terms(value: object) -> list[str]:
    """Tags: from a list, from objects, or from one string with commas, semicolons or bars."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        for mark in (";", "|", ","):
            if mark in value:
                return _unique(_whole(value).split(mark))
    return _unique(_strings(value, _TERMS))


def prose(value: object) -> str | None:
    """Running text: a string, or the paragraphs of a list; HTML becomes text if it has tags."""
    parts = []
    for part in _strings(value, _PROSE, strip=False):
        text = part
        if has_tags(part):
            check_markup(part)
            text = html_text(part)
        if text.strip():
            parts.append(text)
    return "\n\n".join(parts) or None


def _first(value: object, keys: tuple[str, ...]) -> str | None:
    """The first string in a value, which most often is one."""
    if isinstance(value, str):
        text = _whole(value).strip()
        return text if text.casefold() not in _NOTHING else None
    return next(_strings(value, keys), None)


def _strings(value: object, keys: tuple[str, ...], *, strip: bool = True) -> Iterator[str]:
    """The strings in a value, in order; of an object, those under the first of `keys`."""
    budget = [_MOST]
    for text in _walk(value, keys, _DEEPEST, budget):
        text = _whole(text)
        if not strip:
            yield text
        elif text.strip().casefold() not in _NOTHING:
            yield text.strip()


def _whole(text: str) -> str:
    """The text with lone surrogates, which no encoding can write, replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text)
    return text


def _walk(value: object, keys: tuple[str, ...], depth: int, budget: list[int]) -> Iterator[str]:
    budget[0] -= 1
    if budget[0] < 0:
        raise ReadError("too-large", f"one of its fields holds more than {_MOST} values")
    if depth < 0 or value is None or isinstance(value, bool):
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, int):
        yield str(value)
    elif isinstance(value, float):
        if math.isfinite(value):
            yield str(value)
    elif isinstance(value, date):
        yield value.isoformat()
    elif isinstance(value, Mapping):
        folded = {str(key).casefold(): part for key, part in value.items()}
        for key in keys:
            found = list(_walk(folded.get(key), keys, depth - 1, budget))
            if found:
                yield from found
                return
    elif isinstance(value, (list, tuple)):
        for part in value:
            yield from _walk(part, keys, depth - 1, budget)


def _person(part: object) -> list[str]:
    """One entry of a list of people, whose commas belong to it (`Doe, Jane`)."""
    if isinstance(part, Mapping):
        return names(part)
    return [text] if (text := scalar(part)) else []


def _first_and_last(person: Mapping[object, object]) -> list[str]:
    folded = {re.sub(r"[\W_]", "", str(key)).casefold(): part for key, part in person.items()}
    parts = []
    for keys in (("firstname", "givenname", "first", "given"), ("middlename",),
                 ("lastname", "familyname", "surname", "last", "family")):  # fmt: skip
        found = (scalar(folded[key]) for key in keys if key in folded)
        parts += [name for name in found if name][:1]
    return [" ".join(parts)] if parts else []


def _split_names(text: str) -> list[str]:
    """Split a byline at semicolons, bars and lines, and at commas that part full names.

    `Doe, Jane` and `Jane Roe, Editor in London` stay as they are: more is not sure here.
    """
    text = _whole(text)
    for mark in (";", "|", "\n"):
        if mark in text:
            return _unique(text.split(mark))
    parts = _COMMA.split(text)
    return _unique(parts if all(map(_FULL_NAME.fullmatch, parts)) else [text])


def _unique(values: Iterator[str] | list[str]) -> list[str]:
    kept = (value.strip() for value in values)
    return list(dict.fromkeys(value for value in kept if value.casefold() not in _NOTHING))


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None
