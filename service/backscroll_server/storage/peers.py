"""Coordination with other server processes on the same database: turns at background work, and wake-ups."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Peers(Protocol):
    """Interface of the coordination between server processes on one database."""

    def start(self, woken: Callable[[], None]) -> None:
        """Begin to call `woken` on the event loop whenever another process may have committed."""
        ...

    def committed(self) -> None:
        """Notify the other processes that this one has committed."""
        ...

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Return a context manager of a turn at the background work, which one process at a time does.

        Its value is True where this process has the turn until the block ends, False where another process has it.
        """
        ...

    async def finish_erasing(self) -> bool:
        """Remove remains of deleted rows from the disk; return False if other users of the database prevented it."""
        ...

    async def close(self) -> None:
        """Stop calling `woken`, and close the connections."""
        ...


class NoPeers:
    """Coordination for a SQLite file: there is none, because only this process serves the file.

    Args:
        finish_erasing: removes remains of deleted rows from the disk, between two writes; returns whether that is
            complete.
    """

    def __init__(self, finish_erasing: Callable[[], Awaitable[bool]]) -> None:
        self._finish_erasing = finish_erasing

    def start(self, woken: Callable[[], None]) -> None:
        """Do nothing: no other process commits."""

    def committed(self) -> None:
        """Do nothing: there is no other process."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Yield True at once: there is no other process."""
        yield True

    async def finish_erasing(self) -> bool:
        """Remove remains of deleted rows from the disk; return False if other users of the file prevented it."""
        return await self._finish_erasing()

    async def close(self) -> None:
        """Do nothing: no connection is open."""
