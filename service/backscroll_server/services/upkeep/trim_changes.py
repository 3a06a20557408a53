"""Removal of old changes from the feed, in small steps."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from backscroll_server.services.upkeep.loop import BackgroundLoop

logger = logging.getLogger(__name__)

TRIM_STEP = 1000
"""The most changes that one step removes."""

_PAUSE_SECONDS = 60.0
_BREATH_SECONDS = 0.02


class Trimmer:
    """A background task that looks once a minute for changes older than the feed's retention, and removes them.

    Args:
        step: removes some of them as a write of its own; returns whether there may be more.
    """

    def __init__(self, step: Callable[[], Awaitable[bool]]) -> None:
        self._step = step
        self._background = BackgroundLoop(
            self._round,
            logger=logger,
            failed="trimming the change feed failed; it is tried again in a minute",
            retry_seconds=_PAUSE_SECONDS,
        )

    def start(self) -> None:
        """Start the task."""
        self._background.start()

    async def close(self) -> None:
        """Stop the task between two steps."""
        await self._background.close()

    async def _round(self) -> float:
        more = True
        while more:
            more = await self._step()
            await asyncio.sleep(_BREATH_SECONDS)
        return _PAUSE_SECONDS
