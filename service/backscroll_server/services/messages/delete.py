"""Deleting messages for oneself: by id, or up to a point of the history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from backscroll_server.domain.clearing import later_clearing, time_before
from backscroll_server.domain.enums import ChangeKind, DeletionOutcome, DeletionScope
from backscroll_server.domain.errors import (
    DomainError,
)
from backscroll_server.domain.ids import ConversationKey, parse_message_id
from backscroll_server.domain.intervals import contains
from backscroll_server.domain.records import ConversationRow
from backscroll_server.services.views.access import (
    Caller,
    message_not_found,
    require,
)
from backscroll_server.services.views.burn import burned_among
from backscroll_server.services.views.unread import clear_beyond_window, has_left_nothing, unread_base_changes
from backscroll_server.services.views.visibility import visible_history, windows_of
from backscroll_server.storage.tables.conversations import update_view
from backscroll_server.storage.tables.messages import (
    StoredMessage,
    find_messages,
    find_tombstones,
    insert_hidden,
)
from backscroll_server.storage.tables.unread_counts import sequence_before, time_of_clearing
from backscroll_server.storage.transaction import Transaction

Outcomes = list[DeletionOutcome | DomainError]


@dataclass(frozen=True, slots=True)
class ClearPoint:
    """The point up to which a history is cleared. Exactly one attribute is set.

    Attributes:
        before_time: messages created before this time, in microseconds, are cleared.
        up_to_sequence: messages up to this sequence are cleared.
    """

    before_time: int | None = None
    up_to_sequence: int | None = None


def delete_for_self(
    transaction: Transaction, caller: Caller, key: ConversationKey, message_ids: Sequence[str], *, validate_only: bool
) -> Outcomes:
    """Hide messages from the user; each one succeeds or fails alone.

    Cost: a few seeks for each message, and for each hidden one a row of its own and one of the feed.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        key: the conversation.
        message_ids: the ids of the messages.
        validate_only: whether to return the outcomes without changing anything.

    Returns:
        For each id, in order, the outcome, or the error of an id that is malformed or of no message that the user could
        see (`MESSAGE_NOT_FOUND`).

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    entry = require(transaction, caller.user_id, key)
    conversation = entry.conversation
    sequences_or_errors = parsed_sequences(transaction, message_ids, conversation.id)
    sequences = [item for item in sequences_or_errors if isinstance(item, int)]
    windows = windows_of(transaction, entry.bounds)
    visible = visible_history(transaction, entry.bounds)
    stored = find_messages(transaction, conversation=conversation.id, sequences=sequences)
    shown = visible.visible_sequences(transaction, list(stored.values()))
    vanished = vanished_among(transaction, conversation, sequences, stored)
    outcomes: Outcomes = []
    for item in sequences_or_errors:
        if isinstance(item, DomainError):
            outcomes.append(item)
        elif not contains(windows, item) or item in vanished:
            outcomes.append(message_not_found())
        else:
            outcomes.append(DeletionOutcome.DELETED if item in shown else DeletionOutcome.ALREADY_DELETED)
    hidden = [stored[sequence] for sequence in sorted(shown)]
    if hidden and not validate_only:
        insert_hidden(transaction, user=entry.view.user, messages=hidden)
        update_view(transaction, entry.view, last_hidden=max(entry.view.last_hidden, hidden[-1].sequence))
        for message in hidden:
            transaction.record_change(
                ChangeKind.MESSAGES_HIDDEN,
                conversation=conversation.id,
                user=entry.view.user,
                actor=entry.view.user,
                first=message.sequence,
                last=message.sequence,
                scope=DeletionScope.SELF,
                device_id=caller.device_id,
            )
    return outcomes


