"""The server against the model: any calls in any order, and after each everything that every user sees is the same."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, run_state_machine_as_test

from backscroll_server.domain.retention import Retention
from tests.property.rules_deletion import DeletionRules
from tests.property.rules_membership import MembershipRules
from tests.property.rules_read_state import ReadStateRules
from tests.property.rules_reads import ReadRules
from tests.property.rules_sending import BATCHES, Draft, SendingRules
from tests.property.rules_time import TimeRules
from tests.property.scene import HOURS_KEPT, NAMES, USERS, Place
from tests.property.watching_checks import HABITS, WatchingChecks
from tests.support.clocked_server import ClockedServer, clocked_server

PROFILES = {"deep": (500, 50), "ci": (60, 40), "": (20, 30)}
DAYS_KEPT = {type_: hours / 24 for type_, hours in HOURS_KEPT.items()}


class AnyOrder(
    SendingRules,
    ReadStateRules,
    DeletionRules,
    TimeRules,
    MembershipRules,
    ReadRules,
    WatchingChecks,
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
        self.follow(habits, streaming)
        self.send_batch(0, first)

    @invariant()
    def views_match_the_model(self) -> None:
        self.check_views_and_events()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClockedServer]:
    """A server on a clock of its own that keeps messages for some hours."""
    path: Path = tmp_path_factory.mktemp("any-order") / "any.db"
    kept: dict[str, Any] = {f"retention_{type_}_days": days for type_, days in DAYS_KEPT.items()}
    with clocked_server(f"sqlite://{path}", commit_linger_ms=0, **kept) as server:
        yield server


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
    served: ClockedServer, profile: settings
) -> None:
    machine = type("Machine", (AnyOrder,), {"served": served})
    run_state_machine_as_test(machine, settings=profile)
    assert served.problems(retention=Retention.of_days(**DAYS_KEPT)) == []
