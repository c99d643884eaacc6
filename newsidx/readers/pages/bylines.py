"""The date and the names that a page shows its readers, where an element is named for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

__all__ = ["marked_authors", "shown_authors", "shown_dates"]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_LONGEST = 80
_MOST = 8
_MUCH_TEXT = 2000  # with the white space of its markup
# Whoever names more elements so names something else, and every one costs a look.
_LOOKED_AT = 200

# Names of the classes and ids that content systems give to a date of publication, and of
# those around what is not the article: its neighbours, its comments, the page's frame.
_NAMED = re.compile(
    r"(?:^|[\s_-])(?:date-?line|pub-?date|published|posted-?on|post-?date|entry-?date"
    r"|article-?date|story-?date|publication-?date|publish-?date|date|time-?stamp|by-?line)"
    r"(?:$|[\s_-])",
    re.IGNORECASE,
)
_AUTHOR = re.compile(
    r"(?:^|[\s_-])(?:by-?line|author|author-?name|by-?line-?authors?|author-?link)(?:$|[\s_-])",
    re.IGNORECASE,
)
_NAME = r"[^\W\d_a-zß-ÿ][\w.'’-]*(?:\s+[\w.'’-]+){0,2}\s+[^\W\d_a-zß-ÿ][\w'’-]+"
_BY = re.compile(r"(?i:by|von|par|por|door|di)[\s:]+")
_NAMES = re.compile(
    rf"(?:{_BY.pattern})?{_NAME}(?:(?:,\s*|,?\s+(?i:and|und|et|y|e|en|&)\s+){_NAME})*"
)
_ELSEWHERE = re.compile(
    r"comment|relat|sidebar|footer|masthead|widget|teaser|card|nav|menu|recommend|latest|popular"
    r"|promo|more|trending|copyright|modif|updat|list|feed|event|today|current",
    re.IGNORECASE,
)
_UPDATED = re.compile(
    r"updat|modif|aktualis|mise? à jour|actualiz|aggiorn|gewijzigd|bijgewerkt", re.IGNORECASE
)
_FRAMES = frozenset({"nav", "footer", "aside", "form"})


def shown_dates(tree: Any) -> Iterator[str]:
    """What elements named for a date of publication show, as it is written.

    Only short texts with a year in them, and none from what surrounds an article.
    """
    found = 0
    for element in _of_class(tree, _NAMED):
        if found == _MOST:
            return
        text = _text(element)
        if len(text) > _LONGEST or not _YEAR.search(text) or _is_elsewhere(element):
            continue
        # What says that it was changed on that day says so inside, or right before it.
        beside = _text(element.getparent())
        if not _UPDATED.search(beside if len(beside) <= 2 * _LONGEST else text):
            found += 1
            yield text


def marked_authors(tree: Any) -> list[str]:
    """The names that a page marks as those of its authors (microdata), without guests' nicks."""
    names = []
    for element in tree.findall(".//*[@itemprop='author']")[:_MOST]:
        inner = element.find(".//*[@itemprop='name']")
        text = _text(element if inner is None else inner)
        if " " in text and len(text) <= _LONGEST and not any(map(str.isdecimal, text)):
            names.append(text)
    return list(dict.fromkeys(names))


def shown_authors(tree: Any) -> str | None:
    """The names that the elements named for the author show, as they are written.

    None where they show anything but full names, with `By` before them, and where
    several show different ones: of other articles, for instance.
    """
    shown: dict[str, str] = {}
    for element in _of_class(tree, _AUTHOR):
        if _is_elsewhere(element):
            continue
        inner = element.iterfind(".//*[@class]")
        if any(_AUTHOR.search(part.get("class")) for part in inner):
            continue
        text = _text(element).strip(" ,|•·")
        if len(text) <= _LONGEST and _NAMES.fullmatch(text):
            shown.setdefault(_BY.sub("", text).casefold(), text)
    return next(iter(shown.values())) if len(shown) == 1 else None


def _of_class(tree: Any, named: re.Pattern[str]) -> Iterator[Any]:
    """The elements with a class of a name; a page has few classes and many elements."""
    known: dict[str, bool] = {}
    found = 0
    for element in tree.iterfind(".//*[@class]"):
        name = element.get("class")
        if name not in known:
            known[name] = named.search(name) is not None
        if known[name]:
            yield element
            found += 1
            if found == _LOOKED_AT:
                return


def _is_elsewhere(element: Any) -> bool:
    for around in (element, *element.iterancestors()):
        if around.tag in _FRAMES:
            return True
        if around.tag in ("body", "html"):
            return False
        if _ELSEWHERE.search(f"{around.get('class') or ''} {around.get('id') or ''}"):
            return True
    return False


def _text(element: Any) -> str:
    """What an element shows, or the beginning of it, when that is too long already."""
    pieces = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece)
        length += len(piece)
        if length > _MUCH_TEXT:
            break
    return " ".join("".join(pieces).split())
