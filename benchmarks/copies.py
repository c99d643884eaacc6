"""Near-copies: how many are found, how many are none, and what they cost.

    python benchmarks/copies.py quality INDEX… [--articles 500] [--show]
    python benchmarks/copies.py cost CORPUS… [--runs 3]
    python benchmarks/copies.py time INDEX… [--articles 50]

`quality` edits articles of 60 words and more, always the same ones: cut to the first half, to the
first third; sentences in another order; another headline, and an agency's line before and after;
one word in 20, and in 7, replaced by others of the archive. Beside these stand pairs on the same
topic and of the same day: for each article those that are likest by its most telling words, of at
most a day before or after. An archive has true copies among them, so that those which are taken
for copies are counted as wrong at worst; --show lists them, to be looked at.

A pair is found when its sketches say that it is worth a look, and its texts that it is one.

`cost` builds an index of each corpus with sketches and without, in turns, in one process, and
compares processor time. `time` is that of one `newsidx spread`, of a search for everything with
and without --collapse, in this process and with the index open.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

from tables import markdown
from usage import measured

import newsidx
from newsidx.app import Index
from newsidx.article import Article
from newsidx.engines.base import SearchRequest
from newsidx.searcher.copies import (
    CANDIDATE,
    CONTAINED,
    Likeness,
    agreement,
    days_apart,
    likeness,
    matrix,
    near_copies,
    numbers,
    sketched,
)
from newsidx.searcher.similar import alike
from newsidx.text.sentences import sentence_ends

THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8)
SHORTEST = 60
LIKE = 20

BUILD = """
import sys
from newsidx.cli.main import main
if sys.argv[1] == "without":
    import newsidx.indexer.parts
    newsidx.indexer.parts.sketch = lambda text: None
