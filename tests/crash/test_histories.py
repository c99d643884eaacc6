"""Random histories under kill; `make soak` lives through more of them."""

from __future__ import annotations

from tests.crash.histories import histories


def test_the_index_follows_the_files_whatever_is_killed() -> None:
    assert histories(8, 1) is None
