"""Tables of the benchmarks."""

from __future__ import annotations

from benchmarks.tables import markdown


def test_a_table_is_aligned_and_is_markdown() -> None:
    assert markdown(("", "wall s"), [("newsidx", "1.20"), ("FTS5", "12.34")]) == (
        "|         | wall s |\n| ------- | -----: |\n| newsidx |   1.20 |\n| FTS5    |  12.34 |"
    )
