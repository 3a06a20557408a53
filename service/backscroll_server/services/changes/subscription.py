"""What one watcher has not been told yet: bounded, so that a slow one costs nobody anything."""

import asyncio
from collections.abc import Callable
from time import monotonic

from backscroll_server.domain.errors import DomainError, Reason, SlowReaderError
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.storage.tables.changes import FeedPosition, FeedRow

Ended = Callable[[DomainError], None]
"""Is told why a subscription ends."""


class Subscription:
    """The changes on their way to one watcher.

    Args:
        user: whose changes.
        begins: what is behind here is handed to it.
        limit: how many changes it may be behind; one more ends it as too slow.
        ended: is told why it ends before its watcher ends it.
    """

    __slots__ = ("_ended", "_limit", "_position", "_rows", "_waiter", "_waits_since", "begins", "user")

    def __init__(self, user: int, begins: FeedPosition, limit: int, ended: Ended) -> None:
        self.user = user
        self.begins = begins
        self._position = begins.position
        self._limit = limit
        self._ended = ended
        self._rows: list[FeedRow] = []
        self._waiter: asyncio.Future[None] | None = None
        self._waits_since = 0.0

    def give(self, row: FeedRow) -> None:
        """Adds a change, unless the watcher knows it."""
        if row.position <= self._position:
            return
        if len(self._rows) >= self._limit:
            self.end(SlowReaderError(Reason.SLOW_READER, "the reader is too slow; watch again from its last token"))
            return
        self._rows.append(row)
        self._stop_waiting()

    async def take(self) -> list[FeedRow]:
        """Everything that came since the last time; waits for some, or until it is reminded: then it may be nothing."""
        if not self._rows:
            self._waits_since = monotonic()
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None
        rows, self._rows = self._rows, []
        return rows

    def remind(self, waiting_since: float) -> None:
        """Lets the watcher give a sign of life if it has waited since before a moment of the monotonic clock."""
        if self._waits_since <= waiting_since:
            self._stop_waiting()

    def end(self, error: DomainError) -> None:
        """Ends it with a failure. Nothing more is kept for it."""
        self._position = FOREVER
        self._rows = []
        self._ended(error)

    def _stop_waiting(self) -> None:
        # One timer for all watchers and a bare future for each cost a fraction of a timeout around every wait.
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
