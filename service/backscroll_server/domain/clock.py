"""The one place that reads the clock. Times are whole microseconds since 1970 in UTC."""

import time
from collections.abc import Callable

Clock = Callable[[], int]

SECOND = 1_000_000


def system_clock() -> int:
    """Now, in microseconds."""
    return time.time_ns() // 1000
