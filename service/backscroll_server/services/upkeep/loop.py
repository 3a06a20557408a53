"""Background work in rounds: one after another, also after failures, until it is closed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from backscroll_server.domain.errors import ExhaustedError, UnavailableError


class BackgroundLoop:
    """A task on the event loop that runs rounds with a pause after each.

    A round that fails is followed by the next one, after `retry_seconds`.

    Args:
        round_: runs one round; returns the seconds to pause, or None to pause until `wake`.
        logger: the logger of failures.
        failed: the text that is logged when a round fails.
        retry_seconds: the seconds to pause after a failed round.
    """

    def __init__(
        self,
        round_: Callable[[], Awaitable[float | None]],
        *,
        logger: logging.Logger,
        failed: str,
        retry_seconds: float,
    ) -> None:
        self._round = round_
        self._logger = logger
        self._failed = failed
        self._retry_seconds = retry_seconds
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Start the task with the first round."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    def wake(self) -> None:
        """End the current pause, or skip the next one."""
        self._wake.set()

    async def close(self) -> None:
        """Cancel the task where it waits, and wait until it has ended."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            pause: float | None = self._retry_seconds
            try:
                pause = await self._round()
            except (UnavailableError, ExhaustedError):
                # Logged at the place of the failure; or callers come first, and this is tried again later.
                pass
            except Exception:
                self._logger.exception(self._failed)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
