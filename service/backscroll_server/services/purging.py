"""Removes erased and expired history from storage in small steps that hold no writer up; goes on after a restart."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import perf_counter

from backscroll_server.storage.entry_rows import stored_conversation, update_conversation
from backscroll_server.storage.purge_rows import purge
from backscroll_server.storage.transaction import Transaction

logger = logging.getLogger(__name__)

STEP = 250
"""How many sequences one step removes."""

REST = 2.0
"""How long to rest after a step, in lengths of the step, so that most of the writer's time is left to callers."""

_RETRY_SECONDS = 0.25


def purge_step(transaction: Transaction, conversation: int) -> bool:
    """Removes some of what is below a conversation's floor; answers whether there is more."""
    facts = stored_conversation(transaction, conversation)
    if facts.purged_sequence >= facts.floor:
        return False
    up_to = min(facts.purged_sequence + STEP, facts.floor)
    purge(transaction, conversation=conversation, after=facts.purged_sequence, up_to=up_to)
    update_conversation(transaction, facts, purged_sequence=up_to)
    return up_to < facts.floor


class Purger:
    """Works through conversations that have something to remove, then empties the write-ahead log.

    Erased text is gone from the disk only when it is no longer in the log.

    Args:
        step: does one `purge_step` as a write of its own; answers whether there is more.
        empty_log: empties the write-ahead log; answers whether it could.
    """

    def __init__(self, step: Callable[[int], Awaitable[bool]], empty_log: Callable[[], Awaitable[bool]]) -> None:
        self._step = step
        self._empty_log = empty_log
        self._pending: dict[int, None] = {}
        self._log_holds_erased = False
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self, conversations: list[int]) -> None:
        """Starts, with what an earlier process left."""
        self._pending.update(dict.fromkeys(conversations))
        # An earlier process may have ended between removing and emptying the log.
        self._log_holds_erased = True
        self._wake.set()
        self._task = asyncio.get_running_loop().create_task(self._work())

    def add(self, conversation: int) -> None:
        """Notes a conversation whose floor rose."""
        self._pending[conversation] = None
        self._log_holds_erased = True
        self._wake.set()

    def erased(self) -> None:
        """Notes that something was removed elsewhere, so that the log is to be emptied."""
        self._log_holds_erased = True
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
                started = perf_counter()
                try:
                    more = await self._step(conversation)
                except Exception:
                    logger.exception("purging a conversation failed; it is tried again at the next start")
                    more = False
                if not more:
                    self._pending.pop(conversation, None)
                await asyncio.sleep((perf_counter() - started) * REST)
            if self._log_holds_erased:
                await self._empty()

    async def _empty(self) -> None:
        """Empties the log, or tries again later where somebody reads from it."""
        self._log_holds_erased = False
        try:
            done = await self._empty_log()
        except Exception:
            logger.exception("emptying the write-ahead log failed")
            done = False
        if not done:
            self._log_holds_erased = True
            self._wake.set()
            await asyncio.sleep(_RETRY_SECONDS)
