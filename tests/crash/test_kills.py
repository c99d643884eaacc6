"""Whatever a run is doing when it is killed, nothing is lost. `make soak` does this at length."""

from __future__ import annotations

from pathlib import Path

from tests.crash.kills import Blow, Campaign, phases


def test_a_run_killed_between_any_two_steps_is_made_good_by_the_next(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, seed=1, size=10)
    for phase in phases():
        campaign.begin(phase, measure=False)
        for blow in campaign.every_step(campaign.steps // 2 + 1):
            again = Blow(fork=True, step=campaign.chance.randint(1, campaign.steps))
            campaign.strike(phase, [blow, again])
        campaign.end()
    kills = campaign.tally.kills
    assert {name for name, _ in kills} == {phase.name for phase in phases()}


def test_a_command_killed_at_any_moment_is_made_good_and_leaves_no_process(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path, seed=2, size=50)
    building = phases()[0]
    campaign.begin(building)
    for whom in ("group", "parent", "worker"):
        share = campaign.chance.random()
        campaign.strike(building, [Blow(fork=False, share=share, whom=whom)])
    assert campaign.tally.recovered["building"] == 3
