"""Reads on a replica, a PostgreSQL standby, where it has replayed the feed as far as a read needs."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import Any, Concatenate, Final, Generic, NamedTuple, ParamSpec, TypeVar

from backscroll_server.domain.clock import Clock
from backscroll_server.domain.errors import DomainError, UnavailableError
from backscroll_server.domain.records import FeedPosition
from backscroll_server.storage.engine.connection import Connection
from backscroll_server.storage.engine.reconnect import Availability
from backscroll_server.storage.read_pool import MakeSnapshot, ThreadReadPool
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import position_exists

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 2.0
"""The longest time of a read on the replica, connecting included; after it, the primary database does the read."""

_PAUSE_SECONDS: Final = 1.0

_READS_PER_THREAD: Final = 16
"""The most reads on the replica at once for each thread, and so the most that a hanging replica delays."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Value = TypeVar("Value")


class ReadResult(NamedTuple, Generic[Value]):
    """Result of a read (`value`), and the newest feed position in its snapshot (`position`)."""

    value: Value
    position: FeedPosition


class Replica:
    """Reads from a replica; where it cannot do a read, the caller does that on the primary database.

    Args:
        connect: opens a connection to the replica.
        snapshot: makes the snapshot of a connection.
        clock: returns the current time in microseconds.
        threads: the number of threads that read; where they are too busy, reads are not done here.

    Attributes:
        served: the number of reads that the replica did.
        behind: the number of reads that it did not do because it had not replayed a requested feed position.
        missed: the number of reads that it did not do because it was unavailable, too slow or too busy, or because the
            read conflicted with its replay.
    """

    def __init__(
        self, connect: Callable[[], Connection], snapshot: MakeSnapshot, clock: Clock, *, threads: int
    ) -> None:
        self._availability = Availability("the standby", logging.WARNING)
        self._most_reads = threads * _READS_PER_THREAD
        # It never has as many: a read beyond is not done here.
        self._readers = ThreadReadPool(
            connect, snapshot, self._availability, clock, threads=threads, limit=self._most_reads + 1
        )
        self._running = 0
        self._trying: asyncio.Task[None] | None = None
        self.served = self.behind = self.missed = 0

    async def read(
        self,
        positions: Sequence[FeedPosition],
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> ReadResult[Result] | None:
        """Run `read` on a snapshot that contains all of `positions`; return its result, or None where that fails.

        `positions` are feed positions; `args` and `kwargs` are passed to `read`.

        Returns:
            the result of `read` and the newest feed position of the snapshot; None where the replica has not replayed
            all of `positions`, is unavailable, or is too slow or busy.

        Raises:
            DomainError: where `read` raises one.
        """
        if not self._availability.available or self._running >= self._most_reads:
            # The call that found it unavailable may have been cancelled before it scheduled the next attempt.
            self._miss()
            return None
        self._running += 1
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                result = await self._readers.read(_read_if_current, positions, read, args, kwargs)
        except UnavailableError:
            # Logged at the place of the failure.
            self._miss()
            return None
        except DomainError:
            self.served += 1
            raise
        except Exception as error:  # noqa: BLE001 - the primary does the read, and raises its own error
            self._availability.mark_down(error)
            self._miss()
            return None
        finally:
            self._running -= 1
        if result is None:
            self.behind += 1
        else:
            self.served += 1
        return result

    async def close(self) -> None:
        """Stop reading: end the threads, close their connections and log the counts of reads."""
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        logger.info("standby served=%d behind=%d missed=%d", self.served, self.behind, self.missed)
        self._readers.close()

    def _miss(self) -> None:
        self.missed += 1
        if self._trying is None or self._trying.done():
            # Not with the deadline of the call that noticed.
            self._trying = asyncio.get_running_loop().create_task(self._try_again(), context=Context())

    async def _try_again(self) -> None:
        """Try to read once a second until the replica is available again, so that no caller waits for an attempt."""
        while not self._availability.available:
            await asyncio.sleep(_PAUSE_SECONDS)
            try:
                await self._readers.read(Snapshot.position)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is not back
                self._availability.mark_down(error)


def _read_if_current(
    snapshot: Snapshot,
    positions: Sequence[FeedPosition],
    read: Callable[..., Result],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> ReadResult[Result] | None:
    """Run `read` if the snapshot contains all of `positions`; otherwise return None.

    Returns:
        the result of `read` and the newest feed position of the snapshot, or None.
    """
    head = snapshot.position()
    if not all(position_exists(snapshot, position, head=head) for position in positions):
        return None
    return ReadResult(read(snapshot, *args, **kwargs), head)
