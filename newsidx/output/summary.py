"""What a run of the indexer did, and what an index holds, in a few lines.

Both are given as the records that `--json` prints.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from newsidx.output.safe import one_line
from newsidx.text.counted import counted

__all__ = ["batch_line", "problem_lines", "stats_lines", "summary_lines"]

# Counts that are things, and not what became of things.
_WORDS = {
    "duplicates": ("duplicate",),
    "bad_records": ("bad record",),
    "kept_out": ("kept out as removed", "kept out as removed"),
    "unlisted_folders": ("folder that can't be listed", "folders that can't be listed"),
}

# How much is named one by one; the ledger has the rest.
SHOWN_PROBLEMS = 10
SHOWN_SOURCES = 10
SHOWN_MONTHS = 24


def summary_lines(report: Mapping[str, Any], path: str) -> list[str]:
    """The lines for a report of `newsidx.index/1`."""
    files, articles = report["files"], report["articles"]
    lines = [_sentence("Articles", articles, first="total", label="in the index")]
    lines.append(_sentence("Files", files, first="seen", label="seen"))
    if report["members"]["read"]:
        lines.append(_sentence("In archives", report["members"], first="read", label="read"))
    lines += [f"newsidx: {one_line(warning)}" for warning in report["warnings"]]
    rate = report["articles_per_second"]
    speed = f", {rate:,.0f} articles per second" if rate else ""
    lines.append(f"Took {report['seconds']:.1f} s{speed}. Index: {path}")
    return lines


def batch_line(event: str, report: Mapping[str, Any] | None) -> str:
    """One line for what watching did, by a report of `newsidx.index/1`, if there was a run.

    Args:
        event: `ready`, `batch` or `check`.
    """
    ready = "watching; " if event == "ready" else ""
    if report is None:
        return "watching"
    files, articles = report["files"], report["articles"]
    done = [f"{articles[name]:,} {name}" for name in ("added", "updated", "removed")]
    done = [words for words in done if not words.startswith("0 ")]
    rest = [
        f"{counted(count, 'file')} {name}"
        for name in ("read", "moved", "removed", "failed")
        if (count := files[name])
    ]
    total = f"{counted(articles['total'], 'article')} in the index"
    return f"{ready}{', '.join(done) or 'no article changed'} ({', '.join([*rest, total])})"


def _sentence(what: str, counts: Mapping[str, int], *, first: str, label: str) -> str:
    rest = [
        counted(count, *_WORDS[name]) if name in _WORDS else f"{count:,} {name}"
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
        f"engine     {index['engine']}, {counted(index['segments'], 'segment')}, {size:,.1f} MB",
        f"language   {index['language']}",
        f"articles   {index['articles']:,}",
        f"state      {index['state']}",
        f"records    {stats['records']['bad']:,} could not be read",
        *([f"removed    {stats['removed']:,} kept out by newsidx rm"] if stats["removed"] else []),
        "",
        f"files      {stats['files']['total']:,}",
        *_status_lines(stats["files"]),
    ]
    if stats["members"]["total"]:
        lines += [f"in archives {stats['members']['total']:>8,}", *_status_lines(stats["members"])]
    lines += _coverage_lines(stats["coverage"], index["articles"])
    for title, table in (("languages", stats["languages"]), ("roots", stats["roots"])):
        lines += ["", title]
        for row in table:
            name, count = row.get("label", row.get("language")), row["articles"]
            shown = one_line(str(name)) if name is not None else "(none)"
            lines.append(f"  {shown:<24}{count:>9,}  {one_line(row.get('path', ''))}")
    return [line.rstrip() for line in lines]


def _status_lines(counts: Mapping[str, Any]) -> list[str]:
    lines = []
    for status, count in counts["by_status"].items():
        lines.append(f"  {status:<11}{count:>9,}")
        lines += [
            f"    {reason:<18}{number:>9,}"
            for reason, number in counts["by_reason"].get(status, {}).items()
        ]
    return lines


def _coverage_lines(coverage: Mapping[str, Any], articles: int) -> list[str]:
    if not articles:
        return []
    without = coverage["without"]
    lines = ["", "without"]
    for name, label in (("published", "date"), ("authors", "author"), ("source", "source")):
        lines.append(f"  {label:<24}{without[name]:>9,}  {without[name] / articles:.1%}")
    sources = [(row["source"], row["articles"]) for row in coverage["sources"]]
    lines += ["", "sources", *_table([pair for pair in sources if pair[0]], SHOWN_SOURCES)]
    months = [(row["month"], row["articles"]) for row in coverage["months"] if row["month"]]
    lines += ["", *_periods(months)]
    lines += ["", "shortest"]
    for row in coverage["shortest"]:
        words = counted(row["words"], "word")
        lines.append(f"  {row['id']}  {words:>10}  {one_line(row['path'])}")
    return lines


def _table(rows: list[tuple[str, int]], most: int) -> list[str]:
    lines = [f"  {one_line(name):<24}{count:>9,}" for name, count in rows[:most]]
    if len(rows) > most:
        rest = sum(count for _, count in rows[most:])
        lines.append(f"  {f'{len(rows) - most:,} others':<24}{rest:>9,}")
    return lines


def _periods(months: list[tuple[str, int]]) -> list[str]:
    """Months, or the years of many months."""
    if len(months) <= SHOWN_MONTHS:
        return ["months", *_table(months, SHOWN_MONTHS)]
    years: dict[str, int] = {}
    for month, count in months:
        years[month[:4]] = years.get(month[:4], 0) + count
    return ["years (months with --json)", *_table(list(years.items()), len(years))]
