"""Reads of a call: of the newest state, or of a state at least as new as a feed position, also on a replica."""

from collections.abc import AsyncGenerator, Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from backscroll_server.domain.errors import Reason, TokenTooOldError
from backscroll_server.domain.records import FeedPosition
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
"""The value of `CallReads.read_at` before the first read."""


class CallReads:
    """The reads of one call, each on the newest state of the primary database.

    Args:
        store: the store.

    Attributes:
        read_at: the newest feed position in the first read's snapshot; `NO_POSITION` before it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self.read_at = NO_POSITION

    async def __call__(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run a read on a snapshot that holds every acknowledged write, and return its result.

        Raises:
            UnavailableError: while the database is unavailable.
        """
        result = await self._store.read(_positioned, read, args, kwargs)
        self._note(result.position)
        return result.value

    def _note(self, position: FeedPosition) -> None:
        if self.read_at is NO_POSITION:
            self.read_at = position

    def require_at_least(self, read_at: FeedPosition) -> None:
        """Do nothing: the newest state always holds the feed position of the page before.

        Args:
            read_at: the newest feed position in the snapshot of the page before.
        """

    async def in_steps(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Steps[Any, Result]],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run a read that may pause, and return its result. See `read_in_steps`."""
        return await read_in_steps(self._store.stepped_reads, self, read, *args, **kwargs)

    def stream(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Steps[Item, None]],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> AsyncGenerator[Item, None]:
        """Run a read that may pause, and yield its items. See `stream_in_steps`."""
        return stream_in_steps(self._store.stepped_reads, self, read, *args, **kwargs)


class ConsistentReads(CallReads):
    """The reads of a call that states how fresh they must be, on the replica where it is up to date enough.

    Each read's snapshot also holds all that the snapshot of the read before it held.

    Args:
        store: the store.
        position: the feed position that each read's snapshot must hold; None for any.
    """

    def __init__(self, store: Store, position: FeedPosition | None) -> None:
        super().__init__(store)
        self._replica = store.replica
        self._position = position
        self._before: tuple[FeedPosition, ...] = () if position is None else (position,)

    def require_at_least(self, read_at: FeedPosition) -> None:
        """Require the next read to hold also the feed position that the page before held.

        Args:
            read_at: the newest feed position in the snapshot of the page before.
        """
        self._before = (*self._before, read_at)

    async def __call__(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Run a read on a snapshot that holds the required positions, of the replica or else of the primary database.

        Raises:
            TokenTooOldError: `CONSISTENCY_TOKEN_FOREIGN` where the database never held the feed position that the call
                states.
            UnavailableError: where the primary database is unavailable, and the replica is too or is not up to date
                enough.
        """
        result = await self._replica.read(self._before, read, *args, **kwargs) if self._replica is not None else None
        if result is None:
            result = await self._store.read(_verified, self._position, read, args, kwargs)
        self._note(result.position)
        self._before = (result.position,)
        return result.value


class FastReads(ConsistentReads):
    """The reads of a call that takes whatever copy is fastest to reach: the replica wherever it answers.

    Args:
        store: the store.
    """

    def __init__(self, store: Store) -> None:
        super().__init__(store, None)


def _positioned(
    snapshot: Snapshot, read: Callable[..., Result], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> ReadResult[Result]:
    """Run a read; return its result with the newest feed position of the snapshot."""
    return ReadResult(read(snapshot, *args, **kwargs), snapshot.position())


def _verified(
    snapshot: Snapshot,
    position: FeedPosition | None,
    read: Callable[..., Result],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> ReadResult[Result]:
    """Run a read on the primary database, unless a feed position is of a history that was rolled back.

    A position older than the feed keeps is accepted. Returns the read's result with the newest feed position.

    Raises:
        TokenTooOldError: `CONSISTENCY_TOKEN_FOREIGN` where the feed ends before the position, or holds another change
            there.
    """
    head = snapshot.position()
    if (
        position is not None
        and not position_exists(snapshot, position, head=head)
        and position.position >= low_water(snapshot).position
    ):
        raise foreign_position()
    return ReadResult(read(snapshot, *args, **kwargs), head)


def foreign_position() -> TokenTooOldError:
    """Return the error for a stated moment that this database never had, or lost in a restore."""
    return TokenTooOldError(
        Reason.CONSISTENCY_TOKEN_FOREIGN,
        "is of another database or from before a restore: read without it",
        field="consistency.at_least_as_fresh",
    )
