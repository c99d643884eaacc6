"""How fast queries are answered, beside stock Whoosh, SQLite FTS5 and tantivy-py.

    pip install -e ".[bench]"
    python benchmarks/search.py INDEX|CORPUS [--repeats 5] [--cold 3] [--one-field] [--scratch DIR]

Of a CORPUS an index is built first. The peers' indexes are made of the articles in it, by
`peers.py`: every word with its positions, stemmed, stop words too. Stock Whoosh's is one
segment, with title and body as fields, each asked for the same; with --one-field it has
one field for both, which suits it best. With --scratch they are kept for the next time.

The queries are those of `queries.py`. Times are milliseconds of the processor, medians of
the repeats; in each repeat every query is put to every system in turn, so that none can
live on what it has just seen.

- stock: `searcher.search(query, limit=10)`, the query an object made beforehand. It skips
  what can't be among the ten, and so doesn't know how many matches there are.
- counted: the same, and `len(results)`, for which it counts them.
- engine: newsidx's `engine.search` for ten hits, the query bound beforehand: ids, scores
  and the exact number of matches. This is what is to be compared with stock and counted;
  none of them loads an article.
- whole: `Index.search(text, limit=10)`: parsing, the same, ten articles, their highlights
  and snippets; where nothing matches, a look for corrections instead.
- cold: the process `newsidx search QUERY --json --limit 10` from start to end.
- FTS5, tantivy: their search for the ten best, likewise prepared.

Numbers of matches should be alike, and where they are not it is said. They differ where
stemmers do (Porter's here, Snowball's English there), where phrases and wildcards meet
stems instead of words, and where tokens do (`U.S.`, `3.5`).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from dialects import LIMIT, Fts5, Tantivy, Whoosh
from peers import articles_in, missing, write_articles
from queries import QUERIES, Filling, Query
from tables import markdown
from usage import measured

import newsidx
from newsidx.app import Index
from newsidx.engines.base import SearchRequest
from newsidx.searcher.question import Ask

PEERS = str(Path(__file__).with_name("peers.py"))
NEWSIDX = str(Path(sys.executable).with_name("newsidx"))
ENVIRON = {"NEWSIDX_CONFIG": os.devnull}
TODAY = date(2020, 1, 1)
COLUMNS = ("stock", "counted", "engine", "whole", "cold", "FTS5", "tantivy")
RATIOS = (("stock", "engine"), ("counted", "engine"), ("stock", "whole"), ("counted", "whole"))
ALIKE = 0.02  # of the matches may differ without a word

Search = Callable[[], Any]


@dataclass
class Measured:
    """What was found out about a query: milliseconds and numbers of matches, by system."""

    query: Query
    text: str
    searches: dict[str, Search]
    totals: dict[str, int] = field(default_factory=dict)
    times: dict[str, list[float]] = field(default_factory=dict)

    def ms(self, system: str) -> float | None:
        found = self.times.get(system)
        return statistics.median(found) if found else None

    def ratio(self, pair: tuple[str, str]) -> float:
        """How many times as long the first takes as the second."""
        first, second = map(self.ms, pair)
        assert first
        assert second
        return first / second

    @property
    def alike(self) -> bool:
        ours, stock = self.totals["newsidx"], self.totals["stock"]
        return abs(ours - stock) <= max(1, ALIKE * max(ours, stock))


@contextmanager
def folder(scratch: Path | None) -> Iterator[Path]:
    if scratch:
        scratch.mkdir(parents=True, exist_ok=True)
        yield scratch.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="newsidx-") as made:
            yield Path(made)


def index_of(given: Path, scratch: Path) -> Path:
    """An index as given, or one that is built of a corpus."""
    if (given / "manifest.json").exists():
        return given
    index = scratch / f"{given.name}.index"
    if not index.exists():
        command = [NEWSIDX, "index", "-q", str(given), "--index", str(index)]
        measured(command, ENVIRON, memory=False, statuses=(0, 3))
    return index


def peers_of(opened: Index, scratch: Path, stock: str) -> dict[str, Path]:
    """The peers' indexes of the same articles; made where they are not there yet."""
    home = scratch / opened.info.state[:16]
    articles = home / "articles.jsonl"
    if not articles.exists():
        home.mkdir(exist_ok=True)
        write_articles(opened.engine.scan(), articles)
    found = {"articles": articles}
    for system, name in (("stock", stock), ("FTS5", "fts5"), ("tantivy", "tantivy")):
        if package := missing(name):
            print(f"{system} is left out: {package} is not installed")
            continue
        found[system] = home / name
        if not found[system].exists():
            command = [sys.executable, PEERS, "build", name, str(articles), str(found[system])]
            measured(command, memory=False)
    return found


def filling_of(articles: Path) -> Filling:
    """The outlet of most articles and the year in the middle, where there are any."""
    outlets: Counter[str] = Counter()
    years = []
    for article in articles_in(articles):
        if article["source"]:
            outlets[article["source"]] += 1
        if article["published"]:
            years.append(int(article["published"][:4]))
    ((outlet, _),) = outlets.most_common(1) or [(None, 0)]
    return Filling(outlet, statistics.median_low(years) if years else None)


