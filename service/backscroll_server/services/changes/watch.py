"""Following a user's changes: live as a stream, and by polling, from any place that the feed still holds."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

from backscroll_server.domain.errors import Reason, TokenTooOldError
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.events import Event
from backscroll_server.services.changes.projector import UserProjector
from backscroll_server.services.changes.subscription import Ended
from backscroll_server.services.changes.tail import Tail
from backscroll_server.services.long_reads import Reads, read_in_steps
from backscroll_server.services.views.unread_totals import RunningTotals
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import SteppedReads
from backscroll_server.storage.tables.change_pages import low_water, position_exists, user_changes
from backscroll_server.storage.tables.changes import FeedRow

_PAGE = 100


class Changes(NamedTuple):
    """A user's events up to a position of the feed.

    Attributes:
        events: in order; none in a heartbeat.
        position: the changes up to here are covered.
        more: whether more changes were stored at that time.
    """

    events: list[Event]
    position: FeedPosition
    more: bool = False


def list_changes(
    snapshot: Snapshot, user_id: str, start: FeedPosition | None, *, size: int
) -> Generator[None, None, Changes]:
    """Return, in steps, about `size` changes after a position, whole calls only; without one, only the newest position.

    Cost: a seek for each conversation of the user, and a few for each that changed.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` or `RESUME_TOKEN_FOREIGN`.
    """
    if start is None:
        return Changes([], snapshot.position())
    _require_position(snapshot, start)
    user = snapshot.user(user_id)
    if user is None:
        return Changes([], snapshot.position())
    return (yield from _page(snapshot, UserProjector(user, user_id), start, snapshot.position(), size))


@dataclass(frozen=True, slots=True)
class WatchSource:
    """The parts of a store that a watch uses.

    Attributes:
        read: reads from a snapshot.
        stepped_reads: runs long reads.
        tail: the tail of the feed.
        ensure_user: returns a user's number, assigned if the user is new.
        heartbeat_seconds: the interval of heartbeats.
    """

    read: Reads
    stepped_reads: SteppedReads
    tail: Tail
    ensure_user: Callable[[str], Awaitable[int]]
    heartbeat_seconds: float


async def watch(
    source: WatchSource, user_id: str, start: FeedPosition | None, *, ended: Ended
) -> AsyncGenerator[Changes, None]:
    """Yield a user's changes after a position, or from now on, without end.

    The first item comes at once, so that a watcher has a position from the beginning; an empty one follows after
    `WatchSource.heartbeat_seconds` without events.

    Args:
        source: the parts of the source.
        user_id: the user.
        start: everything up to here is known; None is now.
        ended: called with the error that ends the stream.

    Yields:
        Events and the position they lead to.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` or `RESUME_TOKEN_FOREIGN`, at the start or while catching up.
    """
    known, position = await source.read(_begin, user_id, start)
    user = known or await source.ensure_user(user_id)
    projector = UserProjector(user, user_id)
    yield Changes([], position)
    if start is not None:
        async for changes in _catch_up(source, projector, position, None):
            position = changes.position
            if changes.events:
                yield changes
    # From here on nothing is missed: what was read before the subscription begins comes from the database.
    subscription = source.tail.subscribe(user, position, ended)
    try:
        async for changes in _catch_up(source, projector, position, subscription.begins):
            position = changes.position
            if changes.events:
                yield changes
        delivered = monotonic()
        while True:
            rows = await subscription.take()
            events: list[Event] = []
            if rows:
                events = await _events(source, projector, rows)
                position = _end(rows)
            elif source.tail.position is not None:
                # No rows are waiting, so everything up to the tail's position is covered.
                position = max(position, source.tail.position)
            if events or monotonic() - delivered >= source.heartbeat_seconds:
                yield Changes(events, position)
                delivered = monotonic()
    finally:
        source.tail.unsubscribe(subscription)


async def _events(source: WatchSource, projector: UserProjector, rows: list[FeedRow]) -> list[Event]:
    if not projector.has_totals:
        projector.start_totals(
            await read_in_steps(source.stepped_reads, source.read, RunningTotals.read, projector.user)
        )
    events: list[Event] = await source.read(projector.events, rows)
    return events


def _begin(snapshot: Snapshot, user_id: str, start: FeedPosition | None) -> tuple[int | None, FeedPosition]:
    """Return the user's number, if it was ever seen, and where its watch begins."""
    if start is None:
        start = snapshot.position()
    else:
        _require_position(snapshot, start)
    return snapshot.user(user_id), start


async def _catch_up(
    source: WatchSource, projector: UserProjector, start: FeedPosition, up_to: FeedPosition | None
) -> AsyncGenerator[Changes, None]:
    """Yield the changes up to a position, or to the end of the feed, page by page; the last page may hold no events."""
    more = up_to is None or start < up_to
    while more:
        changes = await read_in_steps(source.stepped_reads, source.read, _missed, projector, start, up_to)
        start, more = changes.position, changes.more
        yield changes
        await asyncio.sleep(0)


def _missed(
    snapshot: Snapshot, projector: UserProjector, start: FeedPosition, up_to: FeedPosition | None
) -> Generator[None, None, Changes]:
    _require_position(snapshot, start)
    return (yield from _page(snapshot, projector, start, up_to or snapshot.position(), _PAGE))


def _end(rows: list[FeedRow]) -> FeedPosition:
    return FeedPosition(rows[-1].position, rows[-1].row_check)


def _page(
    snapshot: Snapshot, projector: UserProjector, start: FeedPosition, up_to: FeedPosition, size: int
) -> Generator[None, None, Changes]:
    page = yield from user_changes(snapshot, user=projector.user, after=start.position, up_to=up_to, limit=size)
    if not page.rows:
        return Changes([], page.end, page.more)
    if not projector.has_totals:
        projector.start_totals((yield from RunningTotals.read(snapshot, projector.user)))
    return Changes(projector.events(snapshot, page.rows), page.end, page.more)


def _require_position(snapshot: Snapshot, position: FeedPosition) -> None:
    """Refuse a place that the feed does not hold any more, or that is of a history that was rolled back.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` or `RESUME_TOKEN_FOREIGN`.
    """
    lowest = low_water(snapshot)
    if position.position < lowest.position:
        raise TokenTooOldError(
            Reason.RESUME_TOKEN_TOO_OLD,
            "the changes behind the resume token are no longer kept: list again, and watch from the new token",
            field="resume_token",
        )
    if not position_exists(snapshot, position, head=snapshot.position()):
        raise foreign_token()


def foreign_token(field: str = "resume_token") -> TokenTooOldError:
    """Return the failure of a token that is of another database, or of a state before it was restored."""
    return TokenTooOldError(
        Reason.RESUME_TOKEN_FOREIGN,
        "the resume token is of another database or of a state before a restore: list again, and watch from the new "
        "token",
        field=field,
    )
