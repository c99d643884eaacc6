"""The peers that are libraries, each as somebody would use it who has articles at hand.

    python benchmarks/peers.py build NAME ARTICLES INDEX
    python benchmarks/peers.py open NAME INDEX

`build` makes an index of ARTICLES, a file of JSON Lines with the fields of newsidx's own
articles; `open` opens one and prints what that took: seconds of the processor, bytes of
memory. NAME is one of `BUILDERS`, for `open` also newsidx.
"""

from __future__ import annotations

import importlib.util
import json
import sqlite3
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from usage import pss

if TYPE_CHECKING:
    from newsidx.article import Article

MEGABYTES = 128  # that a writer may hold before it writes
DATE_WHEN_UNKNOWN = datetime(1, 1, 1)  # noqa: DTZ001 - Whoosh takes naive ones

TANTIVY_TEXT = ("title", "body")
TANTIVY_RAW = ("id", "authors", "source", "section", "tags", "url", "path", "language")
FTS5_SCHEMA = (
    "CREATE VIRTUAL TABLE articles USING fts5(title, body, authors, source, section, tags, "
    "id UNINDEXED, published UNINDEXED, url UNINDEXED, path UNINDEXED, language UNINDEXED, "
    "tokenize = 'porter unicode61')"
)
FTS5_FIELDS = ("title", "body", "authors", "source", "section", "tags")
FTS5_FIELDS += ("id", "published", "url", "path", "language")


def articles_in(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_articles(articles: Iterable[Article], path: Path) -> None:
    write_records((article.to_dict() for article in articles), path)


def write_records(records: Iterable[dict[str, Any]], path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False) + "\n")


def day_of(article: dict[str, Any]) -> str | None:
    """The day of publication, the first one it can have been."""
    published = article["published"]
    return f"{published}-01-01"[:10] if published else None


def whoosh_schema(*, stop_words: bool, one_field: bool) -> Any:
    """Text in title and body, or in one field for both; keywords in lower case."""
    from whoosh.analysis import StemmingAnalyzer
    from whoosh.fields import DATETIME, ID, KEYWORD, NUMERIC, STORED, TEXT, Schema

    analyzer = StemmingAnalyzer(stoplist=None, minsize=1) if stop_words else StemmingAnalyzer()
    text = TEXT(stored=True, analyzer=analyzer)
    keyword = KEYWORD(stored=True, commas=True, lowercase=True)
    fields = dict.fromkeys(("authors", "source", "section", "tags"), keyword)
    if one_field:
        fields |= {"text": TEXT(analyzer=analyzer), "title": STORED(), "body": STORED()}
    else:
        fields |= {"title": text, "body": text}
    return Schema(
        id=ID(stored=True, unique=True),
        published=DATETIME(stored=True, sortable=True),
        url=ID(stored=True),
        path=ID(stored=True),
        language=ID(stored=True),
        words=NUMERIC(stored=True),
        **fields,
    )


def whoosh_document(article: dict[str, Any], *, one_field: bool) -> dict[str, Any]:
    names = ("id", "title", "body", "source", "section", "url", "path", "language", "words")
    document = {name: article[name] for name in names if article[name] is not None}
    document |= {name: ",".join(article[name]) for name in ("authors", "tags") if article[name]}
    if day := day_of(article):
        document["published"] = datetime.fromisoformat(day)
    if one_field:
        document["text"] = f"{article['title']}\n{article['body']}"
    return document


def build_whoosh(
    articles: Path,
    index: Path,
    *,
    procs: int = 1,
    stop_words: bool = False,
    one_field: bool = False,
) -> None:
    from whoosh.index import create_in

    index.mkdir()
    made = create_in(index, whoosh_schema(stop_words=stop_words, one_field=one_field))
    options = {"procs": procs, "multisegment": True} if procs > 1 else {}
    writer = made.writer(limitmb=MEGABYTES, **options)
    for article in articles_in(articles):
        writer.add_document(**whoosh_document(article, one_field=one_field))
    writer.commit()


