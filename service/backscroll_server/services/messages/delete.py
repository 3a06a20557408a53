"""Deleting messages: for oneself by id or up to a point of the history, and recalling them for everyone."""

from collections.abc import Sequence
from dataclasses import dataclass

from backscroll_server.domain import message_codec
from backscroll_server.domain.enums import ChangeKind, DeletionOutcome, DeletionScope
from backscroll_server.domain.errors import (
    DomainError,
    FailedPreconditionError,
    PermissionDeniedError,
    Reason,
)
from backscroll_server.domain.ids import ConversationKey, parse_message_id
from backscroll_server.domain.intervals import contains
from backscroll_server.domain.records import ConversationRow, UserConversation
from backscroll_server.services.views.access import (
    MANAGERS,
    Caller,
    conversation_not_found,
    find,
    message_not_found,
    not_a_member,
    require,
)
from backscroll_server.services.views.burn import burned_among
from backscroll_server.services.views.unread import unread_base_changes
from backscroll_server.services.views.visibility import visible_history, windows_of
from backscroll_server.storage.tables.conversations import find_conversation, update_conversation, update_view
from backscroll_server.storage.tables.messages import (
    StoredMessage,
    find_messages,
    find_tombstones,
    insert_hidden,
    replace_with_tombstones,
)
from backscroll_server.storage.tables.unread_counts import sequence_before, time_of
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
    sequences_or_errors = _sequences_or_errors(message_ids, conversation.id)
    sequences = [item for item in sequences_or_errors if isinstance(item, int)]
    windows = windows_of(transaction, entry.bounds)
    visible = visible_history(transaction, entry.bounds)
    stored = find_messages(transaction, conversation=conversation.id, sequences=sequences)
    shown = visible.visible_sequences(transaction, list(stored.values()))
    vanished = _vanished(transaction, conversation, sequences, stored)
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


