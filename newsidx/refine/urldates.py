"""What the path of an article's address says: its day, and its section.

Outlets put both into their addresses, and so do they numbers, seasons and slugs. Only
forms that can hardly be anything else are read.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from newsidx.article import Published
from newsidx.refine.date_words import MONTHS

__all__ = ["date_in_url", "section_in_url"]

# `/2016/11/08/`, `/2016/nov/8/`, or `/2016/11/`, which content systems write for all of a
# month; below it, a number of one or two digits that is no day means something else.
_YEAR = r"(?P<y>1[89]\d\d|20\d\d)"
_SPLIT = re.compile(
    rf"/{_YEAR}/(?P<m>\d\d?|[a-z]{{3,9}})/(?:(?P<d>\d\d?)(?=[/-]|$))?", re.IGNORECASE
)
# `/2016-11-08/` or `/2016-11-08-storm`; `/20161108/` alone, as longer numbers may be of
# anything.
_JOINED = re.compile(rf"/{_YEAR}-(?P<m>\d\d)-(?P<d>\d\d)(?=[/_-]|\.\w+$|$)")
_COMPACT = re.compile(r"/(?P<y>199\d|20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?=/|$)")
# The first news site is of 1993: before, only a whole day is an archive's, not a number.
_FIRST_WEB_YEAR = 1993

# Sections as they stand in addresses. No country or continent, which may be an edition,
# and nothing that also names a kind of page or a folder (`news`, `blog`, `media`, `style`).
_SECTION_WORDS = """
politics world business sport sports opinion opinions entertainment technology tech science
health culture arts lifestyle travel education environment economy finance markets money
books music movies film television fashion food weather obituaries religion crime
nation national local commentisfree editorials us-news uk-news world-news
politik wirtschaft kultur panorama wissen wissenschaft gesellschaft ausland inland
feuilleton gesundheit reise technik netzwelt meinung lokales finanzen
politique economie societe monde sante sciences planete idees
politica economia sociedad mundo deportes internacional cultura ciencia salud
tecnologia esporte esportes saude mondo esteri cronaca salute scienza
"""
_SECTIONS = frozenset(_SECTION_WORDS.split())
_MOST_SEGMENTS = 12


def date_in_url(url: str) -> Published | None:
    """The day, or the month, of publication in the path of an address.

    None where there is none, where two differ, and where the number is no such day.
    """
    path = _path(url)
    if "/1" not in path and "/2" not in path:
        return None  # no year begins otherwise
    found = {day for pattern in (_SPLIT, _JOINED, _COMPACT) for day in _days(pattern, path)}
    if len(found) != 1:
        return None
    return found.pop()


def _days(pattern: re.Pattern[str], path: str) -> list[Published]:
    days = []
    for match in pattern.finditer(path):
        year, named = int(match["y"]), match["m"].lower()
        month = int(named) if named.isdecimal() else MONTHS.get(named, 0)
        day = int(match["d"]) if match["d"] else None
        if day is None and (year < _FIRST_WEB_YEAR or len(named) != 2 or not named.isdecimal()):
            continue
        try:
            date(year, month, 1 if day is None else day)
        except ValueError:
            continue
        days.append(Published(year, month, day))
    return days


def section_in_url(url: str) -> str | None:
    """The section in the path of an address: a known name of one, where sections stand.

    That is at the very start (`/politics/…`), behind a leading `news`, or right beside a
    whole date (`/2016/11/08/politics/…`); never the last part, which is the page's own.
    """
    path = _path(url)
    segments = [part.lower() for part in path.split("/")[1:_MOST_SEGMENTS]]
    likely = segments[:-1][:1]
    if likely == ["news"]:
        likely = segments[1:-1][:1]
    dated = _SPLIT.search(path)
    if dated and dated["d"]:
        before, after = path[: dated.start()], path[dated.end() :].lstrip("/")
        likely += [before.rpartition("/")[2].lower(), *after.lower().split("/")[:-1][:1]]
    return next((segment for segment in likely if segment in _SECTIONS), None)


@lru_cache(maxsize=4)  # asked for its day, and for its section
def _path(url: str) -> str:
    try:
        return unquote(urlsplit(url).path[:1000])
    except ValueError:
        return ""
