"""The one place that reads the clock. Times are whole microseconds since 1970 in UTC."""

import time
from collections.abc import Callable
from threading import Lock

Clock = Callable[[], int]

SECOND = 1_000_000
DAY = 24 * 3600 * SECOND


def system_clock() -> int:
    """Return the time, in microseconds."""
    return time.time_ns() // 1000


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
