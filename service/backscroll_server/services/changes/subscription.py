"""Changes waiting for one watcher: bounded, so that a slow watcher costs nobody else."""

import asyncio
from collections.abc import Callable
from time import monotonic

from backscroll_server.domain.errors import DomainError, Reason, SlowReaderError
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.tables.changes import FeedRow

Ended = Callable[[DomainError], None]
"""Callback with the error that ends a subscription."""


class Subscription:
    """Changes waiting for one watcher.

    Args:
        user: the watching user's number.
        begins: rows after this position are delivered.
        limit: the most rows that may wait; one more ends the subscription as too slow.
        ended: called with the error that ends the subscription.
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
        """Add a change, unless the watcher knows it."""
        if row.position <= self._position:
            return
        if len(self._rows) >= self._limit:
            self.end(SlowReaderError(Reason.SLOW_READER, "the reader is too slow; watch again from its last token"))
            return
        self._rows.append(row)
        self._stop_waiting()

    async def take(self) -> list[FeedRow]:
        """Return the rows since the last time; wait for some, or for a reminder: then it may return none."""
        if not self._rows:
            self._waits_since = monotonic()
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None
        rows, self._rows = self._rows, []
        return rows

    def remind(self, waiting_since: float) -> None:
        """Let the watcher give a sign of life if it has waited since before a moment of the monotonic clock."""
        if self._waits_since <= waiting_since:
            self._stop_waiting()

    def end(self, error: DomainError) -> None:
        """End the subscription with an error and drop its rows."""
        self._position = FOREVER
        self._rows = []
        self._ended(error)

    def _stop_waiting(self) -> None:
        # One timer for all watchers and a bare future for each cost a fraction of a timeout around every wait.
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
