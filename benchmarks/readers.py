"""How fast each reader is, on the files of a folder: megabytes and articles a second.

    python benchmarks/readers.py [FOLDER] [--seconds 2]

Without a folder, on sample_data. One process, CPU seconds; megabytes are those of the files
as they are on disk. Each reader reads all of its files, over and over for that long, once
only reading and once refining as well: dates, names, language, all that the indexer does
before it writes. Of an archive of files, taking it apart is measured and nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsidx.article import RawArticle
from newsidx.errors import ReadError
from newsidx.readers.base import Archive, Reader, ReadOptions
from newsidx.readers.registry import reader_for
from newsidx.readers.source import Source
from newsidx.refine.refine import refine

SAMPLES = Path(__file__).resolve().parent.parent / "sample_data"
OPTIONS = ReadOptions()


@dataclass
class Speed:
    """What was done, and the CPU seconds that it took."""

    size: int = 0
    articles: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        if not self.seconds:
            return f"{'-':>10}{'-':>12}"
        rate, articles = self.size / 1e6 / self.seconds, self.articles / self.seconds
        return f"{rate:10.2f}{articles:12.0f}"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLES)
    parser.add_argument("--seconds", type=float, default=2, help="for each reader and column")
    options = parser.parse_args()
    by_reader: dict[str, list[tuple[Reader | Archive, Source]]] = defaultdict(list)
    for reader, source in readable(options.folder):
        by_reader[reader.name].append((reader, source))
    print(f"{platform.platform()}, {processor()}, Python {platform.python_version()}")
    print(f"{'':10}{'':7}{'':9}{'reading':>22}{'and refining':>22}")
    print(f"{'reader':10}{'files':>7}{'MB':>9}" + f"{'MB/s':>10}{'articles/s':>12}" * 2)
    for name, pairs in sorted(by_reader.items()):
        read(pairs[:1], refine, 0)  # loads what the reader needs
        plain, refined = (read(pairs, then, options.seconds) for then in (lambda _: None, refine))
        if isinstance(pairs[0][0], Archive):
            refined = Speed()
        size = sum(source.path.stat().st_size for _, source in pairs) / 1e6
        print(f"{name:10}{len(pairs):7}{size:9.2f}{plain}{refined}", flush=True)


def readable(folder: Path) -> Iterator[tuple[Reader | Archive, Source]]:
    """The files of a folder that a reader knows and gets something out of."""
    for path in sorted(folder.rglob("*")):
        if not path.is_file() or path.name.startswith("."):
            continue
        source = Source(str(path.relative_to(folder)), path)
        try:
            yield reader_for(source), source
        except ReadError:
            continue


def read(
    pairs: list[tuple[Reader | Archive, Source]],
    then: Callable[[RawArticle], object],
    seconds: float,
) -> Speed:
    """Read files over and over for so long, at least once each."""
    speed = Speed()
    until = time.monotonic() + seconds
    started = time.process_time()
    while True:
        for reader, source in pairs:
            speed.articles += articles(reader, source, then)
            speed.size += source.path.stat().st_size
        if time.monotonic() >= until:
            break
    speed.seconds = time.process_time() - started
    return speed


def articles(reader: Reader | Archive, source: Source, then: Callable[[RawArticle], object]) -> int:
    """Do something with each article of a file; gives their number."""
    count = 0
    try:
        if isinstance(reader, Archive):
            for member in reader.members(source):
                with member.open() as stream:
                    while stream.read(1024 * 1024):
                        pass
            return 0
        for found in reader.read(source, OPTIONS):
            if isinstance(found, RawArticle):
                then(found)
                count += 1
    except ReadError:
        pass
    return count


def processor() -> str:
    """The name of the processor, where the system tells it, and how many there are."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{os.cpu_count()} x {names[0] if names else platform.processor()}"


if __name__ == "__main__":
    main()
