"""Readers beside a writer that never stops; `make soak` lets them go on for longer."""

from __future__ import annotations

from tests.crash.crowd import Crowd


def test_readers_beside_a_writer_see_committed_states_only() -> None:
    crowd = Crowd(seed=1, seconds=5, readers=4)
    assert crowd.run() == []
    assert crowd.counts["states"] > 1
    assert crowd.counts["reads"] > 0
    assert crowd.counts["commands"] > 0
