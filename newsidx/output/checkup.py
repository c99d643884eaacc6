"""What verify, repair and optimize found and did, in a few lines.

All are given as the records that `--json` prints.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from newsidx.output.safe import one_line
from newsidx.output.streams import is_terminal
from newsidx.text.counted import counted

__all__ = ["migrate_lines", "optimize_lines", "percent_shown", "repair_lines", "verify_lines"]

# How much is named one by one; the JSON has the rest.
SHOWN_FINDINGS = 20
SHOWN_LOST = 20

_INTERVAL = 0.2


class Amount(Protocol):
    """How much of something is done."""

    done: int
    total: int


def verify_lines(record: Mapping[str, Any]) -> list[str]:
    """The lines for `newsidx.verify/1`."""
    index, segments = record["index"], record["segments"]
    size = sum(segment["size"] for segment in segments) / 1e6
    files = sum(segment["files"] for segment in segments)
    articles = "" if index["articles"] is None else f", {counted(index['articles'], 'article')}"
    amount = f"{counted(len(segments), 'segment')}, {counted(files, 'file')}, {size:,.1f} MB"
    lines = [f"Checked {one_line(index['path'])}: {amount}{articles}."]
    lines += _finding_lines(record["findings"])
    lines += record["notes"]
    if record["sound"]:
        lines.append("Everything is as it was committed.")
    else:
        lines.append("It is damaged. See what mending it would do: newsidx repair --dry-run")
    return lines


def _finding_lines(findings: list[Mapping[str, Any]]) -> list[str]:
    lines = [
        one_line(f"damaged: {each['part']} {each['name']}: {each['detail']}")
        for each in findings[:SHOWN_FINDINGS]
    ]
    if len(findings) > SHOWN_FINDINGS:
        lines.append(f"… and {len(findings) - SHOWN_FINDINGS:,} more.")
    return lines


def repair_lines(record: Mapping[str, Any]) -> list[str]:
    """The lines for `newsidx.repair/1`."""
    if not record["findings"]:
        return ["Nothing is damaged.", *record["notes"]]
    lines = [*_finding_lines(record["findings"]), *record["steps"]]
    if record["dry_run"]:
        return [*lines, "Nothing was changed."]
    articles = record["articles"]
    if articles["missing"]:
        lines.append(
            f"{counted(articles['missing'], 'article')} went with what was damaged; "
            f"{articles['restored']:,} are there again."
        )
    for each in record["lost"][:SHOWN_LOST]:
        where = one_line(each["path"]) if each["path"] else "of which nothing else is known"
        title = f" {one_line(each['title'])!r}," if each["title"] else ""
        lines.append(f"lost: {each['id']}{title} {where}")
    if len(record["lost"]) > SHOWN_LOST:
        lines.append(f"… and {len(record['lost']) - SHOWN_LOST:,} more: newsidx repair --json")
    lines += map(one_line, record["unread"])
    lines.append("The index is sound." if record["sound"] else "The index is still damaged.")
    return lines


def optimize_lines(record: Mapping[str, Any]) -> list[str]:
    """The lines for `newsidx.optimize/1`."""
    before, after = record["before"], record["after"]
    if before == after:
        return ["Nothing to do: the index is one segment, and nothing in it is deleted."]
    return [
        f"{counted(record['articles'], 'article')}: {_state(before)} before, {_state(after)} now."
    ]


def migrate_lines(record: Mapping[str, Any]) -> list[str]:
    """The lines for `newsidx.migrate/1`."""
    before, after, compared = record["before"], record["after"], record["compared"]
    sizes = [f"{each['engine']} {each['size'] / 1e6:,.1f} MB" for each in (before, after)]
    where = one_line(record["index"]["path"])
    same = counted(compared["articles"], "article")
    queries = counted(compared["queries"], "query", "queries")
    return [
        f"{counted(record['articles'], 'article')} in {where}: {sizes[0]} before, {sizes[1]} now.",
        f"Both held the same ids, {same} of a sample were the same, and {queries} found the same.",
    ]


def _state(state: Mapping[str, Any]) -> str:
    deleted = f", {state['deleted']:,} deleted" if state["deleted"] else ""
    return f"{counted(state['segments'], 'segment')} of {state['size'] / 1e6:,.1f} MB{deleted}"


@contextmanager
def percent_shown(what: str, unit: str = "MB") -> Iterator[Callable[[Amount], None]]:
    """Say how much is done, where somebody looks: `Checking 12 % of 3,400 MB`."""
    stream = sys.stderr
    if stream is None or not is_terminal(stream):
        yield lambda _: None
        return
    last = 0.0

    def show(amount: Amount) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= _INTERVAL and amount.total:
            last = now
            share = min(100, 100 * amount.done // amount.total)
            total = amount.total / 1e6 if unit == "MB" else amount.total
            stream.write(f"\r{what} {share} % of {total:,.0f} {unit} ")
            stream.flush()

    try:
        yield show
    finally:
        if last:
            stream.write("\r" + " " * 60 + "\r")
            stream.flush()