def build_fts5(articles: Path, index: Path) -> None:
    def row(article: dict[str, Any]) -> tuple[str | None, ...]:
        article = {**article, "published": day_of(article)}
        found = (article[name] for name in FTS5_FIELDS)
        return tuple(", ".join(value) if isinstance(value, list) else value for value in found)

    with closing(sqlite3.connect(index)) as database:
        database.execute(FTS5_SCHEMA)
        marks = ", ".join("?" * len(FTS5_FIELDS))
        statement = f"INSERT INTO articles({', '.join(FTS5_FIELDS)}) VALUES ({marks})"
        database.executemany(statement, map(row, articles_in(articles)))
        database.commit()


def build_tantivy(articles: Path, index: Path) -> None:
    import tantivy

    schema = tantivy.SchemaBuilder()
    for name in TANTIVY_TEXT:
        schema.add_text_field(name, stored=True, tokenizer_name="en_stem")
    for name in TANTIVY_RAW:
        schema.add_text_field(name, stored=True, tokenizer_name="raw")
    schema.add_integer_field("published", stored=True, indexed=True, fast=True)
    index.mkdir()
    made = tantivy.Index(schema.build(), path=str(index))
    writer = made.writer(heap_size=MEGABYTES * 1_000_000)
    for article in articles_in(articles):
        names = (*TANTIVY_TEXT, *TANTIVY_RAW)
        document = {name: article[name] for name in names if article[name]}
        if document.get("source"):
            document["source"] = document["source"].lower()
        if day := day_of(article):
            document["published"] = int(day.replace("-", ""))
        writer.add_document(tantivy.Document(**document))
    writer.commit()
    writer.wait_merging_threads()


BUILDERS: dict[str, Callable[[Path, Path], None]] = {
    "whoosh": build_whoosh,
    "whoosh-procs": partial(build_whoosh, procs=2),
    "whoosh-two-fields": partial(build_whoosh, stop_words=True),
    "whoosh-one-field": partial(build_whoosh, stop_words=True, one_field=True),
    "fts5": build_fts5,
    "tantivy": build_tantivy,
}
NEEDS = {"tantivy": "tantivy"}


def missing(name: str) -> str | None:
    """The package that a peer needs and that is not there."""
    package = NEEDS.get(name)
    return package if package and importlib.util.find_spec(package) is None else None


def open_whoosh(index: Path) -> Any:
    from whoosh.index import open_dir

    return open_dir(index).searcher()


def open_fts5(index: Path) -> Any:
    database = sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro", uri=True)
    database.execute("SELECT 1 FROM articles LIMIT 1").fetchone()
    return database


def open_tantivy(index: Path) -> Any:
    import tantivy

    made = tantivy.Index.open(str(index))
    return made, made.searcher()


def open_newsidx(index: Path) -> Any:
    import newsidx

    opened = newsidx.open(index)
    return opened, opened.engine


def opener(name: str) -> Callable[[Path], Any]:
    """How a peer's index is opened, with all that it imports imported."""
    if name.startswith("whoosh"):
        return open_whoosh
    if name == "tantivy":
        import tantivy  # noqa: F401 - it is what takes its time

        return open_tantivy
    if name == "newsidx":
        import newsidx.app
        import newsidx.engines.whoosh.engine  # noqa: F401 - likewise

        return open_newsidx
    return open_fts5


def print_opening(name: str, index: Path) -> None:
    from os import getpid

    open_index = opener(name)
    before, started = pss(getpid()), time.process_time()
    held = open_index(index)
    spent = time.process_time() - started
    print(json.dumps({"seconds": spent, "bytes": pss(getpid()) - before}))
    del held


def main() -> None:
    match sys.argv[1:]:
        case ["build", name, articles, index]:
            BUILDERS[name](Path(articles), Path(index))
        case ["open", name, index]:
            print_opening(name, Path(index))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main()
