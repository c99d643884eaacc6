"""Read damaged files of every format for a while, and keep those that newsidx takes ill.

    python -m tests.fuzz [READER ...] [--minutes 10] [--seed 0] [--keep FOLDER]

Each file goes the way of the indexer, in this process: from its bytes to refined articles.
What is kept: whatever ends in anything but articles, bad records and reasons of the fixed
list; text that can't be written; and what takes more than five seconds or two gigabytes.
"""

from __future__ import annotations

import argparse
import faulthandler
import hashlib
import random
import resource
import signal
import sys
import tempfile
import time
import zlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from newsidx.errors import ReadError
from newsidx.index.outcomes import REASONS
from newsidx.indexer import extract as extract_module
from newsidx.indexer.extract import extract
from newsidx.indexer.options import RootOptions
from newsidx.indexer.pieces import Extracted
from newsidx.readers.registry import readers
from tests.fuzz.mutations import mutated
from tests.fuzz.samples import Sample, of_format

# Seconds for a file of at most a quarter of a megabyte; and those after which Python
# itself must be stuck in something that takes no signals.
SLOW = 5
STUCK = 60
MEMORY = 2 * 1024**3


class TooSlow(BaseException):
    """Not an Exception: nothing that is there to survive bad files may survive this."""


@dataclass
class Finds:
    """What has been found out about one reader."""

    files: int = 0
    slowest: float = 0.0
    outcomes: Counter[str] = field(default_factory=Counter)
    kept: dict[str, Path] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    names = [reader.name for reader in readers()]
    parser.add_argument("readers", nargs="*", metavar="READER", help=f"of {', '.join(names)}")
    parser.add_argument("--minutes", type=float, default=10, help="for each reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", type=Path, default=Path("fuzz-finds"))
    options = parser.parse_args()
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    found = 0
    for name in options.readers or names:
        finds = fuzz(name, options.minutes * 60, options.seed, options.keep)
        found += len(finds.kept)
        outcomes = ", ".join(f"{count} {what}" for what, count in finds.outcomes.most_common())
        _say(f"{name}: {finds.files} files, slowest {finds.slowest:.1f} s, {outcomes}")
        for what, path in finds.kept.items():
            _say(f"  {path}: {what}")
    sys.exit(1 if found else 0)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def fuzz(name: str, seconds: float, seed: int, keep: Path) -> Finds:
    """Read mutated samples of a reader for that long; the same seed begins the same way."""
    samples = of_format(name)
    if not samples:
        sys.exit(f"There are no samples that the reader {name!r} reads.")
    chance = random.Random(seed + zlib.crc32(name.encode()))
    others = [data for _, data in samples]
    finds, until = Finds(), time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="newsidx-fuzz-") as folder:
        _import_all(samples, Path(folder))
        while time.monotonic() < until:
            sample, data = chance.choice(samples)
            damaged = mutated(data, chance, others)
            # Under its own name it stays with its reader, and without one it need not.
            file = sample if chance.random() < 0.9 else "file"
            started = time.process_time()
            complaint = complaint_about((file, damaged), Path(folder), finds.outcomes, name)
            finds.slowest = max(finds.slowest, time.process_time() - started)
            finds.files += 1
            if complaint and complaint not in finds.kept:
                finds.kept[complaint] = _keep(keep, (file, damaged), complaint)
    return finds


def _import_all(samples: list[Sample], folder: Path) -> None:
    """Read sound files first: an import that is broken off for its time stays broken."""
    for name, data in samples:
        (folder / name).write_bytes(data)
        for _ in extract(extract_module.Job(str(folder), name, "fuzz", RootOptions())):
            pass
        (folder / name).unlink()


def complaint_about(
    sample: Sample, folder: Path, outcomes: Counter[str], reader: str | None = None
) -> str | None:
    """What is wrong with how a file is read, if anything is.

    Args:
        folder: Where to put it meanwhile.
        outcomes: Is counted up by what came of the file.
        reader: The reader that it is to be read with, whatever it looks like.
    """
    name, data = sample
    (folder / name).write_bytes(data)
    format_ = reader if name != "file" else None
    job = extract_module.Job(str(folder), name, "fuzz", RootOptions(format=format_))
    raised: list[Exception] = []
    before = extract_module._reason_of

    def reason_of(problem: Exception) -> tuple[str, str]:
        raised.append(problem)
        return before(problem)

    extract_module._reason_of = reason_of
    previous = signal.signal(signal.SIGPROF, _too_slow)
    faulthandler.dump_traceback_later(STUCK, exit=True)
    try:
        # Of the processor's time, not the wall's: other work is none of the file's fault.
        signal.setitimer(signal.ITIMER_PROF, SLOW)
        try:
            for piece in extract(job):
                _check(piece, outcomes)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except TooSlow as slow:
        return f"it takes more than {SLOW} s ({slow})"
    except Exception as problem:
        return _shown(problem)
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.signal(signal.SIGPROF, previous)
        extract_module._reason_of = before
        (folder / name).unlink()
    strange = [problem for problem in raised if not isinstance(problem, ReadError)]
    return _shown(strange[0]) if strange else None


def _check(piece: Extracted, outcomes: Counter[str]) -> None:
    """See that a piece says nothing that the index could not take."""
    for reason in (piece.reason, *(bad.reason for bad in piece.bad)):
        if reason is not None and reason not in REASONS:
            raise AssertionError(f"unknown reason {reason!r}")
        outcomes[reason or "sound files"] += 1
    for bad in piece.bad:
        bad.message.encode()
    (piece.detail or "").encode()
    for item in piece.items:
        outcomes["articles"] += 1
        article = item.article
        single = (article.source, article.section, article.url, article.record, article.language)
        several = (*article.authors, *article.tags, *article.provenance.values())
        for text in (article.title, article.body, *filter(None, single), *several):
            text.encode()
            assert "\0" not in text, "a zero byte in a text"


def _too_slow(number: int, frame: FrameType | None) -> None:
    where = []
    while frame:
        code = frame.f_code
        if "newsidx" in code.co_filename and not where:
            where.append(f"{Path(code.co_filename).name}:{frame.f_lineno} {code.co_name}")
        frame = frame.f_back
    raise TooSlow(*where)


def _shown(problem: BaseException) -> str:
    trace = problem.__traceback__
    where = []
    while trace:
        code = trace.tb_frame.f_code
        where.append(f"{Path(code.co_filename).name}:{trace.tb_lineno}")
        trace = trace.tb_next
    return f"{type(problem).__name__}: {str(problem)[:80]} ({' < '.join(reversed(where[-3:]))})"


def _keep(folder: Path, sample: Sample, complaint: str) -> Path:
    name, data = sample
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(data).hexdigest()[:12]}-{name}"
    path.write_bytes(data)
    path.with_name(f"{path.name}.why").write_text(f"{complaint}\n")
    return path


if __name__ == "__main__":
    main()
