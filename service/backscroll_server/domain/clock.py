"""The one place that reads the clock. Times are whole microseconds since 1970 in UTC."""

import logging
import time
from collections.abc import Callable
from threading import Lock
from typing import Final

logger = logging.getLogger(__name__)

Clock = Callable[[], int]

SECOND = 1_000_000
DAY = 24 * 3600 * SECOND

JUMP: Final = 300 * SECOND
"""By how much a machine's clock and the time that has passed may differ before it counts as a jump."""

BELIEVED_AFTER: Final = 600 * SECOND
"""For how long a clock that has jumped must stay there before it is believed."""

_PASSED_CLOCK: Final = getattr(time, "CLOCK_BOOTTIME", None)


def system_clock() -> int:
    """Return the time, in microseconds."""
    return time.time_ns() // 1000


def passed_time() -> int:
    """Return the microseconds that have passed since a moment in the past, whatever happens to the machine's clock.

    On Linux the time in which a machine sleeps counts too.
    """
    return (time.monotonic_ns() if _PASSED_CLOCK is None else time.clock_gettime_ns(_PASSED_CLOCK)) // 1000


class GuardedClock:
    """A clock that does not follow the machine's where that jumps, and says whether removals by age may be made.

    Where the machine's clock moves by 5 minutes more or less than the time that has passed, this clock goes on by the
    time that has passed. A clock that stays there for 10 minutes is believed. Then, and after a start long after the
    store's newest change, nothing is to be removed because of its age for some time, in which somebody can set the
    clock right.

    Args:
        clock: the machine's clock.
        passed: the time that has passed, in microseconds from any moment.
        removal_delay: for how long nothing is to be removed after a jump, in microseconds.
    """

    def __init__(self, clock: Clock, passed: Clock, removal_delay: int) -> None:
        self._clock = clock
        self._passed = passed
        self._removal_delay = removal_delay
        self._shown, self._at = clock(), passed()
        self._jump = 0
        self._jumped_at = 0
        self._removes_from = self._at

    def __call__(self) -> int:
        """Return the time, in microseconds; for one thread at a time, as `SteadyClock` calls it."""
        machine, passed = self._clock(), self._passed()
        steady = self._shown + passed - self._at
        self._shown, self._at = self._believed(machine, steady, passed), passed
        return self._shown

    @property
    def may_remove(self) -> bool:
        """True if what is too old may be removed: not while the machine's clock has jumped, nor soon after that."""
        return not self._jump and self._passed() >= self._removes_from

    def compare(self, newest: int) -> None:
        """Compare with a store's newest change, at a start: where it is more than a day old, nothing is removed soon.

        Args:
            newest: the time of that change, in microseconds; 0 where there is none.
        """
        if newest > self() + JUMP:
            logger.error(
                "the newest change lies %d s ahead of the machine's clock: time stands still until then, or until "
                "`backscroll mend-time` has brought it back",
                (newest - self()) // SECOND,
            )
        if newest and self() > newest + DAY and self._removal_delay:
            self._removes_from = self._passed() + self._removal_delay
            logger.info(
                "the newest change is more than a day old: nothing is removed because of its age for %s hours",
                _hours(self._removal_delay),
            )

    def _believed(self, machine: int, steady: int, passed: int) -> int:
        """Return the time to show: that of the machine, unless it has jumped just now; and say so once."""
        jump = machine - steady
        if abs(jump) <= JUMP:
            if self._jump:
                logger.warning("the machine's clock is right again")
                self._jump = 0
            return machine
        if not self._jump or abs(jump - self._jump) > JUMP:
            self._jump, self._jumped_at = jump, passed
            logger.error(
                "the machine's clock has jumped by %+d s: the time goes on without it, unless it stays there for %d s",
                jump // SECOND,
                BELIEVED_AFTER // SECOND,
            )
        if passed - self._jumped_at < BELIEVED_AFTER:
            return steady
        self._jump = 0
        self._removes_from = passed + self._removal_delay
        logger.error(
            "the machine's clock, which has jumped by %+d s, is believed: nothing is removed because of its age for "
            "%s hours",
            jump // SECOND,
            _hours(self._removal_delay),
        )
        return machine


def _hours(microseconds: int) -> str:
    return f"{microseconds / 3600 / SECOND:g}"


class SteadyClock:
    """A monotonic clock: while the source clock is behind the last time shown, that time is repeated.

    Messages that expired or burned and mutes that ended stay so when the machine's clock is set back.

    Args:
        clock: the source clock.
        not_before: the earliest time to show, in microseconds.
    """

    def __init__(self, clock: Clock, not_before: int = 0) -> None:
        self._clock = clock
        self._newest = not_before
        # The writer's thread reads it as well as the event loop.
        self._lock = Lock()

    def __call__(self) -> int:
        """Return the time, in microseconds."""
        with self._lock:
            self._newest = max(self._newest, self._clock())
            return self._newest
