"""Read positions, marks of unread, and the clearing of unread mentions."""

from backscroll_server.domain.enums import ChangeKind, ConversationType
from backscroll_server.domain.errors import InvalidArgumentError, Reason
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import clip
from backscroll_server.domain.records import UserConversation
from backscroll_server.services.conversations.bounds import joined_after, last_sequence_at
from backscroll_server.services.views.access import Caller, require
from backscroll_server.services.views.anchors import anchor_sequence
from backscroll_server.services.views.burn import start_burn_timers
from backscroll_server.services.views.unread import unread_base_changes, unread_count, unread_mentions
from backscroll_server.services.views.visibility import windows_of
from backscroll_server.storage.tables.conversations import update_view
from backscroll_server.storage.transaction import Transaction

Target = int | tuple[int, int] | None
"""A sequence; or a message, as the public number and the sequence in its id; or None for the default."""


def mark_read(transaction: Transaction, caller: Caller, key: ConversationKey, target: Target) -> tuple[int, int]:
    """Move the user's read position forward to a target, by default to the end, and clear marks of unread.

    A target before the read position leaves it; one past the end is the end; sequence 0 reads nothing. The cost does
    not depend on how many messages are read. (semantics U2, U3, U9)

    Returns:
        The read position, a sequence, and the unread count.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it;
            `MESSAGE_NOT_FOUND` where the target is a message outside the user's windows.
    """
    entry = require(transaction, caller.user_id, key)
    sequence = _sequence(transaction, entry, target, "up_to_message_id")
    read = _read_to(transaction, caller, entry, entry.end if sequence is None else sequence)
    return read.view.read_sequence, unread_count(transaction, read)


def read_up_to_time(
    transaction: Transaction, caller: Caller, entry: UserConversation, time: int, *, bounded: bool
) -> bool:
    """Move the user's read position to the newest message created at or before a time, and clear marks of unread.

    A conversation that has no such message in the user's windows, or that the user joined later, is left as it is, with
    its marks. The cost does not depend on how many messages are read. (semantics U9)

    Args:
        transaction: the transaction to write in.
        caller: the user.
        entry: the conversation as the user has it.
        time: the time, in microseconds.
        bounded: whether the caller chose it; else marks are also cleared where there is no message at all.

    Returns:
        whether anything changed.
    """
    sequence = last_sequence_at(transaction, entry.conversation, time)
    is_empty = not entry.conversation.last_sequence and not bounded
    if joined_after(entry, sequence, time):
        return False
    if not is_empty and not clip(windows_of(transaction, entry.bounds), 0, sequence):
        return False
    return _read_to(transaction, caller, entry, sequence).view != entry.view


def _read_to(transaction: Transaction, caller: Caller, entry: UserConversation, sequence: int) -> UserConversation:
    view = entry.view
    read = max(view.read_sequence, min(sequence, entry.end))
    changes = unread_base_changes(transaction, view, entry.conversation, read_sequence=read, unread_from=0)
    if view.marked_unread:
        changes["marked_unread"] = False
    if not changes:
        return entry
    view = update_view(transaction, view, **changes)
    before = entry.view.read_sequence
    due = start_burn_timers(transaction, entry.conversation, view.user, before, read) if read > before else 0
    transaction.record_change(
        ChangeKind.READ,
        conversation=view.conversation,
        # In a pair the other side gets the event as well.
        user=0 if entry.conversation.type == ConversationType.SINGLE else view.user,
        actor=view.user,
        first=before,
        last=read,
        device_id=caller.device_id,
        due_time=due,
    )
    return entry._replace(view=view)


def mark_unread(transaction: Transaction, caller: Caller, key: ConversationKey, target: Target) -> int:
    """Mark a conversation unread, or count its messages as unread from a target on; return the unread count.

    The default target, or sequence 0, sets the mark and ends such counting; a target clears the mark. (semantics U3)

    Raises:
        InvalidArgumentError: `OUT_OF_BOUNDS` where the target is a sequence past the end.
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it;
            `MESSAGE_NOT_FOUND` where the target is a message outside the user's windows.
    """
    entry = require(transaction, caller.user_id, key)
    view = entry.view
    sequence = _sequence(transaction, entry, target, "from_message_id") or 0
    if sequence > entry.end:
        raise InvalidArgumentError(Reason.OUT_OF_BOUNDS, "is past the end", field="from_sequence", most=entry.end)
    changes = unread_base_changes(transaction, view, entry.conversation, unread_from=sequence)
    if bool(view.marked_unread) != (sequence == 0):
        changes["marked_unread"] = sequence == 0
    if changes:
        view = update_view(transaction, view, **changes)
        transaction.record_change(
            ChangeKind.MARKED_UNREAD,
            conversation=view.conversation,
            user=view.user,
            actor=view.user,
            first=sequence,
            device_id=caller.device_id,
        )
    return unread_count(transaction, entry._replace(view=view))


def reset_mentions(
    transaction: Transaction, caller: Caller, key: ConversationKey, up_to_sequence: int | None = None
) -> int:
    """Clear the user's unread mentions without moving the read position; return how many were cleared.

    Only those up to a sequence, by default to the end; past the end is the end. (semantics U4, U9)

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    entry = require(transaction, caller.user_id, key)
    end = entry.end if up_to_sequence is None else min(up_to_sequence, entry.end)
    cleared = sum(sequence <= end for sequence, _ in unread_mentions(transaction, entry))
    if cleared:
        update_view(transaction, entry.view, mention_floor=max(entry.view.mention_floor, end))
        transaction.record_change(
            ChangeKind.MENTIONS_RESET,
            conversation=entry.conversation.id,
            user=entry.view.user,
            actor=entry.view.user,
            last=end,
            device_id=caller.device_id,
        )
    return cleared


def _sequence(transaction: Transaction, entry: UserConversation, target: Target, field: str) -> int | None:
    return anchor_sequence(transaction, entry.bounds, target, field) if isinstance(target, tuple) else target