def _vanished(
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


def clear_for_self(
    transaction: Transaction, caller: Caller, key: ConversationKey, point: ClearPoint, *, validate_only: bool
) -> int:
    """Raise the user's floor, the highest sequence that the user can no longer see; return the new floor.

    A floor is never lowered. The cost does not depend on the number of messages below.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        key: the conversation.
        point: the point up to which the history is cleared, at most now.
        validate_only: whether to return the floor without changing anything.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the user never belonged to it.
    """
    entry = require(transaction, caller.user_id, key)
    conversation = entry.conversation
    if point.before_time is not None:
        before = min(point.before_time, transaction.now)
        floor = min(sequence_before(transaction, conversation=conversation.id, time=before), entry.end)
        floor_time = before - 1
    else:
        floor = min(point.up_to_sequence or 0, entry.end)
        floor_time = time_of(transaction, conversation=conversation.id, sequence=floor)
    if not validate_only:
        raise_floor(transaction, caller, entry, floor, floor_time)
    return max(floor, entry.view.floor)


def raise_floor(transaction: Transaction, caller: Caller, entry: UserConversation, floor: int, floor_time: int) -> None:
    """Make all messages up to a floor invisible to the user, for good. A floor is never lowered.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        entry: the conversation as the user has it.
        floor: the highest sequence that the user can no longer see.
        floor_time: imported messages that were originally written up to this time, in microseconds, become invisible
            too.
    """
    view = entry.view
    changes = unread_base_changes(transaction, view, entry.conversation, floor=max(view.floor, floor))
    if floor_time > view.floor_time:
        changes["floor_time"] = floor_time
    if changes:
        update_view(transaction, view, **changes)
        transaction.record_change(
            ChangeKind.HISTORY_CLEARED,
            conversation=view.conversation,
            user=view.user,
            actor=view.user,
            last=max(view.floor, floor),
            scope=DeletionScope.SELF,
            device_id=caller.device_id,
        )


def recall(
    transaction: Transaction,
    caller: Caller,
    key: ConversationKey,
    message_ids: Sequence[str],
    *,
    recall_window: int,
    validate_only: bool,
) -> Outcomes:
    """Recall messages for everyone, each alone: their content is erased and a tombstone stays.

    Senders may recall their own messages for a time; owner and admins of a group or chat room, and services, may always
    recall any.

    Args:
        transaction: the transaction to write in.
        caller: the user.
        key: the conversation.
        message_ids: the ids of the messages.
        recall_window: for how long after sending senders may recall, in microseconds.
        validate_only: whether to return the outcomes without changing anything.

    Returns:
        For each id, in order, the outcome, or the error of this message alone.

    Raises:
        NotFoundError: `CONVERSATION_NOT_FOUND` where it does not exist, or the caller, if no service, never belonged to
            it.
        PermissionDeniedError: `NOT_A_MEMBER` where the caller has left.
    """
    conversation, entry = _for_everyone(transaction, caller, key)
    sequences_or_errors = _sequences_or_errors(message_ids, conversation.id)
    sequences = [item for item in sequences_or_errors if isinstance(item, int)]
    stored = find_messages(transaction, conversation=conversation.id, sequences=sequences)
    erased = find_tombstones(transaction, conversation=conversation.id, sequences=sequences)
    vanished = _vanished(transaction, conversation, sequences, stored)
    rights = _Rights(transaction, caller, conversation, entry, recall_window)
    outcomes: Outcomes = []
    for item in sequences_or_errors:
        if isinstance(item, DomainError):
            outcomes.append(item)
            continue
        if item in vanished:
            outcomes.append(message_not_found())
            continue
        try:
            outcomes.append(rights.judge(item, stored.get(item), erased.get(item)))
        except DomainError as error:
            outcomes.append(error)
    taken = [
        stored[item]
        for item, outcome in zip(sequences_or_errors, outcomes, strict=True)
        if outcome is DeletionOutcome.DELETED and isinstance(item, int)
    ]
    if taken and not validate_only:
        _replace_with_tombstones(transaction, caller, conversation, taken)
    return outcomes


def _for_everyone(
    transaction: Transaction, caller: Caller, key: ConversationKey
) -> tuple[ConversationRow, UserConversation | None]:
    entry = find(transaction, caller.user_id, key)
    if entry is None:
        number = transaction.conversation(key.conversation_id)
        if not caller.as_service or number is None:
            raise conversation_not_found()
        return find_conversation(transaction, number), None
    if not caller.as_service and not entry.view.role:
        raise not_a_member()
    return entry.conversation, entry


class _Rights:
    """The caller's permission to recall messages of one conversation."""

    def __init__(
        self,
        transaction: Transaction,
        caller: Caller,
        conversation: ConversationRow,
        entry: UserConversation | None,
        recall_window: int,
    ) -> None:
        self._transaction = transaction
        self._caller = caller
        self._conversation = conversation
        self._entry = entry
        self._recall_window = recall_window
        self._windows = windows_of(transaction, entry.bounds) if entry else []
        self._visible = visible_history(transaction, entry.bounds) if entry else None

    def judge(self, sequence: int, stored: StoredMessage | None, erased: StoredMessage | None) -> DeletionOutcome:
        """Return the outcome that the recall of one message would have.

        Args:
            sequence: the sequence of the message.
            stored: the message, if it is stored.
            erased: the tombstone of the message, if it was recalled.

        Raises:
            NotFoundError: `MESSAGE_NOT_FOUND` where there is none, or the caller, if no service, may not see it.
            PermissionDeniedError: `NOT_THE_SENDER` where the caller neither sent it nor may recall messages of others.
            FailedPreconditionError: `RECALL_TOO_LATE` where the time for senders has passed.
        """
        conversation = self._conversation
        within_windows = self._caller.as_service or contains(self._windows, sequence)
        if not within_windows or not 0 < sequence <= conversation.last_sequence:
            raise message_not_found()
        if sequence <= conversation.floor:
            return DeletionOutcome.ALREADY_DELETED
        if not self._caller.as_service and not self._is_visible(stored or erased):
            raise message_not_found()
        if stored is None:
            return DeletionOutcome.ALREADY_DELETED
        if self._caller.as_service or self._entry is None:
            return DeletionOutcome.DELETED
        if self._manages():
            return DeletionOutcome.DELETED
        if stored.sender != self._entry.view.user:
            raise PermissionDeniedError(
                Reason.NOT_THE_SENDER, "only its sender may recall a message", field="message_id"
            )
        if self._transaction.now >= stored.create_time + self._recall_window:
            raise FailedPreconditionError(
                Reason.RECALL_TOO_LATE, "the time in which it could be recalled has passed", field="message_id"
            )
        return DeletionOutcome.DELETED

    def _manages(self) -> bool:
        entry = self._entry
        return entry is not None and entry.view.role in MANAGERS

    def _is_visible(self, message: StoredMessage | None) -> bool:
        if message is None or self._visible is None:
            return False
        return message.sequence in self._visible.visible_sequences(self._transaction, [message])


def _replace_with_tombstones(
    transaction: Transaction, caller: Caller, conversation: ConversationRow, taken: Sequence[StoredMessage]
) -> None:
    actor = transaction.ensure_users([caller.user_id])[caller.user_id]
    replace_with_tombstones(
        transaction,
        [
            message._replace(
                body=message_codec.frame(
                    message_codec.tombstone(
                        message_codec.unframe(message.body), deleted_by=caller.user_id, delete_time=transaction.now
                    )
                )
            )
            for message in taken
        ],
    )
    newest = max(message.sequence for message in taken)
    update_conversation(
        transaction, conversation, last_recalled_sequence=max(conversation.last_recalled_sequence, newest)
    )
    for message in sorted(taken, key=lambda message: message.sequence):
        transaction.record_change(
            ChangeKind.MESSAGES_RECALLED,
            conversation=conversation.id,
            actor=actor,
            first=message.sequence,
            last=message.sequence,
            scope=DeletionScope.EVERYONE,
            device_id=caller.device_id,
        )


def _sequences_or_errors(message_ids: Sequence[str], conversation: int) -> list[int | DomainError]:
    """Return, for each message id, its sequence; an error for an id that is malformed or of another conversation.

    Args:
        message_ids: the ids of the messages.
        conversation: the internal number of the conversation.
    """
    sequences_or_errors: list[int | DomainError] = []
    for message_id in message_ids:
        try:
            number, sequence = parse_message_id(message_id)
        except DomainError as error:
            sequences_or_errors.append(error)
        else:
            sequences_or_errors.append(sequence if number == conversation else message_not_found())
    return sequences_or_errors
