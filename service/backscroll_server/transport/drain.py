"""Count of running calls, and their draining at shutdown."""

import asyncio

from backscroll_server.domain.errors import Reason, UnavailableError


class RunningCalls:
    """Counts the running calls of one server and let them end when it shuts down.

    Attributes:
        finished: how many calls have ended.
        shutting_down: set once no new call is taken. A stream that would go on for ever waits for it and ends with
            `shutting_down_error()`.
    """

    __slots__ = ("_count", "_idle", "finished", "shutting_down")

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.finished = 0
        self.shutting_down = asyncio.Event()

    @property
    def running(self) -> int:
        """The number of running calls."""
        return self._count

    def enter(self) -> None:
        """Count a call in; each is counted out again by `leave`."""
        if not self._count:
            self._idle.clear()
        self._count += 1

    def leave(self) -> None:
        """Count a call out."""
        self._count -= 1
        self.finished += 1
        if not self._count:
            self._idle.set()

    async def drain(self, seconds: float) -> int:
        """Take no new calls from now on and wait for the running ones; return how many outlasted `seconds`."""
        self.shutting_down.set()
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return self._count
        return 0


def shutting_down_error() -> UnavailableError:
    """Return the error of a call that arrives during shutdown."""
    return UnavailableError(Reason.SHUTTING_DOWN, "the server is shutting down")
