"""Paging history: from any start, in both directions, full pages, an end that is marked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from backscroll_server.domain import limits
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import clip
from backscroll_server.domain.records import VisibilityBounds
from backscroll_server.services.byte_budgets import fitting, rows_at_once
from backscroll_server.services.messages.page_bounds import (
    UNSET,
    HistoryStart,
    PageSpan,
    beyond,
    boundary_at,
    continuation,
    gapless_span,
    has_opposite,
    known_boundary,
    within_budget,
)
from backscroll_server.services.views.access import Caller, require_bounds
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

_PAGE_ROWS: Final = limits.HISTORY_PAGE_MAX + 1
_EXAMINED_FOR_PART: Final = 1_000


class Page(NamedTuple):
    """A page of history.

    Attributes:
        user: the number of the user who reads; 0 for one whom the server does not know.
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
        caller: the reading user, and whether with the rights of a service.
        key: the conversation.
        down: towards newer messages, oldest first; else towards older ones, newest first.
        size: the most messages.
        message_filter: the conditions on messages.
        start: the start of a first page.
        boundary: the continuation of a walk, instead of `start`: `UP` at or below it, `DOWN` above it.
        is_part: whether the page is a part of an export: it has at most 128 KiB of messages, one with a filter examines
            at most 1,000 rows, and what is on its other side is not looked for.
    """

    caller: Caller
    key: ConversationKey
    down: bool
    size: int
    message_filter: MessageFilter
    start: HistoryStart = UNSET
    boundary: int | None = None
    is_part: bool = False

    @property
    def most_bytes(self) -> int:
        """The most bytes of messages that the page has."""
        return limits.STREAM_PART_BYTES if self.is_part else limits.RESPONSE_ITEM_BYTES

    @property
    def most_examined(self) -> int:
        """The most rows that a page with a filter examines."""
        return _EXAMINED_FOR_PART if self.is_part else limits.ROWS_EXAMINED


def list_page(snapshot: Snapshot, query: HistoryQuery) -> Page:
    """Return one page of history.

    Cost: two seeks for the access, one for the page and one for the other side, whatever the position; more where
    messages were stored while the user blocked the conversation, or burn.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND`, or `MESSAGE_NOT_FOUND` for a start outside the user's windows.
    """
    bounds = require_bounds(snapshot, query.caller, query.key)
    boundary = query.boundary
    if boundary is None:
        boundary = boundary_of(snapshot, bounds, query.start, down=query.down)
    else:
        boundary = min(boundary, bounds.head)
    return _page(snapshot, bounds, boundary, query)


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


def _page(session: Snapshot, bounds: VisibilityBounds, boundary: int, query: HistoryQuery) -> Page:
    visible = visible_history(session, bounds)
    message_filter, down = query.message_filter, query.down
    if message_filter is EVERYTHING and visible.gapless and len(visible.intervals) == 1:
        return _gapless_page(session, visible, boundary, query)
    search = _Search(
        session,
        _in_time(session, visible, message_filter),
        _row_filter(session, message_filter),
        message_filter,
        bounds.head,
        query.most_examined,
    )
    rows, stopped_at = search.rows(boundary, query.size + 1, down=down, most_bytes=query.most_bytes)
    size = fitting((len(body) for _, body in rows[: query.size]), query.most_bytes)
    sequences = [sequence for sequence, _ in rows]
    next_boundary = continuation(sequences, boundary, stopped_at, down=down, size=size)
    opposite = not query.is_part and has_opposite(boundary, bounds.head, down=down) and search.any(boundary, not down)
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


def _gapless_page(session: Snapshot, visible: VisibleHistory, boundary: int, query: HistoryQuery) -> Page:
    """Return a page of a history without gaps, where its extent and the rest are plain arithmetic."""
    down = query.down
    span = gapless_span(visible.intervals[0], boundary, down=down, size=query.size)
    found: list[bytes] = []
    if not query.is_part:
        found = joined_bodies(session, conversation=visible.conversation, after=span.after, up_to=span.up_to, down=down)
    if query.is_part or len(found[0]) > query.most_bytes:
        found = _first_bodies(session, visible, span, query)
        size = fitting(map(len, found), query.most_bytes)
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


def _first_bodies(session: Snapshot, visible: VisibleHistory, span: PageSpan, query: HistoryQuery) -> list[bytes]:
    """Return the framed bodies of a span from its beginning on: all of them, or more bytes than the page may have."""
    found: list[bytes] = []
    after, up_to, size = span.after, span.up_to, 0
    while after < up_to and size <= query.most_bytes:
        count = rows_at_once(len(found), size, query.most_bytes)
        first, last = (after, min(after + count, up_to)) if query.down else (max(up_to - count, after), up_to)
        part = bodies(session, conversation=visible.conversation, after=first, up_to=last, down=query.down)
        found += part
        size += sum(map(len, part))
        after, up_to = (last, up_to) if query.down else (after, first)
    return found


@dataclass(frozen=True, slots=True)
class _Search:
    """A search for the messages of a history that meet conditions.

    Attributes:
        session: runs the reads.
        visible: what the reader may see.
        row_filter: the conditions on rows.
        message_filter: all conditions.
        head: the conversation's newest sequence.
        most_examined: the most rows that a search with conditions on rows examines.
    """

    session: Snapshot
    visible: VisibleHistory
    row_filter: RowFilter
    message_filter: MessageFilter
    head: int
    most_examined: int

    def rows(
        self, boundary: int, limit: int, *, down: bool, most_bytes: int
    ) -> tuple[list[tuple[int, bytes]], int | None]:
        """Return rows from a boundary on, and where the search stopped before its end, if it did.

        These are at least `limit` rows, or more than `most_bytes` bytes, if there are.
        """
        span = beyond(boundary, self.head, down=down)
        stopped_at = None
        if self.row_filter is not NO_FILTER:
            span, stopped_at = within_budget(self.visible.intervals, span, down=down, budget=self.most_examined)
        after, up_to = span
        found: list[tuple[int, bytes]] = []
        size = 0
        while len(found) < limit and size <= most_bytes:
            # A page is read at once; only a part of an export has more.
            count = limit if limit <= _PAGE_ROWS else rows_at_once(len(found), size, most_bytes)
            part = self.visible.rows(
                self.session,
                after=after,
                up_to=up_to,
                down=down,
                limit=count,
                row_filter=self.row_filter,
                tombstones=self.message_filter.tombstones,
            )
            found += part
            if len(part) < count:
                return found, stopped_at
            size += sum(len(body) for _, body in part)
            after, up_to = (part[-1][0], up_to) if down else (after, part[-1][0] - 1)
        return found, None

    def any(self, boundary: int, down: bool) -> bool:
        """Return whether there is anything from a boundary on, or as much to examine that it cannot be said here."""
        if self.visible.gapless and self.row_filter is NO_FILTER:
            return bool(clip(self.visible.intervals, *beyond(boundary, self.head, down=down)))
        found, stopped_at = self.rows(boundary, 1, down=down, most_bytes=0)
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
        user: the number of the user who reads; 0 for one whom the server does not know.
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
    caller: Caller,
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
    bounds = require_bounds(snapshot, caller, key)
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
