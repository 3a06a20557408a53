"""Reads of a call: of the newest state, or of one at least as new as a position, also on a replica."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.watch import foreign_token
from backscroll_server.services.long_reads import read_in_steps, stream_in_steps
from backscroll_server.services.store import Store
from backscroll_server.storage.replica import ReadResult
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import Steps
from backscroll_server.storage.tables.change_pages import low_water, position_exists

Parameters = ParamSpec("Parameters")
Item = TypeVar("Item")
Result = TypeVar("Result")

NO_POSITION: Final = FeedPosition(0, 0)
"""The position of a page that nobody asked for."""


class CallReads:
    """The reads of one call: of the newest state.

    Args:
        store: the store.

    Attributes:
        read_at: the newest position of the feed that the last read held; `NO_POSITION` if nobody asked for it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read_at = NO_POSITION

    def __call__(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Awaitable[Result]:
        """Read from a snapshot.

        Raises:
            UnavailableError: while the database is unavailable.
        """
        return self._store.read(read, *args, **kwargs)

    def require_at_least(self, read_at: FeedPosition) -> None:
        """Require the position of the page before; the newest state always holds it."""

    async def in_steps(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Steps[Any, Result]],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Return the result of a read in steps. See `read_in_steps`."""
        return await read_in_steps(self._store.stepped_reads, self, read, *args, **kwargs)

    def stream(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Steps[Item, None]],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> AsyncGenerator[Item, None]:
        """Yield the items of a read in steps. See `stream_in_steps`."""
        return stream_in_steps(self._store.stepped_reads, self, read, *args, **kwargs)


class ConsistentReads(CallReads):
    """The reads of a call that states a freshness. Each holds at least what the one before it held.

    Args:
        store: the store.
        position: the position that the first holds at least.
    """

    def __init__(self, store: Store, position: FeedPosition) -> None:
        super().__init__(store)
        self._replica = store.replica
        self._position = position
        self._before: tuple[FeedPosition, ...] = (position,)

    def require_at_least(self, read_at: FeedPosition) -> None:
        """Require a page to be as fresh as the one before; without a recorded position, read from the primary."""
        if read_at == NO_POSITION:
            self._replica = None
        self._before = (self._position, read_at)

    async def __call__(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Read from a snapshot, on the replica if it is far enough.

        Raises:
            TokenTooOldError: `RESUME_TOKEN_FOREIGN` where the database never held the first place.
            UnavailableError: where the database is away, and the standby too or not as far.
        """
        result = await self._replica.read(self._before, read, *args, **kwargs) if self._replica is not None else None
        if result is None:
            result = await self._store.read(_verified, self._position, read, args, kwargs)
        self.read_at = result.position
        self._before = (result.position,)
        return result.value


def _verified(
    snapshot: Snapshot,
    position: FeedPosition,
    read: Callable[..., Result],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> ReadResult[Result]:
    """Read, unless the position is of a history that was rolled back. One older than the log is accepted."""
    head = snapshot.position()
    if not position_exists(snapshot, position, head=head) and position.position >= low_water(snapshot).position:
        raise foreign_token("at_least_as_fresh")
    return ReadResult(read(snapshot, *args, **kwargs), head)
