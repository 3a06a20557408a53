"""The promises of `Watch`, with clients that disconnect, readers that pause and a server that is killed."""

from pathlib import Path

import pytest

from tests.reliability.watch.runs import Outcome, Plan, Run
from tests.reliability.watch.validators import violations
from tests.support.database_check import assert_sound

LEAST_EVENTS = 20_000
LEAST_RATE = 200
"""Events a second: so few on a busy machine with two cores that less is a fault."""


def run(plan: Plan, folder: Path) -> Outcome:
    """A whole run; what is left of it is a sound database."""
    running = Run(plan, f"sqlite://{folder / 'watched.db'}")
    try:
        outcome = running.go()
    finally:
        running.close()
    assert_sound(running.database)
    return outcome


def assert_promises_are_kept(plan: Plan, outcome: Outcome) -> None:
    """Holds a run to every promise, and to having been worth it."""
    assert violations(outcome.history) == {}
    assert outcome.kills == plan.kills
    assert outcome.disconnects == plan.disconnects
    assert outcome.events >= LEAST_EVENTS
    assert outcome.events / outcome.seconds >= LEAST_RATE, outcome.seconds


def test_promises_when_streams_and_servers_end_at_random_then_none_is_broken(tmp_path: Path) -> None:
    """Keep semantics F1, F2, F3."""
    plan = Plan(seed=2026, seconds=6, kills=3, disconnects=40)
    assert_promises_are_kept(plan, run(plan, tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_promises_when_a_server_is_killed_twenty_times_then_none_is_broken(tmp_path: Path, seed: int) -> None:
    plan = Plan(seed=seed, seconds=40, kills=20, disconnects=200)
    outcome = run(plan, tmp_path)
    assert_promises_are_kept(plan, outcome)
    assert outcome.slow > 0
