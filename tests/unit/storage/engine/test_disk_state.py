"""Problems of a disk: when writes are attempted, when they are over, and how little of it is logged."""

import logging
from collections.abc import Callable

import pytest

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.storage.engine.disk_problems import DiskProblem
from backscroll_server.storage.engine.disk_state import CALM_SECONDS, LONGEST_PAUSE, DiskState


class Clock:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """The time."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """The time."""
    return Clock()


@pytest.fixture
def disk(clock: Clock) -> DiskState:
    """A disk without problems."""
    return DiskState("/data/chats.db", clock)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Callable[[], list[str]]:
    """Answers what was logged since the last time."""

    def lines() -> list[str]:
        found = [f"{record.levelname} {record.getMessage()}" for record in caplog.records]
        caplog.clear()
        return found

    caplog.set_level(logging.INFO)
    return lines


def test_problem_when_met_often_is_logged_once_and_over_with_a_write(
    disk: DiskState, clock: Clock, logged: Callable[[], list[str]]
) -> None:
    changes: list[bool] = []
    disk.changed = lambda: changes.append(disk.is_well)
    for _ in range(1000):
        disk.meet(DiskProblem.FULL)
    assert logged() == ["ERROR the disk is full: /data/chats.db"]
    with pytest.raises(UnavailableError) as refused:
        disk.require_writable()
    assert refused.value.reason is Reason.DISK_FULL
    clock.now += 1
    assert disk.seconds_to_attempt() == 0
    disk.attempted(succeeded=True)
    assert logged() == ["WARNING the database is written to again: /data/chats.db"]
    assert (disk.seconds_to_attempt(), changes) == (None, [False, True])
    disk.require_writable()


def test_attempts_when_they_fail_become_rare(disk: DiskState) -> None:
    disk.meet(DiskProblem.IO_ERROR)
    pauses = [disk.seconds_to_attempt()]
    for _ in range(6):
        disk.attempted(succeeded=False)
        pauses.append(disk.seconds_to_attempt())
    assert pauses == [1, 2, 4, 8, 16, LONGEST_PAUSE, LONGEST_PAUSE]


def test_attempts_when_the_problem_comes_back_at_once_become_rare_and_later_do_not(
    disk: DiskState, clock: Clock
) -> None:
    pauses = []
    for calm in (0, 0, 0, CALM_SECONDS):
        disk.meet(DiskProblem.FULL)
        pauses.append(disk.seconds_to_attempt())
        disk.attempted(succeeded=True)
        clock.now += calm
    disk.meet(DiskProblem.FULL)
    assert [*pauses, disk.seconds_to_attempt()] == [1, 2, 4, 8, 1]


def test_damage_when_met_keeps_nobody_from_writing_and_is_over_once_nobody_meets_it(
    disk: DiskState, clock: Clock, logged: Callable[[], list[str]]
) -> None:
    for _ in range(10):
        disk.meet(DiskProblem.CORRUPT)
        clock.now += CALM_SECONDS / 2
        assert disk.forget_damage() == CALM_SECONDS / 2
    assert (disk.is_well, disk.seconds_to_attempt()) == (False, None)
    disk.require_writable()
    assert logged() == ["ERROR the database is damaged: /data/chats.db"]
    clock.now += CALM_SECONDS / 2
    assert disk.forget_damage() is None
    assert disk.is_well
    assert logged() == ["WARNING no damage was met for a minute: /data/chats.db"]


def test_write_when_it_succeeds_says_nothing_of_damage(disk: DiskState) -> None:
    disk.meet(DiskProblem.CORRUPT)
    disk.meet(DiskProblem.READ_ONLY)
    disk.attempted(succeeded=True)
    assert not disk.is_well
