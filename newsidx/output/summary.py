"""What a run of the indexer did, and what an index holds, in a few lines.

Both are given as the records that `--json` prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsidx.output.safe import one_line

__all__ = ["problem_lines", "stats_lines", "summary_lines"]

# Problems named one by one; the ledger has them all.
SHOWN_PROBLEMS = 10


def summary_lines(report: Mapping[str, Any], path: str) -> list[str]:
    """The lines for a report of `newsidx.index/1`."""
    files, articles = report["files"], report["articles"]
    lines = [_sentence("Articles", articles, first="total", label="in the index")]
    lines.append(_sentence("Files", files, first="seen", label="seen"))
    lines += [f"newsidx: {one_line(warning)}" for warning in report["warnings"]]
    rate = report["articles_per_second"]
    speed = f", {rate:,.0f} articles per second" if rate else ""
    lines.append(f"Took {report['seconds']:.1f} s{speed}. Index: {path}")
    return lines


def _sentence(what: str, counts: Mapping[str, int], *, first: str, label: str) -> str:
    rest = [
        f"{count:,} {name.replace('_', ' ')}"
        for name, count in counts.items()
        if count and name != first
    ]
    return f"{what}: {counts[first]:,} {label}" + (": " if rest else "") + ", ".join(rest)


def problem_lines(report: Mapping[str, Any]) -> list[str]:
    """The first problems of a report, and how many more there are."""
    problems = report["problems"]
    lines = []
    for problem in problems[:SHOWN_PROBLEMS]:
        record = f", record {problem['record']}" if problem["record"] else ""
        where, detail = one_line(problem["path"]), one_line(problem["detail"])
        lines.append(f"newsidx: {where}{record}: {problem['reason']}: {detail}")
    if len(problems) > SHOWN_PROBLEMS:
        lines.append(
            f"newsidx: … and {len(problems) - SHOWN_PROBLEMS:,} more: newsidx files --status failed"
        )
    return lines


def stats_lines(stats: Mapping[str, Any]) -> list[str]:
    """The lines for `newsidx.stats/1`."""
    index, size = stats["index"], stats["size"] / 1e6
    lines = [
        f"index      {one_line(index['path'])}",
        f"engine     {index['engine']}, {index['segments']} segments, {size:,.1f} MB",
        f"language   {index['language']}",
        f"articles   {index['articles']:,}",
        f"state      {index['state']}",
        f"records    {stats['records']['bad']:,} could not be read",
        "",
        f"files      {stats['files']['total']:,}",
    ]
    for status, count in stats["files"]["by_status"].items():
        lines.append(f"  {status:<11}{count:>9,}")
        lines += [
            f"    {reason:<18}{number:>9,}"
            for reason, number in stats["files"]["by_reason"].get(status, {}).items()
        ]
    for title, table in (("languages", stats["languages"]), ("roots", stats["roots"])):
        lines += ["", title]
        for row in table:
            name, count = row.get("label", row.get("language")), row["articles"]
            lines.append(f"  {one_line(str(name)):<24}{count:>9,}  {one_line(row.get('path', ''))}")
    return [line.rstrip() for line in lines]
