"""The server against the model: any calls in any order, and after each everything that every user sees is the same.

So is what a client keeps that has read everything once and follows the events since (semantics F12), while streams
break, and servers stop and are killed.
"""

import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyFailure
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, run_state_machine_as_test

from backscroll_server.domain.retention import Retention
from tests.property.rules_deletion import DeletionRules
from tests.property.rules_membership import MembershipRules
from tests.property.rules_read_state import ReadStateRules
from tests.property.rules_reads import ReadRules
from tests.property.rules_restart import RestartRules
from tests.property.rules_sending import BATCHES, Draft
from tests.property.rules_time import TimeRules
from tests.property.scene import HOURS_KEPT, NAMES, USERS, Place
from tests.property.watching_checks import HABITS
from tests.property.watching_client import LOSSES
from tests.support.clocked_processes import ClockedProcesses, clocked_processes
from tests.support.fixtures import NewDatabase, on_postgres

PROFILES = {"deep": (500, 50), "long": (200, 40), "ci": (60, 40), "": (20, 30)}
DAYS_KEPT = {type_: hours / 24 for type_, hours in HOURS_KEPT.items()}


class AnyOrder(
    RestartRules,
    ReadStateRules,
    DeletionRules,
    TimeRules,
    MembershipRules,
    ReadRules,
    RuleBasedStateMachine,
):
    """Every call as a rule, right and wrong ones; the model says how each must end."""

    @initialize(
        habits=st.lists(HABITS, min_size=len(NAMES), max_size=len(NAMES)),
        streaming=st.one_of(st.none(), USERS),
        first=BATCHES,
    )
    def begin(self, habits: list[tuple[int, int]], streaming: int | None, first: list[tuple[Place, Draft]]) -> None:
        self.set_up()
        self.tally["runs"] += 1
        self.follow(habits, streaming)
        self.send_batch(0, first)

    @invariant()
    def views_match_the_model(self) -> None:
        self.check_views_and_events()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase) -> Iterator[ClockedProcesses]:
    """A server, or two on PostgreSQL, on a clock of their own that keep messages for some hours."""
    kept: dict[str, Any] = {f"retention_{type_}_days": days for type_, days in DAYS_KEPT.items()}
    folder: Path = tmp_path_factory.mktemp("any-order")
    count = 2 if on_postgres() else 1
    with clocked_processes(new_database(), folder, count, commit_linger_ms=0, **kept) as servers:
        yield servers


@pytest.fixture
def profile() -> settings:
    """How many runs of how many steps."""
    examples, steps = PROFILES[os.environ.get("BACKSCROLL_TEST_PROFILE", "")]
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def test_calls_when_in_any_order_then_everybody_sees_what_the_model_says(
    served: ClockedProcesses, profile: settings
) -> None:
    tally: Counter[str] = Counter()
    machine = type("Machine", (AnyOrder,), {"served": served, "tally": tally})
    run_state_machine_as_test(machine, settings=profile)
    assert served.problems(retention=Retention.of_days(**DAYS_KEPT)) == []
    sys.stdout.writelines(f"{count:7} {what}\n" for what, count in sorted(tally.items()))
    if profile.max_examples >= 200:
        assert tally["runs"] >= 200
        assert tally["disconnects"] >= 50
        assert tally["servers stopped"] + tally["servers killed"] >= 20
        assert tally["servers killed"] >= 10
        assert min(tally[f"pages of {size}"] for size in (1, 2, 1000)) > 0


@pytest.mark.deep
@pytest.mark.parametrize("lost", LOSSES)
def test_client_when_something_never_reaches_it_then_it_goes_wrong(
    served: ClockedProcesses, profile: settings, lost: str
) -> None:
    tally: Counter[str] = Counter()
    machine = type("Machine", (AnyOrder,), {"served": served, "tally": tally, "lost": lost, "patience": 1.5})
    found = settings(profile, max_examples=200, stateful_step_count=40, phases=[Phase.generate], database=None)
    with pytest.raises((AssertionError, FlakyFailure)):
        run_state_machine_as_test(machine, settings=found)
    sys.stdout.write(f"without {lost}: noticed in run {tally['runs']}\n")
