"""Sentences of articles as they may be quoted: truly, in disguise, or with one change.

`quotations.py` says what the disguises and changes are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from newsidx.app import Index
from newsidx.text.sentences import sentence_ends

__all__ = ["DISGUISES", "FUNCTIONS", "Altered", "Sentence", "altered", "sentences"]

DISGUISES = ("marks", "ellipsis", "bracket", "case", "hyphen")

_HYPHENATED = re.compile(r"(?<![\w-])[A-Za-z]+(?:-[A-Za-z]+)+(?![\w-])")
_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")
_NUMBER = re.compile(r"(?<![\w.,$-])\d{1,4}(?![\w.,-])")
_NOT = re.compile(r"\bnot \b")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|will|would|could|should|has|had|did|can|must)(?= )")


class Sentence(NamedTuple):
    """A sentence of an article, and its word joined by hyphens, which stays as it is."""

    article: str
    text: str
    hyphenated: tuple[int, int]


class Altered(NamedTuple):
    """A sentence with one change: what kind it is, and where."""

    kind: str
    sentence: Sentence
    change: tuple[int, int]


def sentences(index: Index) -> Iterator[Sentence]:
    for article in sorted(index.engine.scan(), key=lambda each: each.id):
        start = 0
        for end in sentence_ends(article.body, article.language):
            text = article.body[start:end].strip()
            start = end
            found = _HYPHENATED.search(text, 12)
            inside = found is not None and found.end() < len(text) - 12
            if (
                found is None
                or not inside
                or any(mark in text for mark in "\n[]…")
                or "..." in text
            ):
                continue
            if 8 <= len(text.split()) <= 40 and text[0].isalpha() and "  " not in text:
                yield Sentence(article.id, text, found.span())


# Disguises: each leaves a stretch of the text as it is


def marks(text: str, _: tuple[int, int], random: Random) -> str:
    inner = random.choice(["‘’", "“”", "«»", "„“"])
    straight = iter(range(len(text)))
    text = re.sub('"', lambda _: inner[next(straight) % 2], text)
    around = random.choice(['""', "“”", "«»", "„“", "''"])
    return f"{around[0]}{text}{around[1]}"


def ellipsis(text: str, kept: tuple[int, int], random: Random) -> str:
    words = free_words(text, kept)
    count = random.randint(1, 6)
    starts = [
        at
        for at in range(2, len(words) - count - 2)
        if not words[at].start() < kept[1] <= words[at + count - 1].end()
        and not (words[at].start() <= kept[0] < words[at + count - 1].end())
    ]
    if not starts:
        return text
    at = random.choice(starts)
    mark = random.choice(["…", "...", "[...]", "[…]", ". . ."])
    return f"{text[: words[at].start()]}{mark} {text[words[at + count - 1].end() :].lstrip()}"


def bracket(text: str, kept: tuple[int, int], random: Random) -> str:
    words = free_words(text, kept)[2:-2]
    if not words:
        return text
    word = random.choice(words)
    return f"{text[: word.start()]}[they]{text[word.end() :]}"


def case(text: str, _: tuple[int, int], __: Random) -> str:
    return text[0].swapcase() + text[1:]


def hyphen(text: str, kept: tuple[int, int], _: Random) -> str:
    for found in _HYPHENATED.finditer(text, 1):
        if found.end() <= kept[0] or found.start() >= kept[1]:
            return f"{text[: found.start()]}  {text[found.end() :]}"
    return text


def free_words(text: str, kept: tuple[int, int]) -> list[re.Match[str]]:
    """Words that stand by themselves, between blanks, out of the way of what is kept."""
    return [
        word
        for word in re.finditer(r"(?<=\s)[A-Za-z]+(?=\s)", text)
        if word.end() < kept[0] - 1 or word.start() > kept[1] + 1
    ]


FUNCTIONS: dict[str, Callable[[str, tuple[int, int], Random], str]] = {
    "marks": marks,
    "ellipsis": ellipsis,
    "bracket": bracket,
    "case": case,
    "hyphen": hyphen,
}


# Alterations

_Change = tuple[Sentence, tuple[int, int]] | None


def altered(every: list[Sentence], count: int, random: Random) -> list[Altered]:
    """So many sentences, a third with another word, number and negation each."""
    makers = {"word": another_word, "number": another_number, "negation": another_negation}
    wanted = {kind: count // 3 + (at < count % 3) for at, kind in enumerate(makers)}
    words = sorted({word for each in every for word in _WORD.findall(each.text) if len(word) > 3})
    found: list[Altered] = []
    for sentence in random.sample(every, len(every)):
        for kind, maker in makers.items():
            if wanted[kind] and (change := maker(sentence, words, random)):
                wanted[kind] -= 1
                found.append(Altered(kind, *change))
                break
        if not any(wanted.values()):
            break
    return found


def replaced(
    sentence: Sentence, start: int, end: int, text: str
) -> tuple[Sentence, tuple[int, int]]:
    changed = sentence.text[:start] + text + sentence.text[end:]
    kept = start - 1, start + len(text) + 1
    return Sentence(sentence.article, changed, sentence.hyphenated), kept


def another_word(sentence: Sentence, words: list[str], random: Random) -> _Change:
    places = [word for word in free_words(sentence.text, sentence.hyphenated) if len(word[0]) > 3]
    if not places:
        return None
    place, word = random.choice(places), random.choice(words)
    if word.lower() == place[0].lower():
        return None
    return replaced(sentence, *place.span(), word.lower())


def another_number(sentence: Sentence, _: list[str], random: Random) -> _Change:
    place = _NUMBER.search(sentence.text)
    if place is None:
        return None
    return replaced(sentence, *place.span(), str(int(place[0]) + random.randint(1, 9)))


def another_negation(sentence: Sentence, _: list[str], __: Random) -> _Change:
    if place := _NOT.search(sentence.text):
        return replaced(sentence, *place.span(), "")
    if place := _AUXILIARY.search(sentence.text):
        return replaced(sentence, *place.span(), f"{place[0]} not")
    return None
