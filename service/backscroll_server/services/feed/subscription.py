"""What one watcher has not been told yet: bounded, so that a slow one costs nobody anything."""

import asyncio
from collections.abc import Callable

from backscroll_server.domain.errors import DomainError, Reason, SlowReaderError
from backscroll_server.storage.feed_pages import FeedRow

Ended = Callable[[DomainError], None]
"""Is told why a subscription ends."""


class Subscription:
    """The changes on their way to one watcher.

    Args:
        user: whose changes.
        seen: the position up to which the watcher knows everything.
        limit: how many changes it may be behind; one more ends it as too slow.
        ended: is told why it ends before its watcher ends it.
    """

    __slots__ = ("_ended", "_limit", "_rows", "_seen", "_woken", "user")

    def __init__(self, user: int, seen: int, limit: int, ended: Ended) -> None:
        self.user = user
        self._seen = seen
        self._limit = limit
        self._ended = ended
        self._rows: list[FeedRow] = []
        self._woken = asyncio.Event()

    def give(self, row: FeedRow) -> None:
        """Adds a change, unless the watcher knows it."""
        if row.position <= self._seen:
            return
        if len(self._rows) >= self._limit:
            self.end(SlowReaderError(Reason.SLOW_READER, "the reader is too slow; watch again from its last token"))
            return
        self._rows.append(row)
        self._woken.set()

    async def take(self, seconds: float) -> list[FeedRow]:
        """Everything that came since the last time; waits for some, at most so long, then answers nothing."""
        if not self._rows:
            self._woken.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._woken.wait()
            except TimeoutError:
                pass
        rows, self._rows = self._rows, []
        return rows

    def end(self, error: DomainError) -> None:
        """Ends it with a failure. Nothing more is kept for it."""
        self._seen = 2**62
        self._rows = []
        self._ended(error)
