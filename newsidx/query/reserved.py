"""Forms of the query language that this version knows of and can't answer yet.

Each is an error rather than an ordinary word, so that no query changes its meaning
on the day its form is understood.
"""

from __future__ import annotations

import re
from typing import NoReturn

from newsidx.query.characters import CLOSING, has_token, quoted, shown
from newsidx.query.misread import Misread, cut

__all__ = ["refuse_equals", "refuse_expression", "refuse_field", "refuse_tilde", "refuse_word"]

_EQUALS = re.compile("=*")
_TILDE = re.compile(r"~[0-9.]*")
_FUZZY = re.compile(r"~[0-9.]*\Z")
_NEAR = re.compile(r"(?:near|w|pre)/[0-9]+", re.IGNORECASE)
_ATLEAST = re.compile(r"atleast[0-9]+", re.IGNORECASE)


def _reserved(
    form: str, query: str, start: int, end: int, expected: str, repairs: tuple[str, ...] = ()
) -> Misread:
    """The error for the form at `query[start:end]`, which is mended by leaving that out."""
    message = f"{form} is not understood by this version."
    repairs = repairs or (cut(query, start, end),)
    return Misread(message, query, start, end, expected=expected, repairs=repairs)


def refuse_word(query: str, at: int, chunk: str) -> None:
    """Raise `Misread` where the bare text `chunk`, which stands at `at`, is a reserved form."""
    end = at + len(chunk)
    following = query[end : end + 1]
    if chunk.startswith("="):
        if chunk.strip("=") or following == "(" or following in CLOSING:
            refuse_equals(query, at, "A word after = (in that form only)")
    elif _NEAR.fullmatch(chunk):
        raise _reserved(
            f"{shown(chunk)} (words near each other)",
            query,
            at,
            end,
            "AND between words that may stand anywhere in an article",
            (cut(query, at, end), query[:at] + quoted(chunk) + query[end:]),
        )
    elif following == "(" and _ATLEAST.fullmatch(chunk):
        raise _reserved(
            f"{shown(chunk)}(…) (a number of occurrences)",
            query,
            at,
            end,
            "the words without it, or a space before the bracket to search for the text itself",
        )
    elif (tilde := _FUZZY.search(chunk)) and has_token(chunk[: tilde.start()]):
        raise _reserved(
            "A word followed by ~ (a fuzzy word)",
            query,
            at + tilde.start(),
            end,
            f"{shown(chunk[: tilde.start()])} without the ~, "
            "or quotes around it to search for the text itself",
        )


def refuse_equals(query: str, at: int, form: str) -> NoReturn:
    """Raise `Misread` for the `=` signs at `at`, which stand before a word or a value."""
    equals = _EQUALS.match(query, at)
    end = equals.end() if equals else at
    raise _reserved(form, query, at, end, "the same without the =")


def refuse_tilde(query: str, at: int, *, after: str) -> None:
    """Raise `Misread` where a `~` stands at `at`, directly after a phrase or a bracket."""
    if tilde := _TILDE.match(query, at):
        form = f"{after} followed by ~ (words near each other)"
        raise _reserved(form, query, at, tilde.end(), "the same without the ~")


def refuse_expression(query: str, start: int, end: int) -> NoReturn:
    """Raise `Misread` for `query[start:end]`, a text between slashes."""
    text = quoted(query[start:end])
    raise _reserved(
        "A word between slashes (a regular expression)",
        query,
        start,
        end,
        f"{shown(text)} to search for the text itself",
        (query[:start] + text + query[end:],),
    )


def refuse_field(query: str, start: int, end: int) -> None:
    """Raise `Misread` where `query[start:end]`, a field's name and its colon, is `hlead:`."""
    if query[start:end].lower() == "hlead:":
        raise _reserved(
            "hlead: (the title and the first words)",
            query,
            start,
            end,
            "no field for the whole article, or title: for its title",
        )
