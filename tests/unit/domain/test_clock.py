"""A clock that never goes back, and the rules of how long messages are kept."""

import logging

import pytest

from backscroll_server.domain.clock import BELIEVED_AFTER, DAY, JUMP, SECOND, GuardedClock, SteadyClock
from backscroll_server.domain.enums import ConversationType
from backscroll_server.domain.retention import KEPT_FOR_EVER, Retention


def test_steady_clock_when_the_one_behind_goes_back_then_stands_still_until_that_caught_up() -> None:
    moments = iter([100, 90, 99, 100, 101])
    clock = SteadyClock(lambda: next(moments))
    assert [clock() for _ in range(5)] == [100, 100, 100, 100, 101]


def test_steady_clock_when_started_behind_what_is_stored_then_starts_there() -> None:
    moments = iter([5, 50, 51])
    clock = SteadyClock(lambda: next(moments), not_before=50)
    assert [clock() for _ in range(3)] == [50, 50, 51]


def test_steady_clock_when_nothing_is_stored_then_the_one_behind() -> None:
    assert SteadyClock(lambda: 0)() == 0


class Machine:
    """A machine whose clock can be set, and in which time passes."""

    def __init__(self) -> None:
        self.time, self.passed = 1000 * DAY, 7 * DAY
        self.clock = GuardedClock(lambda: self.time, lambda: self.passed, removal_delay=6 * 3600 * SECOND)

    def wait(self, passed: int) -> int:
        """Let time pass; return the time shown."""
        self.time += passed
        self.passed += passed
        return self.clock() - 1000 * DAY

    def set(self, by: int) -> int:
        """Set the clock forward or back; return the time shown."""
        self.time += by
        return self.clock() - 1000 * DAY


def test_guarded_clock_when_the_machine_is_set_by_minutes_then_follows() -> None:
    machine = Machine()
    assert machine.wait(SECOND) == SECOND
    assert machine.set(JUMP) == SECOND + JUMP
    assert machine.set(-JUMP) == SECOND
    assert machine.clock.may_remove


@pytest.mark.parametrize("jump", [40 * DAY, JUMP + 1, -JUMP - 1, -4000 * DAY])
def test_guarded_clock_when_the_machine_jumps_and_comes_back_then_goes_on_by_what_has_passed(
    jump: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine()
    assert machine.set(jump) == 0
    assert machine.wait(4 * SECOND) == 4 * SECOND
    assert machine.wait(BELIEVED_AFTER - 5 * SECOND) == BELIEVED_AFTER - SECOND
    assert not machine.clock.may_remove
    assert machine.set(-jump) == BELIEVED_AFTER - SECOND
    assert machine.clock.may_remove
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.WARNING]


def test_guarded_clock_when_the_machine_stays_where_it_jumped_to_then_believes_it_and_removes_nothing_for_hours(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    machine = Machine()
    machine.set(40 * DAY)
    assert machine.wait(BELIEVED_AFTER) == 40 * DAY + BELIEVED_AFTER
    assert not machine.clock.may_remove
    machine.wait(6 * 3600 * SECOND - 1)
    assert not machine.clock.may_remove
    machine.wait(1)
    assert machine.clock.may_remove
    assert [record.levelno for record in caplog.records] == [logging.ERROR, logging.ERROR]


def test_guarded_clock_when_the_machine_jumps_again_then_waits_again() -> None:
    machine = Machine()
    machine.set(40 * DAY)
    machine.wait(BELIEVED_AFTER - SECOND)
    machine.set(DAY)
    assert machine.wait(SECOND) == BELIEVED_AFTER
    assert machine.wait(BELIEVED_AFTER - SECOND) == 41 * DAY + 2 * BELIEVED_AFTER - SECOND


@pytest.mark.parametrize(("behind", "removes"), [(DAY, True), (DAY + 1, False), (-JUMP, True), (1000 * DAY, True)])
def test_guarded_clock_when_it_starts_long_after_the_newest_change_then_removes_nothing_for_hours(
    behind: int, *, removes: bool
) -> None:
    machine = Machine()
    # A store without any change has nothing that could be too old.
    machine.clock.compare(machine.time - behind)
    assert machine.clock.may_remove is removes
    machine.wait(6 * 3600 * SECOND)
    assert machine.clock.may_remove


def test_guarded_clock_when_the_newest_change_lies_ahead_then_says_what_helps(caplog: pytest.LogCaptureFixture) -> None:
    machine = Machine()
    machine.clock.compare(machine.time + JUMP + SECOND)
    [record] = caplog.records
    assert record.levelno == logging.ERROR
    assert "backscroll mend-time" in record.getMessage()


def test_horizon_when_kept_for_days_then_exactly_that_old_is_expired() -> None:
    rules = Retention.of_days(group=1.5)
    assert rules.horizon(ConversationType.GROUP, 10 * DAY) == 8 * DAY + DAY // 2
    assert rules.horizon(ConversationType.SINGLE, 10 * DAY) == 0
    assert rules.horizons(10 * DAY) == {ConversationType.GROUP: 8 * DAY + DAY // 2}


def test_horizon_when_nothing_is_said_then_nothing_expires() -> None:
    assert Retention.of_days() == KEPT_FOR_EVER
    assert KEPT_FOR_EVER.horizons(10 * DAY) == {}
