"""How long each engine takes to fill and to answer, and whether it ranks as the oracle does.

    python benchmarks/engines.py [--fill CORPUS...] [--rank FOLDER...] [--topics N] [--url URL]

A CORPUS is indexed by processes of its own, first with Whoosh, then with Tantivy, then into one
node of OpenSearch 2.19 that is started here (or into `--url`, without a name). Told are wall and
processor time of these processes, the node's not included; their peak memory together; the
size of the index; and the median time of some queries: cold, as whole commands, and warm, in one
process.

A FOLDER holds a test collection (`testcollections.py`). Each topic is put as loose words to
each engine: told are MAP and nDCG@10, in how many topics OpenSearch
gives all articles in the order of the oracle, and the greatest difference of a score.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))

from metrics import MEASURES  # noqa: E402
from ranking import names_of  # noqa: E402
from testcollections import Collection  # noqa: E402
from usage import Usage, measured  # noqa: E402

import newsidx  # noqa: E402
from newsidx.engines.base import SearchRequest  # noqa: E402
from newsidx.engines.memory import MemoryEngine  # noqa: E402
from newsidx.indexer.run import RunOptions, run  # noqa: E402
from newsidx.indexer.writing import create_index  # noqa: E402
from newsidx.searcher.question import Ask  # noqa: E402
from tests.cluster.nodes import Nodes, get  # noqa: E402

QUERIES = ["oil prices", '"white house"', "market*", "trade w/5 deficit", "government OR president",
           "economy -bank", "date:1987", "=reagan", "=Trump"]  # fmt: skip
TODAY = date(2000, 1, 1)
WARM = 15


def command(*words: str, memory: bool = False) -> Usage:
    """What newsidx takes."""
    environ = {"PYTHONPATH": str(REPOSITORY)}
    line = [sys.executable, "-m", "newsidx", *words]
    return measured(line, environ, memory=memory, statuses=(0, 1, 3))


def fill(corpus: Path, url: str, folder: Path) -> None:
    print(f"\n{corpus.name}\n")
    print("| engine | build | newsidx's CPU | peak | size | cold | its CPU | warm |")
    print("|---|---|---|---|---|---|---|---|")
    name = f"bench-{os.getpid()}-{corpus.name.lower().replace('_', '-')}"
    engine = ("--engine", "opensearch", "--url", f"{url}/{name}", "--replicas", "0")
    tantivy = ("--engine", "tantivy")
    for kind, more in (("whoosh", ()), ("tantivy", tantivy), ("opensearch", engine)):
        index = folder / f"{corpus.name}-{kind}"
        build = command("index", str(corpus), "--index", str(index), *more, memory=True)
        runs = [command("search", query, "--json", "--index", str(index)) for query in QUERIES]
        cold, its = (statistics.median(getattr(r, of) for r in runs) for of in ("wall", "cpu"))
        with newsidx.open(index) as opened:
            warm = statistics.median(list(_times(opened)))
        size = sum(path.stat().st_size for path in (index / "engine").rglob("*") if path.is_file())
        if kind == "opensearch":
            stats = get(f"{url}/{name}/_stats/store")
            size = stats["_all"]["total"]["store"]["size_in_bytes"]
        print(
            f"| {kind} | {build.wall:.1f} s | {build.cpu:.1f} s | {(build.peak or 0) / 1e6:.0f} MB "
            f"| {size / 1e6:.0f} MB "
            f"| {1000 * cold:.0f} ms | {1000 * its:.0f} ms | {1000 * warm:.1f} ms |",
            flush=True,
        )


def _times(opened: newsidx.Index) -> Iterator[float]:
    for query in QUERIES:
        opened.search(query, suggest=False)
        for _ in range(WARM):
            begun = time.perf_counter()
            opened.search(query, suggest=False)
            yield time.perf_counter() - begun


def rank(folder: Path, url: str, scratch: Path, most: int) -> None:
    collection = Collection.in_folder(folder)
    topics = dict(list(collection.topics.items())[:most])
    names = names_of(collection)
    options = {"url": f"{url}/rank-{os.getpid()}-{folder.name.replace('_', '-')}", "replicas": 0}
    opened = {}
    for kind, given in (("whoosh", {}), ("tantivy", {}), ("opensearch", options)):
        index = scratch / f"{folder.name}-{kind}"
        create_index(index, kind, "en", given)
        run(index, [str(collection.documents)], RunOptions(jobs=1))
        opened[kind] = newsidx.open(index)
    theirs = opened["opensearch"].engine
    oracle = MemoryEngine(theirs.scan(), "en", theirs.round_length)
    figures: dict[str, list[list[float]]] = {kind: [] for kind in (*opened, "oracle")}
    same, worst = 0, 0.0
    for topic, text in topics.items():
        question = Ask(text, literal=True, any_word=True)
        query = opened["whoosh"].understand(question, TODAY).query
        request = SearchRequest(query, limit=None)
        hits = {kind: list(each.engine.search(request).hits) for kind, each in opened.items()}
        hits["oracle"] = list(oracle.search(request).hits)
        records = {a.id: names.get(a.record or "", "") for a in oracle.scan()}
        for kind, found in hits.items():
            ranked = [records[hit.id] for hit in found[:1000]]
            judged = collection.judgements[topic]
            figures[kind].append([MEASURES[m](ranked, judged) for m in ("MAP", "nDCG@10")])
        ours = hits["opensearch"]
        same += [hit.id for hit in ours] == [hit.id for hit in hits["oracle"]]
        scores = {hit.id: hit.score for hit in hits["oracle"]}
        worst = max([worst, *(abs(h.score / scores[h.id] - 1) for h in ours if scores[h.id])])
    print(f"\n{folder.name}, {len(topics)} topics\n\n| engine | MAP | nDCG@10 |\n|---|---|---|")
    for kind, rows in figures.items():
        means = [statistics.mean(each) for each in zip(*rows, strict=True)]
        print(f"| {kind} | {means[0]:.4f} | {means[1]:.4f} |")
    print(f"\nIn the order of the oracle, all articles: {same} of {len(topics)} topics; "
          f"scores differ by {worst:.1e} at most.", flush=True)  # fmt: skip
    for each in opened.values():
        each.close()


@contextmanager
def node(url: str | None, folder: Path) -> Iterator[str]:
    """The address given, or that of a node that is stopped at the end."""
    if url:
        yield url
        return
    nodes = Nodes(folder / "node", 2)
    (folder / "node").mkdir()
    try:
        nodes.start()
        yield nodes.urls[0]
    finally:
        nodes.stop()


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fill", nargs="*", type=Path, default=[])
    parser.add_argument("--rank", nargs="*", type=Path, default=[])
    parser.add_argument("--topics", type=int, default=1000, help="of each collection, at most")
    parser.add_argument("--url")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="newsidx-engines-") as name,
        node(given.url, Path(name)) as url,
    ):
        for folder in given.rank:
            rank(folder, url, Path(name), given.topics)
        for corpus in given.fill:
            fill(corpus, url, Path(name))


if __name__ == "__main__":
    main()
