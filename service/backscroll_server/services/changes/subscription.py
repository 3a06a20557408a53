"""Changes that wait for one watcher, in a bounded queue, so that a slow watcher does not slow the others."""

import asyncio
from bisect import bisect_right
from collections.abc import Callable
from operator import attrgetter
from time import monotonic

from backscroll_server.domain.errors import DomainError, Reason, SlowReaderError
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.tables.changes import FeedRow

_position = attrgetter("position")

Ended = Callable[[DomainError], None]
"""A callback that gets the error with which a subscription ends."""


class Subscription:
    """A queue of the changes that wait for one watcher.

    Args:
        user: the internal number of the watching user.
        begins: the feed position after which changes are delivered.
        limit: the most changes that may wait; one more ends the subscription as too slow.
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
        """Add a change to the queue, unless its position is not after `begins`; call `wake` when its call is complete.

        If the queue is full, end the subscription with `SLOW_READER`.
        """
        if row.position <= self._position:
            return
        if len(self._rows) >= self._limit:
            self.end(SlowReaderError(Reason.SLOW_READER, "the reader is too slow: go on from its last token"))
            return
        self._rows.append(row)

    def wake(self) -> None:
        """End a wait for changes, if any are in the queue."""
        if self._rows:
            self._stop_waiting()

    async def wait(self) -> None:
        """Return when changes are in the queue, or after `remind`, when there may be none."""
        if not self._rows:
            self._waits_since = monotonic()
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
            self._waiter = None

    def first(self, count: int) -> list[FeedRow]:
        """Return at most `count` of the waiting changes, in feed order, and leave them in the queue."""
        return self._rows[:count]

    def take(self, up_to: int) -> list[FeedRow]:
        """Remove the changes up to a feed position from the queue and return them, in feed order."""
        if not self._rows or self._rows[-1].position <= up_to:
            rows, self._rows = self._rows, []
        else:
            count = bisect_right(self._rows, up_to, key=_position)
            rows = self._rows[:count]
            del self._rows[:count]
        return rows

    def remind(self, waiting_since: float) -> None:
        """End a wait of `take` without changes, so that the watcher can send a heartbeat.

        Args:
            waiting_since: a time of the monotonic clock, in seconds; only a wait that began by then ends.
        """
        if self._waits_since <= waiting_since:
            self._stop_waiting()

    def end(self, error: DomainError) -> None:
        """End the subscription: drop its changes, take no more, and call `ended` with the error."""
        self._position = FOREVER
        self._rows = []
        self._ended(error)

    def _stop_waiting(self) -> None:
        # One timer for all watchers and a bare future for each cost a fraction of a timeout around every wait.
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)
