"""Make a corpus of any number of news stories out of the paragraphs of real ones.

    python benchmarks/corpus.py OUT REUTERS JSON [--stories 20000] [--jsonl FILES] [--seed 0]

REUTERS is a folder of Reuters-21578 (`*.sgm`), JSON an archive or a folder of articles in
JSON, of which each has a topic; both are read by newsidx's own readers. A story is made of
runs of paragraphs, one from its parent and, until it is as long as it should be, further
ones from articles of the same topic. Lengths are drawn from a log-normal distribution with
a median of 250 words, as newswire has them.

Each paragraph is used once before any is used again. When it comes back, words that occur
once or twice in all the sources have mostly become others, of the same kind and as rare, and
decimals have other last digits: so the vocabulary grows on, about as it does from the half
of the sources to the whole, where repeating them would have ended it.

Outlets, bylines and days are invented. The same arguments give the same bytes, and the
first stories of a large corpus are those of a small one.

Text files have the form that newsidx reads headers from: `Title: …`, `Source: …` and so
on, a blank line, and paragraphs. JSON Lines have the same in fields, dealt out to FILES
files in turn. On standard error: stories, words, distinct words, median length.
"""

from __future__ import annotations

import argparse
import json
import math
import re
import statistics
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from newsidx.article import Article
from newsidx.indexer.extract import Job, extract
from newsidx.indexer.options import RootOptions

MEDIAN_WORDS, SPREAD = 250, 0.65  # of the log-normal distribution of lengths
SHORTEST, LONGEST = 40, 4000
RUN = 6  # paragraphs of one article that stay together, at most
RARE = 2  # occurrences
KEPT = 0.3  # the share of rare words that stay, so that the vocabulary grows as it did before
FIRST_DAY, LAST_DAY = date(2008, 1, 1), date(2019, 12, 31)
FILES_IN_FOLDER = 1000

OUTLETS = (
    *("Northgate Courier", "The Meridian Post", "Harbour Wire", "Tri-County Ledger"),
    *("The Daily Lantern", "Prairie Dispatch", "Capitol Observer", "Eastmoor Gazette"),
    *("Continental Press Agency", "The Quayside Echo", "Blue Ridge Reporter", "Sierra Herald"),
    *("Market Signal", "The Foundry Times", "Lakeshore Tribune", "Old Town Advertiser"),
)
FIRST_NAMES = ("Ada", "Bruno", "Clara", "Dev", "Edith", "Farid", "Greta", "Hugo", "Ines", "Jonas")
LAST_NAMES = ("Abend", "Brisk", "Castellan", "Dorn", "Esker", "Fallow", "Grieve", "Holm", "Kessel")

_PARAGRAPHS = re.compile(r"\n(?:\s*\n| {3,})")
_WORD = re.compile(r"[^\W\d_]{4,}")
_DECIMAL = re.compile(r"(?<=\d\.)\d\d?(?!\w)")
_CHANGING = re.compile(rf"{_WORD.pattern}|{_DECIMAL.pattern}")


@dataclass(frozen=True, slots=True)
class Parent:
    """A real article: what stories are made of."""

    title: str
    topic: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """A made one, as the fields of a record in JSON."""

    id: str
    title: str
    source: str
    published: str
    author: str
    section: str
    url: str
    paragraphs: tuple[str, ...]

    def record(self) -> dict[str, object]:
        known = {name: getattr(self, name) for name in self.__slots__ if name != "paragraphs"}
        return {**known, "body": "\n\n".join(self.paragraphs)}

    def text(self) -> str:
        names = ("title", "source", "published", "author", "section", "url")
        head = "".join(f"{name.capitalize()}: {getattr(self, name)}\n" for name in names)
        return f"{head}\n" + "\n\n".join(self.paragraphs) + "\n"


def parents(reuters: Path, articles: Path) -> Iterator[Parent]:
    """The articles of both sources, those of JSON unpacked into a scratch folder."""
    yield from map(parent_of, articles_in(sorted(reuters.glob("*.sgm"))))
    if articles.is_dir():
        yield from map(parent_of, articles_in(sorted(articles.rglob("*.json"))))
        return
    with tempfile.TemporaryDirectory(prefix="newsidx-") as scratch:
        with tarfile.open(articles) as archive:
            archive.extractall(scratch, filter="data")
        yield from map(parent_of, articles_in(sorted(Path(scratch).rglob("*.json"))))


def articles_in(files: Iterable[Path]) -> Iterator[Article]:
    """What newsidx reads and refines out of files."""
    for path in files:
        for piece in extract(Job(str(path.parent), path.name, "", RootOptions())):
            yield from (item.article for item in piece.items)


def parent_of(article: Article) -> Parent:
    parts = (" ".join(part.split()) for part in _PARAGRAPHS.split(article.body))
    topic = article.tags[0] if article.tags else "news"
    return Parent(article.title, topic.replace("_", " "), tuple(filter(None, parts)))


