"""How well `newsidx quote` tells true quotations from altered ones, and how long it takes.

    python benchmarks/quotations.py INDEX|ARTICLES [--sentences 200] [--seed 7] [--list]

Sentences are drawn from the articles: those of 8 to 40 words with a word joined by hyphens
inside. Each is quoted truly in five disguises:

- marks: other quote marks inside, and some around it,
- ellipsis: one to six words left out of its middle,
- bracket: one word replaced by [they],
- case: its first letter in the other case,
- hyphen: the word joined by hyphens dropped, as scrapers do, with a run of blanks left.

As many are altered: a word is replaced by one of another sentence, a number by another, or a
negation is put in or taken out; each where no disguise is. These are checked as they are, and
in the five disguises as well. The tables say how often each came to which verdict; an altered
one that is called verbatim is printed, and is an error (status 1). True ones have to be found
in the article that they are from.

Times are those of the processor for one quotation, in a process that is open.
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from tables import markdown

import newsidx
from newsidx.app import Index
from newsidx.text.sentences import sentence_ends

DISGUISES = ("marks", "ellipsis", "bracket", "case", "hyphen")
VERDICTS = ("verbatim", "altered", "absent")

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


# The tables


class Checker:
    """Checks quotations and counts verdicts and time."""

    def __init__(self, index: Index) -> None:
        self.quotations = index.quotations
        self.counts: dict[tuple[str, str], Counter[str]] = {}
        self.times: dict[str, list[float]] = {}
        self.wrong: list[str] = []
        self.listed: list[str] = []

    def check(self, table: str, row: str, text: str, article: str) -> None:
        start = time.process_time()
        found = next(iter(self.quotations([text])))
        self.times.setdefault(found.verdict, []).append(1000 * (time.process_time() - start))
        counts = self.counts.setdefault((table, row), Counter())
        counts[found.verdict] += 1
        counts["in its article"] += any(place.article.id == article for place in found.places)
        if table == "altered" and found.verdict == "verbatim":
            self.wrong.append(text)
        if table == "true" and found.verdict != "verbatim":
            self.listed.append(f"{row}: {text}")

    def table(self, name: str) -> str:
        head = [name, *VERDICTS, "in its article"]
        rows = [
            [row, *(str(counts[column]) for column in head[1:])]
            for (table, row), counts in self.counts.items()
            if table == name
        ]
        return markdown(head, rows)

    def timing(self) -> str:
        rows = []
        every = [each for times in self.times.values() for each in times]
        for verdict, times in [*sorted(self.times.items()), ("all", every)]:
            ordered = sorted(times)
            row = [verdict, f"{len(times):,}", f"{statistics.mean(times):.0f}"]
            row += [f"{ordered[len(ordered) * part // 100]:.0f}" for part in (50, 95)]
            rows.append([*row, f"{ordered[-1]:.0f}"])
        return markdown(["verdict", "quotations", "mean ms", "median", "95 %", "longest"], rows)


def index_of(given: Path, scratch: Path) -> Path:
    if (given / "manifest.json").exists():
        return given
    index = scratch / "index"
    command = [sys.executable, "-m", "newsidx", "index", "-q", str(given), "--index", str(index)]
    subprocess.run(command, check=True)
    return index


def main() -> int:
    parser = argparse.ArgumentParser(description="How well quotations are checked.")
    parser.add_argument("archive", type=Path)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--list", action="store_true", help="print true ones that are not verbatim")
    asked = parser.parse_args()
    random = Random(asked.seed)
    with (
        tempfile.TemporaryDirectory(prefix="newsidx-") as scratch,
        newsidx.open(index_of(asked.archive, Path(scratch))) as index,
    ):
        checker = Checker(index)
        every = list(sentences(index))
        print(f"{index.info.articles:,} articles, {len(every):,} sentences to draw from\n")
        for sentence in random.sample(every, asked.sentences):
            for name in DISGUISES:
                # What is kept is nothing, but for the hyphens, which another disguise drops.
                kept = (0, 0) if name == "hyphen" else sentence.hyphenated
                text = FUNCTIONS[name](sentence.text, kept, random)
                checker.check("true", name, text, sentence.article)
        for each in altered(every, asked.sentences, random):
            text, article = each.sentence.text, each.sentence.article
            checker.check("altered", each.kind, text, article)
            for name in DISGUISES:
                disguised = FUNCTIONS[name](text, each.change, random)
                checker.check("altered", f"{each.kind}, {name}", disguised, article)
    print(checker.table("true"))
    print(checker.table("altered"))
    print(checker.timing())
    for text in checker.listed if asked.list else ():
        print("not verbatim:", text)
    for text in checker.wrong:
        print("ALTERED, CALLED VERBATIM:", text)
    return 1 if checker.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
