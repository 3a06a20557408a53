"""Two servers whose clocks differ, against the same model: positions decide, not times (semantics F6, T1).

The model knows which server took a call, and what time it was there. So all that it asserts is as exact as with one
clock. The two agree about what time alone has done, because the clock never stands where they would not.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.property.any_order import SERVED, AnyOrder, hold_to_the_model
from tests.property.chat_records import ADMIN, OWNER, View
from tests.property.rules_sending import DRAFTS, Draft
from tests.property.scene import USERS
from tests.support.clocked_processes import ClockedProcesses, clocked_processes
from tests.support.fixtures import NewDatabase, on_postgres

pytestmark = pytest.mark.skipif(not on_postgres(), reason="a file is for one process")


_MOST_RUNS = 100
"""Each takes long, because what time alone does is waited for on both servers."""

COMINGS = st.lists(st.tuples(st.sampled_from(["come", "go", "send", "remove"]), USERS, DRAFTS), min_size=3, max_size=8)


class ComingAndGoing(AnyOrder):
    """Any calls in any order, and often those of which F6 asks which came first."""

    @rule(slot=st.integers(2, 4), calls=COMINGS, with_messages=st.booleans())
    def come_and_go(self, slot: int, calls: list[tuple[str, int, Draft]], *, with_messages: bool) -> None:
        """Members come and go between messages and removals, which servers take in turn and no time passes between."""
        views = self.slots[slot].views
        for what, who, draft in calls:
            manager = next((at for at, user in enumerate(self.users) if _manages(views.get(user))), 0)
            match what:
                case "come":
                    self.tally["added in a row of calls"] += 1
                    self.add((slot, manager), who)
                case "go":
                    self.remove((slot, manager), who)
                case "send":
                    self.send((slot, manager), draft)
                case _:
                    self.delete_for_all((slot, manager), with_messages, as_service=False, bound=None)


def _manages(view: View | None) -> bool:
    return view is not None and view.role in (OWNER, ADMIN)


@pytest.fixture(scope="module", params=[pytest.param(0.5, marks=pytest.mark.deep), 5])
def served(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, new_database: NewDatabase
) -> Iterator[ClockedProcesses]:
    """Two servers; the clock of the second is ahead by a number of seconds."""
    folder: Path = tmp_path_factory.mktemp("clocks-apart")
    with clocked_processes(new_database(), folder, [0, request.param], **SERVED) as servers:
        yield servers


def test_calls_when_the_clock_of_one_server_is_ahead_then_everybody_sees_what_the_model_says(
    served: ClockedProcesses, profile: settings
) -> None:
    runs = settings(profile, max_examples=min(profile.max_examples, _MOST_RUNS))
    tally = hold_to_the_model(served, runs, ComingAndGoing)
    if runs.max_examples == _MOST_RUNS:
        assert tally["servers stopped"] + tally["servers killed"] > 0
