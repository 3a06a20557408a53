"""Reads that hold at least a place of the feed: on the standby, where there is one that has come as far."""

from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.watch import foreign_token
from backscroll_server.services.store import Store
from backscroll_server.storage.replica import ReadResult
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import low_water, position_exists

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

NO_POSITION: Final = FeedPosition(0, 0)
"""The place of a page that nobody noted."""


class ConsistentReads:
    """The reads of one call. Each holds at least what the one before it held.

    Args:
        store: where.
        position: what the first holds at least.

    Attributes:
        read_at: the newest position of the feed that the last read held.
    """

    def __init__(self, store: Store, position: FeedPosition) -> None:
        self._store = store
        self._replica = store.replica
        self._position = position
        self._before: tuple[FeedPosition, ...] = (position,)
        self.read_at = NO_POSITION

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
        """Read from one moment.

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
    """Read unless the place is of a history that was rolled back. One older than the log is believed."""
    head = snapshot.position()
    if not position_exists(snapshot, position, head=head) and position.position >= low_water(snapshot).position:
        raise foreign_token("at_least_as_fresh")
    return ReadResult(read(snapshot, *args, **kwargs), head)
