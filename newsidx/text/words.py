"""A text as the words that a quotation is compared by.

These are tokens, put together and told apart as a reader would: what an apostrophe joins is
one word (`don't`, `Trump's`), and so is a number with its signs (`3.5` is not `3,5`, nor `5%` `5`).
Other signs that change what is said are words of their own, `½` and `&`; punctuation is none.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category, normalize

from newsidx.text.tokens import Token, spelt, tokenize

__all__ = ["Word", "moved", "same_letters", "words_of"]


class Word(NamedTuple):
    """One word of a text.

    Attributes:
        form: Folded; what joins its tokens stands between them: `don't`, `3.5`.
        spelling: As it is written, in one encoding of it (NFKC).
        tokens: The forms of its tokens; none for a sign.
        start: Its first character in the text, in code points.
        end: One past its last.
        group: Where the first of the words begins that hyphens join with this one.
        grouped: How many of them there are.
        broken: Whether a hyphen and a line's end stand between it and the next.
        gap: Whether a run of blanks inside a sentence stands before it.
    """

    form: str
    spelling: str
    tokens: tuple[str, ...]
    start: int
    end: int
    group: int = 0
    grouped: int = 1
    broken: bool = False
    gap: bool = False


_APOSTROPHES = "'’ʼ＇"
_HYPHENS = "-‐‑‒–"
_JOINT = re.compile(f"[{_APOSTROPHES}]")
_POSSESSIVE = re.compile(f"[{_APOSTROPHES}][sS](?!\\w)")
_JOINING = re.compile(f"[{_HYPHENS}]")
_BREAKING = re.compile(r"[-‐\u00ad]\s+")
_BLANKS = re.compile(r"[^\S\n]{2,}")
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]]*\s*\Z")
_INSIDE_NUMBER = re.compile(rf"[{_HYPHENS}.,:/·{_APOSTROPHES}]")
# A minus, or the point of `.5`, before a number.
_BEFORE_NUMBER = re.compile(r"(?:^|[\s(\[\"'“‘„«])([-−–.])$")
_SIGNS = "%‰&°§"
_SIGN_KINDS = ("Sc", "No", "Nl", "Sm")
_NO_SIGNS = "|~^<>`−"


def words_of(text: str) -> list[Word]:
    """The words of a text, in order."""
    found: list[Word] = []
    tokens = tokenize(text)
    at, number = 0, 0
    while number < len(tokens):
        first = last = number
        while last + 1 < len(tokens) and _joined(text, tokens[last], tokens[last + 1]):
            last += 1
        _between(text, at, tokens[first], found)
        word = _word(text, tokens[first : last + 1])
        found.append(word._replace(gap=_is_gap(text, at, word.start) if found else False))
        at, number = word.end, last + 1
    _signs(text, at, len(text), found)
    return _grouped(text, _measured(text, found))


def _joined(text: str, token: Token, following: Token) -> bool:
    """Whether two tokens are one word: an apostrophe joins them, or a sign inside a number."""
    if token.end + 1 != following.start:
        return False
    digits = text[token.end - 1].isdigit()
    if digits and text[following.start].isdigit():
        return bool(_INSIDE_NUMBER.match(text, token.end))
    return not digits and bool(_JOINT.match(text, token.end))


def _word(text: str, tokens: list[Token]) -> Word:
    start, end = tokens[0].start, tokens[-1].end
    form = tokens[0].form
    for before, token in pairwise(tokens):
        form += _sign_form(text[before.end]) + token.form
    if possessive := _POSSESSIVE.match(text, end):
        end, form = possessive.end(), f"{form}'s"
    spelling = _JOINT.sub("'", normalize("NFKC", spelt(text[start:end])))
    if form[:1].isdigit():
        spelling = _JOINING.sub("-", spelling)
    return Word(form, spelling, tuple(token.form for token in tokens), start, end)


def _between(text: str, at: int, token: Token, found: list[Word]) -> None:
    """Add the signs between the word before and a token."""
    between = text[at : token.start]
    if not text[token.start].isdigit():
        if between not in ("", " "):
            _signs(text, at, token.start, found)
        return
    _signs(text, at, token.start, found)
    if sign := _BEFORE_NUMBER.search(between if at else f" {between}"):
        found.append(_sign(text, token.start - len(sign[1])))


def _signs(text: str, start: int, end: int, found: list[Word]) -> None:
    for at in range(start, end):
        char = text[at]
        if char in _SIGNS or (category(char) in _SIGN_KINDS and char not in _NO_SIGNS):
            found.append(_sign(text, at))


def _sign(text: str, at: int) -> Word:
    form = _sign_form(text[at])
    return Word(form, form, (), at, at + 1)


def _sign_form(char: str) -> str:
    """A sign in the one form that its variants have in common."""
    if char in _APOSTROPHES:
        return "'"
    return "-" if char in _HYPHENS or char == "−" else char


def _measured(text: str, found: list[Word]) -> list[Word]:
    """The words with the signs of a number made part of it: `$5`, `-5`, `5%`, `5 €`."""
    done: list[Word] = []
    for word in found:
        before = done[-1] if done else None
        if before is not None and not before.tokens and before.end == word.start:
            if word.form[:1].isdigit():
                done[-1] = _one(before, word)
                continue
        elif before is not None and not word.tokens and before.form[-1:].isdigit():
            between = text[before.end : word.start]
            if word.form not in "+-=" and (
                not between or (between.isspace() and len(between) == 1)
            ):
                done[-1] = _one(before, word)
                continue
        done.append(word)
    return done


def _one(word: Word, other: Word) -> Word:
    return word._replace(
        form=word.form + other.form,
        spelling=word.spelling + other.spelling,
        tokens=word.tokens + other.tokens,
        end=other.end,
    )


def _is_gap(text: str, start: int, end: int) -> bool:
    """Whether a scraper may have dropped a word here: a run of blanks, not after a sentence."""
    between = text[start:end]
    run = _BLANKS.search(between)
    if run is None or "\n" in between:
        return False
    return text[end].islower() or not _SENTENCE_END.search(text[start - 1 : start + run.start()])


def _grouped(text: str, found: list[Word]) -> list[Word]:
    """The words with what hyphens say of them."""
    done: list[Word] = []
    start = 0
    for at, word in enumerate(found):
        following = found[at + 1] if at + 1 < len(found) else None
        between = text[word.end : following.start] if following else " "
        broken = following is not None and bool(_BREAKING.fullmatch(between))
        done.append(word._replace(broken=broken, group=found[start].start))
        if not (_JOINING.fullmatch(between) or ("\n" in between and broken)):
            size = at + 1 - start
            if size > 1:
                done[start:] = [each._replace(grouped=size) for each in done[start:]]
            start = at + 1
    return done


def same_letters(one: str, other: str) -> bool:
    """Whether two spellings differ in nothing but the case of their first letter."""
    return one[1:] == other[1:] and one[:1].lower() == other[:1].lower()


def moved(word: Word, by: int) -> Word:
    """The word where it stands in a text of which its own is a part that begins there."""
    return word._replace(start=word.start + by, end=word.end + by, group=word.group + by)
