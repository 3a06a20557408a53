"""Reads on a copy of the database that follows it, where the copy has come as far as a read asks for."""

import asyncio
import logging
from collections.abc import Callable, Sequence
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
"""A read that takes longer here, be it to connect, is done on the database itself."""

_PAUSE_SECONDS: Final = 1.0

_READS_PER_THREAD: Final = 16
"""Reads that are here at once for each thread: they share its turns. It bounds how many a standby that hangs delays."""

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Value = TypeVar("Value")


class ReadResult(NamedTuple, Generic[Value]):
    """Result of a read, and the newest feed position in its snapshot."""

    value: Value
    position: FeedPosition


class Replica:
    """Reads from a standby. It never fails a read: where it cannot do one, it says so, and rests from trying.

    Args:
        connect: opens a connection to it.
        snapshot: makes what reads on a connection.
        clock: the time.
        threads: the number of its threads; where they are busy, reads are not done here.

    Attributes:
        served: how many reads it did.
        behind: how many it did not because it had not come as far.
        missed: how many it did not because it was away, slow, busy or in conflict with what it replays.
    """

    def __init__(
        self, connect: Callable[[], Connection], snapshot: MakeSnapshot, clock: Clock, *, threads: int
    ) -> None:
        self._availability = Availability("the standby", logging.WARNING)
        self._readers = ThreadReadPool(connect, snapshot, self._availability, clock, threads=threads)
        self._most_reads = threads * _READS_PER_THREAD
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
        """Read from one moment that holds all `positions`; None where there is none, or nobody to ask.

        Raises:
            DomainError: what `read` raises.
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
        """Stop reading: end the threads and their connections."""
        if self._trying is not None:
            self._trying.cancel()
            await asyncio.gather(self._trying, return_exceptions=True)
        logger.info("standby served=%d behind=%d missed=%d", self.served, self.behind, self.missed)
        self._readers.close()

    def _miss(self) -> None:
        self.missed += 1
        if self._trying is None or self._trying.done():
            self._trying = asyncio.get_running_loop().create_task(self._try_again())

    async def _try_again(self) -> None:
        """Try once a second until it is available again, so that no call waits for that."""
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
    """Read where the moment holds all places."""
    head = snapshot.position()
    if not all(position_exists(snapshot, position, head=head) for position in positions):
        return None
    return ReadResult(read(snapshot, *args, **kwargs), head)
