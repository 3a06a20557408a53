"""Paging history: from any start, in both directions, full pages, an end that is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from backscroll_server.domain import limits
from backscroll_server.domain.errors import DomainError
from backscroll_server.domain.ids import ConversationKey, parse_message_id
from backscroll_server.domain.intervals import FOREVER, clip
from backscroll_server.domain.records import VisibilityBounds
from backscroll_server.services.views.access import message_not_found, require_bounds
from backscroll_server.services.views.anchors import anchor_sequence
from backscroll_server.services.views.unread import first_unread
from backscroll_server.services.views.visibility import VisibleHistory, visible_history
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.conversations import find_user_conversation, find_user_conversations
from backscroll_server.storage.tables.history_pages import NO_FILTER, RowFilter, bodies, joined_bodies
from backscroll_server.storage.tables.messages import find_messages, find_tombstones
from backscroll_server.storage.tables.unread_counts import sequence_before


class HistoryPosition(Enum):
    """A named position in a history."""

    NEWEST = 1
    OLDEST = 2
    FIRST_UNREAD = 3


class HistoryStart(NamedTuple):
    """Start of a page: a named position, a message, a sequence or a time; exactly one is set.

    Attributes:
        position: a named position.
        message_id: a message, as conversation number and sequence.
        sequence: a sequence.
        time: a time, in microseconds.
        include_anchor: whether the message or sequence itself is part of the page.
    """

    position: HistoryPosition | None = None
    message_id: tuple[int, int] | None = None
    sequence: int | None = None
    time: int | None = None
    include_anchor: bool = False


UNSET = HistoryStart()
"""The default start of a direction."""


@dataclass(frozen=True, slots=True)
class MessageFilter:
    """Conditions on messages. All must hold.

    Attributes:
        sender_ids: only from these; empty is any.
        content_types: only these; empty is any.
        start_time: only created at or after this, in microseconds; None is any.
        end_time: only created before this, in microseconds; None is any.
        mentions_me: only those that mention the reader.
        tombstones: also the tombstones of recalled messages.
    """

    sender_ids: tuple[str, ...] = ()
    content_types: tuple[int, ...] = ()
    start_time: int | None = None
    end_time: int | None = None
    mentions_me: bool = False
    tombstones: bool = False

    @property
    def examines_rows(self) -> bool:
        """True if rows have to be looked at one by one."""
        return bool(self.sender_ids or self.content_types or self.mentions_me)


EVERYTHING = MessageFilter()


class Page(NamedTuple):
    """A page of history.

    Attributes:
        user: the reader's number.
        conversation: the conversation's number.
        down: its direction.
        bodies: framed messages, in the order of the direction; those of an ordinary page may be joined.
        next_boundary: where the same direction goes on; None at the end.
        opposite_boundary: where the other direction goes on; None where nothing is there.
        scan_limited: whether it stopped after the most rows that one page examines.
    """

    user: int
    conversation: int
    down: bool
    bodies: list[bytes]
    next_boundary: int | None
    opposite_boundary: int | None
    scan_limited: bool


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """A page of history to read.

    Attributes:
        user_id: the reading user.
        key: the conversation.
        down: towards newer messages, oldest first; else towards older ones, newest first.
        size: the most messages.
        message_filter: the conditions on messages.
        start: the start of a first page.
        boundary: the continuation of a walk, instead of `start`: `UP` at or below it, `DOWN` above it.
    """

    user_id: str
    key: ConversationKey
    down: bool
    size: int
    message_filter: MessageFilter
    start: HistoryStart = UNSET
    boundary: int | None = None


def list_page(snapshot: Snapshot, query: HistoryQuery) -> Page:
    """Return one page of history.

    Cost: two seeks for the access, one for the page and one for the other side, whatever the position.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`, or `MESSAGE_NOT_FOUND` for a start outside the user's windows.
    """
    bounds = require_bounds(snapshot, query.user_id, query.key)
    boundary = query.boundary
    if boundary is None:
        boundary = boundary_of(snapshot, bounds, query.start, down=query.down)
    else:
        boundary = min(boundary, bounds.head)
    return _page(snapshot, bounds, boundary, down=query.down, size=query.size, message_filter=query.message_filter)


def _known_boundary(start: HistoryStart, *, down: bool) -> int | None:
    """Return the boundary of a start that needs no look at the history, perhaps above its head; None for others."""
    if start.sequence is not None:
        return _boundary_at(start.sequence, start, down=down)
    if start.message_id is not None or start.time is not None or start.position is HistoryPosition.FIRST_UNREAD:
        return None
    position = start.position or (HistoryPosition.OLDEST if down else HistoryPosition.NEWEST)
    return FOREVER if position is HistoryPosition.NEWEST else 0


def _boundary_at(sequence: int, start: HistoryStart, *, down: bool) -> int:
    included_above = down == start.include_anchor
    return min(max(sequence - 1 if included_above else sequence, 0), FOREVER)


def boundary_of(session: Runner, bounds: VisibilityBounds, start: HistoryStart, *, down: bool) -> int:
    """Return the place of a start between two messages: what is older is at or below it."""
    head = bounds.head
    known = _known_boundary(start, down=down)
    if known is not None:
        return min(known, head)
    if start.message_id is not None:
        return _boundary_at(anchor_sequence(session, bounds, start.message_id), start, down=down)
    if start.time is not None:
        return sequence_before(session, conversation=bounds.conversation, time=start.time)
    entry = find_user_conversation(session, user=bounds.user, conversation=bounds.conversation)
    first = first_unread(session, entry) if entry else None
    return head if first is None else first - 1


def _page(
    session: Snapshot, bounds: VisibilityBounds, boundary: int, *, down: bool, size: int, message_filter: MessageFilter
) -> Page:
    visible = visible_history(session, bounds)
    if message_filter is EVERYTHING and visible.gapless and len(visible.intervals) == 1:
        return _gapless_page(session, visible, boundary, down=down, size=size)
    visible = _in_time(session, visible, message_filter)
    row_filter = _row_filter(session, message_filter)
    head = bounds.head
    rows, stopped_at = _search(session, visible, boundary, down, size + 1, row_filter, message_filter, head)
    next_boundary = stopped_at
    if len(rows) > size:
        rows.pop()
        next_boundary = rows[-1][0] if down else rows[-1][0] - 1
    opposite = False
    if boundary > 0 if down else boundary < head:
        opposite = _any_beyond(session, visible, boundary, not down, row_filter, message_filter, head)
    return Page(
        user=visible.user,
        conversation=visible.conversation,
        down=down,
        bodies=[body for _, body in rows],
        next_boundary=next_boundary,
        opposite_boundary=boundary if opposite else None,
        scan_limited=stopped_at is not None and next_boundary == stopped_at,
    )


def _gapless_page(session: Snapshot, visible: VisibleHistory, boundary: int, *, down: bool, size: int) -> Page:
    """Return a page of a history without gaps, where its extent and the rest are plain arithmetic."""
    ((first, last),) = visible.intervals
    if down:
        after = max(boundary, first)
        up_to = max(min(after + size, last), after)
        more, beyond = up_to < last, first < boundary
        next_boundary = up_to
    else:
        up_to = min(boundary, last)
        after = min(max(up_to - size, first), up_to)
        more, beyond = first < after, boundary < last
        next_boundary = after
    conversation = visible.conversation
    # Parts of a stream are cut by size, so they need single bodies.
    read_bodies = joined_bodies if size <= limits.HISTORY_PAGE_MAX else bodies
    found = read_bodies(session, conversation=conversation, after=after, up_to=up_to, down=down)
    return Page(
        visible.user,
        conversation,
        down,
        found,
        next_boundary if more else None,
        boundary if beyond else None,
        scan_limited=False,
    )


def _search(
    session: Snapshot,
    visible: VisibleHistory,
    boundary: int,
    down: bool,
    limit: int,
    row_filter: RowFilter,
    message_filter: MessageFilter,
    head: int,
) -> tuple[list[tuple[int, bytes]], int | None]:
    """Return rows from a boundary on, and where the search stopped before its end, if it did."""
    after, up_to = (boundary, head) if down else (0, boundary)
    if message_filter.mentions_me and visible.user == 0:
        return [], None
    stopped_at = None
    if row_filter is not NO_FILTER:
        after, up_to, stopped_at = _within_budget(visible, after, up_to, down)
    rows = visible.rows(
        session,
        after=after,
        up_to=up_to,
        down=down,
        limit=limit,
        row_filter=row_filter,
        tombstones=message_filter.tombstones,
    )
    if len(rows) == limit:
        stopped_at = None
    return rows, stopped_at


def _any_beyond(
    session: Snapshot,
    visible: VisibleHistory,
    boundary: int,
    down: bool,
    row_filter: RowFilter,
    message_filter: MessageFilter,
    head: int,
) -> bool:
    """Return whether there is anything from a boundary on, or as much to examine that it cannot be said here."""
    if visible.gapless and row_filter is NO_FILTER:
        after, up_to = (boundary, head) if down else (0, boundary)
        return bool(clip(visible.intervals, after, up_to))
    found, stopped_at = _search(session, visible, boundary, down, 1, row_filter, message_filter, head)
    return bool(found) or stopped_at is not None


def _within_budget(visible: VisibleHistory, after: int, up_to: int, down: bool) -> tuple[int, int, int | None]:
    """Cut a range to as many visible sequences as one page examines; return it and the cut, if any."""
    budget = limits.ROWS_EXAMINED
    bounds = clip(visible.intervals, after, up_to)
    for interval_after, interval_up_to in bounds if down else reversed(bounds):
        length = interval_up_to - interval_after
        if length > budget:
            cut = interval_after + budget if down else interval_up_to - budget
            return (after, cut, cut) if down else (cut, up_to, cut)
        budget -= length
    return after, up_to, None


def _in_time(session: Runner, visible: VisibleHistory, message_filter: MessageFilter) -> VisibleHistory:
    """Return the visible part within the filter's times. A seek for each bound."""
    if message_filter.start_time is None and message_filter.end_time is None:
        return visible
    after, up_to = 0, visible.intervals[-1][1] if visible.intervals else 0
    if message_filter.start_time is not None:
        after = sequence_before(session, conversation=visible.conversation, time=message_filter.start_time)
    if message_filter.end_time is not None:
        up_to = sequence_before(session, conversation=visible.conversation, time=message_filter.end_time)
    return visible._replace(intervals=clip(visible.intervals, after, up_to))


def _row_filter(snapshot: Snapshot, message_filter: MessageFilter) -> RowFilter:
    if not message_filter.examines_rows:
        return NO_FILTER
    known = snapshot.users(message_filter.sender_ids)
    # A sender never seen has sent nothing; number 0 is nobody.
    senders = tuple(sorted(known.get(sender_id, 0) for sender_id in message_filter.sender_ids))
    return RowFilter(senders, message_filter.content_types, message_filter.mentions_me)


class MessagesAround(NamedTuple):
    """A window of history around an anchor.

    Attributes:
        user: the reader's number.
        conversation: the conversation's number.
        bodies: framed messages, oldest first.
        up_boundary: where older ones go on; None where there are none.
        down_boundary: where newer ones go on; None where there are none.
    """

    user: int
    conversation: int
    bodies: list[bytes]
    up_boundary: int | None
    down_boundary: int | None


def messages_around(
    snapshot: Snapshot,
    user_id: str,
    key: ConversationKey,
    *,
    anchor: HistoryStart,
    before: int,
    after: int,
    tombstones: bool,
) -> MessagesAround:
    """Return the messages around an anchor: itself where it is visible, `before` older and `after` newer ones.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`, or `MESSAGE_NOT_FOUND` for an anchor outside the user's windows.
    """
    bounds = require_bounds(snapshot, user_id, key)
    head = bounds.head
    visible = visible_history(snapshot, bounds)
    if anchor.message_id is not None or anchor.sequence is not None:
        above = boundary_of(snapshot, bounds, _including(anchor, include=False), down=True)
        below = boundary_of(snapshot, bounds, _including(anchor, include=True), down=True)
    else:
        below = boundary_of(snapshot, bounds, anchor, down=False)
        above = below

    def rows(low: int, high: int, *, down: bool, limit: int) -> list[tuple[int, bytes]]:
        return visible.rows(snapshot, after=low, up_to=high, down=down, limit=limit, tombstones=tombstones)

    older = rows(0, below, down=False, limit=before + 1)
    newer = rows(above, head, down=True, limit=after + 1)
    middle = rows(below, above, down=True, limit=1) if below < above else []
    window = [*reversed(older[:before]), *middle, *newer[:after]]
    return MessagesAround(
        user=visible.user,
        conversation=visible.conversation,
        bodies=[body for _, body in window],
        up_boundary=(older[before - 1][0] - 1 if before else below) if len(older) > before else None,
        down_boundary=(newer[after - 1][0] if after else above) if len(newer) > after else None,
    )


def _including(anchor: HistoryStart, *, include: bool) -> HistoryStart:
    return HistoryStart(message_id=anchor.message_id, sequence=anchor.sequence, include_anchor=include)


def get_messages(
    snapshot: Snapshot, user_id: str, message_ids: Sequence[str], *, tombstones: bool
) -> list[bytes | DomainError]:
    """Return the framed messages of some ids, or an error for each. A few seeks per conversation, one per id."""
    keys: list[tuple[int, int] | DomainError] = []
    for message_id in message_ids:
        try:
            keys.append(parse_message_id(message_id))
        except DomainError as error:
            keys.append(error)
    user = snapshot.user(user_id)
    sequences_by_conversation: dict[int, list[int]] = {}
    for key in keys:
        if not isinstance(key, DomainError):
            sequences_by_conversation.setdefault(key[0], []).append(key[1])
    entries = (
        find_user_conversations(snapshot, user=user, conversations=sorted(sequences_by_conversation))
        if user is not None
        else {}
    )
    found: dict[tuple[int, int], bytes] = {}
    for number, entry in entries.items():
        visible = visible_history(snapshot, entry.bounds)
        stored = find_messages(snapshot, conversation=number, sequences=sequences_by_conversation[number])
        if tombstones:
            stored |= find_tombstones(snapshot, conversation=number, sequences=sequences_by_conversation[number])
        for sequence in visible.visible_sequences(snapshot, list(stored.values())):
            found[number, sequence] = stored[sequence].body
    return [key if isinstance(key, DomainError) else found.get(key) or message_not_found() for key in keys]
