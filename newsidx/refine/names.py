"""Who wrote it: bylines taken apart into names, as far as that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["split_byline"]

_BY = re.compile(r"(?:written |reported )?by\b[\s:]*", re.IGNORECASE)
# `Von`, `Por` and `Par` are also names: they go where a whole name is left.
_FOREIGN_BY = re.compile(r"(?:[Vv]on|VON|[Pp]or|POR|[Pp]ar|PAR)\b[\s:]+(?![a-z])")

_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\(?\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\)?|(?<!\w)@\w+", re.IGNORECASE
)
# What a scraper makes of an address: "Joe.Smith Example.Com".
_HOST = re.compile(r"\S+\.(?:com|org|net|edu|gov|info|co\.uk|de|fr)\b", re.IGNORECASE)

# A piece that ends in one of these names a job, whoever has it.
_JOBS = (
    r"writers?|reporters?|correspondents?|editors?|producers?|columnists?|contributors?|staff"
    r"|commentators?|analysts?|photographers?|bureau(?: chief)?|news ?desk"
)
_JOB = re.compile(rf"(?:.+\s)?(?:{_JOBS})(?:\s+(?:for|of|in|at)\s.+)?\.?", re.IGNORECASE)
_JUNK = re.compile(
    r"special (?:to|for) .+|view all posts|latest posts|admin|unknown|none|n/?a|null"
)
_AGENCIES = frozenset(
    (
        *("reuters", "ap", "afp", "upi", "dpa", "efe", "ansa", "apa", "sda", "cnn", "bbc", "npr"),
        *("associated press", "the associated press", "agence france-presse", "usa today"),
        *("bloomberg", "bbc news", "abc news", "cbs news", "nbc news", "fox news"),
    )
)

_AND = re.compile(r"\s+(?:and|und|et|y|e|en)\s+|\s*&\s*", re.IGNORECASE)
_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv|ph\.?d|m\.?d|esq)\.?", re.IGNORECASE)
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
    names; what is not sure stays one name. Addresses and job titles go; an agency
    stays where nobody else is named.

    Args:
        raw: One byline, or several, as written.
    """
    lines = [raw] if isinstance(raw, str) else raw
    pieces = [
        name for line in lines for piece in re.split(r"[;|\n]", line) for name in _names(piece)
    ]
    people = [name for name in pieces if name.lower() not in _AGENCIES]
    return list({name.casefold(): name for name in reversed(people or pieces)}.values())[::-1]


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
    parts = [part for part in map(_trim, piece.split(",")) if part and not _is_noise(part)]
    names = [_cased(name) for part in _with_suffixes(parts) for name in _at_and(part)]
    people = [name for name in names if name.lower() not in _AGENCIES]
    if len(people) > 1 and not all(map(_is_full_name, people)):
        return [", ".join(people)]
    return people or names


def _at_and(part: str) -> list[str]:
    """A piece parted at every `and`, where that gives full names only."""
    # After the comma of a list, "and" stands first.
    part = re.sub(r"^(?:and|und|et|&)\s+", "", part, flags=re.IGNORECASE)
    names = _AND.split(part)
    return names if all(map(_is_full_name, names)) else [part]


def _trim(piece: str) -> str:
    return " ".join(piece.split()).strip(' "“”„«»()[]<>-–—/*:')


def _is_noise(part: str) -> bool:
    low = part.lower()
    if low in _AGENCIES or _AND.search(part):
        return False
    return bool(_JUNK.fullmatch(low) or _JOB.fullmatch(part) or _HOST.search(part))


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
