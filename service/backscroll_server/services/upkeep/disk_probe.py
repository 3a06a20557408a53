"""Attempts to write to a disk with a problem, by which the end of the problem is found."""

import logging
from collections.abc import Awaitable, Callable

from backscroll_server.domain.errors import ExhaustedError, UnavailableError
from backscroll_server.services.upkeep.loop import BackgroundLoop
from backscroll_server.storage.engine.disk_state import DiskState

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 30.0


class DiskProbe:
    """A background task that writes to the database now and then while its disk has a problem; else it is idle.

    Args:
        disk: the problems of the disk, which say when to write.
        write: writes to the disk without changing anything, or raises an error.
    """

    def __init__(self, disk: DiskState, write: Callable[[], Awaitable[None]]) -> None:
        self._disk = disk
        self._write = write
        self._background = BackgroundLoop(
            self._round,
            logger=logger,
            failed="trying to write to the database failed; it is tried again",
            retry_seconds=_RETRY_SECONDS,
        )

    def start(self) -> None:
        """Start the task."""
        self._background.start()

    def wake(self) -> None:
        """Look at the problems of the disk again."""
        self._background.wake()

    async def close(self) -> None:
        """Stop the task."""
        await self._background.close()

    async def _round(self) -> float | None:
        pause = self._disk.seconds_to_attempt()
        if pause is not None and pause <= 0:
            try:
                await self._write()
            except (UnavailableError, ExhaustedError):
                self._disk.attempted(succeeded=False)
            else:
                self._disk.attempted(succeeded=True)
        pauses = (self._disk.seconds_to_attempt(), self._disk.forget_damage())
        return min((pause for pause in pauses if pause is not None), default=None)
