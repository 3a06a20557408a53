"""Two servers whose clocks differ, against the same model: positions decide, not times (semantics F6, T1).

The model knows which server took a call, and what time it was there. So all that it asserts is as exact as with one
clock. The two agree about what time alone has done, because the clock never stands where they would not.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.property.any_order import SERVED, hold_to_the_model
from tests.support.clocked_processes import ClockedProcesses, clocked_processes
from tests.support.fixtures import NewDatabase, on_postgres

pytestmark = pytest.mark.skipif(not on_postgres(), reason="a file is for one process")


@pytest.fixture(scope="module", params=[0.5, 5])
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
    tally = hold_to_the_model(served, profile)
    assert tally["servers stopped"] + tally["servers killed"] > 0
