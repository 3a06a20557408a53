"""Reads that hold at least a place of the feed: on the standby, where there is one that has come as far."""

from collections.abc import Callable
from typing import Any, Concatenate, Final, ParamSpec, TypeVar

from backscroll_server.services.changes.watch import foreign_token
from backscroll_server.services.store import Store
from backscroll_server.storage.replica import Seen
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.change_pages import held, low_water
from backscroll_server.storage.tables.changes import FeedPosition

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

NOWHERE: Final = FeedPosition(0, 0)
"""The place of a page that nobody noted."""


class FreshReads:
    """The reads of one call. Each holds at least what the one before it held.

    Args:
        store: where.
        place: what the first holds at least.

    Attributes:
        seen: the newest position of the feed that the last read held.
    """

    def __init__(self, store: Store, place: FeedPosition) -> None:
        self._store = store
        self._standby = store.standby
        self._place = place
        self._before: tuple[FeedPosition, ...] = (place,)
        self.seen = NOWHERE

    def go_on(self, seen: FeedPosition) -> None:
        """Continues a walk whose last page held a position: going back behind it could miss or repeat something.

        Where nobody noted it, nobody but the database itself is sure to be as far.
        """
        if seen == NOWHERE:
            self._standby = None
        self._before = (self._place, seen)

    async def __call__(
        self,
        read: Callable[Concatenate[Snapshot, Parameters], Result],
        *args: Parameters.args,
        **kwargs: Parameters.kwargs,
    ) -> Result:
        """Reads from one moment.

        Raises:
            TokenTooOldError: `RESUME_TOKEN_FOREIGN` where the database never held the first place.
            UnavailableError: where the database is away, and the standby too or not as far.
        """
        seen = await self._standby.read(self._before, read, *args, **kwargs) if self._standby is not None else None
        if seen is None:
            seen = await self._store.read(_verified, self._place, read, args, kwargs)
        self.seen = seen.position
        self._before = (seen.position,)
        return seen.value


def _verified(
    snapshot: Snapshot,
    place: FeedPosition,
    read: Callable[..., Result],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> Seen[Result]:
    """Reads unless the place is of a history that was rolled back. One older than the log is believed."""
    head = snapshot.position()
    if not held(snapshot, place, head=head) and place.position >= low_water(snapshot).position:
        raise foreign_token("at_least_as_fresh")
    return Seen(read(snapshot, *args, **kwargs), head)
