"""Other server processes on the same database: taking turns with them, and waking them."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol


class Peers(Protocol):
    """What a process has to do with the others."""

    def start(self, woken: Callable[[], None]) -> None:
        """Calls `woken` on the event loop from now on when another process committed something."""
        ...

    def committed(self) -> None:
        """Tells the others that this process committed something."""
        ...

    def turn(self) -> AbstractAsyncContextManager[bool]:
        """A turn at the work in the background; false where another process is at it."""
        ...

    async def finish_erasing(self) -> bool:
        """Removes from the disk what was erased; answers whether nobody prevented it."""
        ...

    async def close(self) -> None:
        """Ends it."""
        ...


class NoPeers:
    """A file that one process has for itself.

    Args:
        finish_erasing: removes from the disk what was erased, between two writes.
    """

    def __init__(self, finish_erasing: Callable[[], Awaitable[bool]]) -> None:
        self._finish_erasing = finish_erasing

    def start(self, woken: Callable[[], None]) -> None:
        """Nothing: nobody else commits."""

    def committed(self) -> None:
        """Nothing: nobody else is there."""

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """Always its turn."""
        yield True

    async def finish_erasing(self) -> bool:
        """Removes from the disk what was erased; answers whether nobody prevented it."""
        return await self._finish_erasing()

    async def close(self) -> None:
        """Nothing is open."""