class Renaming:
    """Rare words and decimals become others, in a way of its own for each time.

    Args:
        counts: Word in lower case -> its occurrences in all sources.
    """

    def __init__(self, counts: Counter[str], seed: int) -> None:
        self._rare = sorted(word for word, count in counts.items() if count <= RARE)
        self._is_rare = frozenset(self._rare)
        self._seed = seed
        self._known: dict[tuple[int, str], str] = {}

    def __call__(self, text: str, time: int, random: Random) -> str:
        """A text as it is the first time (0), and each time after."""
        if not time:
            return text

        def other(found: re.Match[str]) -> str:
            word = found[0]
            if word[0].isdecimal():
                return "".join(random.choice("0123456789") for _ in word)
            lower = word.lower()
            if lower not in self._is_rare:
                return word
            name = self._name(lower, time)
            return name.upper() if word.isupper() else name.title() if word[0].isupper() else name

        return _CHANGING.sub(other, text)

    def _name(self, word: str, time: int) -> str:
        """The beginning of a rare word with the ending of another."""
        known = self._known.get((time, word))
        if known is None:
            random = Random(f"{self._seed} {time} {word}")
            ending = random.choice(self._rare)
            other = word[: (len(word) + 1) // 2] + ending[len(ending) // 2 :]
            known = word if random.random() < KEPT else other
            self._known[time, word] = known
        return known


def stories(sources: list[Parent], seed: int = 0) -> Iterator[Story]:
    """Stories without end, always the same for the same sources and seed."""
    counts: Counter[str] = Counter()
    for parent in sources:
        for paragraph in parent.paragraphs:
            counts.update(_WORD.findall(paragraph.lower()))
    renamed = Renaming(counts, seed)
    random = Random(seed)
    number = time = 0
    while any(parent.paragraphs for parent in sources):
        for parent, paragraphs in dealt(sources, random):
            title, *body = (renamed(text, time, random) for text in (parent.title, *paragraphs))
            yield dressed(number, title, parent.topic, tuple(body), random)
            number += 1
        time += 1


def dealt(sources: list[Parent], random: Random) -> Iterator[tuple[Parent, list[str]]]:
    """Every paragraph once, as the bodies of stories, each with the parent of its first run."""
    decks: dict[str, list[tuple[Parent, tuple[str, ...]]]] = {}
    for parent in sources:
        start = 0
        while start < len(parent.paragraphs):
            end = start + random.randint(1, RUN)
            decks.setdefault(parent.topic, []).append((parent, parent.paragraphs[start:end]))
            start = end
    order = [topic for topic, deck in decks.items() for _ in deck]
    random.shuffle(order)
    for deck in decks.values():
        random.shuffle(deck)
    for topic in order:
        deck = decks[topic]
        if not deck:
            continue
        wanted = random.lognormvariate(math.log(MEDIAN_WORDS), SPREAD)
        first = deck[-1][0]
        yield first, _body(deck, min(max(wanted, SHORTEST), LONGEST))


def _body(deck: list[tuple[Parent, tuple[str, ...]]], wanted: float) -> list[str]:
    """Runs off the top of a deck up to about so many words; what is left of one goes back."""
    body: list[str] = []
    words = 0
    while deck:
        parent, run = deck.pop()
        for place, paragraph in enumerate(run):
            length = paragraph.count(" ") + 1
            if body and words + length / 2 > wanted:
                deck.append((parent, run[place:]))
                return body
            body.append(paragraph)
            words += length
    return body


def dressed(number: int, title: str, topic: str, body: tuple[str, ...], random: Random) -> Story:
    """A story with an outlet (the n-th is n times rarer than the first), a day and a byline."""
    weights = [1 / rank for rank in range(1, len(OUTLETS) + 1)]
    outlet = random.choices(OUTLETS, weights)[0]
    day = FIRST_DAY + timedelta(random.randrange((LAST_DAY - FIRST_DAY).days + 1))
    host = re.sub(r"[^a-z]", "", outlet.lower())
    return Story(
        id=f"s{number:07}",
        title=title,
        source=outlet,
        published=day.isoformat(),
        author=f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}",
        section=topic,
        url=f"https://www.{host}.example/{day:%Y/%m/%d}/story-{number:07}",
        paragraphs=body,
    )


def write_texts(found: Iterable[Story], out: Path) -> Iterator[Story]:
    """A file for each story, a thousand to a folder."""
    for number, story in enumerate(found):
        folder = out / f"{number // FILES_IN_FOLDER:03}"
        if not number % FILES_IN_FOLDER:
            folder.mkdir(parents=True)
        (folder / f"{story.id}.txt").write_text(story.text(), "utf-8")
        yield story


def write_lines(found: Iterable[Story], out: Path, files: int) -> Iterator[Story]:
    """One line for each story, dealt out to so many files in turn."""
    out.mkdir(parents=True)
    with ExitStack() as stack:
        names = (out / f"stories-{number:03}.jsonl" for number in range(files))
        opened = [stack.enter_context(name.open("w", encoding="utf-8")) for name in names]
        for number, story in enumerate(found):
            opened[number % files].write(json.dumps(story.record(), ensure_ascii=False) + "\n")
            yield story


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, help="a folder that is not there yet")
    parser.add_argument("reuters", type=Path)
    parser.add_argument("json", type=Path)
    parser.add_argument("--stories", type=int, default=20_000)
    parser.add_argument("--jsonl", type=int, metavar="FILES", help="JSON Lines, not text files")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    if options.out.exists():
        parser.error(f"{options.out} is there already")
    sources = list(parents(options.reuters, options.json))
    found = islice(stories(sources, options.seed), options.stories)
    written = (
        write_lines(found, options.out, options.jsonl)
        if options.jsonl
        else write_texts(found, options.out)
    )
    lengths, vocabulary = [], set()
    for story in written:
        words = " ".join(story.paragraphs).lower().split()
        lengths.append(len(words))
        vocabulary.update(words)
    print(
        f"{len(lengths)} stories, {sum(lengths)} words, {len(vocabulary)} distinct, "
        f"median {statistics.median(lengths):.0f} words, mean {statistics.fmean(lengths):.0f}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
