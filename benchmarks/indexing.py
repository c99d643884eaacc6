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
- newsidx with the engine tantivy, beside tantivy-py alone.
- SQLite FTS5 with its Porter stemmer, tantivy-py with its English one.
- recollindex and omindex as Debian has them (recollcmd, xapian-omega); recollindex also
  without the spelling dictionary that it makes, and set for speed.

MB are millions of bytes, of titles and bodies for speed. Peak memory: `usage.py`, in a run
of its own before the others, for to look at it slows down what is looked at. Ratios
are medians over the runs of how many times newsidx's time a system takes. Each build is
told on standard error when it is over. With --growth a quarter of the corpus is built as
well: every fourth of its files. On a busy machine only processor time is to be trusted.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from peers import BUILDERS, missing
from staging import Corpus, prepare, quarter, stage
from tables import markdown
from usage import Usage, measured, size_of

import newsidx

PEERS = Path(__file__).with_name("peers.py")
SCRIPTS = Path(sys.executable).parent
RECOLL = "topdirs = {folder}\n"
# For speed: no spelling dictionary, no yielding to other processes, more held in memory.
RECOLL_TUNED = RECOLL + "noaspell = 1\nidxniceprio = 0\nidxflushmb = 128\n"


@dataclass(frozen=True)
class Build:
    usage: Usage
    size: int


@dataclass
class Trial:
    """A corpus, and what was built of it.

    Attributes:
        kept: Articles in newsidx's index, which holds copies once.
        builds, peaks: By system: those whose time was taken, and bytes of memory.
    """

    corpus: Corpus
    kept: int = 0
    builds: dict[str, list[Build]] = field(default_factory=dict)
    peaks: dict[str, int] = field(default_factory=dict)

    def median(self, system: str, what: str) -> float:
        """Of `wall` or `cpu`, in seconds."""
        return statistics.median(getattr(one.usage, what) for one in self.builds[system])

    def ratio(self, system: str, what: str) -> float:
        """How many times what newsidx took in the same run."""
        pairs = zip(self.builds[system], self.builds["newsidx"], strict=True)
        return statistics.median(
            getattr(one.usage, what) / getattr(ours.usage, what) for one, ours in pairs
        )


Prepare = Callable[[Corpus, Path], tuple[list[str], Path]]
"""A corpus and a folder to work in -> the command, and where its index will be."""


def newsidx_command(jobs: int | None, engine: str = "whoosh") -> Prepare:
    def command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
        index = work / "index"
        options = ["--engine", engine, *(["--jobs", str(jobs)] if jobs else [])]
        made = [f"{SCRIPTS}/newsidx", "index", "-q", str(corpus.folder), "--index", str(index)]
        return made + options, index

    return command


def whoosh_command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
    del work
    index = corpus.texts / ".whoosh_index"
    shutil.rmtree(index, ignore_errors=True)
    return [f"{SCRIPTS}/whoosh", "index", str(corpus.texts)], index


def recoll_command(settings: str) -> Prepare:
    def command(corpus: Corpus, work: Path) -> tuple[list[str], Path]:
        (work / "recoll.conf").write_text(settings.format(folder=corpus.texts), "utf-8")
        return ["recollindex", "-c", str(work), "-z"], work / "xapiandb"

    return command


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
        "newsidx-tantivy": ("newsidx, tantivy", newsidx_command(jobs, "tantivy")),
        "whoosh-command": ("whoosh command", whoosh_command),
        "whoosh": ("stock Whoosh", library("whoosh")),
        "whoosh-procs": ("stock Whoosh, procs=2", library("whoosh-procs")),
        "fts5": ("SQLite FTS5", library("fts5")),
        "tantivy": ("tantivy-py", library("tantivy")),
        "recollindex": ("recollindex", recoll_command(RECOLL)),
        "recollindex-tuned": ("recollindex, tuned", recoll_command(RECOLL_TUNED)),
        "omindex": ("omindex", omindex_command),
    }


def lacking(name: str) -> str | None:
    """What is not installed of a system."""
    if name.startswith(("recollindex", "omindex")):
        program = name.removesuffix("-tuned")
        return None if shutil.which(program) else program
    if name == "newsidx-tantivy":
        return missing("tantivy")
    return missing(name) if name in BUILDERS else None


