"""Purging: removes the rows of erased and expired messages in small steps, between which callers can write."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from time import perf_counter

from backscroll_server.domain.errors import Reason, UnavailableError
from backscroll_server.services.upkeep.loop import BackgroundLoop
from backscroll_server.storage.tables.conversations import stored_conversation, update_conversation
from backscroll_server.storage.transaction import Transaction
from backscroll_server.storage.upkeep.purge_queries import purge

logger = logging.getLogger(__name__)

STEP = 250
"""The most sequences whose messages one step removes."""

REST = 2.0
"""The pause after a step, as a multiple of the step's duration, so that callers have most of the writer's time."""

_FINISHING_REST = 20.0
_RETRY_SECONDS = 0.25
_RETRY_PURGE_SECONDS = 30.0


def purge_step(transaction: Transaction, conversation: int) -> bool:
    """Remove the rows of a conversation's oldest sequences up to its floor, at most 250; return whether there are more.

    The floor is the highest sequence whose message is erased or expired for everyone.

    Args:
        transaction: the transaction to write in.
        conversation: the internal number of the conversation.
    """
    shared = stored_conversation(transaction, conversation)
    if shared.purged_sequence >= shared.floor:
        return False
    up_to = min(shared.purged_sequence + STEP, shared.floor)
    purge(transaction, conversation=conversation, after=shared.purged_sequence, up_to=up_to)
    update_conversation(transaction, shared, purged_sequence=up_to)
    return up_to < shared.floor


class Purger:
    """A background task that purges conversations, and then removes the remains of removed rows from the disk.

    Args:
        step: runs one `purge_step` for a conversation's internal number, as a write of its own; returns whether more
            is left.
        finish: removes the remains of removed rows from the write-ahead log and from pages; returns whether it could.
        clock: the time, in seconds from any start.
        sleep: waits for some seconds.
    """

    def __init__(
        self,
        step: Callable[[int], Awaitable[bool]],
        finish: Callable[[], Awaitable[bool]],
        *,
        clock: Callable[[], float] = perf_counter,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._step = step
        self._finish = finish
        self._clock = clock
        self._sleep = sleep
        self._pending: dict[int, None] = {}
        self._left = False
        self._rested_at = 0.0
        self._background = BackgroundLoop(
            self._round,
            logger=logger,
            failed="removing what was erased from the disk failed; it is tried again",
            retry_seconds=_RETRY_SECONDS,
        )

    def start(self, conversations: list[int]) -> None:
        """Start the task.

        Args:
            conversations: the internal numbers of the conversations that an earlier process left to purge.
        """
        self._pending.update(dict.fromkeys(conversations))
        # An earlier process may have ended between removing rows and removing what they left.
        self._left = True
        self._background.start()

    def add(self, conversation: int) -> None:
        """Add a conversation whose floor was raised, by internal number; its messages are purged soon."""
        self._pending[conversation] = None
        self._left = True
        self._background.wake()

    def erased(self) -> None:
        """Note that rows were removed elsewhere; their remains are removed from the disk soon."""
        self._left = True
        self._background.wake()

    async def close(self) -> None:
        """Stop the task between two steps; the next start finds the conversations that are left."""
        await self._background.close()

    async def _round(self) -> float | None:
        await self._purge()
        if self._left and self._rested_at <= self._clock():
            await self._finish_erasing()
        # What rests is only the finishing: a floor that rises meanwhile is purged at once.
        return self._rested_at - self._clock() if self._left else None

    async def _purge(self) -> None:
        while self._pending:
            conversation = next(iter(self._pending))
            started = self._clock()
            try:
                more = await self._step(conversation)
            except UnavailableError as error:
                # Damage is met again and again; other conversations may have none.
                more = error.reason is not Reason.DATABASE_CORRUPT or self._put_off(conversation)
                await self._sleep(_RETRY_SECONDS)
            except Exception:
                logger.exception("purging a conversation failed; it is tried again later")
                more = self._put_off(conversation)
            if not more:
                self._pending.pop(conversation, None)
            await self._sleep((self._clock() - started) * REST)

    def _put_off(self, conversation: int) -> bool:
        """Add the conversation again later; return False, for there is nothing more to do with it now."""
        asyncio.get_running_loop().call_later(_RETRY_PURGE_SECONDS, self.add, conversation)
        return False

    async def _finish_erasing(self) -> None:
        """Remove the remains of removed rows from the disk; if that could not be done, it is tried again later."""
        self._left = False
        started = self._clock()
        done = False
        try:
            done = await self._finish()
        finally:
            self._left = self._left or not done
            ended = self._clock()
            self._rested_at = ended + max((ended - started) * _FINISHING_REST, _RETRY_SECONDS)
