"""The events that one change makes for one user, and the test of whether it may alter the user's view."""

from collections.abc import Callable, Iterator

from backscroll_server.domain import message_codec
from backscroll_server.domain.enums import (
    ChangeKind,
    ConversationType,
    DeletionReason,
    DeletionScope,
    HistoryChangeReason,
    MemberRole,
)
from backscroll_server.domain.intervals import Interval, clip, contains
from backscroll_server.domain.records import UserConversation
from backscroll_server.services.changes.change_context import ChangeContext
from backscroll_server.services.changes.events import (
    Cause,
    ConversationRemoved,
    HistoryChanged,
    MessageReceived,
    MessagesDeleted,
    PositionedEvent,
    ReadPositionMoved,
)
from backscroll_server.services.changes.member_events import members_changed
from backscroll_server.services.changes.past_membership import NEVER_JOINED
from backscroll_server.services.views.message_ids import message_id_at
from backscroll_server.services.views.unread_totals import is_muted
from backscroll_server.services.views.visibility import blocks_of, windows_of
from backscroll_server.storage.tables.burns import burned_sequences
from backscroll_server.storage.tables.changes import FeedRow
from backscroll_server.storage.tables.messages import StoredMessage, find_hidden, find_tombstones


def events_for(context: ChangeContext, row: FeedRow, entry: UserConversation) -> Iterator[PositionedEvent]:
    """Yield the user's events of one change in a conversation; none if it does not concern the user.

    A sent message that moved its sender's read position can make two events: the message, then the read position. A
    join can make two as well: the members, then the history that the joiner sees.

    Args:
        context: the data that the batch of changes refers to.
        row: the change.
        entry: the conversation as the user has it now.
    """
    members = members_changed(context, row, entry)
    if members is not None:
        yield members
    make_event = _EVENTS.get(row.kind)
    if make_event is not None and _is_addressed(context, row, entry):
        event = make_event(context, row, entry)
        if event is not None:
            yield event
    if row.moves_read and _is_addressed_by_read(context, row, entry):
        yield _read(context, row, entry)


def affects_view(context: ChangeContext, row: FeedRow, entry: UserConversation, *, delivered: bool) -> bool:
    """Return whether a change may alter how the user sees the conversation.

    A former member's view changes only by the user's own actions and by removals of messages in the user's windows.

    Args:
        context: the data that the batch of changes refers to.
        row: the change.
        entry: the conversation as the user has it now.
        delivered: whether the change made an event for the user.
    """
    if row.kind == ChangeKind.MESSAGE:
        # One that was removed since has still brought the conversation into the list, or up in it.
        return delivered or _was_delivered(context, row, entry)
    if row.kind in _AFFECTING_WHEN_DELIVERED:
        return delivered and (row.kind != ChangeKind.READ or row.actor == context.user)
    if row.user == context.user or entry.view.role != MemberRole.NONE or delivered:
        return True
    # The user's own joins too, of one who has left since.
    return row.kind in _MEMBERSHIP and row.first_sequence == context.user


def _was_delivered(context: ChangeContext, row: FeedRow, entry: UserConversation) -> bool:
    """Return whether a message was visible to the user when it was sent, also if it was removed since."""
    return (
        contains(windows_of(context.snapshot, entry.bounds), row.first_sequence)
        and not contains(blocks_of(context.snapshot, entry), row.first_sequence)
        and _is_addressed(context, row, entry)
    )


def cause_of(row: FeedRow) -> Cause:
    """Return the device and time of a change, as the cause of its events."""
    return Cause(row.device_id, row.time)


def _is_addressed(context: ChangeContext, row: FeedRow, entry: UserConversation) -> bool:
    """Return whether a change concerns the user, by the user's membership at the time of the change.

    Messages and imports concern the members of that time; users who joined later read them in the history, without an
    event. Recalls, expiry and removals of conversations also concern former members, recalls only of messages that were
    visible to them. Changes of other kinds always concern the user.
    """
    if row.kind not in _SENT_TO_MEMBERS:
        return True
    visible_up_to = context.past_membership.visible_up_to(context.snapshot, entry, row)
    if visible_up_to is None:
        return True
    if row.kind == ChangeKind.MESSAGES_RECALLED:
        return row.first_sequence <= visible_up_to
    return row.kind in _REMOVALS and visible_up_to > NEVER_JOINED


