"""The count of running calls, and the wait for their end at shutdown."""

import asyncio

from backscroll_server.domain.errors import Reason, UnavailableError


class RunningCalls:
    """Counts the running calls of one server, and waits for their end when the server shuts down.

    Attributes:
        accepted: the number of calls that grpc has accepted, also of those that ended before they began here.
        finished: the number of calls that have ended.
        shutting_down: an event that is set when the server begins to stop: from then on new calls are refused, and
            endless streams end, both with `shutting_down_error()`.
    """

    __slots__ = ("_count", "_idle", "accepted", "finished", "shutting_down")

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.accepted = 0
        self.finished = 0
        self.shutting_down = asyncio.Event()

    @property
    def running(self) -> int:
        """The number of running calls."""
        return self._count

    def enter(self) -> None:
        """Count a call that begins. Each call to `enter` needs one call to `leave`."""
        if not self._count:
            self._idle.clear()
        self._count += 1

    def leave(self) -> None:
        """Count a call that has ended."""
        self._count -= 1
        self.finished += 1
        if not self._count:
            self._idle.set()

    async def drain(self, seconds: float) -> int:
        """Set `shutting_down` and wait until no call is running.

        Args:
            seconds: the longest wait, in seconds.

        Returns:
            The number of calls that still run after the wait; 0 if all have ended.
        """
        self.shutting_down.set()
        try:
            async with asyncio.timeout(seconds):
                await self._idle.wait()
        except TimeoutError:
            return self._count
        return 0


def shutting_down_error() -> UnavailableError:
    """Return the error that ends a call during shutdown: `UNAVAILABLE` with the reason `SHUTTING_DOWN`."""
    return UnavailableError(Reason.SHUTTING_DOWN, "the server is shutting down")
