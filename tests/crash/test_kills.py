"""Whatever a run is doing when it is killed, nothing is lost. `make soak` does this at length."""

from __future__ import annotations

from pathlib import Path

from tests.crash.kills import Blow, Campaign, phases


def test_a_run_killed_between_any_two_steps_is_made_good_by_the_next(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, seed=1, size=8)
    for phase in phases():
        campaign.begin(phase, measure=False)
        campaign.strike(phase, list(campaign.every_step(campaign.steps // 2)))
        campaign.end()
    kills = campaign.tally.kills
    assert {name for name, _ in kills} == {phase.name for phase in phases()}


def test_a_command_killed_at_any_moment_is_made_good_and_leaves_no_process(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, seed=2, size=50)
    building = phases()[0]
    campaign.begin(building)
    shares = (campaign.chance.random() for _ in range(3))
    blows = zip(shares, ("group", "parent", "worker"), strict=True)
    campaign.strike(building, [Blow(fork=False, share=at, whom=whom) for at, whom in blows])
    assert campaign.tally.recovered["building"] == 3