def prepared(opened: Index, peers: dict[str, Path], filling: Filling) -> list[Measured]:
    """Each query for each system, ready to be put, and how many matches each finds."""
    dialects: dict[str, Any] = {"stock": Whoosh(peers["stock"]), "FTS5": Fts5(peers["FTS5"])}
    if "tantivy" in peers:
        dialects["tantivy"] = Tantivy(peers["tantivy"])
    every = []
    for query in QUERIES:
        text = filling.text(query.text)
        if text is None:
            print(f"{query.text} is left out: no article has such a value")
            continue
        request = SearchRequest(opened.understand(Ask(text), TODAY).query, limit=LIMIT)
        one = Measured(query, text, {})
        one.searches["engine"] = lambda request=request: opened.engine.search(request)
        one.searches["whole"] = lambda text=text: opened.search(text, limit=LIMIT, today=TODAY)
        one.totals["newsidx"] = opened.engine.search(request).total
        for system, dialect in dialects.items():
            try:
                made = query.build(dialect, filling)
            except NotImplementedError:
                continue
            one.searches[system] = lambda dialect=dialect, made=made: dialect.search(made)
            one.totals[system] = dialect.total(made)
            if system == "stock":
                one.searches["counted"] = lambda made=made: len(dialects["stock"].search(made))
        every.append(one)
    return every


def measure(every: list[Measured], repeats: int) -> None:
    """Put every query to every system, over and over; the first time doesn't count."""
    for repeat in range(repeats + 1):
        for one in every:
            for system, search in one.searches.items():
                started = time.process_time()
                search()
                spent = (time.process_time() - started) * 1000
                if repeat:
                    one.times.setdefault(system, []).append(spent)


def measure_cold(every: list[Measured], index: Path, repeats: int) -> None:
    for _ in range(repeats):
        for one in every:
            command = [NEWSIDX, "search", one.text, "--json", "--limit", str(LIMIT)]
            used = measured(
                [*command, "--index", str(index)], ENVIRON, memory=False, statuses=(0, 1)
            )
            one.times.setdefault("cold", []).append(used.cpu * 1000)


def openings(index: Path, peers: dict[str, Path], stock: str, repeats: int) -> str:
    """What opening costs each system, in a process of its own, its imports done."""
    names = {"newsidx": ("newsidx", index), "stock Whoosh": (stock, peers["stock"])}
    names["FTS5"] = ("fts5", peers["FTS5"])
    if "tantivy" in peers:
        names["tantivy"] = ("tantivy", peers["tantivy"])
    found: dict[str, list[dict[str, float]]] = {}
    for _ in range(repeats):
        for system, (name, path) in names.items():
            command = [sys.executable, PEERS, "open", name, str(path)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            found.setdefault(system, []).append(json.loads(done.stdout))
    rows = []
    for system, costs in found.items():
        seconds, size = (
            statistics.median(cost[of] for cost in costs) for of in ("seconds", "bytes")
        )
        rows.append((system, f"{seconds * 1000:.1f}", f"{size / 1e6:.1f}"))
    return markdown(("opening", "CPU ms", "MB"), rows)


def table(every: list[Measured]) -> str:
    known = {name for one in every for name in one.times}
    columns = [name for name in COLUMNS if name in known]
    head = ("", "query", "matches", "stock's", *columns, *map("/".join, RATIOS[:3]))
    rows = []
    for one in every:
        times = (one.ms(name) for name in columns)
        cells = [f"{ms:.2f}" if ms is not None else "-" for ms in times]
        ratios = [f"{one.ratio(pair):.1f}" for pair in RATIOS[:3]]
        ours, stock = (str(one.totals[name]) for name in ("newsidx", "stock"))
        totals = (ours, stock if one.alike else f"{stock} ≠")
        rows.append((one.query.kind, one.text.replace("|", "\\|"), *totals, *cells, *ratios))
    return markdown(head, rows, left=2)


def summary(every: list[Measured]) -> str:
    """The ratios over all queries."""
    rows = []
    for pair in RATIOS:
        ordered = sorted(every, key=lambda one: one.ratio(pair))
        ratios = [one.ratio(pair) for one in ordered]
        slower = sum(ratio < 1 for ratio in ratios)
        ends = (f"{ratios[0]:.2f}", ordered[0].text, f"{ratios[-1]:.1f}", ordered[-1].text)
        rows.append(("/".join(pair), f"{statistics.median(ratios):.2f}", *ends, str(slower)))
    return markdown(("ratio", "median", "least", "for", "most", "for", "below 1"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("index", type=Path, help="an index, or what to build one of")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--cold", type=int, default=3, help="processes for each query")
    parser.add_argument("--one-field", action="store_true", help="stock Whoosh as it is fastest")
    parser.add_argument("--scratch", type=Path, help="where to keep the indexes")
    options = parser.parse_args()
    stock = "whoosh-one-field" if options.one_field else "whoosh-two-fields"
    with folder(options.scratch) as scratch:
        index = index_of(options.index.resolve(), scratch)
        with newsidx.open(index) as opened:
            peers = peers_of(opened, scratch, stock)
            filling = filling_of(peers["articles"])
            every = prepared(opened, peers, filling)
            measure(every, options.repeats)
            engine, segments = opened.engine.statistics(), opened.engine.segments().number
        measure_cold(every, index, options.cold)
        print(f"{engine.articles} articles, {segments} segments of newsidx's", end="")
        print(f"; stock Whoosh with {'one field' if options.one_field else 'two fields'}\n")
        print(table(every), end="\n\n")
        print(summary(every), end="\n\n")
        print(openings(index, peers, stock, max(1, options.cold)))


if __name__ == "__main__":
    main()
