"""What runs beside the calls: round after round, whatever fails, until it is closed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

from backscroll_server.domain.errors import UnavailableError


class BackgroundLoop:
    """Does rounds of something on the event loop, with a pause behind each.

    A round that fails is followed by the next all the same.

    Args:
        round_: does one round; answers for how many seconds to pause then, None for until it is woken.
        logger: is told of failures.
        failed: what is logged where a round fails.
        retry_seconds: the pause behind a round that failed.
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
        """Begins the first round."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    def wake(self) -> None:
        """Ends the pause, or skips the next."""
        self._wake.set()

    async def close(self) -> None:
        """Stops where the round waits for something."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            pause: float | None = self._retry_seconds
            try:
                pause = await self._round()
            except UnavailableError:
                # Told where it was noticed.
                pass
            except Exception:
                self._logger.exception(self._failed)
            with suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._wake.wait()
            self._wake.clear()
