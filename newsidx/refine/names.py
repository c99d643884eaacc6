"""Who wrote it: bylines taken apart into names, as far as that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

__all__ = ["split_byline"]

_PARTS = re.compile(r"[;|\n]")
_BY = re.compile(
    r"(?:(?:written|reported|posted|published|compiled|story|text|words|analysis|opinion|review"
    r"|commentary|interview)\s+)?by\b[\s:]*",
    re.IGNORECASE,
)
# `Von`, `Por` and `Par` are also names: they go where a whole name is left.
_FOREIGN_BY = re.compile(r"(?:[Vv]on|VON|[Pp]or|POR|[Pp]ar|PAR|[Dd]oor|DOOR)\b[\s:]+(?![a-z])")
# Where somebody was when they wrote it.
_PLACE = re.compile(r"\s+(?:in|IN)\s+[^\W\d_a-zß-ÿ][\w .'’-]*$")

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\(?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\)?|(?<!\w)@\w+", re.IGNORECASE
)
# What a scraper makes of an address: "Joe.Smith Example.Com".
_HOST = re.compile(r"\S+\.(?:com|org|net|edu|gov|info|co\.uk|de|fr)\b", re.IGNORECASE)

# A piece that ends in one of these names a job, whoever has it.
_JOBS = (
    r"writers?|reporters?|correspondents?|editors?|producers?|columnists?|contributors?|staff"
    r"|commentators?|analysts?|photographers?|bureau(?: chief)?|(?:news|web) ?desk|newsroom"
    r"|editors?[ -]at[ -]large"
)
_JOB = re.compile(rf"(?:.+\s)?(?:{_JOBS})(?:\s+(?:for|of|in|at)\s.+)?\.?", re.IGNORECASE)
# A name and a job in one, as the Guardian writes them; where the one ends is not sure.
_NAME_AND_JOB = re.compile(
    r"(?:[^\W\d_a-zß-ÿ][\w.'’-]+\s+){2}(?:[\w-]+\s+){1,3}(?:editor|correspondent|reporter|writer)"
)
_JUNK = re.compile(
    r"special (?:to|for) .+|view all posts|latest posts|admin|unknown|none|n/?a|null"
    r"|(?:from )?(?:[\w.-]+ ){0,2}staff(?:(?:,| and) (?:\w+ ){1,2})? ?reports?"
    r"|staff and agenc(?:y|ies)"
    r"|(?:wire|news service|agency) reports?"
    r"|(?:von der |aus der )?redaktion|(?:por |de )?(?:la )?redacci[oó]n|(?:par )?la r[eé]daction"
    r"|(?:da |por )?(?:a |la )?reda[cç][aã]o|(?:a cura (?:di|della) |della )?redazione"
)
_AGENCIES = frozenset(
    (
        *("reuters", "ap", "afp", "upi", "dpa", "efe", "ansa", "apa", "sda", "cnn", "bbc", "npr"),
        *("associated press", "the associated press", "agence france-presse", "usa today"),
        *("bloomberg", "bbc news", "abc news", "cbs news", "nbc news", "fox news", "ap news"),
        *("cnn business", "cnn politics", "cnn sport", "pti", "ians", "ani", "xinhua", "tass"),
    )
)

_AND = re.compile(r"\s+(?:and|und|et|y|e|en)\s+|\s*&\s*", re.IGNORECASE)
_SUFFIX = re.compile(
    r"(?:(?i:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)|MS|MA|MBA|MPH|RDN?|RN|JD|CPA|DVM)\.?"
)
_PARTICLE_WORDS = "al bin da das de del della den der di do dos du el la le ten ter van von y zu"
_PARTICLES = frozenset(_PARTICLE_WORDS.split())
_MAX_NAME_WORDS = 5
# What is longer is no byline, whatever it is.
_MAX_LENGTH = 1000
_KEPT_CAPITALS = re.compile(r"(?:I{2,3}|IV|(?:[^\W\d_]\.)+|[^\W\d_]),?")


def split_byline(raw: str | Iterable[str]) -> list[str]:
    """The names in a byline, in order, each once.

    `By GARY LANGER and Ann Lee` names Gary Langer and Ann Lee. A byline is parted at
    `;` and line ends, and at commas, `and` and `&` only where all parts look like full
    names; what is not sure stays one name. Addresses, places and job titles go; an agency
    stays where nobody else is named. A name in capitals is written as names are.

    Args:
        raw: One byline, or several, as written.
    """
    lines = [raw] if isinstance(raw, str) else raw
    pieces = [name for line in lines for piece in _PARTS.split(line) for name in _names(piece)]
    people = [name for name in pieces if name.lower() not in _AGENCIES]
    return list({name.casefold(): name for name in reversed(people or pieces)}.values())[::-1]


@lru_cache(maxsize=4096)  # who writes, writes again
def _names(piece: str) -> list[str]:
    """The names in a byline between two semicolons."""
    piece = piece.strip()
    if len(piece) > _MAX_LENGTH:
        return [" ".join(piece.split())]
    piece = _trim(_ADDRESS.sub(" ", piece))
    piece = _BY.sub("", piece, count=1) if _BY.match(piece) else piece
    foreign = _FOREIGN_BY.match(piece)
    if foreign and _is_full_name(_AND.split(piece[foreign.end() :].split(",")[0])[0]):
        piece = piece[foreign.end() :]
    if _NAME_AND_JOB.fullmatch(piece) and "staff" not in piece.lower():
        return [piece]
    parts = [part for part in map(_trim, piece.split(",")) if part and not _is_noise(part)]
    parts = [side for part in parts for side in _at_slash(part)]
    names = [_agency(_cased(n)) for part in _with_suffixes(parts) for n in _at_and(part)]
    people = [name for name in names if name.lower() not in _AGENCIES]
    if len(people) > 1 and not all(map(_is_full_name, people)):
        return [", ".join(people)]
    return people or names


def _at_and(part: str) -> list[str]:
    """A piece parted at every `and`, where that gives full names only."""
    # After the comma of a list, "and" stands first.
    part = re.sub(r"^(?:and|und|et|&)\s+", "", part, flags=re.IGNORECASE)
    names = [_PLACE.sub("", name) for name in _AND.split(part)]
    return names if all(map(_is_full_name, names)) else [part]


def _at_slash(part: str) -> list[str]:
    """A name without the agency before or behind a slash (`AFP/Ann Lee`)."""
    sides = [_trim(side) for side in part.split("/")]
    people = [side for side in sides if side.lower() not in _AGENCIES]
    return people if len(sides) == 2 and len(people) == 1 and _is_full_name(people[0]) else [part]


def _agency(name: str) -> str:
    """An agency without its article; anything else as it is."""
    bare = name[4:] if name.lower().startswith("the ") else name
    return bare if bare.lower() in _AGENCIES else name


def _trim(piece: str) -> str:
    return " ".join(piece.split()).strip(' "“”„«»()[]<>-–—/*:')


def _is_noise(part: str) -> bool:
    low = part.lower()
    if _JUNK.fullmatch(low):
        return True
    if low in _AGENCIES or _AND.search(part):
        return False
    return bool(_JOB.fullmatch(part) or _HOST.search(part))


def _with_suffixes(parts: list[str]) -> list[str]:
    """The pieces, with `Jr.` and its like back at the name before them."""
    joined: list[str] = []
    for part in parts:
        if joined and _SUFFIX.fullmatch(part):
            joined[-1] += f" {part}"
        else:
            joined.append(part)
    return joined


def _is_full_name(name: str) -> bool:
    """Whether it can be a whole name: two to five words, capitals but for particles."""
    words = name.split()
    if not 2 <= len(words) <= _MAX_NAME_WORDS:
        return False
    if not (words[0][0].isalpha() and words[-1][0].isalpha()):
        return False
    return all(word[0].isupper() or word in _PARTICLES for word in words) and words[-1][0].isupper()


def _cased(name: str) -> str:
    """A name that is all capitals, as a name; any other as it is written."""
    if not name.isupper() or (" " not in name and len(name) <= 4):
        return name
    return " ".join(map(_cased_word, name.split()))


def _cased_word(word: str) -> str:
    if _KEPT_CAPITALS.fullmatch(word):
        return word
    word = re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word)
    word = re.sub(r"(?<=['’])S\b", "s", word)
    return re.sub(r"\bMc(\w)", lambda part: f"Mc{part[1].upper()}", word)
