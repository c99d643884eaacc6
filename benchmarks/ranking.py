"""How well newsidx ranks, beside bm25s and SQLite FTS5 on the same topics.

    pip install -e ".[bench]"
    python benchmarks/ranking.py FOLDER...
    python benchmarks/ranking.py --documents D --topics T --judgements J

A FOLDER holds a test collection (see `testcollections.py` for the forms): Cranfield,
TIME, one of TREC's or BEIR's. Its documents are indexed by newsidx in a temporary
directory, and each topic is put as loose words (`-F --any`); then with `--expand`. The
others are given the titles and bodies that newsidx read, without the titles it made
itself. Means over all topics that have a relevant document; the measures are
trec_eval's (`metrics.py`). Ties stay in the order that each system gives.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from metrics import MEASURES
from testcollections import Collection

import newsidx
from newsidx.app import Index
from newsidx.article import Article
from newsidx.engines.base import SearchRequest
from newsidx.indexer.extract import extract
from newsidx.indexer.options import RootOptions
from newsidx.indexer.pieces import Job
from newsidx.indexer.run import RunOptions, run
from newsidx.indexer.writing import create_index
from newsidx.searcher.expand import expand
from newsidx.searcher.question import Ask
from newsidx.text.stopwords import stop_words
from newsidx.text.tokens import forms

DEPTH = 1000
TODAY = date(2000, 1, 1)

Search = Callable[[str], list[str]]
"""A topic's text -> names of documents, the best first."""


def names_of(collection: Collection) -> dict[str, str]:
    """Record ids -> what judgements call each document."""
    path = collection.documents
    job = Job(str(path.parent), path.name, path.name, RootOptions())
    found = [item.article.record or "" for piece in extract(job) for item in piece.items]
    if not collection.ordinals:
        return {record: record for record in found}
    return {record: str(place) for place, record in enumerate(found, 1)}


def newsidx_search(index: Index, names: dict[str, str], *, expanded: bool) -> Search:
    """The index's own engine, asked as `newsidx search -F --any` asks it."""
    records = {article.id: article.record or "" for article in index.engine.scan()}
    language = index.manifest.language

    def search(text: str) -> list[str]:
        question = Ask(text, literal=True, any_word=True, limit=DEPTH)
        understood = index.understand(question, TODAY)
        if expanded:
            understood, _ = expand(index.engine, question, understood, language, TODAY)
        page = index.engine.search(SearchRequest(understood.query, limit=DEPTH))
        return [names[records[hit.id]] for hit in page.hits]

    return search


def bm25s_search(articles: list[Article], names: dict[str, str]) -> Search:
    """bm25s with Lucene's BM25, k1 = .9 and b = .4, English stop words and stems, title twice."""
    import bm25s
    import Stemmer

    stemmer = Stemmer.Stemmer("english")
    texts = [f"{title(a)} {title(a)} {a.body}" for a in articles]
    system = bm25s.BM25(k1=0.9, b=0.4, method="lucene")
    options = {"stopwords": "en", "stemmer": stemmer, "show_progress": False}
    system.index(bm25s.tokenize(texts, **options), show_progress=False)

    def search(text: str) -> list[str]:
        depth = min(DEPTH, len(articles))
        tokens = bm25s.tokenize([text], **options)
        found, scores = system.retrieve(tokens, k=depth, show_progress=False)
        pairs = zip(found[0], scores[0], strict=True)
        return [names[articles[at].record or ""] for at, score in pairs if score > 0]

    return search


def fts5_search(articles: list[Article], names: dict[str, str]) -> Search:
    """SQLite FTS5 with its Porter stemmer and bm25(), the title weighing twice."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE VIRTUAL TABLE t USING fts5(title, body, tokenize = 'porter')")
    rows = ((place, title(a), a.body) for place, a in enumerate(articles))
    database.executemany("INSERT INTO t(rowid, title, body) VALUES (?, ?, ?)", rows)
    stops = stop_words("en")

    def search(text: str) -> list[str]:
        words = [form for form in forms(text) if form not in stops]
        query = " OR ".join(f'"{word}"' for word in dict.fromkeys(words))
        statement = "SELECT rowid FROM t WHERE t MATCH ? ORDER BY bm25(t, 2.0, 1.0) LIMIT ?"
        found = database.execute(statement, (query, DEPTH)) if query else ()
        return [names[articles[place].record or ""] for (place,) in found]

    return search


def title(article: Article) -> str:
    """The title that the document has itself."""
    return "" if article.provenance.get("title") == "first-sentence" else article.title


def systems(collection: Collection, index: Index) -> Iterator[tuple[str, Search]]:
    names = names_of(collection)
    yield "newsidx", newsidx_search(index, names, expanded=False)
    yield "newsidx --expand", newsidx_search(index, names, expanded=True)
    articles = sorted(index.engine.scan(), key=lambda article: article.record or "")
    yield "bm25s", bm25s_search(articles, names)
    yield "SQLite FTS5", fts5_search(articles, names)


def measure(collection: Collection, jobs: int) -> None:
    with tempfile.TemporaryDirectory(prefix="newsidx-") as scratch:
        path = Path(scratch) / "index"
        create_index(path, "whoosh", "en")
        run(path, [str(collection.documents)], RunOptions(jobs=jobs))
        with newsidx.open(path) as index:
            print(f"\n{collection.name}: {index.info.articles} documents", end=", ")
            print(f"{len(collection.topics)} topics")
            head = "".join(f"{name:>13}" for name in MEASURES)
            print(f"{'':18}{head}{'ms/topic':>10}")
            for name, search in systems(collection, index):
                started = time.process_time()
                rankings = {topic: search(text) for topic, text in collection.topics.items()}
                spent = (time.process_time() - started) / len(rankings)
                pairs = [(found, collection.judgements[t]) for t, found in rankings.items()]
                means = (
                    statistics.fmean(one(*pair) for pair in pairs) for one in MEASURES.values()
                )
                row = "".join(f"{mean:13.4f}" for mean in means)
                print(f"{name:18}{row}{spent * 1000:10.1f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, nargs="*")
    for name in ("documents", "topics", "judgements"):
        parser.add_argument(f"--{name}", type=Path)
    parser.add_argument("--jobs", type=int, default=1, help="processes that index")
    options = parser.parse_args()
    collections = [Collection.in_folder(folder.resolve()) for folder in options.folder]
    files = (options.documents, options.topics, options.judgements)
    if all(files):
        collections.append(Collection.of(*(file.resolve() for file in files)))
    if not collections:
        parser.error("name a folder, or --documents, --topics and --judgements")
    for collection in collections:
        measure(collection, options.jobs)


if __name__ == "__main__":
    main()
