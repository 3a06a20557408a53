"""How much of a processor this process uses."""

import time
from collections.abc import Callable
from typing import Final

BUSY_SHARE: Final = 0.75
WINDOW_SECONDS: Final = 0.1


class Load:
    """Tells whether this process used most of a processor lately.

    Args:
        clock: the time, in seconds.
        used: how long this process used processors so far, in seconds.
    """

    def __init__(
        self, clock: Callable[[], float] = time.perf_counter, used: Callable[[], float] = time.process_time
    ) -> None:
        self._clock = clock
        self._used = used
        self._since, self._used_then = clock(), used()
        self._busy = False

    def is_busy(self) -> bool:
        """Whether it used three quarters of a processor, or more than one, in the last tenth of a second or longer."""
        now = self._clock()
        if now - self._since > WINDOW_SECONDS:
            used = self._used()
            self._busy = used - self._used_then > BUSY_SHARE * (now - self._since)
            self._since, self._used_then = now, used
        return self._busy
