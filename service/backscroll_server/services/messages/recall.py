"""Recalling messages for everyone: who may, and the tombstones that stay."""

from collections.abc import Sequence

from backscroll_server.domain import message_codec
from backscroll_server.domain.clock import SECOND
from backscroll_server.domain.enums import ChangeKind, DeletionOutcome, DeletionScope
from backscroll_server.domain.errors import (
    DomainError,
    FailedPreconditionError,
    PermissionDeniedError,
    Reason,
)
from backscroll_server.domain.ids import ConversationKey
from backscroll_server.domain.intervals import contains
from backscroll_server.domain.records import ConversationRow, UserConversation
from backscroll_server.services.messages.delete import Outcomes, parsed_sequences, vanished_among
from backscroll_server.services.views.access import (
    MANAGERS,
    Caller,
    conversation_not_found,
    find,
    message_not_found,
    not_a_member,
)
from backscroll_server.services.views.visibility import visible_history, windows_of
from backscroll_server.storage.tables.conversations import find_conversation, update_conversation
from backscroll_server.storage.tables.messages import (
    StoredMessage,
    find_messages,
    find_tombstones,
    replace_with_tombstones,
)
from backscroll_server.storage.transaction import Transaction


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
    sequences_or_errors = parsed_sequences(transaction, message_ids, conversation.id)
    sequences = [item for item in sequences_or_errors if isinstance(item, int)]
    stored = find_messages(transaction, conversation=conversation.id, sequences=sequences)
    erased = find_tombstones(transaction, conversation=conversation.id, sequences=sequences)
    vanished = vanished_among(transaction, conversation, sequences, stored)
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
        number = transaction.conversation(key.conversation_id) if caller.as_service else None
        if number is None:
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
            raise PermissionDeniedError(Reason.NOT_THE_SENDER, "was sent by another user", field="message_id")
        if self._transaction.now >= stored.create_time + self._recall_window:
            raise FailedPreconditionError(
                Reason.RECALL_TOO_LATE,
                "was sent too long ago to be recalled by its sender",
                field="message_id",
                window_seconds=self._recall_window // SECOND,
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
