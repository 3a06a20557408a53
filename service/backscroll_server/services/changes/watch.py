"""Following a user's changes: live as a stream, and by polling, from any position that the feed still holds."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import NamedTuple

from backscroll_server.domain.errors import Reason, TokenTooOldError
from backscroll_server.domain.intervals import FOREVER
from backscroll_server.domain.records import FeedPosition
from backscroll_server.services.changes.events import Event
from backscroll_server.services.changes.projector import UserProjector
from backscroll_server.services.changes.row_parts import FEW, MOST, first_part, shared_part_end
from backscroll_server.services.changes.subscription import Ended, Subscription
from backscroll_server.services.changes.tail import Tail
from backscroll_server.services.long_reads import Reads, read_in_steps
from backscroll_server.services.views.unread_totals import RunningTotals
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.stepped_reads import SteppedReads
from backscroll_server.storage.tables.change_pages import UserChanges, low_water, position_exists, user_changes
from backscroll_server.storage.tables.changes import FeedRow

_PAGE = 64


class Changes(NamedTuple):
    """A user's events up to a position of the feed.

    Attributes:
        events: the events, in order; empty in a heartbeat.
        position: the feed position up to which the events cover all changes.
        more: whether the feed held more changes for the user when it was read.
    """

    events: list[Event]
    position: FeedPosition
    more: bool = False


def list_changes(
    snapshot: Snapshot, user_id: str, start: FeedPosition | None, *, size: int
) -> Generator[None, None, Changes]:
    """Return, in steps, the user's events of about `size` changes after a feed position.

    They are fewer where they have more than about 128 KiB of content; the changes of one call are never split. The
    generator yields None where the read may pause. Cost: a seek for each conversation of the user, and a few seeks for
    each conversation that changed.

    Args:
        snapshot: the snapshot to read from.
        user_id: the user.
        start: the feed position; None for no events, only the newest position.
        size: the approximate number of changes.

    Returns:
        The events and their end; no events and the newest position for a user never seen.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` where the feed no longer holds the changes after `start`,
            `RESUME_TOKEN_FOREIGN` where `start` is of another database or of a state before a restore.
    """
    if start is None:
        return Changes([], snapshot.position())
    _require_position(snapshot, start)
    user = snapshot.user(user_id)
    if user is None:
        return Changes([], snapshot.position())
    projector = UserProjector(user, user_id)
    page = yield from _page(snapshot, user, start, snapshot.position(), size)
    if not page.rows:
        return Changes([], page.end, page.more)
    projector.start_totals((yield from RunningTotals.read(snapshot, user)))
    return Changes((yield from projector.events_in_steps(snapshot, page.rows)), page.end, page.more)


@dataclass(frozen=True, slots=True)
class WatchSource:
    """The parts of a store that a watch uses.

    Attributes:
        read: runs a read on a snapshot.
        stepped_reads: runs long reads in steps.
        tail: the reader of the feed, which gives subscriptions.
        ensure_user: returns the internal number of a user, assigned if the user is new.
        heartbeat_seconds: the interval of heartbeats.
        turn: held by the watcher that goes on next with more than a few changes, so that other calls run in between.
    """

    read: Reads
    stepped_reads: SteppedReads
    tail: Tail
    ensure_user: Callable[[str], Awaitable[int]]
    heartbeat_seconds: float
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


async def watch(
    source: WatchSource, user_id: str, start: FeedPosition | None, *, ended: Ended
) -> AsyncGenerator[Changes, None]:
    """Yield a user's changes after a feed position, or from now on, without end.

    The first item comes at once and has no events, so that a watcher has a position from the beginning; another one
    without events follows after each `WatchSource.heartbeat_seconds` without events.

    Args:
        source: the parts of the store.
        user_id: the user.
        start: the feed position up to which the watcher has read; None for the newest.
        ended: called with the error that ends the stream, such as that of a slow reader.

    Yields:
        Events, and the feed position up to which they cover all changes.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` where the feed no longer holds the changes after the position,
            `RESUME_TOKEN_FOREIGN` where it is of another database or of a state before a restore; at the start or while
            catching up.
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
            rows = await _next_part(source, subscription)
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


