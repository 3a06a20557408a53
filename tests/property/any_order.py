"""The machine that makes any calls in any order, and how its runs are held to the model."""

import sys
from collections import Counter
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
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
from tests.support.clocked_processes import ClockedProcesses

_DAYS_KEPT = {type_: hours / 24 for type_, hours in HOURS_KEPT.items()}
SERVED: dict[str, Any] = {"commit_linger_ms": 0} | {
    f"retention_{type_}_days": days for type_, days in _DAYS_KEPT.items()
}
"""The settings of the servers: they keep messages for some hours."""


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


def machine(
    served: ClockedProcesses, tally: Counter[str], rules: type[AnyOrder] = AnyOrder, **fields: Any
) -> type[AnyOrder]:
    """Return the machine for some servers, which counts what happened."""
    return type("Machine", (rules,), {"served": served, "tally": tally, **fields})


def hold_to_the_model(served: ClockedProcesses, profile: settings, rules: type[AnyOrder] = AnyOrder) -> Counter[str]:
    """Make the runs of a profile, print what happened in them, and return it; what is left is a sound database."""
    tally: Counter[str] = Counter()
    run_state_machine_as_test(machine(served, tally, rules), settings=profile)
    assert served.problems(retention=Retention.of_days(**_DAYS_KEPT)) == []
    sys.stdout.writelines(f"{count:7} {what}\n" for what, count in sorted(tally.items()))
    return tally
