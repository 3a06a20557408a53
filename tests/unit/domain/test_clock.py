"""A clock that never goes back, and the rules of how long messages are kept."""

from backscroll_server.domain.clock import DAY, SteadyClock
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


def test_horizon_when_kept_for_days_then_exactly_that_old_is_expired() -> None:
    rules = Retention.of_days(group=1.5)
    assert rules.horizon(ConversationType.GROUP, 10 * DAY) == 8 * DAY + DAY // 2
    assert rules.horizon(ConversationType.SINGLE, 10 * DAY) == 0
    assert rules.horizons(10 * DAY) == {ConversationType.GROUP: 8 * DAY + DAY // 2}


def test_horizon_when_nothing_is_said_then_nothing_expires() -> None:
    assert Retention.of_days() == KEPT_FOR_EVER
    assert KEPT_FOR_EVER.horizons(10 * DAY) == {}
