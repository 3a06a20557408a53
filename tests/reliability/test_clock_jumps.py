"""A machine's clock that jumps: nothing is lost by it, and what it left in the database can be mended."""

import subprocess
import sys

from backscroll_server.domain.clock import BELIEVED_AFTER, DAY, SECOND
from backscroll_server.domain.enums import ChangeKind
from tests.support.api_client import ApiClient, sequences, single
from tests.support.clocked_server import SettableClock, clocked_server, eventually
from tests.support.fixtures import NewDatabase
from tests.support.patience import PATIENCE_SECONDS

FORTY_DAYS = 40 * DAY // SECOND


def seen(api: ApiClient) -> list[int]:
    """The sequences that bob can read."""
    return sequences(api.page("bob", single("ann")).messages)


def wait(clock: SettableClock, passed: SettableClock, seconds: float) -> None:
    """Lets time pass, in steps: the server may look between a move of the one and of the other."""
    while seconds > 0:
        step = min(seconds, 60)
        passed.forward(step)
        clock.forward(step)
        seconds -= step


def test_history_when_the_clock_jumps_beyond_the_retention_and_back_then_is_all_there(
    new_database: NewDatabase,
) -> None:
    clock, passed = SettableClock(), SettableClock()
    with clocked_server(new_database(), clock, passed, retention_single_days=30) as server:
        before = server.api.send("ann", single("bob"))
        clock.forward(FORTY_DAYS)
        for _ in range(4):
            wait(clock, passed, 1)
            assert seen(server.api) == [1]
        during = server.api.send("ann", single("bob"))
        clock.forward(-FORTY_DAYS)
        after = server.api.send("ann", single("bob"))
        assert sorted(seen(server.api)) == [1, 2, 3]
        assert server.expect(ChangeKind.HISTORY_EXPIRED) == []
        assert server.problems() == []
    times = [message.create_time.ToMicroseconds() for message in (before, during, after)]
    assert times == sorted(times)
    assert times[2] - times[0] < 60 * SECOND


def test_history_when_a_wrong_clock_was_believed_and_is_mended_then_is_all_there(new_database: NewDatabase) -> None:
    url = new_database()
    clock, passed = SettableClock(), SettableClock()
    rules = {"retention_single_days": 30, "removal_delay_hours": 6}
    with clocked_server(url, clock, passed, **rules) as server:
        server.api.send("ann", single("bob"))
        clock.forward(FORTY_DAYS)
        server.api.send("ann", single("bob"))
        wait(clock, passed, BELIEVED_AFTER / SECOND)
        # Reads go by the new time, nothing is gone for good.
        eventually(lambda: seen(server.api) == [])
        server.api.send("ann", single("bob"))
        assert seen(server.api) == [3]
        wait(clock, passed, 5 * 3600)
        assert seen(server.api) == [3]
        assert server.expect(ChangeKind.HISTORY_EXPIRED) == []
    clock.forward(-FORTY_DAYS)
    mended = subprocess.run(
        [sys.executable, "-m", "backscroll_server", "mend-time", "--database", url],
        capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
    )  # fmt: skip
    assert (mended.returncode, mended.stdout) == (0, "mended: 1 changes lay ahead of the clock\n"), mended.stderr
    with clocked_server(url, clock, clock, **rules) as server:
        assert sorted(seen(server.api)) == [1, 2, 3]
        fresh = server.api.send("carol", single("bob")).create_time.ToMicroseconds()
        assert abs(fresh - clock()) < 60 * SECOND
        # In its conversation a message from ahead is followed by a microsecond.
        server.api.send("ann", single("bob"))
        assert sorted(seen(server.api)) == [1, 2, 3, 4]
        assert server.problems() == []


def test_history_when_the_clock_stays_ahead_then_is_removed_after_some_hours(new_database: NewDatabase) -> None:
    """A clock that was right to jump, as that of a machine that slept."""
    clock, passed = SettableClock(), SettableClock()
    with clocked_server(new_database(), clock, passed, retention_single_days=30, removal_delay_hours=6) as server:
        server.api.send("ann", single("bob"))
        clock.forward(FORTY_DAYS)
        seen(server.api)
        wait(clock, passed, BELIEVED_AFTER / SECOND)
        eventually(lambda: seen(server.api) == [])
        wait(clock, passed, 6 * 3600)
        eventually(lambda: server.expect(ChangeKind.HISTORY_EXPIRED))


def test_mend_time_when_no_change_lies_ahead_then_changes_nothing(new_database: NewDatabase) -> None:
    url = new_database()
    with clocked_server(url) as server:
        server.api.send("ann", single("bob"))
    for _ in range(2):
        mended = subprocess.run(
            [sys.executable, "-m", "backscroll_server", "mend-time", "--database", url],
            capture_output=True, text=True, check=False, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
        assert (mended.returncode, mended.stdout) == (0, "mended: no change lay ahead\n"), mended.stderr