async def _next_part(source: WatchSource, subscription: Subscription) -> list[FeedRow]:
    """Wait for changes; return those that wait, or the first part of them. There are none after a reminder."""
    await subscription.wait()
    waiting = subscription.first(MOST)
    if len(waiting) <= FEW:
        return subscription.take(FOREVER)
    return subscription.take(await source.read(shared_part_end, waiting))


async def _events(source: WatchSource, projector: UserProjector, rows: list[FeedRow]) -> list[Event]:
    if projector.needs_totals(rows):
        projector.start_totals(
            await read_in_steps(source.stepped_reads, source.read, RunningTotals.read, projector.user)
        )
    events: list[Event] = await source.read(projector.events, rows)
    if len(rows) > FEW:
        # They were read together, but each is large to encode and send.
        async with source.turn:
            await asyncio.sleep(0)
    return events


def _begin(snapshot: Snapshot, user_id: str, start: FeedPosition | None) -> tuple[int | None, FeedPosition]:
    """Return the internal number of the user, None for one never seen, and the feed position where the watch begins.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` or `RESUME_TOKEN_FOREIGN`, as `_require_position`.
    """
    if start is None:
        start = snapshot.position()
    else:
        _require_position(snapshot, start)
    return snapshot.user(user_id), start


async def _catch_up(
    source: WatchSource, projector: UserProjector, start: FeedPosition, up_to: FeedPosition | None
) -> AsyncGenerator[Changes, None]:
    """Yield the user's changes between two feed positions, page by page. A page may hold no events.

    Args:
        source: the parts of the store.
        projector: the state of the user's stream.
        start: the feed position after which to begin.
        up_to: the last feed position; None for the end of the feed.
    """
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
    up_to = up_to or snapshot.position()
    page = yield from _page(snapshot, projector.user, start, up_to, _PAGE)
    if not page.rows:
        return Changes([], page.end, page.more)
    if projector.needs_totals(page.rows):
        projector.start_totals((yield from RunningTotals.read(snapshot, projector.user)))
    return Changes(projector.events(snapshot, page.rows), page.end, page.more)


def _page(
    snapshot: Snapshot, user: int, start: FeedPosition, up_to: FeedPosition, size: int
) -> Generator[None, None, UserChanges]:
    """Return, in steps, about `size` changes of a user between two feed positions, fewer if they have much content."""
    page = yield from user_changes(snapshot, user=user, after=start.position, up_to=up_to, limit=size)
    rows = first_part(snapshot, page.rows)
    return page if len(rows) == len(page.rows) else UserChanges(list(rows), _end(rows), more=True)


def _end(rows: Sequence[FeedRow]) -> FeedPosition:
    return FeedPosition(rows[-1].position, rows[-1].row_check)


def _require_position(snapshot: Snapshot, position: FeedPosition) -> None:
    """Refuse a feed position from which a watch cannot go on.

    Raises:
        TokenTooOldError: `RESUME_TOKEN_TOO_OLD` where the feed no longer holds the changes after it,
            `RESUME_TOKEN_FOREIGN` where the feed holds another change there, or none: it belongs to another
            database, or to a history that was rolled back.
    """
    lowest = low_water(snapshot)
    if position.position < lowest.position:
        raise TokenTooOldError(
            Reason.RESUME_TOKEN_TOO_OLD,
            "is older than the changes that are kept: list again, and watch from the new token",
            field="resume_token",
        )
    if not position_exists(snapshot, position, head=snapshot.position()):
        raise foreign_token()


def foreign_token() -> TokenTooOldError:
    """Return the error for a resume token of another database, or from before a restore."""
    return TokenTooOldError(
        Reason.RESUME_TOKEN_FOREIGN,
        "is of another database or from before a restore: list again, and watch from the new token",
        field="resume_token",
    )
