"""Results one after the other, for programs: as JSON, as lines, as paths."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from newsidx.output.streams import write, write_text
from newsidx.results import Hit

__all__ = ["Put", "json_lines", "paths", "plain_lines"]

Put = Callable[[Iterable[Hit]], None]
"""Prints results as they come, and holds none of them."""


def json_lines(hits: Iterable[Hit]) -> None:
    """A JSON object for each."""
    from newsidx.output.records import hit_record, json_bytes

    for hit in hits:
        write(json_bytes(hit_record(hit)))


def plain_lines(*, color: bool) -> Put:
    """A line for each."""
    from newsidx.output.records import plain_line

    def put(hits: Iterable[Hit]) -> None:
        for hit in hits:
            write_text(plain_line(hit, color=color))

    return put


def paths(*, null: bool) -> Put:
    """The path of each source file once, with a NUL or a line feed behind it."""
    from newsidx.output.records import paths as paths_of

    def put(hits: Iterable[Hit]) -> None:
        for path in paths_of(hits):
            write(path + (b"\0" if null else b"\n"))

    return put