def vanished_among(
    transaction: Transaction,
    conversation: ConversationRow,
    sequences: Sequence[int],
    stored: dict[int, StoredMessage],
) -> set[int]:
    """Return those of the sequences whose messages expired or burned; messages that a user deleted are not among them.

    Args:
        transaction: the transaction to read in.
        conversation: the conversation.
        sequences: the sequences.
        stored: the stored messages at these sequences.
    """
    above = [item for item in sequences if item > conversation.erased_sequence]
    expired = {item for item in above if item <= conversation.floor}
    erased = find_tombstones(transaction, conversation=conversation.id, sequences=above)
    return expired | burned_among(
        transaction,
        conversation=conversation.id,
        next_due=conversation.next_burn_due,
        messages=[*(stored[item] for item in above if item in stored), *erased.values()],
    )


class Cleared(NamedTuple):
    """The result of clearing a history.

    Attributes:
        outcome: whether anything was left to clear.
        up_to: messages up to this sequence are gone; at most the end of the user's window.
        original_up_to: imported messages that were originally written up to this time, in microseconds, are gone too.
    """

    outcome: DeletionOutcome
    up_to: int
    original_up_to: int


def clear_for_self(
    transaction: Transaction, caller: Caller, key: ConversationKey, point: ClearPoint, *, validate_only: bool
) -> Cleared:
    """Raise the user's floor, the highest sequence that the user can no longer see. A floor is never lowered.

    The floor of a user who has left may lie beyond the window, at most at the head (semantics D1). The cost does not
    depend on the number of messages below.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        key: the conversation.
        point: the point up to which the history is cleared, at most now.
        validate_only: whether to return what would be done without changing anything.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    entry = require(transaction, caller.user_id, key)
    conversation, view = entry.conversation, entry.view
    if point.before_time is not None:
        before = min(point.before_time, transaction.now)
        floor = sequence_before(transaction, conversation=conversation.id, time=before)
        floor_time = time_before(before)
    else:
        floor = min(point.up_to_sequence or 0, conversation.last_sequence)
        floor_time = time_of_clearing(transaction, conversation=conversation.id, sequence=floor)
    # Also beyond the window of who has left: joining again brings nothing of it back.
    floor, floor_time = max(view.floor, floor), later_clearing(view.floor_time, floor_time)
    # What expired has no time any more once it is removed; it is gone all the same.
    cleared = min(max(floor, conversation.floor), entry.end), floor_time
    if has_left_nothing(entry):
        if not validate_only:
            clear_beyond_window(transaction, entry, floor, floor_time)
        return Cleared(DeletionOutcome.ALREADY_DELETED, *cleared)
    changes = unread_base_changes(transaction, view, conversation, floor=floor)
    if floor_time != view.floor_time:
        changes["floor_time"] = floor_time
    if not changes:
        return Cleared(DeletionOutcome.ALREADY_DELETED, *cleared)
    if not validate_only:
        update_view(transaction, view, **changes)
        transaction.record_change(
            ChangeKind.HISTORY_CLEARED,
            conversation=view.conversation,
            user=view.user,
            actor=view.user,
            last=cleared[0],
            scope=DeletionScope.SELF,
            device_id=caller.device_id,
        )
    return Cleared(DeletionOutcome.DELETED, *cleared)


def parsed_sequences(
    transaction: Transaction, message_ids: Sequence[str], conversation: int
) -> list[int | DomainError]:
    """Return, for each message id, its sequence; an error for an id that is malformed or of another conversation.

    Args:
        transaction: the transaction to read in.
        message_ids: the ids of the messages.
        conversation: the internal number of the conversation.
    """
    keys: list[tuple[int, int] | DomainError] = []
    for message_id in message_ids:
        try:
            keys.append(parse_message_id(message_id))
        except DomainError as error:
            keys.append(error)
    conversations = transaction.conversations_of(key for key in keys if not isinstance(key, DomainError))
    return [
        key
        if isinstance(key, DomainError)
        else key[1]
        if conversations.get(key) == conversation
        else message_not_found()
        for key in keys
    ]
