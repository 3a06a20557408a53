"""Other server processes on the same database: taking turns with them, and waking them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Peers(Protocol):
    """Coordination between server processes on one database."""

    def start(self, woken: Callable[[], None]) -> None:
        """Return calls `woken` on the event loop from now on when another process committed something."""
        ...

    def committed(self) -> None:
        """Notify the other processes of a commit."""
        ...

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """Return a turn at the work in the background; false where another process is at it."""
        ...

    async def finish_erasing(self) -> bool:
        """Remove from the disk what was erased; return whether nobody prevented it."""
        ...

    async def close(self) -> None:
        """End it."""
        ...


class NoPeers:
    """A file that one process has for itself.

    Args:
        finish_erasing: removes from the disk what was erased, between two writes.
    """

    def __init__(self, finish_erasing: Callable[[], Awaitable[bool]]) -> None:
        self._finish_erasing = finish_erasing

    def start(self, woken: Callable[[], None]) -> None:
        """Return nothing: nobody else commits."""

    def committed(self) -> None:
        """Do nothing: there is no other process."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Yield True at once: there is no other process."""
        yield True

    async def finish_erasing(self) -> bool:
        """Remove from the disk what was erased; return whether nobody prevented it."""
        return await self._finish_erasing()

    async def close(self) -> None:
        """Return nothing is open."""
