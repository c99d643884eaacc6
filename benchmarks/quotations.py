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
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from random import Random

from disguises import DISGUISES, FUNCTIONS, altered, sentences
from tables import markdown

import newsidx
from newsidx.app import Index

VERDICTS = ("verbatim", "altered", "absent")


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
