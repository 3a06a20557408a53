"""The server against the model: any calls in any order, and after each everything that every user sees is the same.

So is what a client keeps that has read everything once and follows the events since (semantics F12), while streams
break, and servers stop and are killed.
"""

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import run_state_machine_as_test

from tests.property.any_order import SERVED, hold_to_the_model, machine
from tests.property.watching_client import LOSSES
from tests.support.clocked_processes import ClockedProcesses, clocked_processes
from tests.support.fixtures import NewDatabase, on_postgres


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[ClockedProcesses]:
    """A server, or two on PostgreSQL, on a clock of their own."""
    folder: Path = tmp_path_factory.mktemp("any-order")
    ahead = [0, 0] if on_postgres() else [0]
    with clocked_processes(new_database(), folder, ahead, **SERVED) as servers:
        yield servers


def test_calls_when_in_any_order_then_everybody_sees_what_the_model_says(
    served: ClockedProcesses, profile: settings
) -> None:
    tally = hold_to_the_model(served, profile)
    if profile.max_examples >= 200:
        assert tally["runs"] >= 200
        assert tally["disconnects"] >= 50
        assert tally["servers stopped"] + tally["servers killed"] >= 20
        assert tally["servers killed"] >= 10
        assert min(tally[f"pages of {size}"] for size in (1, 2, 1000)) > 0


@pytest.mark.deep
@pytest.mark.skipif(on_postgres(), reason="about the client of the tests, which is the same on every database")
@pytest.mark.parametrize("lost", LOSSES)
def test_client_when_something_never_reaches_it_then_it_goes_wrong(
    served: ClockedProcesses, profile: settings, lost: str
) -> None:
    tally: Counter[str] = Counter()
    losing = machine(served, tally, lost=lost, patience=1.5)
    found = settings(profile, max_examples=200, stateful_step_count=40, phases=[Phase.generate], database=None)
    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(losing, settings=found)
    sys.stdout.write(f"without {lost}: noticed in run {tally['runs']}\n")
