"""Removes old changes from the feed, a little at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from backscroll_server.domain.errors import UnavailableError

logger = logging.getLogger(__name__)

TRIM_STEP = 1000
"""How many changes one step removes."""

_PAUSE_SECONDS = 60.0
_BREATH_SECONDS = 0.02


class Trimmer:
    """Looks once a minute for changes that are older than the feed keeps them.

    Args:
        step: removes some as a write of its own; answers whether there may be more.
    """

    def __init__(self, step: Callable[[], Awaitable[bool]]) -> None:
        self._step = step
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Starts looking."""
        self._task = asyncio.get_running_loop().create_task(self._work())

    async def close(self) -> None:
        """Stops between two steps."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            try:
                more = True
                while more:
                    more = await self._step()
                    await asyncio.sleep(_BREATH_SECONDS)
            except UnavailableError:
                # Told where it was noticed.
                pass
            except Exception:
                logger.exception("trimming the change feed failed; it is tried again in a minute")
            await asyncio.sleep(_PAUSE_SECONDS)