sys.exit(main(["index", sys.argv[2], "--index", sys.argv[3], "-q", "--jobs", "1"]))
"""


class Pair(NamedTuple):
    """Two texts: what they have in common, what their sketches say, and the days between."""

    likeness: Likeness
    estimate: float
    days: int | None
    titles: str = ""

    def found(self, least: float) -> bool:
        return self.estimate >= CANDIDATE and near_copies(self.likeness, self.days, least)


def sentences(text: str) -> list[str]:
    ends = [0, *sentence_ends(text), len(text)]
    return [text[a:b].strip() for a, b in pairwise(ends) if text[a:b].strip()]


def replaced(text: str, share: float, words: list[str], chance: Random) -> str:
    return " ".join(
        chance.choice(words) if chance.random() < share else word for word in text.split()
    )


def first(text: str, part: float) -> str:
    """So much of the beginning, to a word."""
    words = text.split(" ")
    return " ".join(words[: round(len(words) * part)])


def edits(words: list[str], chance: Random) -> dict[str, Callable[[str], str]]:
    def shuffled(text: str) -> str:
        parts = sentences(text)
        chance.shuffle(parts)
        return " ".join(parts)

    return {
        "half": lambda text: first(text, 1 / 2),
        "third": lambda text: first(text, 1 / 3),
        "reordered": shuffled,
        "agency": lambda text: f"WASHINGTON (Northline Wire) - {text}\nWith Northline reporting.",
        "5 %": lambda text: replaced(text, 0.05, words, chance),
        "15 %": lambda text: replaced(text, 0.15, words, chance),
        "half, 15 %": lambda text: replaced(first(text, 1 / 2), 0.15, words, chance),
    }


def pair(one: Article, other: Article) -> Pair:
    a, b = sketched(one), sketched(other)
    estimate = float(agreement(matrix([a]), b.sketch)[0])
    titles = f"{one.title[:60]} | {other.title[:60]}"
    return Pair(
        likeness(numbers(one.body), numbers(other.body)), estimate, days_apart(a, b), titles
    )


def sampled(opened: Index, wanted: int) -> list[Article]:
    every = sorted((each for each in opened.engine.scan() if each.words >= SHORTEST), key=_id)
    return Random(9).sample(every, min(wanted, len(every)))


def _id(article: Article) -> str:
    return article.id


def unlike(opened: Index, articles: list[Article]) -> Iterator[Pair]:
    """Pairs on one topic and of one day, each once."""
    seen = set()
    for article in articles:
        query = alike(opened.engine, article, opened.manifest.language)
        page = opened.engine.search(SearchRequest(query, limit=LIKE))
        for other in opened.engine.get([hit.id for hit in page.hits]).values():
            key = frozenset((article.id, other.id))
            if len(key) < 2 or key in seen or other.words < SHORTEST:
                continue
            seen.add(key)
            found = pair(article, other)
            if found.days is None or found.days <= 1:
                yield found


def quality(path: Path, wanted: int, *, show: bool) -> None:
    with newsidx.open(path) as opened:
        articles, chance = sampled(opened, wanted), Random(10)
        words = [word for each in articles for word in each.body.split()]
        pairs: dict[str, list[Pair]] = {}
        for name, edit in edits(words, chance).items():
            changed = [_with(each, edit(each.body)) for each in articles]
            pairs[name] = list(map(pair, articles, changed))
        others = list(unlike(opened, articles))
    print(f"\n{path.name}: {len(articles):,} articles, {len(others):,} pairs that are no edits\n")
    rows = []
    for least in THRESHOLDS:
        found = {name: sum(each.found(least) for each in some) for name, some in pairs.items()}
        wrong = sum(each.found(least) for each in others)
        right = sum(found.values())
        rows.append(
            [
                f"{least}{' *' if least == CONTAINED else ''}",
                *(f"{100 * number / len(articles):.1f}" for number in found.values()),
                f"{100 * right / (len(articles) * len(found)):.1f}",
                f"{wrong:,}",
                f"{100 * right / max(1, right + wrong):.1f}",
            ]
        )
    print(markdown(["share", *pairs, "recall %", "others", "precision %"], rows))
    if show:
        for each in sorted(others, key=lambda each: each.likeness.contained):
            if each.found(CONTAINED):
                print(f"{each.likeness.contained:.2f} {each.likeness.jaccard:.2f}  {each.titles}")


def _with(article: Article, body: str) -> Article:
    from msgspec.structs import replace

    return replace(article, body=body, words=len(body.split()))


def cost(corpora: list[Path], runs: int) -> None:
    rows = []
    environ = {"NEWSIDX_CONFIG": os.devnull}
    for corpus in corpora:
        times: dict[str, list[float]] = {"with": [], "without": []}
        articles = size = 0
        for _ in range(runs):
            for way, found in times.items():
                with tempfile.TemporaryDirectory(prefix="newsidx-") as scratch:
                    index = Path(scratch) / "index"
                    line = [sys.executable, "-c", BUILD, way, str(corpus), str(index)]
                    statuses = (0, 3)
                    found.append(measured(line, environ, memory=False, statuses=statuses).cpu)
                    with newsidx.open(index) as opened:
                        articles = opened.info.articles
                    size = (index / "ledger.db").stat().st_size
        made, bare = (statistics.median(found) for found in times.values())
        more = made - bare
        rows.append(
            [
                corpus.name,
                f"{articles:,}",
                f"{bare:.1f}",
                f"{made:.1f}",
                f"{1e6 * more / articles:.0f}",
                f"{100 * more / bare:.1f}",
                f"{size / articles:.0f}",
            ]
        )
    head = ["corpus", "articles", "without, s", "with, s", "µs an article", "more %"]
    print(markdown([*head, "ledger, bytes an article"], rows))


def timed(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return 1000 * (time.process_time() - started)


def times(indexes: list[Path], wanted: int) -> None:
    rows = []
    for path in indexes:
        with newsidx.open(path) as opened:
            ids = [each.id for each in sampled(opened, wanted)]
            spreads = [timed(lambda key=key: opened.spread(key)) for key in ids]
            plain = statistics.median(timed(lambda: opened.search("*")) for _ in range(5))
            folded = [timed(lambda: opened.search("*", collapse=True)) for _ in range(5)]
            page = opened.search("*", collapse=True)
            rows.append(
                [
                    path.name,
                    f"{page.total:,}",
                    f"{statistics.median(spreads):.0f}",
                    f"{max(spreads):.0f}",
                    f"{plain:.0f}",
                    f"{statistics.median(folded):.0f}",
                    f"{page.stories:,}",
                ]
            )
    head = ["index", "articles", "spread, ms", "most", "search *, ms", "--collapse", "stories"]
    print(markdown(head, rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("what", choices=("quality", "cost", "time"))
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--articles", type=int)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    if args.what == "cost":
        cost(args.paths, args.runs)
    elif args.what == "time":
        times(args.paths, args.articles or 50)
    else:
        for path in args.paths:
            quality(path, args.articles or 500, show=args.show)


if __name__ == "__main__":
    main()
