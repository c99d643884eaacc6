"""How well articles are found on saved web pages, beside trafilatura by itself.

    python benchmarks/extraction.py FOLDER

FOLDER is a checkout of the article extraction benchmark (`ground-truth.json`, and
`html/<key>.html.gz`). For each page, the tokens of the body that was found are compared
with those of the true one, as multisets: precision is the share of found tokens that are
true, recall the share of true ones that were found, F1 their harmonic mean; printed are
the means over all pages. A page on which nothing is found counts as zero. Then: of how
many pages each field is known, and from where.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections import Counter
from pathlib import Path

import trafilatura

from newsidx.errors import ReadError
from newsidx.readers.base import BadRecord, ReadOptions
from newsidx.readers.html import READER
from newsidx.readers.source import Source
from newsidx.refine.refine import Clean, refine
from newsidx.text.tokens import lowered

FIELDS = ("published", "authors", "source", "section", "title")


def article_on(path: Path, url: str | None) -> Clean | ReadError:
    """The article that newsidx finds on a page that was fetched from `url`."""
    try:
        (raw,) = READER.read(Source(path.name, path), ReadOptions())
        assert not isinstance(raw, BadRecord)
        raw.page_url = raw.page_url or url
        return refine(raw)
    except ReadError as error:
        return error


def scores(found: str, true: str) -> tuple[float, float, float]:
    """F1, precision and recall of the tokens of a text."""
    ours, theirs = Counter(lowered(found)), Counter(lowered(true))
    common = (ours & theirs).total()
    if not common:
        return 0.0, 0.0, 0.0
    return (
        2 * common / (ours.total() + theirs.total()),
        common / ours.total(),
        common / theirs.total(),
    )


def kind(way: str) -> str:
    """Where a field came from, without what was noted beside it."""
    return way.partition(";")[0].partition(": ")[0]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    truth = json.loads((folder / "ground-truth.json").read_text("utf-8"))
    results: dict[str, list[tuple[float, float, float]]] = {"newsidx": [], "trafilatura": []}
    seconds = dict.fromkeys(results, 0.0)
    ways: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    lost = []
    for key, page in truth.items():
        path = folder / "html" / f"{key}.html.gz"
        started = time.process_time()
        article = article_on(path, page.get("url"))
        seconds["newsidx"] += time.process_time() - started
        body = "" if isinstance(article, ReadError) else article.body
        results["newsidx"].append(scores(body, page["articleBody"]))
        if isinstance(article, ReadError):
            lost.append(f"{key}: {article.reason}: {article.message}")
        else:
            for field in FIELDS:
                way = article.provenance.get(field) if getattr(article, field) else None
                ways[field][kind(way or "none")] += 1
        started = time.process_time()
        alone = trafilatura.extract(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
        seconds["trafilatura"] += time.process_time() - started
        results["trafilatura"].append(scores(alone or "", page["articleBody"]))
    print(f"{'':12}{'F1':>8}{'precis.':>9}{'recall':>8}{'CPU s':>8}   means of {len(truth)} pages")
    for name, found in results.items():
        f1, precision, recall = (statistics.fmean(column) for column in zip(*found, strict=True))
        print(f"{name:12}{f1:8.4f}{precision:9.4f}{recall:8.4f}{seconds[name]:8.2f}")
    for field, counts in ways.items():
        known = len(truth) - len(lost) - counts.pop("none", 0)
        print(f"{field}: {known / len(truth):.0%}", *counts.most_common(), sep="  ")
    print(f"pages without an article: {len(lost)}", *lost, sep="\n  ")


if __name__ == "__main__":
    main()
