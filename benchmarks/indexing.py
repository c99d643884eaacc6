"""How fast an index is built, in how much memory, beside others on the same articles.

    pip install -e ".[bench]"
    python benchmarks/indexing.py CORPUS... [--runs 3] [--growth] [--systems newsidx,fts5]

A CORPUS is a folder, an archive (unpacked beforehand) or a file that newsidx reads: text
files, JSON, JSON Lines; of a folder with Reuters-21578's `*.sgm`, those. Whole processes,
in turn, medians of the runs; every system sees the machine in the same moods.

newsidx and, of text files, the other commands read the corpus itself. Of other formats
those commands (`whoosh index`, recollindex, omindex) get text files, and libraries
(`peers.py`) always get prepared articles: what newsidx has read and refined, from a file
that was written beforehand. So they are spared reading, cleaning, dates and languages.

- whoosh command: `whoosh index`, of whoosh3.
- stock Whoosh: title and body with positions and stems, keywords and a date; by one
  writer, and with procs=2 and multisegment. The better of the two is the one to compare.
- SQLite FTS5 with its Porter stemmer, tantivy-py with its English one.
- recollindex and omindex as Debian has them (recollcmd, xapian-omega).

MB are millions of bytes, of titles and bodies for speed. Peak memory: `usage.py`. Ratios
are medians over the runs of how many times newsidx's time a system takes. With --growth a
quarter of the corpus is built as well: every fourth of its files.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import shutil
import statistics
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from multiprocessing import Pool
from pathlib import Path
from typing import Any

from peers import BUILDERS, articles_in, missing
from tables import markdown
from usage import Usage, measured, size_of

import newsidx
from newsidx.indexer.extract import Job, extract
from newsidx.indexer.options import RootOptions

PEERS = Path(__file__).with_name("peers.py")
SCRIPTS = Path(sys.executable).parent
TEXTS = (".txt", ".text")
FILES_IN_FOLDER = 1000
RECOLL = "topdirs = {folder}\nnoaspell = 1\nidxniceprio = 0\nidxflushmb = 128\n"


@dataclass
class Corpus:
    """What is built, in the forms that it is read in.

    Attributes:
        folder: As it was given; newsidx reads this.
        articles: Prepared: JSON Lines.
        texts: As text files.
        count, size: Articles, and bytes of their titles and bodies.
        kept: Articles in newsidx's index, which holds copies once.
    """

    name: str
    folder: Path
    articles: Path
    texts: Path
    count: int = 0
    size: int = 0
    kept: int = 0
    builds: dict[str, list[Build]] = field(default_factory=dict)


@dataclass(frozen=True)
class Build:
    usage: Usage
    size: int


def stage(given: Path, scratch: Path) -> Corpus:
    """A copy of a corpus in a scratch folder: some commands put their index beside it."""
    folder = scratch / "corpus"
    if given.is_dir():
        only = sorted(given.glob("*.sgm"))
        for path in only or sorted(path for path in given.rglob("*") if path.is_file()):
            target = folder / path.relative_to(given)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    elif tarfile.is_tarfile(given):
        with tarfile.open(given) as archive:
            archive.extractall(folder, filter="data")
    else:
        folder.mkdir(parents=True)
        shutil.copy(given, folder)
    return _corpus(given.name, folder, scratch)


def _corpus(name: str, folder: Path, scratch: Path) -> Corpus:
    files = [path for path in folder.rglob("*") if path.is_file()]
    plain = all(path.suffix in TEXTS for path in files)
    texts = folder if plain else scratch / "texts"
    return Corpus(name, folder, scratch / "articles.jsonl", texts)


def quarter(corpus: Corpus, scratch: Path) -> Corpus:
    """Every fourth file of a corpus."""
    folder = scratch / "corpus"
    files = sorted(path for path in corpus.folder.rglob("*") if path.is_file())
    for path in files[::4]:
        target = folder / path.relative_to(corpus.folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return _corpus(f"{corpus.name}, a quarter", folder, scratch)


def prepare(corpus: Corpus) -> None:
    """Write what newsidx reads of a corpus as JSON Lines and, where wanted, as text files.

    Copies of an article, of which newsidx keeps one, are all there.
    """
    files = sorted(path for path in corpus.folder.rglob("*") if path.is_file())
    with Pool() as pool, corpus.articles.open("w", encoding="utf-8") as lines:
        for records in pool.imap(records_of, files, chunksize=8):
            for record in records:
                record["id"] = f"{corpus.count:07}"
                lines.write(json.dumps(record, ensure_ascii=False) + "\n")
                corpus.count += 1
                corpus.size += len(record["title"].encode()) + len(record["body"].encode())
    if corpus.texts != corpus.folder:
        for number, record in enumerate(articles_in(corpus.articles)):
            folder = corpus.texts / f"{number // FILES_IN_FOLDER:03}"
            folder.mkdir(parents=True, exist_ok=True)
            text = f"{record['title']}\n\n{record['body']}\n"
            (folder / f"{number:06}.txt").write_text(text, "utf-8")


def records_of(path: Path) -> list[dict[str, Any]]:
    """What newsidx reads and refines out of a file."""
    pieces = extract(Job(str(path.parent), path.name, path.parent.name, RootOptions()))
    return [item.article.to_dict() for piece in pieces for item in piece.items]


Prepare = Callable[[Corpus, Path], tuple[list[str], Path]]
"""A corpus and a folder to work in -> the command, and where its index will be."""


def newsidx_command(jobs: int | None) -> Prepare:
    def command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
        index = work / "index"
        options = ["--jobs", str(jobs)] if jobs else []
        made = [f"{SCRIPTS}/newsidx", "index", "-q", str(corpus.folder), "--index", str(index)]
        return made + options, index

    return command


def whoosh_command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
    del work
    index = corpus.texts / ".whoosh_index"
    shutil.rmtree(index, ignore_errors=True)
    return [f"{SCRIPTS}/whoosh", "index", str(corpus.texts)], index


def recoll_command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
    (work / "recoll.conf").write_text(RECOLL.format(folder=corpus.texts), "utf-8")
    return ["recollindex", "-c", str(work), "-z"], work / "xapiandb"


def omindex_command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
    index = work / "index"
    return ["omindex", "--overwrite", "--db", str(index), "--url", "/", str(corpus.texts)], index


def library(name: str) -> Prepare:
    def command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
        index = work / "index"
        return [sys.executable, str(PEERS), "build", name, str(corpus.articles), str(index)], index

    return command


def systems(jobs: int | None) -> dict[str, tuple[str, Prepare]]:
    """Short name -> name and command."""
    return {
        "newsidx": ("newsidx", newsidx_command(jobs)),
        "whoosh-command": ("whoosh command", whoosh_command),
        "whoosh": ("stock Whoosh", library("whoosh")),
        "whoosh-procs": ("stock Whoosh, procs=2", library("whoosh-procs")),
        "fts5": ("SQLite FTS5", library("fts5")),
        "tantivy": ("tantivy-py", library("tantivy")),
        "recollindex": ("recollindex", recoll_command),
        "omindex": ("omindex", omindex_command),
    }


def lacking(name: str) -> str | None:
    """What is not installed of a system."""
    if name in ("recollindex", "omindex"):
        return None if shutil.which(name) else name
    return missing(name) if name in BUILDERS else None


def build(corpus: Corpus, name: str, prepared: Prepare) -> None:
    """Build once, and take down what it cost."""
    with tempfile.TemporaryDirectory(dir=corpus.articles.parent) as work:
        command, index = prepared(corpus, Path(work))
        os.sync()
        usage = measured(command, {"NEWSIDX_CONFIG": os.devnull}, statuses=_statuses(name))
        corpus.builds.setdefault(name, []).append(Build(usage, size_of(index)))
        if name == "newsidx":
            with newsidx.open(index) as opened:
                corpus.kept = opened.info.articles
        if index.is_relative_to(corpus.folder) or index.is_relative_to(corpus.texts):
            shutil.rmtree(index)


def _statuses(name: str) -> tuple[int, ...]:
    """newsidx ends with 3 when there was a file that it could not read."""
    return (0, 3) if name == "newsidx" else (0,)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def table(corpus: Corpus, names: dict[str, str]) -> str:
    """One row for each system, as Markdown."""
    head = ("", "wall s", "CPU s", "peak MB", "index MB", "articles/s", "MB/s", "wall ×", "CPU ×")
    rows = []
    for short, builds in corpus.builds.items():
        wall = median(one.usage.wall for one in builds)
        peaks = [one.usage.peak for one in builds if one.usage.peak is not None]
        pairs = list(zip(builds, corpus.builds["newsidx"], strict=True))
        rows.append(
            (
                names[short],
                f"{wall:.2f}",
                f"{median(one.usage.cpu for one in builds):.2f}",
                f"{max(peaks) / 1e6:.0f}" if peaks else "-",
                f"{median(one.size for one in builds) / 1e6:.1f}",
                f"{corpus.count / wall:.0f}",
                f"{corpus.size / 1e6 / wall:.2f}",
                f"{median(its.usage.wall / ours.usage.wall for its, ours in pairs):.2f}",
                f"{median(its.usage.cpu / ours.usage.cpu for its, ours in pairs):.2f}",
            )
        )
    return markdown(head, rows)


def growth_table(small: Corpus, whole: Corpus, names: dict[str, str]) -> str:
    """How many times longer the whole takes than the quarter, and what four times would."""
    more = whole.size / small.size
    head = ("", "quarter s", "whole s", "times the text", "times as long", "for four times")
    rows = []
    for short, builds in whole.builds.items():
        pairs = zip(builds, small.builds[short], strict=True)
        longer = median(one.usage.wall / other.usage.wall for one, other in pairs)
        first, last = (
            median(one.usage.wall for one in found) for found in (small.builds[short], builds)
        )
        cells = (f"{first:.2f}", f"{last:.2f}", f"{more:.2f}", f"{longer:.2f}")
        rows.append((names[short], *cells, f"{4 * longer / more:.2f}"))
    return markdown(head, rows)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    every = systems(None)
    parser.add_argument("corpus", type=Path, nargs="+")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--growth", action="store_true", help="a quarter of each corpus as well")
    parser.add_argument("--systems", default=",".join(every), help="default: %(default)s")
    parser.add_argument("--jobs", type=int, help="worker processes of newsidx")
    parser.add_argument("--scratch", type=Path, help="where to work; default: a temporary folder")
    options = parser.parse_args()
    wanted = ["newsidx", *(name for name in options.systems.split(",") if name != "newsidx")]
    if unknown := set(wanted) - set(every):
        parser.error(f"no such system: {', '.join(sorted(unknown))}")
    print(f"{platform.platform()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    print(
        ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("newsidx", "whoosh3"))
    )
    for name in wanted:
        if lack := lacking(name):
            print(f"{name} is left out: {lack} is not installed")
    wanted = [name for name in wanted if not lacking(name)]
    chosen = {name: prepared for name, (_, prepared) in systems(options.jobs).items()}
    names = {name: title for name, (title, _) in every.items()}
    for given in options.corpus:
        with tempfile.TemporaryDirectory(prefix="newsidx-", dir=options.scratch) as scratch:
            whole = stage(given.resolve(), Path(scratch, "whole"))
            corpora = [whole]
            if options.growth:
                corpora.insert(0, quarter(whole, Path(scratch, "quarter")))
            for corpus in corpora:
                prepare(corpus)
            for _ in range(options.runs):
                for corpus in corpora:
                    for name in wanted:
                        build(corpus, name, chosen[name])
            for corpus in reversed(corpora):
                print(
                    f"\n{corpus.name}: {corpus.count} articles, {corpus.kept} of them different, "
                    f"{corpus.size / 1e6:.1f} MB of text"
                )
                print(f"\n{table(corpus, names)}", flush=True)
            if options.growth:
                print(
                    f"\n{whole.name}, growth\n\n{growth_table(corpora[0], whole, names)}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