def _message(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    message = context.message(row)
    if message is None:
        return None
    return MessageReceived(cause_of(row), message.body, _notifies(context, row, entry, message))


def _notifies(context: ChangeContext, row: FeedRow, entry: UserConversation, message: StoredMessage) -> bool:
    if row.actor == context.user or not message.counts or entry.view.stay_hidden:
        return False
    view, options, now = entry.view, context.options(), context.snapshot.now
    muted = is_muted(view.receive_option, view.muted_until, now)
    return not muted and not is_muted(options.receive_option, options.muted_until, now)


def _is_addressed_by_read(context: ChangeContext, row: FeedRow, entry: UserConversation) -> bool:
    """Return whether the user gets an event when sending a message moves its sender's read position.

    The sender does; in a `SINGLE` conversation the other side does too, also while it has the sender blocked: a read
    position is no message.
    """
    return row.actor == context.user or entry.conversation.type == ConversationType.SINGLE


def _read(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent:
    reader_id = context.name(row.actor)
    return ReadPositionMoved(
        cause_of(row), entry.conversation.conversation_id, reader_id, row.last_sequence, row.due_time
    )


def _imported(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    seen = clip(windows_of(context.snapshot, entry.bounds), row.first_sequence - 1, row.last_sequence)
    if not seen:
        return None
    return _history(row, entry, HistoryChangeReason.IMPORTED, seen)


def _settings(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    """Return the event of messages that were stored while the user had the conversation blocked, at the end of that."""
    if not row.last_sequence:
        return None
    seen = clip(windows_of(context.snapshot, entry.bounds), row.first_sequence - 1, row.last_sequence)
    return _history(row, entry, HistoryChangeReason.UNBLOCKED, seen) if seen else None


def _joined(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    """Return the event of the history that a user sees who joins where all of it is visible to joiners."""
    if row.first_sequence != context.user or not row.first_seen:
        return None
    seen = clip(windows_of(context.snapshot, entry.bounds), row.first_seen - 1, row.last_sequence)
    return _history(row, entry, HistoryChangeReason.JOINED, seen) if seen else None


def _history(
    row: FeedRow, entry: UserConversation, reason: HistoryChangeReason, seen: list[Interval]
) -> PositionedEvent:
    return HistoryChanged(cause_of(row), entry.conversation.conversation_id, reason, seen[0][0] + 1, seen[-1][1])


def _hidden(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    remains = (_stub(context, entry, row.first_sequence),)
    return _deleted(row, entry, DeletionScope.SELF, DeletionReason.HIDDEN, messages=remains)


def _stub(context: ChangeContext, entry: UserConversation, sequence: int) -> bytes:
    """Return what is left of a message of which nothing stays, encoded with the tag and length of field 1."""
    message_id = message_id_at(context.snapshot, entry.conversation, sequence)
    return message_codec.frame(message_codec.stub(message_id=message_id, sequence=sequence))


def _cleared(_: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    return _deleted(
        row,
        entry,
        DeletionScope.SELF,
        DeletionReason.HIDDEN,
        up_to=row.last_sequence,
        original_up_to=entry.view.floor_time,
    )


def _recalled(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    visible, sequence = context.visible(entry), row.first_sequence
    if not contains(visible.intervals, sequence):
        return None
    if visible.hidden and find_hidden(
        context.snapshot, user=visible.user, conversation=visible.conversation, sequences=[sequence]
    ):
        return None
    tombstone = find_tombstones(context.snapshot, conversation=visible.conversation, sequences=[sequence]).get(sequence)
    remains = (tombstone.body if tombstone and tombstone.body else _stub(context, entry, sequence),)
    return _deleted(row, entry, DeletionScope.EVERYONE, DeletionReason.RECALLED, messages=remains)


def _expired(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    seen = clip(windows_of(context.snapshot, entry.bounds), 0, row.last_sequence)
    if not seen:
        return None
    return _deleted(row, entry, DeletionScope.EVERYONE, DeletionReason.EXPIRED, up_to=seen[-1][1])


def _burned(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    gone = burned_sequences(
        context.snapshot,
        conversation=row.conversation,
        reader=row.actor,
        after=row.first_sequence - 1,
        up_to=row.last_sequence,
    )
    if not gone:
        return None
    remains = tuple(_stub(context, entry, sequence) for sequence in gone)
    return _deleted(row, entry, DeletionScope.EVERYONE, DeletionReason.BURNED, messages=remains)


def _removed(context: ChangeContext, row: FeedRow, entry: UserConversation) -> PositionedEvent | None:
    scope = DeletionScope(row.scope)
    return ConversationRemoved(
        cause_of(row),
        entry.conversation.conversation_id,
        scope,
        context.name(row.actor),
        cleared=min(row.last_sequence, entry.end),
        original_up_to=entry.view.floor_time if scope is DeletionScope.SELF else entry.conversation.floor_time,
    )


def _deleted(
    row: FeedRow,
    entry: UserConversation,
    scope: DeletionScope,
    reason: DeletionReason,
    *,
    messages: tuple[bytes, ...] = (),
    up_to: int = 0,
    original_up_to: int = 0,
) -> MessagesDeleted:
    conversation_id = entry.conversation.conversation_id
    return MessagesDeleted(cause_of(row), conversation_id, scope, reason, messages, up_to, original_up_to)


_EVENTS: dict[int, Callable[[ChangeContext, FeedRow, UserConversation], PositionedEvent | None]] = {
    ChangeKind.MESSAGE: _message,
    ChangeKind.HISTORY_IMPORTED: _imported,
    ChangeKind.MESSAGES_HIDDEN: _hidden,
    ChangeKind.HISTORY_CLEARED: _cleared,
    ChangeKind.MESSAGES_RECALLED: _recalled,
    ChangeKind.CONVERSATION_REMOVED: _removed,
    ChangeKind.READ: _read,
    ChangeKind.SETTINGS: _settings,
    ChangeKind.MEMBER_ADDED: _joined,
    ChangeKind.HISTORY_EXPIRED: _expired,
    ChangeKind.MESSAGES_BURNED: _burned,
}

_AFFECTING_WHEN_DELIVERED = frozenset(
    {
        ChangeKind.HISTORY_IMPORTED,
        ChangeKind.MESSAGES_RECALLED,
        ChangeKind.CONVERSATION_REMOVED,
        ChangeKind.READ,
        ChangeKind.HISTORY_EXPIRED,
        ChangeKind.MESSAGES_BURNED,
    }
)
"""Kinds of changes that affect a user's view only if they made an event for the user."""

_MEMBERSHIP = frozenset({ChangeKind.MEMBER_ADDED, ChangeKind.MEMBER_REMOVED})

_REMOVALS = frozenset({ChangeKind.MESSAGES_RECALLED, ChangeKind.CONVERSATION_REMOVED, ChangeKind.HISTORY_EXPIRED})
"""Kinds of changes that are also sent to former members, who could see the removed messages."""

_SENT_TO_MEMBERS = _REMOVALS | {ChangeKind.MESSAGE, ChangeKind.HISTORY_IMPORTED}
"""Kinds of changes that concern a user by the membership at the time of the change."""