def build(trial: Trial, name: str, prepared: Prepare, *, memory: bool) -> None:
    """Build once, and take down what it cost: memory or time."""
    corpus = trial.corpus
    with tempfile.TemporaryDirectory(dir=corpus.articles.parent) as work:
        command, index = prepared(corpus, Path(work))
        os.sync()
        environ = {"NEWSIDX_CONFIG": os.devnull}
        usage = measured(command, environ, statuses=_statuses(name), memory=memory)
        print(f"{corpus.name}: {name} {usage.wall:.1f} s, CPU {usage.cpu:.1f} s", file=sys.stderr)
        if usage.peak is not None:
            trial.peaks[name] = usage.peak
        else:
            trial.builds.setdefault(name, []).append(Build(usage, size_of(index)))
        if name == "newsidx":
            with newsidx.open(index) as opened:
                trial.kept = opened.info.articles
        if index.is_relative_to(corpus.texts):
            shutil.rmtree(index)


def _statuses(name: str) -> tuple[int, ...]:
    """newsidx ends with 3 when there was a file that it could not read."""
    return (0, 3) if name.startswith("newsidx") else (0,)


def table(trial: Trial, names: dict[str, str]) -> str:
    """One row for each system."""
    corpus, rows = trial.corpus, []
    for short, builds in trial.builds.items():
        wall = trial.median(short, "wall")
        cells = (
            f"{wall:.2f}",
            f"{trial.median(short, 'cpu'):.2f}",
            f"{trial.peaks[short] / 1e6:.0f}" if short in trial.peaks else "-",
            f"{statistics.median(one.size for one in builds) / 1e6:.1f}",
            f"{corpus.count / wall:.0f}",
            f"{corpus.size / 1e6 / wall:.2f}",
            f"{trial.ratio(short, 'wall'):.2f}",
            f"{trial.ratio(short, 'cpu'):.2f}",
        )
        rows.append((names[short], *cells))
    head = ("", "wall s", "CPU s", "peak MB", "index MB", "articles/s", "MB/s", "wall ×", "CPU ×")
    return markdown(head, rows)


def growth_table(small: Trial, whole: Trial, names: dict[str, str]) -> str:
    """How many times longer the whole takes than the quarter, and what four times would."""
    more, rows = whole.corpus.size / small.corpus.size, []
    for short, builds in whole.builds.items():
        pairs = zip(builds, small.builds[short], strict=True)
        longer = statistics.median(one.usage.wall / other.usage.wall for one, other in pairs)
        first, last = (trial.median(short, "wall") for trial in (small, whole))
        cells = (f"{first:.2f}", f"{last:.2f}", f"{more:.2f}", f"{longer:.2f}")
        rows.append((names[short], *cells, f"{4 * longer / more:.2f}"))
    head = ("", "quarter s", "whole s", "times the text", "times as long", "for four times")
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
    machine = f"{platform.platform()}, {os.cpu_count()} processors"
    print(f"{machine}, Python {platform.python_version()}")
    versions = {name: importlib.metadata.version(name) for name in ("newsidx", "whoosh3")}
    print(", ".join(f"{name} {version}" for name, version in versions.items()))
    for name in wanted:
        if lack := lacking(name):
            print(f"{name} is left out: {lack} is not installed")
    chosen = {n: made for n, (_, made) in systems(options.jobs).items() if n in wanted}
    chosen = {name: prepared for name, prepared in chosen.items() if not lacking(name)}
    names = {name: title for name, (title, _) in every.items()}
    if options.scratch:
        options.scratch.mkdir(parents=True, exist_ok=True)
    for given in options.corpus:
        with tempfile.TemporaryDirectory(prefix="newsidx-", dir=options.scratch) as scratch:
            trials = run(given.resolve(), Path(scratch), chosen, options)
            for trial in trials:
                found = trial.corpus
                print(
                    f"\n{found.name}: {found.count} articles, {trial.kept} of them different",
                    end="",
                )
                print(f", {found.size / 1e6:.1f} MB of text\n\n{table(trial, names)}", flush=True)
            if options.growth:
                whole, small = trials
                print(f"\n{whole.corpus.name}, growth\n\n{growth_table(small, whole, names)}")


def run(
    given: Path, scratch: Path, chosen: dict[str, Prepare], options: argparse.Namespace
) -> list[Trial]:
    """Build the whole, and a quarter where that is wanted, on every system in turn."""
    corpora = [stage(given, scratch / "whole")]
    if options.growth:
        corpora.append(quarter(corpora[0], scratch / "quarter"))
    for corpus in corpora:
        prepare(corpus)
    trials = [Trial(corpus) for corpus in corpora]
    for run in range(options.runs + 1):
        for trial in trials:
            for name, prepared in chosen.items():
                build(trial, name, prepared, memory=run == 0)
    return trials


if __name__ == "__main__":
    main()
