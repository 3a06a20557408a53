"""Paging history: from any start, in both directions, full pages, an end that is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain import limits
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import clip
from backscroll_server.domain.records import VisibilityBounds
from backscroll_server.services.messages.page_bounds import (
    UNSET,
    HistoryStart,
    beyond,
    boundary_at,
    continuation,
    fitting,
    gapless_span,
    has_opposite,
    known_boundary,
    within_budget,
)
from backscroll_server.services.views.access import require_bounds
from backscroll_server.services.views.anchors import anchor_sequence
from backscroll_server.services.views.message_states import MessageState, states_of
from backscroll_server.services.views.unread import first_unread
from backscroll_server.services.views.visibility import VisibleHistory, visible_history
from backscroll_server.storage.engine.statement import Runner
from backscroll_server.storage.snapshot import Snapshot
from backscroll_server.storage.tables.conversations import find_user_conversation
from backscroll_server.storage.tables.history_pages import NO_FILTER, RowFilter, bodies, joined_bodies
from backscroll_server.storage.tables.unread_counts import sequence_before


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
        sequences: the sequences of the messages, in the same order.
        states: what the reader needs to know of some of them beside the messages, by sequence, in the same order.
        next_boundary: where the same direction goes on; None at the end.
        opposite_boundary: where the other direction goes on; None where nothing is there.
        scan_limited: whether it stopped after the most rows that one page examines.
    """

    user: int
    conversation: int
    down: bool
    bodies: list[bytes]
    sequences: Sequence[int]
    states: dict[int, MessageState]
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

    Cost: two seeks for the access, one for the page and one for the other side, whatever the position; more where
    messages were stored while the user blocked the conversation, or burn.

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


def boundary_of(session: Snapshot, bounds: VisibilityBounds, start: HistoryStart, *, down: bool) -> int:
    """Return the place of a start between two messages: what is older is at or below it."""
    head = bounds.head
    known = known_boundary(start, down=down)
    if known is not None:
        return min(known, head)
    if start.message_id is not None:
        sequence = anchor_sequence(session, bounds, start.message_id)
        return boundary_at(sequence, include_anchor=start.include_anchor, down=down)
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
    # Parts of a stream are cut by size elsewhere.
    if size <= limits.HISTORY_PAGE_MAX:
        size = fitting((len(body) for _, body in rows[:size]), limits.RESPONSE_ITEM_BYTES)
    sequences = [sequence for sequence, _ in rows]
    next_boundary = continuation(sequences, boundary, stopped_at, down=down, size=size)
    opposite = has_opposite(boundary, head, down=down) and _any_beyond(
        session, visible, boundary, not down, row_filter, message_filter, head
    )
    return Page(
        user=visible.user,
        conversation=visible.conversation,
        down=down,
        bodies=[body for _, body in rows[:size]],
        sequences=sequences[:size],
        states=states_of(session, visible, sequences[:size]),
        next_boundary=next_boundary,
        opposite_boundary=boundary if opposite else None,
        scan_limited=stopped_at is not None and next_boundary == stopped_at,
    )


def _gapless_page(session: Snapshot, visible: VisibleHistory, boundary: int, *, down: bool, size: int) -> Page:
    """Return a page of a history without gaps, where its extent and the rest are plain arithmetic."""
    span = gapless_span(visible.intervals[0], boundary, down=down, size=size)
    # Parts of a stream are cut by size, so they need single bodies.
    read_bodies = joined_bodies if size <= limits.HISTORY_PAGE_MAX else bodies
    found = read_bodies(session, conversation=visible.conversation, after=span.after, up_to=span.up_to, down=down)
    if size <= limits.HISTORY_PAGE_MAX and len(found[0]) > limits.RESPONSE_ITEM_BYTES:
        found = bodies(session, conversation=visible.conversation, after=span.after, up_to=span.up_to, down=down)
        size = fitting(map(len, found), limits.RESPONSE_ITEM_BYTES)
        span = gapless_span(visible.intervals[0], boundary, down=down, size=size)
        del found[size:]
    sequences = range(span.after + 1, span.up_to + 1) if down else range(span.up_to, span.after, -1)
    return Page(
        visible.user,
        visible.conversation,
        down,
        found,
        sequences,
        states_of(session, visible, sequences),
        span.next_boundary,
        span.opposite_boundary,
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
    span = beyond(boundary, head, down=down)
    if message_filter.mentions_me and visible.user == 0:
        return [], None
    stopped_at = None
    if row_filter is not NO_FILTER:
        span, stopped_at = within_budget(visible.intervals, span, down=down, budget=limits.ROWS_EXAMINED)
    rows = visible.rows(
        session,
        after=span[0],
        up_to=span[1],
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
        return bool(clip(visible.intervals, *beyond(boundary, head, down=down)))
    found, stopped_at = _search(session, visible, boundary, down, 1, row_filter, message_filter, head)
    return bool(found) or stopped_at is not None


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
        states: what the reader needs to know of some of them beside the messages, by sequence, in the same order.
        anchor_index: how many of them are older than the anchor.
        older_boundary: where older ones go on; None where there are none.
        newer_boundary: where newer ones go on; None where there are none.
    """

    user: int
    conversation: int
    bodies: list[bytes]
    states: dict[int, MessageState]
    anchor_index: int
    older_boundary: int | None
    newer_boundary: int | None


def messages_around(
    snapshot: Snapshot,
    user_id: str,
    key: ConversationKey,
    *,
    anchor: HistoryStart,
    older: int,
    newer: int,
    tombstones: bool,
) -> MessagesAround:
    """Return the messages around an anchor: itself where it is visible, `older` older and `newer` newer ones.

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

    before = rows(0, below, down=False, limit=older + 1)
    after = rows(above, head, down=True, limit=newer + 1)
    middle = rows(below, above, down=True, limit=1) if below < above else []
    budget = (limits.RESPONSE_ITEM_BYTES - sum(len(body) for _, body in middle)) // 2
    older = min(older, fitting((len(body) for _, body in before), budget))
    newer = min(newer, fitting((len(body) for _, body in after), budget))
    window = [*reversed(before[:older]), *middle, *after[:newer]]
    return MessagesAround(
        user=visible.user,
        conversation=visible.conversation,
        bodies=[body for _, body in window],
        states=states_of(snapshot, visible, [sequence for sequence, _ in window]),
        anchor_index=len(before[:older]),
        older_boundary=continuation([row[0] for row in before], below, None, down=False, size=older),
        newer_boundary=continuation([row[0] for row in after], above, None, down=True, size=newer),
    )


def _including(anchor: HistoryStart, *, include: bool) -> HistoryStart:
    return HistoryStart(message_id=anchor.message_id, sequence=anchor.sequence, include_anchor=include)
