"""Removes erased history from storage in small steps that hold no writer up; goes on after a restart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from backscroll_server.storage.entry_rows import find_conversation, update_conversation
from backscroll_server.storage.purge_rows import purge
from backscroll_server.storage.transaction import Transaction

logger = logging.getLogger(__name__)

STEP = 500
"""How many sequences one step removes."""


def purge_step(transaction: Transaction, conversation: int) -> bool:
    """Removes some of what is erased below a conversation's floor; answers whether there is more."""
    facts = find_conversation(transaction, conversation)
    if facts.purged_sequence >= facts.floor:
        return False
    up_to = min(facts.purged_sequence + STEP, facts.floor)
    purge(transaction, conversation=conversation, after=facts.purged_sequence, up_to=up_to, last=up_to == facts.floor)
    update_conversation(transaction, facts, purged_sequence=up_to)
    return up_to < facts.floor


class Purger:
    """Works through conversations that have something to remove.

    Args:
        step: does one `purge_step` as a write of its own; answers whether there is more.
    """

    def __init__(self, step: Callable[[int], Awaitable[bool]]) -> None:
        self._step = step
        self._pending: dict[int, None] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, conversations: list[int]) -> None:
        """Starts, with what an earlier process left."""
        self._pending.update(dict.fromkeys(conversations))
        self._wake.set()
        self._task = asyncio.get_running_loop().create_task(self._work())

    def add(self, conversation: int) -> None:
        """Notes a conversation whose floor rose."""
        self._pending[conversation] = None
        self._wake.set()

    async def close(self) -> None:
        """Stops between two steps; what is left is found at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                conversation = next(iter(self._pending))
                try:
                    more = await self._step(conversation)
                except Exception:
                    logger.exception("purging a conversation failed; it is tried again at the next start")
                    more = False
                if not more:
                    self._pending.pop(conversation, None)
